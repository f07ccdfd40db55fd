"""Score tables by any of their columns: which rows make a group, and within what groups are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from stance.schema import StanceError

TOGETHER = " · "
"""Between the values of a group of several columns."""
_PER_ROW = 20
"""Groups of one row each: from so many on, the column tells rows apart and groups nothing."""


def columns_by(by: str | Sequence[str]) -> list[str]:
    """The columns that make a group, as a list.

    Examples
    --------
    >>> columns_by("actor"), columns_by(["actor", "outlet"])
    (['actor'], ['actor', 'outlet'])
    """
    return [by] if isinstance(by, str) else list(by)


def rows_by_group(
    table: pd.DataFrame, by: str | Sequence[str], function: str, more: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Rows that have a group, with the number of their cluster; and the columns within which groups are compared.

    Parameters
    ----------
    table
        A score table of one measure.
    by
        One column or several.
    function
        Whose errors these are.
    more
        Further columns that it needs.

    Raises
    ------
    StanceError
        If a column is missing, is named twice, or holds another value in every row; or if a cluster is named for only
        some of the rows.

    Examples
    --------
    >>> table = pd.DataFrame({"document": ["d", "d"], "role": "source", "outlet": ["Times", None], "net": [.5, .1]})
    >>> rows, within = rows_by_group(table, "outlet", "summarize", ["net"])
    >>> len(rows), within
    (1, ['role'])
    """
    columns = columns_by(by)
    if not columns or len(set(columns)) < len(columns) or {"role", "target"} & set(columns):
        raise StanceError(
            f"The 'by' parameter of {function} takes one column or several, each once; role and target are kept "
            f"apart in any case. Got {by!r}."
        )
    rows = grouped_rows(table, columns, function, ("document", "role", *more)).reset_index(drop=True)
    rows["cluster"] = pd.factorize(rows[sampled_column(rows)].astype(str), sort=True)[0]
    return rows, compared_within(rows, by)


def grouped_rows(table: pd.DataFrame, columns: Sequence[str], function: str, needed: Sequence[str]) -> pd.DataFrame:
    """The rows that have a group, of a table that has all columns.

    Parameters
    ----------
    table
        A score table.
    columns
        Those that make a group.
    function
        Whose errors these are.
    needed
        Further columns that it takes.

    Raises
    ------
    StanceError
        If a column is missing, or one that makes a group holds another value in every row.

    Examples
    --------
    >>> grouped_rows(pd.DataFrame({"net": [.5, .1], "desk": ["news", None]}), ["desk"], "timeline", ["net"])
       net  desk
    0  0.5  news
    """
    if missing := [column for column in (*needed, *columns) if column not in table]:
        has = ", ".join(map(str, table.columns))
        why = (
            f"Name one of its columns: {has}."
            if missing[0] in columns
            else f"It needs {', '.join(needed)}, as in a table that stance.to_frame makes."
        )
        raise StanceError(f"The table of {function} has no column {missing[0]!r}. {why}")
    rows = table.dropna(subset=list(columns))
    if len(rows) >= _PER_ROW and (single := [c for c in columns if rows[c].nunique() == len(rows)]):
        raise StanceError(
            f"The column {single[0]!r} has another value in each of the {len(rows)} rows, so that it makes no groups. "
            "Name one that several rows share, such as actor or outlet."
        )
    return rows


def sampled_column(rows: pd.DataFrame) -> str:
    """What is sampled, when statements are inferred from: ``cluster`` where rows have it, else ``document``.

    Raises
    ------
    StanceError
        If it is empty in a row.

    Examples
    --------
    >>> sampled_column(pd.DataFrame({"document": ["d"]}))
    'document'
    """
    column = "cluster" if "cluster" in rows else "document"
    if rows[column].isna().any():
        raise StanceError(f"The column {column!r} is empty in some rows. Name a {column} for every row.")
    return column


def with_clusters(table: pd.DataFrame, copies: Mapping[str, str]) -> pd.DataFrame:
    """A score table with the column ``cluster``, by which copies of one text are counted once.

    Parameters
    ----------
    table
        With the column ``document``. One that its texts came with stays.
    copies
        Document → the first of its near copies; one that is not there is its own.

    Examples
    --------
    >>> with_clusters(pd.DataFrame({"document": ["a", "b", "c"]}), {"b": "a"})["cluster"].tolist()
    ['a', 'a', 'c']
    """
    if "cluster" in table:
        return table
    return table.assign(cluster=[copies.get(document, document) for document in table["document"]])


def compared_within(rows: pd.DataFrame, by: str | Sequence[str]) -> list[str]:
    """Columns within which groups are compared: role, and target unless groups differ by it.

    They do in sentiment toward an actor, by actor or entity.

    Examples
    --------
    >>> compared_within(pd.DataFrame({"actor": ["a", "b"], "target": "talks"}), "actor")
    ['role', 'target']
    >>> compared_within(pd.DataFrame({"actor": ["a", "b"], "target": ["a", "b"]}), "actor")
    ['role']
    """
    if "target" not in rows:
        return ["role"]
    by_actor = bool({"actor", "entity"} & set(columns_by(by)))
    differ = by_actor and "actor" in rows and len(rows) > 0 and bool((rows["target"] == rows["actor"]).all())
    return ["role"] if differ else ["role", "target"]


def labelled(rows: pd.DataFrame, by: str | Sequence[str]) -> pd.Series:
    """The group of each row in words, those of several columns joined.

    Examples
    --------
    >>> labelled(pd.DataFrame({"actor": ["kyiv"], "outlet": ["Times"]}), ["actor", "outlet"]).tolist()
    ['kyiv · Times']
    """
    first, *others = columns_by(by)
    if not others:
        return rows[first]
    return rows[first].astype(str).str.cat([rows[column].astype(str) for column in others], sep=TOGETHER)
