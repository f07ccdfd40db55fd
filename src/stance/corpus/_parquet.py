"""Rows of Parquet, a few at a time: what cells may become is bounded before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from stance.corpus._row import Columns, Found, Row, numbered
from stance.corpus.streams import FREE, LONGEST, MOST_EXPANDED, check_lasting
from stance.schema import StanceError

ROWS_AT_ONCE = 64
"""Rows of Parquet that are read at once: few, since a row may hold a whole book."""
HELD = 4 * FREE
"""Bytes that the rows read at once may become, before a single one is looked at."""
_ITEM = 8
"""Bytes of a value in a list, at least: what is written of a million equal ones is a few bytes."""


def parquet_rows(path: Path, name: str, columns: Columns, encoding: str | None) -> Iterator[Row | Found]:
    """Rows of a Parquet file."""
    without, number, total = False, 0, None
    for batch, of_all in batches(path, ROWS_AT_ONCE):
        if total is None:
            total, without = of_all, numbered(batch.schema.names, columns)
        for cells in _cells(batch):
            number += 1
            if isinstance(cells, str):
                yield number, cells
            else:
                yield Row(number, f"{name}-{number}" if without else None, cells)


def _cells(batch: Any) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch as Python holds them, or why one cannot be; all at once where that is safe."""
    if batch.nbytes <= LONGEST:
        try:
            yield from batch.to_pylist()
            return
        except (ValueError, OverflowError):
            pass  # one by one, then
    for i in range(batch.num_rows):
        one = batch.slice(i, 1)
        if _bytes(one) > 4 * LONGEST:
            yield f"the row holds more than {4 * LONGEST:,} bytes, the limit for one. Leave a column out, or split it."
            continue
        try:
            yield one.to_pylist()[0]
        except (ValueError, OverflowError) as error:
            yield f"a cell cannot be read ({' '.join(str(error).split())[:100]})."


def _bytes(batch: Any) -> int:
    """Bytes of the cells of a batch; of a dictionary only the words that are used."""
    import pyarrow

    return sum(
        (column.dictionary_decode() if pyarrow.types.is_dictionary(column.type) else column).nbytes
        for column in batch.columns
    )


def batches(path: Path, at_once: int) -> Iterator[tuple[Any, int]]:
    """An empty table with the columns of a Parquet file, then its rows batch by batch; and how many it says it holds.

    Parameters
    ----------
    path
        The file.
    at_once
        Rows of a batch; fewer where cells may be large.

    Raises
    ------
    StanceError
        If it is damaged or cut short (the sentence says after which row), or
        holds cells that may become too large.
    """
    import pyarrow
    from pyarrow import parquet

    check_lasting(path.stat().st_mode)
    read = 0
    try:
        with (
            path.open("rb") as stream,
            parquet.ParquetFile(stream, buffer_size=2**20, page_checksum_verification=True) as file,
        ):
            total = file.metadata.num_rows
            sizes = [_largest_row(path, stream, file.metadata, i) for i in range(file.metadata.num_row_groups)]
            yield file.schema_arrow.empty_table(), total
            for group, size in enumerate(sizes):
                before, rows = read, file.metadata.row_group(group).num_rows
                for batch in file.iter_batches(_few(at_once, size), row_groups=[group]):
                    yield batch, total
                    read += batch.num_rows
                if read - before != rows:
                    raise StanceError(f"row group {group + 1} has {read - before:,} of {rows:,} rows: it is damaged.")
            if read != total:
                raise StanceError(f"the file has {read:,} of the {total:,} rows that it says it holds: it is damaged.")
    except (OSError, pyarrow.ArrowException) as error:
        why = " ".join(str(error).split())[:160]
        lost = f" Rows {read + 1:,} to {total:,} could not be read." if read else ""
        raise StanceError(f"not a valid Parquet file, or damaged: {why}.{lost} Write it anew.") from None


def _few(at_once: int, size: int) -> int:
    return max(1, min(at_once, HELD // max(1, size)))


def _largest_row(path: Path, stream: IO[bytes], metadata: Any, group: int) -> int:
    """Bytes that a single row of a group may become at most.

    Raises
    ------
    StanceError
        If the group expands beyond measure, or a row may be larger than what is held at once.
    """
    row_group = metadata.row_group(group)
    most = max(FREE, MOST_EXPANDED * path.stat().st_size)
    expanded = size = 0
    for i in range(row_group.num_columns):
        column = row_group.column(i)
        expanded += max(column.total_uncompressed_size, _items(metadata, i, column))
        size += _largest_cell(stream, column)
    if max(expanded, row_group.total_byte_size) > most:
        raise StanceError(
            f"the file expands to more than {MOST_EXPANDED} times its size, as a decompression bomb does. "
            "Write it anew if you trust it."
        )
    if size > HELD:
        raise StanceError(
            f"a single row may become {size / 2**20:,.0f} MiB large, and {HELD / 2**20:.0f} MiB is the limit for those "
            "that are read at once. Leave the column with the large cells out, or write the file without dictionaries."
        )
    return size


def _items(metadata: Any, i: int, column: Any) -> int:
    """Bytes of all values in a column of lists."""
    return _ITEM * column.num_values if metadata.schema.column(i).max_repetition_level else 0


_REPEATING = {"PLAIN_DICTIONARY", "RLE_DICTIONARY", "DELTA_BYTE_ARRAY"}
"""How a large cell may be written once, and stand in every row."""


def _largest_cell(stream: IO[bytes], column: Any) -> int:
    """Bytes that a cell may have which is written once for many rows; 0 where each cell is written in full."""
    encodings = _REPEATING & set(column.encodings)
    if column.physical_type not in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY") or not encodings:
        return 0
    if encodings == {"DELTA_BYTE_ARRAY"} or column.dictionary_page_offset is None:
        return int(column.total_uncompressed_size)
    stream.seek(column.dictionary_page_offset)
    words = _page_size(stream.read(24))
    larger = words > column.total_uncompressed_size or words < 0
    return int(column.total_uncompressed_size) if larger else words


def _page_size(header: bytes) -> int:
    """The size of a page, decompressed: the second number of its header (Thrift's compact protocol); -1 if it is none.

    Examples
    --------
    >>> _page_size(bytes([0x15, 0x04, 0x15, 0x90, 0x03, 0x15]))
    200
    """
    numbers: list[int] = []
    at = 0
    while len(numbers) < 2:
        if header[at : at + 1] != b"\x15":  # the next field, a 32-bit number
            return -1
        at, value, shift = at + 1, 0, 0
        while at < len(header):
            byte = header[at]
            value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
            if byte < 0x80:
                break
        numbers.append((value >> 1) ^ -(value & 1))
    return numbers[1]
