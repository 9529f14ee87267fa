"""What an erasure takes from a table's folder beside its rows: the files that held them, and the past of the log.

A commit tells the least and greatest number and instant of every file it added, and which numbers were erased; so
everything before the checkpoint that is written after an erasure goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from intarsia.lake.durable import LAST_CHECKPOINT, LOG, Sync, sync_folders

NUMBER = "profile_no"
"""The column by which a table's rows belong to a person; a table without it holds nothing of anybody."""


@dataclass(frozen=True)
class Erased:
    """What an erasure removed of one table.

    rows   of the erased people, as the table counted them
    files  data files and parts of the log that are gone; bytes: how many those took on the disk
    """

    table: str
    rows: int
    files: int
    bytes: int


def of_people(numbers: Iterable[int]) -> str:
    """The condition of the rows of these people, for Delta, which writes it into its log in clear: numbers only."""
    return of_rows(NUMBER, numbers)


def of_rows(column: str, numbers: Iterable[int]) -> str:
    """The condition of the rows with these numbers in a column, for the same log."""
    return f"{column} in ({', '.join(str(int(number)) for number in sorted(set(numbers)))})"


def sizes(paths: Iterable[Path]) -> list[int]:
    """How many bytes each of the files takes; one that is gone already is left out."""
    return [path.stat().st_size for path in paths if path.exists()]


def drop_past(folder: Path, version: int, sync: Sync) -> list[int]:
    """Take everything older than the checkpoint of `version` out of a table's log, durably; the sizes of what went.

    Only for whoever holds the writing lock, after the checkpoint is on the disk. What a killed writer left unfinished
    goes too.
    """
    old = sorted(path for path in (folder / LOG).iterdir() if not _stays(path, version))
    removed = sizes(old)
    for path in old:
        path.unlink(missing_ok=True)
    sync_folders([folder / LOG], sync)
    return removed


def _stays(path: Path, version: int) -> bool:
    number = path.name.partition(".")[0]
    return path.is_dir() or path.name == LAST_CHECKPOINT or (number.isdecimal() and int(number) >= version)
