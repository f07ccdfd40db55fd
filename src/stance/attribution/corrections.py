"""Corrections by hand: who says what as a table that a person goes through, and its decisions applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance import columns as names
from stance.codebook import Codebook, folded
from stance.corpus.spreadsheets import spreadsheet_csv, spreadsheet_rows, unix_ends
from stance.schema import STATUSES, Attribution, Document, Referent, Segment, Span, StanceError, Status
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotations
from stance.text.spans import Offsets, parents_of

DECISIONS = ("ok", "edit", "delete", "add")
COLUMNS = tuple(names.REVIEW)
_GAP = " … "
_PLACES = ("source_at", "cue_at", "content_at")


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
    status: Status | None = None
    """As the row has it now; None where it says nothing."""

    @property
    def key(self) -> tuple[Offsets, Offsets]:
        """Where cue and content stood: by this an attribution is known again."""
        return self.places[1], self.places[2]


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

    Examples
    --------
    >>> from stance import read_codebook, segment
    >>> table = review_csv(segment([Document("d", "Putin said that it had rained.")], read_codebook()))
    >>> table.decode("utf-8-sig").splitlines()[1].split(",")[:6]
    ['', 'd', 'Vladimir Putin', 'Putin', 'said', 'that it had rained']
    """
    rows: dict[tuple[str, Offsets, Offsets], dict[str, str]] = {}
    for s in segments:
        if s.role != "source" or s.kind is None:  # a publisher's own sentence is no attribution
            continue
        key = (s.document.id, _offsets(s.cue), _offsets(s.spans))
        name = s.entity or ""
        if key in rows:
            rows[key]["entities"] += f"; {name}"
            continue
        rows[key] = {
            "decision": "", "document": s.document.id, "entities": name, "source": _text(s.source),
            "cue": _text(s.cue), "content": _text(s.spans), "status": s.status, "kind": str(s.kind),
            "confidence": f"{s.confidence:.2f}",
            "sentence": s.context.text, "source_at": _written(s.source), "cue_at": _written(s.cue),
            "content_at": _written(s.spans), "text_sha256": s.document.sha256,
        }  # fmt: skip
    return spreadsheet_csv(rows.values(), COLUMNS)


def read_corrections(path: str | Path, codebook: Codebook) -> list[Correction]:
    """The decisions in a reviewed table.

    ``decision`` is ``ok`` (right as it is), ``edit`` (entities, source, cue or
    content, or the status, were changed), ``delete`` (nobody says this), ``add`` (a row of
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
        If a column is missing, a decision, an entity or an offset is none, or
        one attribution is decided on twice.

    Examples
    --------
    >>> import tempfile
    >>> from stance import read_codebook, segment
    >>> codebook = read_codebook()
    >>> table = review_csv(segment([Document("d", "Putin said that it had rained.")], codebook)).decode("utf-8-sig")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "review.csv"
    ...     _ = path.write_text(table.replace("\\n,", "\\ndelete,"))
    ...     [(c.decision, c.document) for c in read_corrections(path, codebook)]
    [('delete', 'd')]
    """
    path = Path(path)
    entities = {
        folded(e.name).strip(): Referent(key, e.name) for key, a in codebook.actors.items() for e in a.entities.values()
    }
    made: dict[tuple[str, Offsets, Offsets], Correction] = {}
    needed = [c for c in COLUMNS if c not in (*_DESCRIBING, "status")]
    for number, row in spreadsheet_rows(path, needed, "stance segment --review"):
        correction = _read_row(row, f"{path}, line {number}", entities)
        if correction is None:
            continue
        key = (correction.document, *correction.key)
        if correction.key[1] and key in made:
            raise StanceError(f"{correction.where}: decided on already in {made[key].where}. Keep one of the two rows.")
        made[key if correction.key[1] else (correction.where, (), ())] = correction
    return list(made.values())


_DESCRIBING = ("kind", "confidence", "sentence")
"""Columns that nothing is read from."""


def _read_row(row: dict[str, str], where: str, entities: Mapping[str, Referent]) -> Correction | None:
    decision = row["decision"].strip().lower()
    if not decision:
        return None
    if decision not in DECISIONS:
        raise StanceError(f"{where}: the decision must be one of {', '.join(DECISIONS)}, or empty. Got {decision!r}.")
    names = [name for part in row["entities"].split(";") if (name := folded(part).strip())]
    if unknown := [name for name in names if name not in entities]:
        known = ", ".join(sorted({referent.entity for referent in entities.values()}))
        raise StanceError(f"{where}: {unknown[0]!r} is no entity of the codebook. Write nothing, or one of: {known}.")
    source_at, cue_at, content_at = (_read_offsets(row[column], where) for column in _PLACES)
    if decision != "add" and not content_at:
        raise StanceError(
            f"{where}: the column content_at is empty. Leave it as it was; for a row of your own, decide 'add'."
        )
    return Correction(
        where,
        decision,
        row["document"],
        row["text_sha256"],
        tuple(dict.fromkeys(entities[name] for name in names)),
        (row["source"], row["cue"], row["content"]),
        (source_at, cue_at, content_at) if decision != "add" else ((), (), ()),
        _read_status(row.get("status") or "", where),
    )


def _read_status(written: str, where: str) -> Status | None:
    """A status; None where the row has none, as tables of earlier versions."""
    word = written.strip().lower()
    if word and word not in STATUSES:
        raise StanceError(f"{where}: the status must be one of {', '.join(STATUSES)}, or empty. Got {word!r}.")
    return next((status for status in STATUSES if status == word), None)


def absent(corrections: Iterable[Correction], documents: Iterable[Document]) -> list[str]:
    """A sentence for each decision on a document that is not there.

    Parameters
    ----------
    corrections
        From :func:`read_corrections`.
    documents
        All that are read.
    """
    there = {d.id for d in documents}
    return [f"{c.where}: no text {c.document!r} was given." for c in corrections if c.document not in there]


def with_corrections(
    parsed: ParsedText, attributions: Sequence[Attribution], corrections: Iterable[Correction]
) -> tuple[list[Attribution], list[str]]:
    """Attributions of a document with what a person decided, and what no longer fits.

    What was decided on has confidence 1. An attribution is known again by the
    offsets of its cue and content; one that was found right or edited and is no
    longer found is put back.

    Parameters
    ----------
    parsed
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
    document = parsed.document
    kept = {(_offsets(a.cue), _offsets(a.content)): a for a in attributions}
    unfit: list[str] = []
    mine = [c for c in corrections if c.document == document.id]
    for number, c in enumerate(mine, 1):
        try:
            made = _made(document, c, kept.get(c.key), f"c{number}", parsed.quotations)
        except StanceError as error:
            unfit.append(f"{c.where}: {error}")
            continue
        kept.pop(c.key, None)
        if made is not None:
            kept[_offsets(made.cue), _offsets(made.content)] = made
    return _nested(list(kept.values()), {a.id: a.status for a in attributions}), unfit


def _made(
    document: Document, c: Correction, known: Attribution | None, name: str, quotations: Quotations
) -> Attribution | None:
    """The attribution a decision makes; None for one that is deleted."""
    if c.text_sha256 != document.sha256 and (c.text_sha256 or c.decision != "add"):
        raise StanceError(f"{document.id} is another text than the one that was corrected.")
    if c.decision == "delete":
        if known is None:
            raise StanceError("what was deleted is no longer found anyway.")
        return None
    if not c.texts[2].strip():
        raise StanceError("the content is empty. Decide 'delete' if nobody says this.")
    content = _located(document, c.texts[2], c.places[2], None, "content")
    source, cue = (
        _located(document, c.texts[i], c.places[i], content[0].start, what) for i, what in enumerate(("source", "cue"))
    )
    if c.decision == "ok":
        if (_offsets(source), _offsets(cue), _offsets(content)) != c.places or (
            known and (set(c.actors) != set(known.actors) or c.status not in (None, known.status))
        ):
            raise StanceError("the row was changed, but the decision is 'ok'. Decide 'edit'.")
        if known is not None:
            return replace(known, confidence=1.0)
    kind = known.kind if known and known.content == content else quotations.kind_of(_offsets(content))
    status = c.status or (known.status if known else "stated")
    return Attribution(known.id if known else name, source, cue, content, kind, None, c.actors, 1.0, status, status)


def _located(document: Document, text: str, places: Offsets, near: int | None, what: str) -> tuple[Span, ...]:
    """Where the parts of a text stand: at their old places, or else as whole words nearest to them, in their order."""
    if all(0 <= a < b <= len(document.text) for a, b in places):
        old = tuple(Span(document, a, b) for a, b in places)
        if unix_ends(_text(old)) == unix_ends(text):
            return old
    spans: list[Span] = []
    for part in filter(None, (part.strip() for part in text.split(_GAP))):
        since = spans[-1].end if spans else 0
        pattern = re.compile(
            rf"(?<!\w){re.escape(part)}(?!\w)" if part[0].isalnum() and part[-1].isalnum() else re.escape(part)
        )
        found = [match.start() for match in pattern.finditer(document.text, since)]
        if not found:
            raise StanceError(f"the {what} {part[:60]!r} does not stand in {document.id}. Copy it from the text.")
        at = spans[-1].end if spans else places[0][0] if places else near
        if at is None and len(found) > 1:
            raise StanceError(f"the {what} {part[:60]!r} stands in {document.id} {len(found)} times. Give more of it.")
        start = found[0] if at is None else min(found, key=lambda place: abs(place - at))
        spans.append(Span(document, start, start + len(part)))
    return tuple(spans)


def _nested(attributions: list[Attribution], before: Mapping[str, Status]) -> list[Attribution]:
    """The attributions in the order of the text, each with its parent; "I" inside one is its speaker.

    What stands inside a statement that somebody decided is not stated has its status, unless it was decided on, too;
    inside one that somebody decided is stated, its own. ``before`` has the status of each as it was found.
    """
    ordered = sorted(attributions, key=lambda a: (a.content[0].start, -a.content[-1].end, _offsets(a.cue)))
    parents = parents_of([(_offsets(a.content), _offsets(a.cue)) for a in ordered])
    made: dict[int, Attribution] = {}

    def nested(i: int) -> Attribution:
        if i not in made:
            parent = parents[i]
            made[i] = _under(ordered[i], None if parent is None else nested(parent), before)
        return made[i]

    return [nested(i) for i in range(len(ordered))]


def _under(a: Attribution, above: Attribution | None, before: Mapping[str, Status]) -> Attribution:
    """An attribution inside another; what nobody decided on takes over "I" and, where that was changed, the status."""
    if above is None:
        return replace(a, parent=None)
    if a.confidence == 1:
        return replace(a, parent=above.id)
    own = [s.text.lower() for s in a.source] in (["i"], ["we"])
    actors = above.actors if own else a.actors
    status = a.status if before.get(above.id) == above.status and a.parent == above.id else _inside(a, above)
    return replace(a, parent=above.id, actors=actors, status=status)


def _inside(a: Attribution, above: Attribution) -> Status:
    return a.own_status if above.status == "stated" else above.status


def _offsets(spans: Iterable[Span]) -> Offsets:
    return tuple((s.start, s.end) for s in spans)


def _text(spans: Iterable[Span]) -> str:
    return _GAP.join(s.text for s in spans)


def _written(spans: Iterable[Span]) -> str:
    """Offsets in a form that no spreadsheet takes for a date."""
    return " ".join(f"[{s.start}:{s.end}]" for s in spans)


_MOST_DIGITS = 12
"""Of an offset: a text of a million million characters fits no memory."""


def _read_offsets(written: str, where: str) -> Offsets:
    found = re.findall(r"\[(\d+):(\d+)\]", written)
    if " ".join(f"[{a}:{b}]" for a, b in found) != " ".join(written.split()):
        raise StanceError(
            f"{where}: offsets look like [12:40] [60:80]. Got {written!r}. Leave these columns as they were."
        )
    longest = max((digits for pair in found for digits in pair), key=len, default="")
    if len(longest) > _MOST_DIGITS:
        raise StanceError(
            f"{where}: the offset {longest[:20]}… has {len(longest):,} digits, and no text is so long. "
            "Leave these columns as they were."
        )
    return tuple((int(a), int(b)) for a, b in found)
