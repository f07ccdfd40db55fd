"""Labels that people gave: sheets read back, checked row by row, one row per unit and annotator."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from stance.schema import LABELS, StanceError
from stance.validation.sheet_formats import COLUMNS, GIVEN, NEEDED, Cells, fingerprint, sheet_cells

"""AI annotations A and B of the sample article as sheets, such as ``stance.A.csv``, and their instructions."""
ADJUDICATED = "adjudicated"
"""Stands as the annotator of labels that were decided where others differed, whoever decided them."""
LABEL_COLUMNS = (
    "unit", "document", "segment", "role", "actor", "target", "measure", "annotator", "label", "inclusion_probability",
    "sha256",
)  # fmt: skip
"""The columns of a table of labels."""


def read_labels(*paths: str | Path) -> pd.DataFrame:
    """The labels in sheets that came back.

    Parameters
    ----------
    paths
        Sheets as people left them: CSV, or the exports of Label Studio (JSON),
        Prodigy and doccano (JSON Lines). One file may hold several annotators.
        Where neither sheet nor tool says who labelled, the file's name does.
        The labels of a sheet from ``stance agreement --adjudicate`` are those of ``adjudicated``.

    Returns
    -------
    pandas.DataFrame
        One row per unit and annotator; ``label`` is one of the measure's, or
        empty. Empty rows of an annotator who labelled the unit elsewhere are dropped.

    Raises
    ------
    StanceError
        If a file cannot be read, a column is missing, a text is not the one
        that was handed out, a label is none of the measure's, an inclusion
        probability is not in (0, 1], or somebody labelled a unit twice. The
        sentence names file and row.

    Examples
    --------
    >>> read_labels("no_such_sheet.csv")
    Traceback (most recent call last):
    stance.schema.StanceError: no_such_sheet.csv cannot be read (No such file or directory). Check the path.
    """
    return read_sheet(*paths)[list(LABEL_COLUMNS)]


def read_sheet(*paths: str | Path) -> pd.DataFrame:
    """As :func:`read_labels`, with every column of the sheet."""
    if not paths:
        raise StanceError("There are no sheets. Give at least one.")
    kept: dict[tuple[str, str], tuple[str, dict]] = {}
    units: dict[str, tuple[str, dict]] = {}
    for found in (found for path in paths for found in sheet_cells(Path(path))):
        row = _checked(found)
        first, other = units.setdefault(row["unit"], (found.where, row))
        for column in ("sha256", "inclusion_probability", "measure", "actor"):
            if other[column] != row[column]:
                raise StanceError(
                    f"{found.where}: the {column} of {row['unit']} is not that in {first}. Give sheets of one sample."
                )
        key = row["unit"], row["annotator"]
        before, earlier = kept.get(key, ("", row))
        if key in kept and row["label"] and earlier["label"]:
            raise StanceError(
                f"{found.where}: {row['annotator']} labelled {row['unit']} already in {before}. Keep one of the two; "
                "if two people did, say who in the column annotator."
            )
        if key not in kept or row["label"]:
            kept[key] = found.where, row
    return pd.DataFrame([row for _, row in kept.values()], columns=list(COLUMNS))


def _checked(found: Cells) -> dict:
    """A row of a sheet, if it may be so."""
    where, cells = found
    if missing := [c for c in NEEDED if c not in cells]:
        raise StanceError(f"{where}: no column {missing[0]!r}. Start from the sheet that stance sample writes.")
    row: dict = {c: cells.get(c, "") for c in COLUMNS}
    if row["unit"] != f"{row['segment']} {row['target']}":
        raise StanceError(
            f"{where}: the unit {row['unit']!r} is not made of the row's segment and target. Restore these columns "
            "from the sheet as it was written."
        )
    if fingerprint(row["text"], row["context"]) != row["sha256"]:
        raise StanceError(
            f"{where}: text or context of {row['unit']} were changed since the sheet was written, so the label may be "
            "of something else. Restore both columns from the sheet as it was written."
        )
    if cells.get(GIVEN, "").strip():
        row["annotator"] = ADJUDICATED
    row["measure"], row["label"] = row["measure"].strip(), row["label"].strip().lower()
    row["inclusion_probability"] = _probability(row["inclusion_probability"], where)
    _check_label(row["measure"], row["label"], where)
    return row


def _probability(cell: str, where: str) -> float:
    try:
        p = float(cell.strip().replace(",", "."))  # as some spreadsheets write it
    except ValueError:
        p = 0.0
    if not 0 < p <= 1:
        raise StanceError(
            f"{where}: inclusion_probability must be above 0 and at most 1. Got {cell!r}. "
            "Restore the column from the sheet as it was written."
        )
    return p


def _check_label(measure: str, label: str, where: str) -> None:
    names = next((names for known, names in LABELS.items() if known == measure), None)
    if names is None:
        raise StanceError(f"{where}: the measure must be one of {', '.join(LABELS)}. Got {measure!r}.")
    if label and label not in names:
        raise StanceError(f"{where}: the label must be one of {', '.join(names)}, or empty. Got {label!r}.")


def labelled(labels: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that hold a label, if the table may be used.

    Parameters
    ----------
    labels
        From :func:`read_labels`, or made otherwise with ``unit``, ``measure``,
        ``annotator`` and ``label``.

    Raises
    ------
    StanceError
        If one of these columns is missing, a label is none of its measure, or
        an annotator labelled a unit twice.

    Examples
    --------
    >>> labelled(pd.DataFrame({"unit": ["u", "v"], "measure": "stance", "annotator": "a", "label": ["favor", None]}))
      unit measure annotator  label
    0    u  stance         a  favor
    """
    if missing := [c for c in ("unit", "measure", "annotator", "label") if c not in labels]:
        raise StanceError(
            f"The labels have no column {missing[0]!r}. They have: {', '.join(map(str, labels))}. "
            "Read them with read_labels."
        )
    rows = labels[labels["label"].notna() & (labels["label"] != "")]
    for row, unit, measure, label in zip(rows.index, rows["unit"], rows["measure"], rows["label"], strict=True):
        _check_label(measure, label, f"labels, row {row} ({unit})")
    if (twice := rows.duplicated(["unit", "measure", "annotator"])).any():
        first = rows[twice].iloc[0]
        raise StanceError(
            f"labels, row {first.name}: {first['annotator']} labelled {first['unit']} twice. Keep one of the two rows."
        )
    return rows
