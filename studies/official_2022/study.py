"""Official voices, October 2021 to June 2022: studies/official_2022/study.py (make studies) remakes tables and figure.

It needs three JSON Lines files of press releases that are not ours to give away, in the folder ``corpora`` of the one
that ``STANCE_SHARED`` names; see docs/howto/reproduce.md. Only counts, means and intervals leave it: no sentence.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

import stance
from stance.attribution.publishers import publisher_of
from stance.corpus.documents import json_rows, read_text
from stance.schema import Document, Segment, Span, StanceError, sha256
from stance.scoring.model import Model
from stance.text.parsed import parse

CELL = ["period", "first_day", "last_day", "n_documents", "n_statements", "mean", "low", "high", "note"]
CODEBOOK = Path(__file__).with_name("codebook.yml")
RESULTS = Path(__file__).parents[2] / "results"
PERIODS = {
    "before 24 February 2022": ("2021-10-01", "2022-02-23"),
    "24 February to 31 March": ("2022-02-24", "2022-03-31"),
    "1 April to 30 June": ("2022-04-01", "2022-06-30"),
}
EVENTS = {"2022-02-24": "Russia invades Ukraine", "2022-03-29": "talks in Istanbul"}
NEGOTIATIONS = (
    r"negotiat\w*|talks|peace (?:process|plan|deal|agreements?|treaty|settlement)|cease-?fires?|diplomacy"
    r"|diplomatic (?:solution|settlement|resolution|path|track|means|process|efforts)"
    r"|Minsk (?:agreements?|accords?|process|package|protocols?)|Normandy (?:format|four|process|summit)"
)
UKRAINE = r"Ukrain\w*|Kyiv|Kiev|Zelensk\w*|Donbass?|Minsk|Normandy"
RUSSIA = r"Russia\w*|Moscow|Kremlin|Putin"
OTHER_SIDE = {"kremlin": UKRAINE, "kyiv": RUSSIA, "white_house": f"{UKRAINE}|{RUSSIA}"}
"""What a publisher's own sentence has to name, beside a word of negotiation, to be asked about."""


# --- texts -----------------------------------------------------------------------------------

_WORD, _SMALL = r"(?:[A-Z][\w’'\-]+|[A-Z]\.)", r"(?:of|the|and|for|to|in|on|al|el|bin)"
_LABEL = re.compile(
    rf"(?:^|(?<=[\s.!?…,»”\"'’)\]*>–]))(?P<label>(?:Question|Remark|Answer|Reply|Response)s?"
    rf"|{_WORD}(?: (?:{_WORD}|{_SMALL})){{0,24}} {_WORD})(?P<aside> ?\([^()]{{1,60}}\))? ?:\s*(?=[A-Z“\"(<])"
)
_CARD = re.compile(r"(?P<first>[\w\-]+) (?P<last>[\w\-]+) (?P=last) (?P=first)[A-Z].*$")


def with_turns(text: str) -> str:
    """A Kremlin transcript with each speaker's turn in a paragraph of its own.

    The texts are stored in one line. A label of at least two capitalised words, or "Question" and the like, before a
    colon opens a turn. It is shortened to the speaker's name: its title, and the card that the site shows on a name
    ("Ann Lee Lee AnnMinister"), are left out.

    >>> with_turns("Hello. Minister Ann Lee Lee AnnMinister: Yes. Question: Why?")
    'Hello.\\n\\nAnn Lee: Yes.\\n\\nQuestion: Why?'
    """

    def turn(match: re.Match[str]) -> str:
        label = match["label"]
        card = _CARD.search(label)
        name = f"{card['first']} {card['last']}" if card else " ".join(label.split()[-2:])
        return f"\n\n{name}: "

    return _LABEL.sub(turn, " ".join(text.split())).replace(" \n", "\n").strip()


def from_markdown(text: str) -> str:
    """A White House page without its Markdown, one line a paragraph, speakers named.

    "Q" opens a reporter's turn; "THE PRESIDENT" is PRESIDENT BIDEN and "THE VICE PRESIDENT" VICE PRESIDENT HARRIS.

    >>> from_markdown("**THE PRESIDENT:**  Hello\\nall.\\n\\nQ   Why\\\\_now?")
    'PRESIDENT BIDEN: Hello all.\\n\\nQ: Why_now?'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.replace("\xa0", " "))
    text = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text).replace("*", "").replace("’’", "”")
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    named = {"THE PRESIDENT:": "PRESIDENT BIDEN:", "THE VICE PRESIDENT:": "VICE PRESIDENT HARRIS:"}
    made = []
    for part in filter(None, parts):
        for label, name in named.items():
            part = name + part.removeprefix(label) if part.startswith(label) else part
        made.append(re.sub(r"^Q(?: |: ?)(?=\S)", "Q: ", part))
    return "\n\n".join(made)


FILES: dict[str, tuple[dict[str, str], Callable[[str], str]]] = {
    "kremlin_press_2021_2022.jsonl": ({"url": "link", "title": "headline", "text": "body"}, with_turns),
    "president_gov_ua_2021_2022.jsonl": ({"url": "link", "title": "headline", "text": "body"}, str.strip),
    "whitehouse_ukraine_2021_2024.jsonl": ({"url": "url", "title": "title", "text": "text"}, from_markdown),
}


def read(folder: Path) -> list[Document]:
    """All documents of the months studied; of equal texts only the first."""
    first, last = PERIODS[next(iter(PERIODS))][0], list(PERIODS.values())[-1][1]
    documents: dict[str, Document] = {}
    seen: set[str] = set()
    for name, (columns, cleaned) in FILES.items():
        if not (folder / name).is_file():
            raise StanceError(f"make studies needs the texts; see docs/howto/reproduce.md. Not found: {name}")
        for _, row in json_rows(folder / name, read_text(folder / name)):
            known = {key: row[column] for key, column in columns.items()}
            text = cleaned(known["text"])
            if first <= row["date"][:10] <= last and text and text not in seen and known["url"] not in documents:
                seen.add(text)
                documents[known["url"]] = Document(
                    known["url"], text, title=known["title"], date=row["date"][:10], url=known["url"]
                )
    return list(documents.values())


def found(pattern: str, text: str) -> bool:
    """Whether one of some words stands in a text; "talks" in any case, names as written."""
    return re.search(rf"\b(?:{pattern})\b", text) is not None


def on_negotiations(text: str) -> bool:
    """Whether a text speaks of negotiating, at all: of Russia and Ukraine, or not."""
    return re.search(rf"\b(?:{NEGOTIATIONS})\b", text, re.IGNORECASE) is not None


def passes(document: Document) -> bool:
    """The filter: a word of negotiation, Ukraine and Russia all stand in the document."""
    return on_negotiations(document.text) and found(UKRAINE, document.text) and found(RUSSIA, document.text)


def counted(documents: Iterable[Document], codebook: stance.Codebook) -> pd.DataFrame:
    """Documents of each publisher and period: there are, pass the filter."""
    whose = [(d, referent.actor) for d in documents if (referent := publisher_of(d, codebook))]
    rows = []
    for holder in dict.fromkeys(actor for _, actor in whose):
        for name, (first, last) in PERIODS.items():
            there = [d for d, actor in whose if actor == holder and first <= (d.date or "") <= last]
            rows.append((holder, name, len(there), sum(map(passes, there))))
    return pd.DataFrame(rows, columns=["holder", "period", "n_documents", "n_passing"])


# --- statements ------------------------------------------------------------------------------


def of_publishers(segments: Iterable[Segment], publishers: Mapping[str, str]) -> list[Segment]:
    """Statements of the publishers' own governments; none that stands inside a statement of somebody else."""
    sources = [s for s in segments if s.role == "source"]
    own: dict[str, Segment] = {}
    for s in sources:  # the outer ones come first
        parent = own.get(s.parent) if s.parent else s
        if s.actor == publishers[s.document.id] and parent is not None and parent.actor == s.actor:
            own[s.id] = s
    return list(own.values())


def statements(segments: Iterable[Segment], publishers: Mapping[str, str]) -> Iterator[Segment]:
    """What each government says of negotiations in its own texts, sentence by sentence.

    A speaker's turn is cut into its sentences. A sentence stays if it has a word of negotiation and names the other
    side, and counts once.
    """
    seen: set[Span] = set()
    for s in of_publishers(segments, publishers):
        if not on_negotiations(s.context.text):
            continue
        sentences = [sentence for span in s.spans for sentence in _sentences(span)]
        cut = [
            replace(s, id=f"{s.id}.{n}", spans=(part,), context=part, source=(), named=())
            for n, part in enumerate(sentences, 1)
        ]
        for one in cut if len(cut) > 1 else [s]:
            text = one.context.text
            if one.context not in seen and on_negotiations(text) and found(OTHER_SIDE[s.actor], text):
                seen.add(one.context)
                yield one


def _sentences(span: Span) -> Iterator[Span]:
    for part in parse(Document("part", span.text)).doc.sents:
        if text := part.text.strip():
            start = span.start + part.start_char + len(part.text) - len(part.text.lstrip())
            yield Span(span.document, start, start + len(text))


def between_governments(segments: Iterable[Segment], publishers: Mapping[str, str]) -> list[Segment]:
    """Clauses that name one government in another's own words in its own texts; pronouns are left out."""
    segments, governments = list(segments), set(publishers.values())
    own = {s.id for s in of_publishers(segments, publishers)}
    return [
        s
        for s in segments
        if s.role == "mention"
        and s.voice == publishers[s.document.id]
        and s.actor in governments
        and s.actor != s.voice
        and s.confidence == 1.0
        and (s.parent is None or s.parent in own)
    ]


def scored(
    documents: Sequence[Document], codebook: stance.Codebook, model: Model, step: Callable[[str], None] = print
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stance of statements and sentiment between governments, one wording each: two score tables."""
    publishers = {d.id: referent.actor for d in documents if (referent := publisher_of(d, codebook))}
    step(f"segmenting {len(documents)} documents")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # paragraphs that are not in English
        segments = stance.segment(documents, codebook)
    own = list(statements(segments, publishers))
    about = between_governments(segments, publishers)
    step(f"scoring {len(own)} statements and {len(about)} mentions")
    said = stance.to_frame(stance.score_stance(own, codebook.target(), model, wordings="one"))
    sources = [s for s in segments if s.role == "source"]  # the words that tell a model whose mention it is
    felt = stance.to_frame(stance.score_sentiment([*sources, *about], model, wordings="one"))
    return said, felt


def over_time(said: pd.DataFrame, felt: pd.DataFrame, documents: Sequence[Document]) -> pd.DataFrame:
    """Both measures by period, one below the other, as :func:`stance.plot_timeline` takes them."""
    tables = {"stance": said.rename(columns={"actor": "holder"}), "sentiment": felt.rename(columns={"voice": "holder"})}
    made = [
        stance.timeline(table, documents, PERIODS, ["holder", "target"]).assign(measure=measure)
        for measure, table in tables.items()
    ]
    return pd.concat(made, ignore_index=True)[["measure", "holder", "target", *CELL]]


def inputs_of(documents: Sequence[Document], codebook: stance.Codebook, model: Model) -> stance.Inputs:
    """What the results were made from; one hash of the hashes of all texts."""
    together = sha256("\n".join(sorted(d.sha256 for d in documents)).encode())
    name = f"official_2022 ({len(documents)} documents)"
    return replace(stance.Inputs.of([], codebook, model), documents={name: together})


def main(arguments: Sequence[str] | None = None) -> None:
    """Remake tables and figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="base", help="the model that scores: see stance.load_model")
    parser.add_argument("--backend", default="torch", help="what runs the model: see stance.load_model")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the results folder")
    options = parser.parse_args(arguments)
    shared = os.environ.get("STANCE_SHARED")
    if not shared:
        raise StanceError("make studies needs the texts; see docs/howto/reproduce.md. STANCE_SHARED names no folder.")
    codebook = stance.read_codebook(CODEBOOK)
    documents = read(Path(shared) / "corpora")
    passing = [d for d in documents if passes(d)]
    model = stance.load_model(options.model, backend=options.backend)
    said, felt = scored(passing, codebook, model)
    table, inputs = over_time(said, felt, passing), inputs_of(passing, codebook, model)
    names = {**stance.read_codebook().names, **codebook.names}  # colours and marks as in the figures of the sample
    figure = stance.plot_timeline(table, names, codebook.target().label, events=EVENTS)
    stance.save("06_official_voices", figure, table, inputs, out=options.out)
    events = pd.DataFrame(EVENTS.items(), columns=["date", "event"])
    stance.save("06_official_events", None, events, inputs, out=options.out)
    unread = replace(inputs, model=None, tagger=None)
    stance.save("06_official_documents", None, counted(documents, codebook), unread, out=options.out)
    print(f"Written to {options.out}: tables and figure 06_official_voices, tables 06_official_documents and _events")


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"stance: {error}")
