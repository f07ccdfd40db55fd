"""Sentences marked with whether a source said it, and which status the project gives them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pydantic

from stance.attribution.aliases import Lexicon
from stance.attribution.attributions import find_attributions
from stance.attribution.consensus import TaggerLike
from stance.attribution.coreference import Resolver
from stance.attribution.mentions import Names
from stance.codebook import Codebook
from stance.corpus.documents import json_rows, read_text
from stance.schema import STATUSES, Attribution, Document, Span, StanceError, Status
from stance.strict import first_fault
from stance.text.parsed import parse
from stance.validation.intercoder import alpha

NOT_FOUND = "not found"
"""Column of the cues that no attribution has."""


@dataclass(frozen=True, slots=True)
class MarkedCue:
    """One cue of a sentence, as judged.

    Attributes
    ----------
    cue, source
        Where they stand in the document: code points, end exclusive.
    """

    document: Document
    cue: tuple[int, int]
    source: tuple[int, int]
    status: Status


class _Row(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    cue: str
    source: str
    status: Status


def is_statuses(path: str | Path) -> bool:
    """Whether a file holds sentences whose cues are judged: ``cue`` and ``status`` in its first line.

    Parameters
    ----------
    path
        Any file or folder.

    Examples
    --------
    >>> is_statuses("labels.csv")
    False
    """
    path = Path(path)
    if path.suffix.lower() not in (".jsonl", ".ndjson") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        head = next((line for line in lines if line.strip()), "")
    return all(re.search(rf'"{key}"\s*:', head) for key in ("cue", "status"))


def read_statuses(path: str | Path) -> list[MarkedCue]:
    """Read sentences whose cues are judged.

    Parameters
    ----------
    path
        JSON Lines with ``id``, ``text``, ``cue`` and ``source`` (words that stand
        in the text once) and ``status``: stated, denied, hypothetical, requested or asked.

    Raises
    ------
    StanceError
        If a key is missing, a status unknown, an id given twice, or words do not stand in the text just once.

    Examples
    --------
    >>> import json, tempfile
    >>> row = {"id": "a", "text": "If Ann says so, we go.", "cue": "says", "source": "Ann", "status": "hypothetical"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "status.jsonl"
    ...     _ = path.write_text(json.dumps(row))
    ...     (marked,) = read_statuses(path)
    >>> marked.cue, marked.source, marked.status
    ((7, 11), (3, 6), 'hypothetical')
    """
    path = Path(path)
    found: dict[str, MarkedCue] = {}
    for number, row in json_rows(path, read_text(path)):
        where = f"{path}, line {number}"
        try:
            read = _Row.model_validate(row)
        except pydantic.ValidationError as error:
            raise StanceError(f"{where}: {first_fault(error)}") from None
        if read.id in found:
            raise StanceError(f"{where}: the id {read.id!r} was given before. Give each sentence its own.")
        cue, source = (_place(words, read.text, where) for words in (read.cue, read.source))
        found[read.id] = MarkedCue(Document(read.id, read.text), cue, source, read.status)
    return list(found.values())


def _place(words: str, text: str, where: str) -> tuple[int, int]:
    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)] if words else []
    if len(places) != 1:
        raise StanceError(
            f"{where}: {words!r} stands in the text {len(places)} times. Mark words that stand there once."
        )
    return places[0]


def attributions_in(codebook: Codebook, tagger: TaggerLike | None) -> Callable[[Document], list[Attribution]]:
    """What finds the attributions of a document, whoever the sources are.

    Parameters
    ----------
    codebook
        Its actors; sources that are none of them are found, too.
    tagger
        From :func:`stance.attribution.segments.bundled_tagger`; None: the rules decide alone.
    """
    names = Lexicon(codebook).at(None)

    def find(document: Document) -> list[Attribution]:
        parsed = parse(document)
        return find_attributions(parsed, Resolver(Names(parsed, names)), tagger)

    return find


def status_confusion(marked: Sequence[MarkedCue], find: Callable[[Document], Sequence[Attribution]]) -> pd.DataFrame:
    """How often a cue of one status is given which.

    The attribution of a cue is the one whose cue overlaps it; of several, one
    whose source overlaps the source that is marked.

    Parameters
    ----------
    marked
        From :func:`read_statuses`.
    find
        Such as :func:`attributions_in`.

    Returns
    -------
    pandas.DataFrame
        Counts: the statuses judged down; those found across, and ``not found``
        where no attribution has the cue.

    Examples
    --------
    >>> text = Document("a", "Did Ann say so?")
    >>> table = status_confusion([MarkedCue(text, (8, 11), (4, 7), "asked")], lambda document: [])
    >>> table.loc["asked", "not found"]
    np.int64(1)
    """
    counts = Counter((m.status, _status_of(m, find(m.document))) for m in marked)
    columns = [*STATUSES, NOT_FOUND]
    table = np.array([[counts[row, column] for column in columns] for row in STATUSES])
    return pd.DataFrame(table, pd.Index(STATUSES, name="judged"), pd.Index(columns, name="found"))


def _status_of(marked: MarkedCue, found: Sequence[Attribution]) -> str:
    same = [a for a in found if _touch(a.cue, marked.cue)]
    best = next((a for a in same if _touch(a.source, marked.source)), same[0] if same else None)
    return NOT_FOUND if best is None else best.status


def _touch(spans: Sequence[Span], place: tuple[int, int]) -> bool:
    return any(span.start < place[1] and place[0] < span.end for span in spans)


def status_alpha(first: Sequence[MarkedCue], second: Sequence[MarkedCue]) -> float:
    """Krippendorff's alpha for nominal data of two annotators' statuses.

    Parameters
    ----------
    first, second
        From :func:`read_statuses`; sentences are the same where their ids are.

    Examples
    --------
    >>> rows = [MarkedCue(Document(str(i), "Ann said."), (4, 8), (0, 3), s) for i, s in enumerate(STATUSES)]
    >>> status_alpha(rows, rows)
    1.0
    """
    other: Mapping[str, Status] = {m.document.id: m.status for m in second}
    pairs = [(m.status, other[m.document.id]) for m in first if m.document.id in other]
    if not pairs:
        raise StanceError(
            "The two files have no sentence in common. Give two annotators' labels of the same sentences."
        )
    return float(alpha(np.array([[pair.count(status) for status in STATUSES] for pair in pairs]))[0])
