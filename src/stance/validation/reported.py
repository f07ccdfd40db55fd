"""Labels of reported stance, kept without their texts: joined with the texts of those who have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import pydantic

from stance.corpus.documents import json_rows, read_text
from stance.schema import StanceError, sha256
from stance.scoring.premises import place_of
from stance.strict import Strict, first_fault

_LONGEST_TARGET = 8
"""Words, as the guideline for annotators has it: a noun phrase of a codebook, never a sentence."""
_Place = tuple[pydantic.NonNegativeInt, pydantic.PositiveInt]
_Places = Annotated[tuple[_Place, ...], pydantic.Field(min_length=1)]


class ReportedLabel(Strict):
    """One label: where a statement stands, and what its holder is reported to hold of a target.

    Attributes
    ----------
    set, document
        Which text, and ``sha256``, its hash.
    source, cue, content
        Offsets into the text: who says how what.
    sentence
        Start and end of the sentences around them.
    addressed
        Whether the statement takes the target up at all; *none* may be either.
    hard
        Whether it takes irony, implicature, concession or the like to see it.
    """

    set: str
    document: str
    sha256: str
    source: _Places
    cue: tuple[_Place, ...]
    content: _Places
    sentence: _Place
    target: Annotated[str, pydantic.Field(min_length=1)]
    label: Literal["favor", "against", "none"]
    addressed: bool
    hard: bool
    annotator: str


def reported_rows(path: str | Path, texts: Mapping[tuple[str, str], str]) -> tuple[pd.DataFrame, list[str]]:
    """Labels of reported stance with their texts, as rows that :func:`stance.validation.evaluate` and training read.

    Parameters
    ----------
    path
        JSON Lines without text; see ``gold/reported``.
    texts
        Texts by set and document. A row whose text is not there is left out.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``text`` (the sentences), ``holder`` as the text names it, ``statement`` (its parts joined by
        an ellipsis), ``target``, ``label``, ``addressed``, ``hard`` and ``annotator``; and where holder, statement
        (from its first part to its last) and target stand in the text, as ``…_start`` and ``…_end``, if they do.
    list of str
        A sentence for each row that was left out, with the row and how to mend it.

    Raises
    ------
    StanceError
        If the file cannot be read or is no JSON Lines.

    Examples
    --------
    >>> import json
    >>> import tempfile
    >>> text = "It rained. Ann Lee praised the dam."
    >>> row = {"set": "mine", "document": "d", "sha256": sha256(text.encode()), "source": [[11, 18]],
    ...        "cue": [[19, 26]], "content": [[27, 34]], "sentence": [11, 35], "target": "the dam", "label": "favor",
    ...        "addressed": True, "hard": False, "annotator": "A"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "labels.jsonl"
    ...     _ = path.write_text(json.dumps(row) + "\\n" + json.dumps({**row, "document": "e"}))
    ...     rows, left_out = reported_rows(path, {("mine", "d"): text})
    >>> rows[["text", "holder", "statement"]].to_numpy().tolist()
    [['Ann Lee praised the dam.', 'Ann Lee', 'the dam']]
    >>> len(left_out), left_out[0].endswith("line 2: the text 'e' of mine is not there. Add it to the texts.")
    (1, True)
    """
    path = Path(path)
    rows, left_out = [], []
    for number, found in json_rows(path, read_text(path)):
        try:
            rows.append(_row(found, texts))
        except StanceError as fault:
            left_out.append(f"{path}, line {number}: {fault}")
    return pd.DataFrame(rows, columns=list(_COLUMNS)), left_out


_COLUMNS = (
    "document", "text", "holder", "holder_start", "holder_end", "statement", "statement_start", "statement_end",
    "target", "target_start", "target_end", "label", "addressed", "hard", "annotator",
)  # fmt: skip


def _row(found: Mapping[str, Any], texts: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    try:
        label = ReportedLabel.model_validate(found)
    except pydantic.ValidationError as error:
        raise StanceError(f"{first_fault(error)} Correct it or remove the row.") from None
    for fault in _faults(label, texts):
        raise StanceError(fault)
    text = texts[label.set, label.document]
    start, end = label.sentence
    first, last = label.source[0]
    inside = start <= first and last <= end
    spoken = [(a, b) for a, b in label.content if start <= a and b <= end]
    places = {"statement": (min(a for a, _ in spoken), max(b for _, b in spoken))} if spoken else {}
    parts = [place for a, b in spoken if (place := place_of(label.target, text, a, b))]
    if named := next(iter(parts), None) or place_of(label.target, text, start, end):
        places["target"] = named
    return {
        "document": label.document,
        "text": text[start:end],
        "holder": " ".join(" ".join(text[a:b].split()) for a, b in label.source),
        "holder_start": first - start if inside else None,
        "holder_end": last - start if inside else None,
        "statement": " … ".join(" ".join(text[a:b].split()) for a, b in label.content),
        **{f"{key}_{edge}": None for key in ("statement", "target") for edge in ("start", "end")},
        **{f"{key}_start": a - start for key, (a, _) in places.items()},
        **{f"{key}_end": b - start for key, (_, b) in places.items()},
        **label.model_dump(include={"target", "label", "addressed", "hard", "annotator"}),
    }


def _faults(label: ReportedLabel, texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What keeps a label from being joined, the first thing first."""
    text = texts.get((label.set, label.document))
    if text is None:
        yield f"the text {label.document!r} of {label.set} is not there. Add it to the texts."
        return
    if sha256(text.encode()) != label.sha256:
        yield f"{label.document!r} is another text than the one that was labelled. Take the version of then."
        return
    for name, places in (("source", label.source), ("content", label.content), ("sentence", (label.sentence,))):
        if any(not a < b <= len(text) for a, b in places):
            yield f"the {name} lies outside the text of {len(text)} characters. Correct its offsets or remove the row."
            return
    if not any(c.isalnum() for a, b in label.content for c in text[a:b]):
        yield "the statement holds no word. Correct its offsets or remove the row."
    if len(label.target.split()) > _LONGEST_TARGET:
        yield f"the target has more than {_LONGEST_TARGET} words. Name it as a codebook would."
    if label.label != "none" and not label.addressed:
        yield f"the label is {label.label!r}, but the target is said not to be addressed. Correct one of the two."
