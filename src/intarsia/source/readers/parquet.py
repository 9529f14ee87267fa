"""Rows of a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intarsia.source.faults import NotReadable
from intarsia.source.readers.delimited import unique_names
from intarsia.source.readers.typed import cell_of
from intarsia.source.rows import Blank, Item, Row

ROWS_AT_ONCE = 10_000


class ParquetTable:
    """A Parquet file, batch by batch; a row counts as a line, the first has number 1."""

    header_lines = 0

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise NotReadable(path=path, form="Parquet", problem=str(error)) from error
        self.columns = unique_names(self._file.schema_arrow.names)
        self.is_uniform = not any(pa.types.is_nested(kind) for kind in self._file.schema_arrow.types)
        self._total = self._file.metadata.num_rows or 1
        self.lines_read = 0

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(1.0, self.lines_read / self._total)

    def rows(self) -> Iterator[Item]:
        """Every row, in the order of the file; one whose cells are all empty is blank."""
        with self._file:
            for batch in self._file.iter_batches(batch_size=ROWS_AT_ONCE):
                first = self.lines_read + 1
                self.lines_read += batch.num_rows
                lists = [_cells(column) for column in batch.columns]
                for number, cells in enumerate(zip(*lists, strict=True), start=first):
                    if cells[0] is None and cells.count(None) == len(cells):
                        yield Blank(number)
                    else:
                        yield Row(number, 1, dict(zip(self.columns, cells, strict=True)))


def _cells(column: Any) -> list[Any]:
    """The column as cells; a time finer than a millisecond is cut, a float of four bytes keeps its shortest text."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit in ("us", "ns"):
        column = column.cast(pa.timestamp("ms", kind.tz), safe=False)
    if pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_timestamp(kind):
        return list(column.to_pylist())
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        texts = column.cast(pa.float32()).cast(pa.string()).to_pylist()
        return [None if text is None else cell_of(float(text)) for text in texts]
    if pa.types.is_float64(kind):
        values = column.to_pylist()
        known = {value: cell_of(value) for value in set(values)}
        return [known[value] for value in values]
    return [cell_of(value) for value in column.to_pylist()]
