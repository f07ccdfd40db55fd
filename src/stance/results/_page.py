"""What a report shows, as plain values for its template; long ones are cut, and it says so."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stance.numbers import counted
from stance.plots.highlights import FAIR, SURE
from stance.results._passages import Composer
from stance.results._statements import NOTABLE, Portrait, Statement, portraits, statements
from stance.results.folder import Exhibit, Folder
from stance.schema import NARRATOR, Document, Segment

_DRAWING, _PHOTO, _PICTURES = 300_000, 1_000_000, 2_000_000
"""Bytes of an SVG, of a PNG, and of all figures together, before they are encoded."""
_KINDS = {"direct": "quoted", "indirect": "reported", "mixed": "partly quoted"}
_NOT_SAID = {
    "denied": "is said not to say it: not counted",
    "hypothetical": "may or will say it: not counted",
    "requested": "is asked to say it: not counted",
    "asked": "is asked about: not counted",
}


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of an analysis a page shows."""

    documents: int = 50
    characters: int = 400_000
    segments: int = 3_000
    rows: int = 200
    actors: int = 40

    def halved(self) -> Caps:
        """Caps of half the size, for a page that came out too large."""
        halves = {name: max(1, getattr(self, name) // 2) for name in self.__dataclass_fields__}
        return Caps(**halves)


def contents(folder: Folder, caps: Caps) -> dict[str, Any]:
    """Everything that a page of a results folder shows.

    Parameters
    ----------
    folder
        From :func:`stance.results.folder.read_folder`.
    caps
        How much is shown.
    """
    every = statements(_in_order(folder), folder.scores)
    ends = _ends(folder.documents, caps)
    shown = [s for s in every if s.segment.spans[0].start < ends.get(s.segment.document.id, 0)][: caps.segments]
    composer = Composer(folder.names.actors, {s.segment.id: i for i, s in enumerate(shown, 1)})
    texts = [_text(d, ends[d.id], shown, composer) for d in folder.documents if d.id in ends]
    target = _target(folder)
    return {
        "title": f"Stance toward {target}, as reported",
        "target": target,
        "framed": "frames" in folder.scores,
        "sure": SURE,
        "fair": FAIR,
        **_introduction(folder, every),
        **_summary(folder, every, composer, caps),
        "exhibits": list(_exhibits(folder.exhibits, caps)),
        "actors": _present(every, composer),
        "texts": texts,
        "rows": [_row(s, i, composer, folder) for i, s in enumerate(shown, 1)],
        "unstated": any(s.segment.status != "stated" for s in shown),
        "caps": _capped(len(texts), len(folder.documents), len(shown), len(every)),
        "colours": composer.css(),
        **_made(folder, caps),
    }


def _short(text: str, most: int) -> str:
    """A text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def _in_order(folder: Folder) -> list[Segment]:
    """Segments by document, then by where they begin."""
    order = {d.id: i for i, d in enumerate(folder.documents)}
    return sorted(folder.segments, key=lambda s: (order[s.document.id], s.spans[0].start, s.role != "source"))


def _ends(documents: Iterable[Document], caps: Caps) -> dict[str, int]:
    """Where the page stops showing each of the texts it shows."""
    left = caps.characters
    ends: dict[str, int] = {}
    for document in documents:
        if left <= 0 or len(ends) >= caps.documents:
            break
        ends[document.id] = min(len(document.text), left)
        left -= ends[document.id]
    return ends


def _target(folder: Folder) -> str:
    """What the stance is toward, by its label."""
    ids = list(dict.fromkeys(t for t in folder.scores["stance"]["target"] if t))
    return _short(" and ".join(folder.names.targets.get(t, t) for t in ids) or "the target", 100)


def _introduction(folder: Folder, every: Sequence[Statement]) -> dict[str, str]:
    n = len(folder.documents)
    first = folder.documents[0] if folder.documents else None
    named = f", {_short(first.title or first.id, 200)}" if n == 1 and first else ""
    scored = sum(s.stance is not None and s.stance.net is not None for s in every)
    unknown = sum(s.segment.actor is None for s in every)
    whose = "One text says how it reports" if n == 1 else f"{counted(n, 'text')} say how they report"
    return {
        "subject": f"{'One text' if n == 1 else counted(n, 'text')}{named}",
        "found": f"{counted(len(every), 'passage')}, {scored:,} of them scored for stance, "
        f"{unknown:,} with no known actor",
        "limits": f"{whose} the actors, no more: not what they think, nor how others report them.",
    }


def _summary(folder: Folder, every: Sequence[Statement], composer: Composer, caps: Caps) -> dict[str, Any]:
    names = folder.names.actors
    parts = {(p.actor, p.role): p for p in portraits(every, folder.scores, names)}
    found = list(dict.fromkeys(actor for actor, _ in parts))
    people = [
        {"actor": composer.tag(a), **{role: _part(parts.get((a, role)), composer) for role in ("source", "mention")}}
        for a in found[: caps.actors]
    ]
    means = [mean for p in parts.values() for mean in (p.stance, p.sentiment) if mean]
    reasons = dict.fromkeys(mean.note for mean in means if mean.note)
    notes = [f"Where no 95 % interval is given: {'; '.join(reasons)}."] if reasons else []
    if absent := [_short(label, 60) for a, label in names.items() if a not in found]:
        more = f" and {len(absent) - 20} more" if len(absent) > 20 else ""
        notes.append(f"Of the codebook, no passage was found for: {', '.join(absent[:20])}{more}.")
    if left := len(found) - len(people):
        notes.append(f"{counted(left, 'more actor')} of the codebook are left out here; scores/ has them all.")
    return {"people": people, "summary_notes": notes, "notable": NOTABLE}


def _part(portrait: Portrait | None, composer: Composer) -> dict[str, Any] | None:
    """One actor in one role, as the summary shows it."""
    if portrait is None:
        return None
    return {
        "n": portrait.stance.n if portrait.stance else 0,
        "of": portrait.n_segments,
        "stance": portrait.stance,
        "sentiment": portrait.sentiment,
        "quotes": [
            ("most in favor", _quote(portrait.favor, composer)),
            ("most against", _quote(portrait.against, composer)),
        ],
    }


def _quote(statement: Statement | None, composer: Composer) -> dict[str, Any] | None:
    if statement is None:
        return None
    return {
        "text": _short(statement.segment.text, 240),
        "who": _voice(statement.segment, composer),
        "stance": statement.stance,
        "number": composer.numbers.get(statement.segment.id),
    }


def _voice(segment: Segment, composer: Composer) -> str:
    """Whose words a segment is, as the page says it."""
    if segment.role == "source":
        return _short(segment.entity or "unresolved", 80)
    if segment.voice == NARRATOR:
        return "the narrator"
    return composer.tag(segment.voice).label if segment.voice else "somebody else"


def _present(every: Sequence[Statement], composer: Composer) -> list[Any]:
    keys = {composer.tag(s.segment.actor).key for s in every}
    return [tag for tag in composer.tags.values() if tag.key in keys]


def _exhibits(exhibits: Iterable[Exhibit], caps: Caps) -> Iterator[dict[str, Any]]:
    """Figures as data: URIs while they fit, and their tables."""
    left = _PICTURES
    for e in exhibits:
        kind, picture = ("svg+xml", e.svg) if e.svg and len(e.svg) <= _DRAWING else ("png", e.png)
        fits = picture is not None and len(picture) <= min(left, _PHOTO)
        left -= len(picture) if fits and picture else 0
        title = _short(e.title or re.sub(r"^\d+_", "", e.name).replace("_", " ").capitalize(), 200)
        drawn = [f"figures/{e.name}.{k}" for k, data in (("svg", e.svg), ("png", e.png)) if data]
        table_file = f"tables/{e.name}.csv"
        yield {
            "title": title,
            "alt": _short(e.alt, 2_000) if e.alt else f"Figure: {title}. Its numbers are in the table below it.",
            "uri": f"data:image/{kind};base64,{base64.b64encode(picture).decode()}" if fits and picture else None,
            "missing": f"The figure is too large for this page: see {' and '.join(drawn)}."
            if drawn and not fits
            else "",
            "files": ", ".join([*drawn, *([table_file] if e.table is not None else [])]),
            "columns": [] if e.table is None else [_short(str(c), 100) for c in e.table.columns],
            "rows": [] if e.table is None else [[_short(v, 300) for v in row] for row in e.table.values[: caps.rows]],
            "total": 0 if e.table is None else len(e.table),
            "table_file": table_file,
        }


def _text(document: Document, end: int, shown: Sequence[Statement], composer: Composer) -> dict[str, Any]:
    own = [s.segment for s in shown if s.segment.document.id == document.id]
    rest = len(document.text) - end
    return {
        "heading": _short(document.title or document.id, 200),
        "origin": _short(" · ".join(filter(None, (document.outlet, document.date))), 200),
        "url": _short(document.url or "", 300),
        "link": _web(document.url),
        "passages": composer.compose(document, own, end),
        "cut": f"The text goes on for {counted(rest, 'character')}: see documents.jsonl." if rest else "",
    }


def _web(url: str | None) -> str | None:
    """An address that may be followed; anything but the web's is not."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") and len(url) < 2_000 else None
    except ValueError:
        return None


def _row(statement: Statement, number: int, composer: Composer, folder: Folder) -> dict[str, Any]:
    segment = statement.segment
    if segment.role == "mention":
        how = f"is spoken about, by {_voice(segment, composer)}"
    else:
        how = f"speaks, {_KINDS[segment.kind] if segment.kind else 'as the publisher'}"
    if segment.status != "stated":
        how = _NOT_SAID[segment.status]
    return {
        "number": number,
        "actor": composer.tag(segment.actor),
        "entity": _short(segment.entity or "", 80),
        "role": segment.role if segment.status == "stated" else "unstated",
        "how": how,
        "text": _short(segment.text, 600),
        "document": _short(segment.document.title or segment.document.id, 80) if len(folder.documents) > 1 else "",
        "passage": composer.first.get(number),
        "measures": statement.measures,
        "stance": statement.stance,
        "sentiment": statement.sentiment,
        "framed": statement.framed,
        "frames": [(_short(folder.names.frames.get(name, name), 60), p) for name, p in statement.frames],
        "confidence": segment.confidence,
    }


def _capped(texts: int, all_texts: int, shown: int, every: int) -> dict[str, str]:
    """Sentences on what the page leaves out."""
    return {
        "texts": f"The first {texts:,} of {all_texts:,} texts; all of them are in documents.jsonl."
        * (texts < all_texts),
        "statements": f"The first {shown:,} of {every:,} passages, here and in the texts above; all of them are in "
        "segments.jsonl and scores/, and all count in the summary and the figures." * (shown < every),
    }


def _made(folder: Folder, caps: Caps) -> dict[str, Any]:
    inputs = folder.inputs
    hashes = [*inputs.documents.items()]
    made = [
        ("model of stance and sentiment", inputs.model or "none"),
        ("tagger of who says what", inputs.tagger or "none"),
        ("codebook, sha256", inputs.codebook or "none: made in code"),
        ("corrections by hand, sha256", inputs.corrections or "none"),
        *((package, version) for package, version in sorted(folder.packages.items())),
    ]
    others = ", ".join(folder.left_out[:20])
    return {
        "made": [(_short(name, 100), _short(value, 200)) for name, value in made],
        "hashes": [(_short(name, 200), _short(value, 64)) for name, value in hashes[: caps.documents]],
        "hashes_left": max(0, len(hashes) - caps.documents),
        "left_out": f"Left out, since they were made from other inputs: {others}." if others else "",
    }
