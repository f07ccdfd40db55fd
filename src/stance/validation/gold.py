"""Documents whose attributions are marked by hand, and how many of them the project finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pydantic

from stance.analysis.bootstrap import percentile_interval, resamples
from stance.codebook import Codebook
from stance.columns import PASSAGES
from stance.corpus.documents import clean, json_rows, read_corpus, read_text
from stance.schema import Document, Kind, Segment, StanceError
from stance.strict import RepeatedKeyError, first_fault, parse_json
from stance.text.quotations import find_quotations
from stance.text.spans import Offsets
from stance.validation.unitizing import laid, letters, located

KINDS: tuple[Kind, ...] = ("direct", "mixed", "indirect")
_ENOUGH = 0.5
"""Overlap of content, as intersection over union of letters and digits, from which on an attribution is found."""
_NOBODY = ("other", "narrator")
"""Camps that stand for a source outside the codebook."""
_STEPS = ("content", "source", "actor")


@dataclass(frozen=True, slots=True)
class Marked:
    """An attribution, marked or found: offsets, and the actors it belongs to.

    Attributes
    ----------
    level
        ``"core"``: has to be found; ``"nested"`` and ``"optional"``: may be.
    actors
        Actors of the codebook, empty for a source that is none of them; None where the file does not say.
    """

    level: str
    kind: Kind
    source: Offsets
    content: Offsets
    actors: frozenset[str] | None
    confidence: float = 1.0
    """Of what was found."""
    cue: Offsets = ()
    """Of what was found."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document and the attributions marked in it."""

    document: Document
    marked: tuple[Marked, ...]
    marks_nested: bool
    """Whether attributions inside others are marked, too; if not, those found are left out."""


def is_gold(path: str | Path) -> bool:
    """Whether a file holds documents with marked attributions: ``attributions`` or ``quotes`` in its first object."""
    path = Path(path)
    if path.suffix.lower() not in (".json", ".jsonl", ".ndjson") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        head = next((line for line in lines if line.strip()), "") + lines.read(200_000)
    return bool(re.search(r'"(?:attributions|quotes)"\s*:\s*\[', head))


def read_gold(path: str | Path, codebook: Codebook) -> list[GoldDocument]:
    """Read marked documents.

    Parameters
    ----------
    path
        One JSON object, or JSON Lines, one document a line. Each has ``text``
        (or ``sha256_utf8``, that of the sample article) and either
        ``attributions`` (``level``, ``source`` with ``spans`` and ``camps``,
        ``content`` with ``spans``) or, as in PolNeAR, ``quotes`` (``source``
        and ``content``, lists of [start, end]).
    codebook
        Its actors; ``camps`` are their keys or labels.

    Raises
    ------
    StanceError
        If a document has no text, or an offset or a camp that does not exist.

    Examples
    --------
    >>> import json
    >>> import tempfile
    >>> from stance import read_codebook
    >>> quote = {"source": [[0, 5]], "cue": [[6, 10]], "content": [[11, 13]]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "marked.jsonl"
    ...     _ = path.write_text(json.dumps({"id": "d", "text": "Putin said no.", "quotes": [quote]}))
    ...     (item,) = read_gold(path, read_codebook())
    >>> [(marked.kind, marked.content) for marked in item.marked]
    [('indirect', ((11, 13),))]
    """
    path = Path(path)
    text = read_text(path)
    try:
        whole = parse_json(text)
    except RepeatedKeyError as error:
        raise StanceError(f"{path}: {error} in one object. Keep one of the two.") from None
    except ValueError:
        whole = None
    if isinstance(whole, dict | list):
        rows = [(1, whole)] if isinstance(whole, dict) else list(enumerate(whole, 1))
    else:
        rows = list(json_rows(path, text))
    return [_document(row, f"{path}, document {number}", codebook) for number, row in rows]


class _Row(pydantic.BaseModel):
    """Keys that are not known are passed over: files of others have more."""

    model_config = pydantic.ConfigDict(frozen=True)


class _Place(_Row):
    start: int
    end: int

    @pydantic.model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: Any) -> Any:
        return {"start": value[0], "end": value[1]} if isinstance(value, list | tuple) and len(value) == 2 else value


class _Part(_Row):
    spans: tuple[_Place, ...]
    camps: tuple[str, ...] = ()


class _Entry(_Row):
    level: Literal["core", "nested", "optional"]
    kind: Kind | None = None
    source: _Part
    content: _Part


class _Quote(_Row):
    source: tuple[_Place, ...] | None = None
    content: tuple[_Place, ...] | None = None


class _File(_Row):
    doc_id: str | None = None
    id: str | int | None = None
    text: str | None = None
    sha256_utf8: str | None = None
    date: str | None = None
    attributions: tuple[_Entry, ...] | None = None
    quotes: tuple[_Quote, ...] | None = None


def _document(row: Any, where: str, codebook: Codebook) -> GoldDocument:
    try:
        found = _File.model_validate(row)
    except pydantic.ValidationError as error:
        raise StanceError(f"{where}: {first_fault(error)}") from None
    if found.attributions is None and found.quotes is None:
        raise StanceError(f"{where}: needs 'attributions', or 'quotes' as in PolNeAR.")
    text = found.text
    if text is None:
        (sample,) = read_corpus()
        if found.sha256_utf8 != sample.sha256:
            raise StanceError(f"{where}: has no 'text', and its 'sha256_utf8' is not the sample article's. Add 'text'.")
        text = sample.text
    document = Document(str(found.doc_id or found.id or where), clean(text), date=found.date)
    quotations = find_quotations(document.text)
    marked = []
    for entry in found.attributions or ():
        content = _offsets(entry.content.spans, document, where)
        source = _offsets(entry.source.spans, document, where)
        if not content:
            raise StanceError(f"{where}: an attribution has no content. Mark what is said.")
        kind = entry.kind or quotations.kind_of(content)
        marked.append(Marked(entry.level, kind, source, content, _actors(entry.source.camps, codebook, where)))
    for quote in found.quotes or () if found.attributions is None else ():
        if content := _offsets(quote.content or (), document, where):
            kind = quotations.kind_of(content)
            marked.append(Marked("core", kind, _offsets(quote.source or (), document, where), content, None))
    return GoldDocument(document, tuple(marked), marks_nested=found.attributions is not None)


def _offsets(places: Iterable[_Place], document: Document, where: str) -> Offsets:
    pairs = tuple((p.start, p.end) for p in places)
    if outside := [p for p in pairs if not 0 <= p[0] < p[1] <= len(document.text)]:
        size = len(document.text)
        raise StanceError(f"{where}: the span {outside[0]} does not lie in its text of {size} characters.")
    return pairs


def _actors(camps: Iterable[str], codebook: Codebook, where: str) -> frozenset[str]:
    """The actors that camps name, by key or label; those that mean nobody of the codebook left out."""
    slugs = {_slug(name): key for key, actor in codebook.actors.items() for name in (key, actor.label)}
    known = set()
    for name in camps:
        if _slug(name) in slugs:
            known.add(slugs[_slug(name)])
        elif _slug(name) not in _NOBODY:
            actors = ", ".join(codebook.names)
            raise StanceError(f"{where}: {name!r} is no actor of the codebook. Its actors: {actors}.")
    return frozenset(known)


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", str(name).strip().lower())


def found_in(segments: Iterable[Segment]) -> list[Marked]:
    """Attributions out of segments: several of one content, as for "both leaders", are one."""
    merged: dict[Offsets, Marked] = {}
    for s in segments:
        if s.role != "source" or s.kind is None:
            continue
        content, source, cue = (tuple((p.start, p.end) for p in spans) for spans in (s.spans, s.source, s.cue))
        known = merged.get(content)
        actors = frozenset({s.actor} if s.actor else ()) | (known.actors or frozenset() if known else frozenset())
        level = "nested" if s.parent else "core"
        merged[content] = Marked(
            level, s.kind, (*known.source, *source) if known else source, content, actors, s.confidence, cue
        )
    return list(merged.values())


def score_attributions(
    gold: Sequence[GoldDocument],
    find: Callable[[Document], Sequence[Marked]],
    *,
    seed: int = 0,
    step: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """How many marked attributions are found, and how many of those found are marked.

    An attribution is found where the contents' letters and digits overlap by at
    least half (intersection over union; a leading *that*, *of* or *about* is
    passed over); each counts once. Nested and optional ones are neither
    demanded nor punished. Of those found, it is then asked whether the source
    overlaps, and whether the actors are right: every one given is a marked one,
    or none is given where none is marked.

    Parameters
    ----------
    gold
        From :func:`read_gold`.
    find
        What finds the attributions of a document; see :func:`found_in`.
    seed
        Of the resampling of documents.
    step
        Told which document is next.

    Returns
    -------
    pandas.DataFrame
        A line for all, and one for each kind (recall by the marked kind,
        precision by the kind found): ``kind``, ``gold``, ``found``, and for
        ``content``, ``source`` (content and source) and ``actor`` (content and
        actor) precision, recall and F1, with a 95 % interval of F1 over
        resampled documents where there are twenty or more. Actors are empty
        where the file names none. The line for all has ``where_alpha`` and
        ``whose_alpha`` with their intervals, too (:func:`stance.validation.unitizing.located`).

    Examples
    --------
    >>> marked = Marked("core", "indirect", ((0, 5),), ((11, 13),), None)
    >>> item = GoldDocument(Document("d", "Putin said no."), (marked,), True)
    >>> table = score_attributions([item], lambda document: [marked])
    >>> table.loc[0, ["gold", "found", "content_f1", "source_f1"]].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    if not gold:
        raise StanceError("There is no document to measure on.")
    counts, texts = [], []
    for number, item in enumerate(gold, 1):
        step(f"{item.document.id} ({number} of {len(gold)})")
        found = [f for f in find(item.document) if item.marks_nested or f.level != "nested"]
        counts.append(_counts(item, found))
        texts.append(laid(item.document.text, item.marked, found))
    table = np.array(counts, dtype=float)  # documents × (all and kinds) × (gold, found, hits by gold, hits by found)
    with_actors = all(m.actors is not None for item in gold for m in item.marked)
    lines = []
    weights = resamples(len(gold), None, np.random.default_rng(seed))
    for i, kind in enumerate(("all", *KINDS)):
        total = table[:, i].sum(axis=0)
        line: dict[str, Any] = {"kind": kind, "gold": int(total[0]), "found": int(total[1])}
        for j, name in enumerate(_STEPS):
            if name == "actor" and not with_actors:
                continue
            recalled, right = total[2 + j], total[2 + len(_STEPS) + j]
            line[f"{name}_precision"], line[f"{name}_recall"] = _share(right, total[1]), _share(recalled, total[0])
            line[f"{name}_f1"] = _f1(line[f"{name}_precision"], line[f"{name}_recall"])
            if len(gold) >= _DOCUMENTS_FOR_INTERVAL and i == 0:
                drawn = weights @ table[:, i]
                scores = 2 * drawn[:, 2 + j] / np.maximum(drawn[:, 0] + drawn[:, 1], 1)
                line[f"{name}_low"], line[f"{name}_high"] = percentile_interval(scores)
        lines.append(line)
    lines[0] |= located(texts, weights if len(gold) >= _DOCUMENTS_FOR_INTERVAL else None, valued=with_actors)
    return pd.DataFrame(lines).reindex(columns=list(COLUMNS)).round(4)


_DOCUMENTS_FOR_INTERVAL = 20
"""As for every interval over documents: with fewer, resampling them says too little."""
COLUMNS = tuple(PASSAGES)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _counts(item: GoldDocument, found: Sequence[Marked]) -> list[list[int]]:
    """For all and each kind: gold, found, and hits (content, source, actor) by the marked and by the found kind."""
    pairs = _matched(item.document.text, item.marked, found)
    wanted = [m for m in item.marked if m.level == "core"]
    spare = {j for i, j in pairs if item.marked[i].level != "core"}
    counts = []
    for kind in (None, *KINDS):
        line = [
            sum(kind in (None, m.kind) for m in wanted),
            sum(kind in (None, f.kind) for j, f in enumerate(found) if j not in spare),
        ]
        hits = [(item.marked[i], found[j]) for i, j in pairs if item.marked[i].level == "core"]
        for side in (0, 1):
            mine = [h for h in hits if kind in (None, h[side].kind)]
            with_source = [h for h in mine if not h[0].source or _overlap(h[0].source, h[1].source)]
            line += [len(mine), len(with_source), sum(_right_actor(*h) for h in mine)]
        counts.append(line)
    return counts


def right_or_not(item: GoldDocument, found: Sequence[Marked]) -> list[tuple[Marked, bool]]:
    """Each attribution found, and whether it is marked, its source included.

    What matches an optional or nested one is left out.

    Parameters
    ----------
    item
        A marked document.
    found
        What was found in it.
    """
    if not item.marks_nested:
        found = [f for f in found if f.level != "nested"]
    match = {j: item.marked[i] for i, j in _matched(item.document.text, item.marked, found)}
    return [
        (f, j in match and (not match[j].source or _overlap(match[j].source, f.source)))
        for j, f in enumerate(found)
        if j not in match or match[j].level == "core"
    ]


def _right_actor(marked: Marked, found: Marked) -> bool:
    wanted, given = marked.actors or frozenset(), found.actors or frozenset()
    return bool(given) and given <= wanted if wanted else not given


def _overlap(a: Offsets, b: Offsets) -> bool:
    return any(x[0] < y[1] and y[0] < x[1] for x in a for y in b)


def _matched(text: str, marked: Sequence[Marked], found: Sequence[Marked]) -> list[tuple[int, int]]:
    """Pairs of marked and found attributions, the best overlap first, each used once."""
    wanted, given = [letters(text, m.content) for m in marked], [letters(text, f.content) for f in found]
    shares = [
        (-round(len(a & b) / len(a | b), 3), not _right_actor(marked[i], found[j]), i, j)
        for i, a in enumerate(wanted)
        for j, b in enumerate(given)
        if a & b and len(a & b) >= _ENOUGH * len(a | b)
    ]
    pairs: list[tuple[int, int]] = []
    for _, _, i, j in sorted(shares):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs
