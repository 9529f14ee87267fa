"""The file of rejected lines: what was wrong with each, and the line as it was."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from intarsia.errors import phrase
from intarsia.lake.durable import sync_folders
from intarsia.source.cells import text_of
from intarsia.source.faults import NoRejects, RejectsStay
from intarsia.source.reasons import Reason, Rejected
from intarsia.source.rows import Broken, Row, Table

COLUMNS = ("line", "reason", "explanation", "original", "profile_id")
"""The last one is whose line it is, where that could be read: a JSON list if a message names several profiles."""

_FIRST_COLUMNS = ",".join(COLUMNS[:4])
"""How such a file begins; those of earlier versions have no more."""

LONGEST_CELL = 2**31 - 1
"""A line that was turned down for its length stands there whole."""

IsTheirs = Callable[[tuple[str, ...], str], bool]
"""Whether a rejected line is about certain people, by the profile ids that could be read in it and by its text."""

Withheld = Callable[[Sequence[tuple[tuple[str, ...], str]]], Sequence[Reason | None]]
"""Why lines, each as its ids and its text, may not be repeated anywhere; None: they may."""


def files_of_rejects(folder: Path) -> list[Path]:
    """The files of rejected lines in a folder and those below it."""
    found = (path for path in sorted(folder.rglob("*.csv")) if path.is_file())
    return [path for path in found if _is_ours(path)]


def lines_of(path: Path, is_theirs: IsTheirs) -> list[dict[str, str]]:
    """The rejected lines for which `is_theirs` holds, as their columns; none of a file of somebody else's."""
    if not path.is_file() or not _is_ours(path):
        return []
    return [dict(zip(COLUMNS, row, strict=False)) for row in _rows(path)[1:] if is_theirs(*_read(row))]


def erase_lines(path: Path, is_theirs: IsTheirs) -> int:
    """Take the lines for which `is_theirs` holds out of a file of rejected lines, durably; how many.

    The others stay as they are; of a file without any other nothing is left. A file of somebody else's is not touched.
    is_theirs  given the ids that could be read in a line, and the explanation with the line
    Raises `RejectsStay` if the disk refuses; the file is then as it was.
    """
    if not path.is_file() or not _is_ours(path):
        return 0
    try:
        rows = _rows(path)
        kept = [row for row in rows[1:] if not is_theirs(*_read(row))]
        if len(kept) < len(rows) - 1:
            _replace(path, rows[0], kept)
    except (OSError, csv.Error) as error:
        raise RejectsStay(path=path, problem=error) from error
    return len(rows) - 1 - len(kept)


def _read(row: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The ids that could be read in a line, and the explanation with the line."""
    ids = row[4] if len(row) > 4 else ""
    named = tuple(json.loads(ids)) if ids.startswith("[") else (ids,)
    return tuple(filter(None, named)), " ".join(row[2:4])


def _ids_cell(ids: Sequence[str]) -> str:
    if len(ids) == 1 and not ids[0].startswith("["):
        return ids[0]
    return json.dumps(ids, ensure_ascii=False) if ids else ""


def _replace(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Put rows in the place of a file, durably; without any, none is left."""
    new = path.with_name(f".{path.name}.erasing")
    try:
        if rows:
            with _opened(new, "w") as file:
                csv.writer(file).writerows([header, *rows])
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        else:
            path.unlink(missing_ok=True)
        sync_folders([path.parent], os.fsync)
    finally:
        with suppress(OSError):
            new.unlink()


def _rows(path: Path) -> list[list[str]]:
    """With the header."""
    with _opened(path, "r") as file:
        return list(csv.reader(file))


def _opened(path: Path, mode: Literal["r", "w", "a"]) -> IO[str]:
    csv.field_size_limit(LONGEST_CELL)
    return path.open(mode, encoding="utf-8", errors="surrogateescape", newline="")


class Rejects:
    """Writes rejected rows as they come; the file exists only if there are any.

    A row whose text is no longer at hand is looked up in the source at the end, so rows stand in the order of
    their rejection, not of the source.
    open_table  opens the source again, for that
    withheld    of some lines, each as the ids that could be read in it and its text, why it may not be repeated
    """

    def __init__(self, path: Path, open_table: Callable[[], Table], withheld: Withheld) -> None:
        self.path = path
        self._open_table = open_table
        self._withheld = withheld
        self._at_hand: list[tuple[Rejected, str]] = []
        self._waiting: dict[int, Rejected] = {}
        self._has_written = False
        try:
            if path.exists() and not _is_ours(path):
                raise NoRejects(path=path, problem=phrase("another file is there"))
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
        if self._waiting:
            self._look_up()
        self.flush()
        if self._has_written:
            self._revise()

    def add(self, rejected: Rejected) -> None:
        """One more rejected row."""
        if rejected.raw is None:
            self._waiting[rejected.line] = rejected
        else:
            self._at_hand.append((rejected, rejected.raw))

    def flush(self) -> None:
        """Write what was added."""
        rows = self._rows()
        # Whoever erases people puts another file in the place of this one: what was written just then is written again.
        while rows and not self._written(rows):
            pass
        self._at_hand = []

    def _rows(self) -> list[tuple[object, ...]]:
        lines = [(rejected, raw.rstrip("\r\n")) for rejected, raw in self._at_hand]
        reasons = self._withheld([(rejected.ids, f"{rejected.reason.sentence()} {raw}") for rejected, raw in lines])
        return [
            (rejected.line, reason.code, reason.sentence(), "", "")
            if reason is not None
            else (rejected.line, rejected.reason.code, rejected.reason.sentence(), raw, _ids_cell(rejected.ids))
            for (rejected, raw), reason in zip(lines, reasons, strict=True)
        ]

    def _written(self, rows: Sequence[Sequence[object]]) -> bool:
        """Append rows; False: the file was replaced meanwhile."""
        self._has_written = True
        with _opened(self.path, "a") as file:
            is_new = file.tell() == 0
            csv.writer(file).writerows([COLUMNS, *rows] if is_new else rows)
            file.flush()
            return self.path.exists() and os.path.samestat(os.fstat(file.fileno()), self.path.stat())

    def _revise(self) -> None:
        """Take out again the lines of those who were erased while they were written."""
        if not self.path.exists():
            return
        header, *rows = _rows(self.path)
        reasons = self._withheld([_read(row) for row in rows])
        kept = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
        if len(kept) < len(rows):
            _replace(self.path, header, kept)

    def _look_up(self) -> None:
        """Write the rows whose text was not at hand."""
        for item in self._open_table().rows():
            found = [self._waiting.pop(line, None) for line in range(item.line, item.line + item.height)]
            if found[0] is not None and isinstance(item, (Row, Broken)):
                self._at_hand.append((found[0], item.raw if item.raw is not None else _cells_as_json(item)))
            if not self._waiting:
                return


def _is_ours(path: Path) -> bool:
    """Whether the file is one of rejected lines, from an earlier load: only such a one is replaced."""
    header = _FIRST_COLUMNS.encode()
    with path.open("rb") as file:
        return file.read(len(header)) == header


def _cells_as_json(item: Row | Broken) -> str:
    """A row of a file that is no text."""
    cells = item.cells if isinstance(item, Row) else {}
    return json.dumps(
        {name: cell if cell is None else text_of(cell) for name, cell in cells.items()}, ensure_ascii=False
    )
