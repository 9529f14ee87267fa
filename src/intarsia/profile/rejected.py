"""The files of rejected lines that a workspace knows of: those that loads wrote, and any other in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intarsia.profile.traces import Traces
from intarsia.source.rejects import erase_lines, files_of_rejects
from intarsia.store.store import Store

_WRITTEN = """
select distinct json_extract(balance, '$.rejects_path') as path from load
where json_extract(balance, '$.rejects_path') is not null and coalesce(json_extract(balance, '$.is_finished'), 1) >= ?
"""
_GONE = """
update load set balance = json_set(balance, '$.rejects_path', null) where json_extract(balance, '$.rejects_path') = ?
"""


def known_files(store: Store, folder: Path) -> list[Path]:
    """Every file of rejected lines that a load wrote or was writing when it died, and those below a folder."""
    return sorted({*_written(store, is_finished=False), *files_of_rejects(folder.absolute())})


def missing_files(store: Store) -> list[Path]:
    """Files that loads wrote and that are not where they were: somebody moved them, with what they hold of people."""
    return [path for path in _written(store, is_finished=True) if not path.exists()]


def take_out(store: Store, paths: Sequence[Path], theirs: Traces) -> int:
    """Take the lines of some people out of files; how many. A file of which nothing is left is not missed later."""
    count = 0
    for path in paths:
        removed = erase_lines(path, theirs.own)
        count += removed
        if removed and not path.exists():
            with store.change() as connection:
                connection.execute(_GONE, (str(path),))
    return count


def _written(store: Store, *, is_finished: bool) -> list[Path]:
    return sorted(Path(row["path"]) for row in store.rows(_WRITTEN, int(is_finished)))
