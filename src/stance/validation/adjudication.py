"""Units on which annotators differ, listed so that somebody decides, and read back as what was decided."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from stance.corpus.spreadsheets import spreadsheet_csv
from stance.files import write_file
from stance.schema import StanceError
from stance.validation.labels import ADJUDICATED, labelled
from stance.validation.sheet_formats import COLUMNS, GIVEN


def disagreements(sheet: pd.DataFrame) -> pd.DataFrame:
    """The units on which annotators differ and nobody has decided.

    Parameters
    ----------
    sheet
        Labels with the texts, one row per unit and annotator, from :func:`stance.validation.labels.read_sheet`.

    Returns
    -------
    pandas.DataFrame
        One row per unit, in the order of the sheets: the columns of a sheet with
        ``annotator`` and ``label`` empty, the annotators' notes, and ``given``,
        who gave which label. Who differs from a majority is listed, too.

    Examples
    --------
    >>> said = [("u", "ann", "favor"), ("u", "bob", "none"), ("v", "ann", "none"), ("v", "bob", "none")]
    >>> rows = [{"unit": u, "measure": "stance", "annotator": a, "label": label} for u, a, label in said]
    >>> found = disagreements(pd.DataFrame(rows).reindex(columns=COLUMNS, fill_value=""))
    >>> found[["unit", "given", "label"]].values.tolist()
    [['u', 'ann: favor; bob: none', '']]
    """
    rows = labelled(sheet)
    decided = set(rows.loc[rows["annotator"] == ADJUDICATED, "unit"])
    own = rows[(rows["annotator"] != ADJUDICATED) & ~rows["unit"].isin(decided)]
    found = []
    for _, votes in own.groupby("unit", sort=False):
        if len(set(votes["label"])) > 1:
            said = zip(votes["annotator"], votes["label"], votes["note"], strict=True)
            notes = "; ".join(f"{who}: {note}" for who, _, note in said if note)
            given = "; ".join(f"{who}: {label}" for who, label in zip(votes["annotator"], votes["label"], strict=True))
            found.append(votes.iloc[0].to_dict() | {GIVEN: given, "annotator": "", "label": "", "note": notes})
    return pd.DataFrame(found, columns=_columns())


def _columns() -> list[str]:
    """The columns of a sheet, and who gave what beside the label that is to be decided."""
    return [*COLUMNS[: COLUMNS.index("annotator")], GIVEN, *COLUMNS[COLUMNS.index("annotator") :]]


def write_adjudication(units: pd.DataFrame, path: str | Path) -> Path:
    """Write units to be decided as a CSV sheet.

    Whoever decides fills in the column ``label``. Given to
    :func:`stance.validation.read_labels` beside the annotators' sheets, its
    labels are the decided ones: they stand above any majority, and count for no agreement.

    Parameters
    ----------
    units
        From :func:`disagreements`.
    path
        A ``.csv`` file; nothing that is there is written over.

    Raises
    ------
    StanceError
        If it is no ``.csv`` file, or is there already.

    Examples
    --------
    >>> write_adjudication(pd.DataFrame(), "decide.xlsx")
    Traceback (most recent call last):
    stance.schema.StanceError: The sheet decide.xlsx must be a .csv file. Change its name.
    """
    path = Path(path)
    if path.suffix.lower() != ".csv":
        raise StanceError(f"The sheet {path} must be a .csv file. Change its name.")
    if path.exists():
        raise StanceError(
            f"{path} is there already, and may hold decisions. Give it among the sheets, so that what it decides is "
            "not asked again, and the new one another name."
        )
    rows = [{c: _cell(row[c]) for c in _columns()} for row in units.to_dict("records")]
    write_file(path, spreadsheet_csv(rows, _columns()))
    return path


def _cell(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
