"""Corrections by hand: who says what as a table that a person goes through, and its decisions applied."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.codebook import Codebook, folded
from stance.corpus import read_text
from stance.intervals import Intervals
from stance.quotations import find_quotations, kind_of
from stance.schema import Attribution, Document, Referent, Segment, Span, StanceError
from stance.stretches import Offsets, parents_of

DECISIONS = ("ok", "edit", "delete", "add")
COLUMNS = (
    "decision", "document", "entities", "source", "cue", "content", "kind", "confidence", "sentence",
    "source_at", "cue_at", "content_at", "text_sha256",
)  # fmt: skip
_GAP = " … "


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of a reviewed table that somebody has decided on."""

    where: str
    """File and line, for messages."""
    decision: str
    document: str
    text_sha256: str
    actors: tuple[Referent, ...]
    texts: tuple[str, str, str]
    """Of source, cue and content, as the row has them now."""
    places: tuple[Offsets, Offsets, Offsets]
    """Where they stood when the table was written; empty for an added row."""


def review_csv(segments: Iterable[Segment]) -> bytes:
    """The table to be corrected: one row for each attribution, ``decision`` left empty.

    Parameters
    ----------
    segments
        From :func:`stance.segment`.

    Returns
    -------
    bytes
        CSV in UTF-8 with a byte-order mark, which spreadsheets need.
    """
    rows: dict[tuple[str, Offsets, Offsets], dict[str, str]] = {}
    for s in segments:
        if s.role != "source":
            continue
        key = (s.document.id, _offsets(s.cue), _offsets(s.spans))
        name = s.entity or ""
        if key in rows:
            rows[key]["entities"] += f"; {name}"
            continue
        rows[key] = {
            "decision": "", "document": s.document.id, "entities": name, "source": _text(s.source),
            "cue": _text(s.cue), "content": _text(s.spans), "kind": str(s.kind), "confidence": f"{s.confidence:.2f}",
            "sentence": s.context.text, "source_at": _written(s.source), "cue_at": _written(s.cue),
            "content_at": _written(s.spans), "text_sha256": s.document.sha256,
        }  # fmt: skip
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return table.getvalue().encode("utf-8-sig")


def read_corrections(path: str | Path, codebook: Codebook) -> list[Correction]:
    """The decisions in a reviewed table.

    ``decision`` is ``ok`` (right as it is), ``edit`` (entities, source, cue or
    content were changed), ``delete`` (nobody says this), ``add`` (a row of
    one's own: document, entities, source, cue and content as the text has
    them), or empty: not looked at, and passed over. Several entities, and the
    parts of a split quotation, are written as the table does: ``A; B``, ``one … two``.

    Parameters
    ----------
    path
        The CSV file.
    codebook
        Its entities.

    Raises
    ------
    StanceError
        If a column is missing, or a decision, an entity or an offset is none.
    """
    path = Path(path)
    text = read_text(path)
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))  # as spreadsheets save it
    needed = {"decision", "document", "entities", "source", "cue", "content"}
    if missing := sorted(needed - set(reader.fieldnames or ())):
        raise StanceError(
            f"{path} has no column {missing[0]!r}. Start from the table that stance segment --review writes."
        )
    entities = {
        folded(e.name): Referent(key, e.name) for key, a in codebook.actors.items() for e in a.entities.values()
    }
    made = []
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        decision = (row["decision"] or "").strip().lower()
        if not decision:
            continue
        if decision not in DECISIONS:
            raise StanceError(
                f"{where}: the decision must be one of {', '.join(DECISIONS)}, or empty. Got {decision!r}."
            )
        names = [name.strip() for name in (row["entities"] or "").split(";") if name.strip()]
        if unknown := [name for name in names if folded(name) not in entities]:
            raise StanceError(f"{where}: {unknown[0]!r} is no entity of the codebook. Write its 'name', or nothing.")
        texts = (row["source"] or "", row["cue"] or "", row["content"] or "")
        places = tuple(_read_offsets(row.get(f"{key}_at"), where) for key in ("source", "cue", "content"))
        if decision != "add" and not places[2]:
            raise StanceError(
                f"{where}: the column content_at is empty. Leave it as it was; for a row of your own, decide 'add'."
            )
        made.append(
            Correction(
                where, decision, row["document"] or "", row.get("text_sha256") or "",
                tuple(entities[folded(name)] for name in names), texts, places,  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return made


def corrected(
    document: Document, attributions: Sequence[Attribution], corrections: Iterable[Correction]
) -> tuple[list[Attribution], list[str]]:
    """Attributions of a document with what a person decided, and what no longer fits.

    What was decided on has confidence 1. An attribution is known again by the
    offsets of its cue and content; one that was found right or edited and is no
    longer found is put back.

    Parameters
    ----------
    document
        The document.
    attributions
        As they were found.
    corrections
        From :func:`read_corrections`; those of other documents are passed over.

    Returns
    -------
    list of Attribution
        In the order of the text; nesting is found anew.
    list of str
        A sentence for each decision that could not be applied.
    """
    kept = {(_offsets(a.cue), _offsets(a.content)): a for a in attributions}
    unfit: list[str] = []
    mine = [c for c in corrections if c.document == document.id]
    for number, c in enumerate(mine, 1):
        if c.text_sha256 != document.sha256 and c.decision != "add":
            unfit.append(f"{c.where}: {document.id} is another text than the one that was corrected; not applied.")
            continue
        key = c.places[1:]
        if c.decision == "delete":
            if kept.pop(key, None) is None:
                unfit.append(f"{c.where}: what was deleted is no longer found anyway.")
            continue
        try:
            made = _made(document, c, kept.get(key), f"c{number}")
        except StanceError as error:
            unfit.append(f"{c.where}: {error}")
            continue
        kept.pop(key, None)
        kept[_offsets(made.cue), _offsets(made.content)] = made
    return _nested(list(kept.values())), unfit


def _made(document: Document, c: Correction, known: Attribution | None, name: str) -> Attribution:
    near = c.places[2][0][0] if c.places[2] else None
    spans = [
        _located(document, text, place, near, what)
        for what, text, place in zip(("source", "cue", "content"), c.texts, c.places, strict=True)
    ]
    source, cue, content = spans
    if not content:
        raise StanceError("the content is empty. Decide 'delete' if nobody says this.")
    quotations = Intervals((q.start, q.end, q) for q in find_quotations(document.text))
    kind = kind_of(document.text, _offsets(content), quotations)
    actors = known.actors if known is not None and c.decision == "ok" else c.actors
    kind = known.kind if known is not None and known.content == content else kind
    return Attribution(known.id if known else name, source, cue, content, kind, None, actors, 1.0)


def _located(document: Document, text: str, places: Offsets, near: int | None, what: str) -> tuple[Span, ...]:
    """Where the parts of a text stand: at their old places, or else nearest to them."""
    parts = [part for part in text.split(_GAP) if part.strip()] if text.strip() else []
    if all(0 <= a < b <= len(document.text) for a, b in places):
        old = tuple(Span(document, a, b) for a, b in places)
        if [s.text for s in old] == parts:
            return old
    spans = []
    for part in parts:
        part = part.strip()
        found = _all_places(document.text, part)
        if not found:
            raise StanceError(f"the {what} {part[:60]!r} does not stand in {document.id}. Copy it from the text.")
        if near is None and len(found) > 1:
            if what == "content":
                raise StanceError(
                    f"the {what} {part[:60]!r} stands in {document.id} {len(found)} times. Give more of it."
                )
            near = found[0]
        start = found[0] if near is None else min(found, key=lambda at: abs(at - near))
        spans.append(Span(document, start, start + len(part)))
    return tuple(spans)


def _all_places(text: str, part: str) -> list[int]:
    places, at = [], text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def _nested(attributions: list[Attribution]) -> list[Attribution]:
    ordered = sorted(attributions, key=lambda a: (a.content[0].start, -a.content[-1].end, _offsets(a.cue)))
    parents = parents_of([(_offsets(a.content), _offsets(a.cue)) for a in ordered])
    return [replace(a, parent=None if p is None else ordered[p].id) for a, p in zip(ordered, parents, strict=True)]


def _offsets(spans: Iterable[Span]) -> Offsets:
    return tuple((s.start, s.end) for s in spans)


def _text(spans: Iterable[Span]) -> str:
    return _GAP.join(s.text for s in spans)


def _written(spans: Iterable[Span]) -> str:
    return " ".join(f"{s.start}-{s.end}" for s in spans)


def _read_offsets(written: str | None, where: str) -> Offsets:
    try:
        pairs = [part.split("-") for part in (written or "").split()]
        return tuple((int(a), int(b)) for a, b in pairs)
    except ValueError:
        raise StanceError(
            f"{where}: offsets look like 12-40 60-80. Got {written!r}. Leave these columns as they were."
        ) from None
