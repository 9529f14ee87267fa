"""The file of rejected lines: what was wrong with each, and the line as it was."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal

from intarsia.lake.durable import sync_folders
from intarsia.source.cells import text_of
from intarsia.source.faults import NoRejects, RejectsStay
from intarsia.source.reasons import Rejected
from intarsia.source.rows import Broken, Row, Table

COLUMNS = ("line", "reason", "explanation", "original")
LONGEST_CELL = 2**31 - 1
"""A line that was turned down for its length stands there whole."""


def files_of_rejects(folder: Path) -> list[Path]:
    """The files of rejected lines in a folder and those below it."""
    found = (path for path in sorted(folder.rglob("*.csv")) if path.is_file())
    return [path for path in found if _is_ours(path)]


def lines_of(path: Path, is_theirs: Callable[[str], bool]) -> list[dict[str, str]]:
    """The rejected lines for which `is_theirs` holds, as their columns; none of a file of somebody else's."""
    if not path.is_file() or not _is_ours(path):
        return []
    return [dict(zip(COLUMNS, row, strict=False)) for row in _rows(path) if is_theirs(" ".join(row[2:]))]


def erase_lines(path: Path, is_theirs: Callable[[str], bool]) -> int:
    """Take the lines for which `is_theirs` holds out of a file of rejected lines, durably; how many.

    The others stay as they are; of a file without any other nothing is left. A file of somebody else's is not touched.
    Raises `RejectsStay` if the disk refuses; the file is then as it was.
    """
    if not path.is_file() or not _is_ours(path):
        return 0
    new = path.with_name(f".{path.name}.erasing")
    try:
        rows = _rows(path)
        kept = [row for row in rows if not is_theirs(" ".join(row[2:]))]
        if len(kept) == len(rows):
            return 0
        if kept:
            with _opened(new, "w") as file:
                csv.writer(file).writerows([COLUMNS, *kept])
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        else:
            path.unlink()
        sync_folders([path.parent], os.fsync)
    except (OSError, csv.Error) as error:
        raise RejectsStay(path=path, problem=error) from error
    finally:
        with suppress(OSError):
            new.unlink()
    return len(rows) - len(kept)


def _rows(path: Path) -> list[list[str]]:
    with _opened(path, "r") as file:
        return list(csv.reader(file))[1:]


def _opened(path: Path, mode: Literal["r", "w"]) -> IO[str]:
    csv.field_size_limit(LONGEST_CELL)
    return path.open(mode, encoding="utf-8", errors="surrogateescape", newline="")


class Rejects:
    """Writes rejected rows as they come; the file exists only if there are any.

    A row whose text is no longer at hand is looked up in the source at the end, so rows stand in the order of
    their rejection, not of the source.
    open_table  opens the source again, for that
    """

    def __init__(self, path: Path, open_table: Callable[[], Table]) -> None:
        self.path = path
        self._open_table = open_table
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._waiting: dict[int, Rejected] = {}
        try:
            if path.exists() and not _is_ours(path):
                raise NoRejects(path=path, problem="another file is there")
            path.unlink(missing_ok=True)
            path.touch()
            path.unlink()
        except OSError as error:
            raise NoRejects(path=path, problem=error.strerror) from error

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._waiting:
                self._look_up()
        finally:
            if self._file is not None:
                self._file.close()

    def add(self, rejected: Rejected) -> None:
        """One more rejected row."""
        if rejected.raw is None:
            self._waiting[rejected.line] = rejected
        else:
            self._write(rejected, rejected.raw)

    def _write(self, rejected: Rejected, raw: str) -> None:
        if self._file is None:
            self._file = _opened(self.path, "w")
            self._writer = csv.writer(self._file)
            self._writer.writerow(COLUMNS)
        reason = rejected.reason
        self._writer.writerow((rejected.line, reason.code, reason.sentence(), raw.rstrip("\r\n")))

    def _look_up(self) -> None:
        """Write the rows whose text was not at hand."""
        for item in self._open_table().rows():
            found = [self._waiting.pop(line, None) for line in range(item.line, item.line + item.height)]
            if found[0] is not None and isinstance(item, (Row, Broken)):
                self._write(found[0], item.raw if item.raw is not None else _cells_as_json(item))
            if not self._waiting:
                return


def _is_ours(path: Path) -> bool:
    """Whether the file is one of rejected lines, from an earlier load: only such a one is replaced."""
    header = ",".join(COLUMNS).encode()
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _cells_as_json(item: Row | Broken) -> str:
    """A row of a file that is no text."""
    cells = item.cells if isinstance(item, Row) else {}
    return json.dumps(
        {name: cell if cell is None else text_of(cell) for name, cell in cells.items()}, ensure_ascii=False
    )
