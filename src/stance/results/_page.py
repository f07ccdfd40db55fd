"""What a report shows, as plain values for its template; long ones are cut, and it says so."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from stance.numbers import counted
from stance.plots.highlights import FAIR, SURE
from stance.results._apart import apart
from stance.results._passages import Composer
from stance.results._ribbon import ribbon, shades
from stance.results._statements import Statement, statements
from stance.results._summary import summary, targets_of, without_reason
from stance.results._words import short, voice
from stance.results.folder import Exhibit, Folder
from stance.schema import NARRATOR, STATUSES, Document, Segment

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

    documents: int = 300
    characters: int = 900_000
    segments: int = 3_000
    rows: int = 200
    actors: int = 40

    def times(self, share: float) -> Caps:
        """Caps of a share of the size, for a page that came out too large."""
        return Caps(**{name: max(1, int(share * getattr(self, name))) for name in self.__dataclass_fields__})


def contents(folder: Folder, caps: Caps) -> dict[str, Any]:
    """Everything that a page of a results folder shows.

    Parameters
    ----------
    folder
        From :func:`stance.results.folder.read_folder`.
    caps
        How much is shown.
    """
    every = statements(_in_order(folder), folder.read or folder.scores)
    ends = _ends(folder.documents, caps)
    shown = [s for s in every if s.segment.spans[0].start < ends.get(s.segment.document.id, 0)][: caps.segments]
    composer = Composer(folder.names.actors, {s.segment.id: i for i, s in enumerate(shown, 1)})
    own: dict[str, list[Statement]] = {d: [] for d in ends}
    for statement in shown:
        own[statement.segment.document.id].append(statement)
    targets = targets_of(folder)
    n_texts, n_passages = _all(folder, len(folder.documents), "documents"), _all(folder, len(every), "segments")
    texts = [_text(d, ends[d.id], own[d.id], next(iter(targets)), composer) for d in folder.documents if d.id in ends]
    places = {d: number for number, d in enumerate(ends, 1)}
    target = short(" and ".join(targets.values()), 100)
    return {
        "title": f"Stance toward {target}, as reported",
        "targets": list(targets.values()),
        "framed": "frames" in folder.scores,
        "sure": SURE,
        "fair": FAIR,
        **_introduction(folder, every),
        **summary(folder, every, composer, caps.actors),
        "exhibits": list(_exhibits(folder.exhibits, caps, folder.documents)),
        "actors": _present(every, composer),
        "texts": texts,
        "rows": [_row(s, i, composer, folder, targets, places) for i, s in enumerate(shown, 1)],
        "statuses": [s for s in STATUSES if any(s == one.segment.status for one in shown)],
        "outlets": sorted({t["outlet"] for t in texts if t["outlet"]}),
        "dated": any(t["day"] for t in texts),
        "caps": _capped(len(texts), n_texts, len(shown), n_passages),
        "colours": f"{composer.css()}{shades()}\n",
        **_made(folder, caps),
    }


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


def _all(folder: Folder, held: int, what: str) -> int:
    """How many there are, where a folder holds more than was read of it."""
    return held if folder.totals is None else int(getattr(folder.totals, what))


def _introduction(folder: Folder, every: Sequence[Statement]) -> dict[str, Any]:
    n = _all(folder, len(folder.documents), "documents")
    first = folder.documents[0] if folder.documents else None
    named = f", {short(first.title or first.id, 200)}" if n == 1 and first else ""
    scored = _all(folder, sum("stance" in s.measures for s in every), "scored")
    unknown = _all(folder, sum(s.segment.actor is None for s in every), "unknown")
    whose = "One text says how it reports" if n == 1 else f"{counted(n, 'text')} say how they report"
    return {
        "subject": f"{'One text' if n == 1 else counted(n, 'text')}{named}",
        "found": f"{counted(_all(folder, len(every), 'segments'), 'passage')}, {scored:,} of them scored for stance, "
        f"{unknown:,} with no known actor",
        "apart": apart(folder, every),
        "limits": f"{whose} the actors, no more: not what they think, nor how others report them.",
    }


def _present(every: Sequence[Statement], composer: Composer) -> list[Any]:
    keys = {composer.tag(s.segment.actor).key for s in every}
    return [tag for tag in composer.tags.values() if tag.key in keys]


_RIBBONS = ("01_presence", "04_ribbon")
"""The figures that show a single text, the first."""


def _of_one(name: str, documents: Sequence[Document]) -> str:
    """Which text of several a figure shows, and where a reader chooses another; empty for figures of all."""
    if name not in _RIBBONS or len(documents) < 2:
        return ""
    first = documents[0]
    return f"Of {counted(len(documents), 'text')}, it shows the first, {short(first.title or first.id, 200)}."


def _exhibits(exhibits: Iterable[Exhibit], caps: Caps, documents: Sequence[Document]) -> Iterator[dict[str, Any]]:
    """Figures as data: URIs while they fit, and their tables."""
    left = _PICTURES
    for e in exhibits:
        kind, picture = ("svg+xml", e.svg) if e.svg and len(e.svg) <= _DRAWING else ("png", e.png)
        fits = picture is not None and len(picture) <= min(left, _PHOTO)
        left -= len(picture) if fits and picture else 0
        title = short(e.title or re.sub(r"^\d+_", "", e.name).replace("_", " ").capitalize(), 200)
        drawn = [f"figures/{e.name}.{k}" for k, data in (("svg", e.svg), ("png", e.png)) if data]
        table_file = f"tables/{e.name}.csv"
        yield {
            "title": title,
            "of_one": _of_one(e.name, documents),
            "alt": short(e.alt, 2_000) if e.alt else f"Figure: {title}. Its numbers are in the table below it.",
            "uri": f"data:image/{kind};base64,{base64.b64encode(picture).decode()}" if fits and picture else None,
            "missing": f"The figure is too large for this page: see {' and '.join(drawn)}."
            if drawn and not fits
            else "",
            "files": ", ".join([*drawn, *([table_file] if e.table is not None else [])]),
            "columns": [] if e.table is None else [short(str(c), 100) for c in e.table.columns],
            "rows": [] if e.table is None else _cells(e.table, caps.rows),
            "total": 0 if e.table is None else len(e.table),
            "table_file": table_file,
        }


def _cells(table: pd.DataFrame, most: int) -> list[list[str]]:
    """The first rows of a table; why there is no interval is said once on the page."""
    notes = [column == "note" for column in table.columns]
    return [
        [short(without_reason(v) if note else v, 300) for v, note in zip(row, notes, strict=True)]
        for row in table.head(most).itertuples(index=False, name=None)
    ]


def _text(document: Document, end: int, own: Sequence[Statement], target: str, composer: Composer) -> dict[str, Any]:
    rest = len(document.text) - end
    passages = composer.compose(document, [s.segment for s in own], end)
    return {
        "id": short(document.id, 200),
        "outlet": short(document.outlet or "", 80),
        "day": _day(document.date),
        "lanes": ribbon(own, end, target, composer),
        "heading": short(document.title or document.id, 200),
        "origin": short(" · ".join(filter(None, (document.outlet, document.date))), 200),
        "url": short(document.url or "", 300),
        "link": _web(document.url),
        "passages": passages,
        "cut": f"The text goes on for {counted(rest, 'character')}: see documents.jsonl." if rest else "",
    }


def _day(date: str | None) -> str:
    """The day of a date as it is compared; empty where it is none."""
    found = re.match(r"\d{4}-\d\d-\d\d(?!\d)", date or "")
    return found[0] if found else ""


def _web(url: str | None) -> str | None:
    """An address that may be followed; anything but the web's is not."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") and len(url) < 2_000 else None
    except ValueError:
        return None


def _where(document: Document) -> str:
    """A text's title, outlet and date on one line."""
    return short(
        " · ".join(filter(None, (short(document.title or document.id, 80), document.outlet, document.date))), 160
    )


def _row(
    statement: Statement,
    number: int,
    composer: Composer,
    folder: Folder,
    targets: Mapping[str, str],
    places: Mapping[str, int],
) -> dict[str, Any]:
    segment = statement.segment
    if segment.role == "mention":
        how = f"is spoken about, by {voice(segment, composer)}"
    else:
        unquoted = "as the text itself" if segment.actor == NARRATOR else "as the publisher"
        how = f"speaks, {_KINDS[segment.kind] if segment.kind else unquoted}"
    if segment.status != "stated":
        how = _NOT_SAID[segment.status]
    return {
        "number": number,
        "actor": composer.tag(segment.actor),
        "entity": short(segment.entity or "", 80),
        "role": segment.role,
        "status": segment.status,
        "place": places[segment.document.id],
        "how": how,
        "text": short(segment.text, 600),
        "document": _where(segment.document) if len(folder.documents) > 1 else "",
        "passage": composer.first.get(number),
        "measures": statement.measures,
        "stances": [statement.stances.get(target) for target in targets],
        "sentiment": statement.sentiment,
        "framed": statement.framed,
        "frames": [(short(folder.names.frames.get(name, name), 60), p) for name, p in statement.frames],
        "confidence": segment.confidence,
    }


def _capped(texts: int, all_texts: int, shown: int, every: int) -> dict[str, str]:
    """Sentences on what the page leaves out."""
    return {
        "texts": f"{texts:,} of {all_texts:,} texts; all of them are in documents.jsonl, of a batch in documents/."
        * (texts < all_texts),
        "statements": f"{shown:,} of {every:,} passages, here and in the texts above; all of them are in "
        "segments.jsonl and scores/ (of a batch: segments/ and stance/), and all "
        "count in the summary and the figures." * (shown < every),
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
        "made": [(short(name, 100), short(value, 200)) for name, value in made],
        "hashes": [(short(name, 200), short(value, 64)) for name, value in hashes[: caps.documents]],
        "hashes_left": max(0, len(hashes) - caps.documents),
        "left_out": f"Left out, since they were made from other inputs: {others}." if others else "",
    }
