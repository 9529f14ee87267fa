"""What a power cut can leave of a table, found by reading its files without Delta, and taken away.

Every commit is made durable before the next is written, so only the last one can be torn. Without it the table is what
it was before, its marks too, and what was lost is appended again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from intarsia.errors import phrase
from intarsia.lake.durable import LAST_CHECKPOINT, LOG, Sync, actions, commit_path, sync_folders
from intarsia.lake.faults import LakeDamaged

COMMITS_CHECKED = 60
"""How many commits back from the last are read; more than lie between two checkpoints."""

_ROUNDS = 4
_WORDS = {
    "commit": phrase("commit"),
    "data": phrase("data file"),
    "checkpoint": phrase("checkpoint"),
    "pointer": phrase("pointer"),
}
"""What `what` of a damage is called in a sentence."""
_PARQUET_END = b"PAR1"


@dataclass(frozen=True)
class Damage:
    """One torn or missing file.

    what           "commit": empty or cut off; "data": a data file missing, cut off or of another size;
                   "checkpoint": cut off; "pointer": the name of the last checkpoint is unreadable
    path           the damaged file
    version        the commit or checkpoint it belongs to; None for the pointer
    is_repairable  it may be taken away, for nothing stands on it
    """

    table: str
    what: Literal["commit", "data", "checkpoint", "pointer"]
    path: Path
    version: int | None
    is_repairable: bool


def damages(table: str, folder: Path) -> Iterator[Damage]:
    """What is torn or missing in a table's folder, the latest first; nothing is changed."""
    yield from _damaged_pointer(table, folder)
    yield from _damaged_checkpoint(table, folder)
    yield from _damaged_commits(table, folder)


def repair(table: str, folder: Path, sync: Sync) -> list[Damage]:
    """Take away what is damaged, durably, and answer it; raises `LakeDamaged` if something stands on it."""
    repaired: list[Damage] = []
    for _ in range(_ROUNDS):
        found = list(damages(table, folder))
        if not found:
            return repaired
        for damage in found:
            if not damage.is_repairable:
                facts = {"what": _WORDS[damage.what], "file": damage.path.name}
                reason = phrase("{what} {file}, and later commits need it", **facts)
                raise LakeDamaged(table=table, reason=reason)
        for damage in found:
            _take_away(folder, damage)
        sync_folders([folder / LOG], sync)
        repaired += found
    raise LakeDamaged(table=table, reason=phrase("there is more of it after {count} repairs", count=_ROUNDS))


def _damaged_pointer(table: str, folder: Path) -> Iterator[Damage]:
    path = folder / LOG / LAST_CHECKPOINT
    if path.exists() and _is_torn_json(path):
        yield Damage(table, "pointer", path, None, is_repairable=True)


def _damaged_checkpoint(table: str, folder: Path) -> Iterator[Damage]:
    """The newest checkpoint, if it is torn; it may go if the commits before it, or since an older one, are there."""
    checkpoints = sorted((folder / LOG).glob("*.checkpoint*.parquet"))
    if not checkpoints or _ends_as_parquet(checkpoints[-1]):
        return
    older = [_version(path) for path in checkpoints[:-1] if _ends_as_parquet(path)]
    first = older[-1] + 1 if older else 0
    commits = [version for version in _commits(folder) if version >= first]
    is_whole = commits[:1] == [first] and all(after == before + 1 for before, after in pairwise(commits))
    yield Damage(table, "checkpoint", checkpoints[-1], _version(checkpoints[-1]), is_repairable=is_whole)


def _damaged_commits(table: str, folder: Path) -> Iterator[Damage]:
    versions = _commits(folder)[-COMMITS_CHECKED:]
    removed: set[str] = set()
    for version in reversed(versions):
        is_last = version == versions[-1] and _is_reached_without(folder, version)
        commit = commit_path(folder, version)
        said = _actions(commit)
        if said is None:
            yield Damage(table, "commit", commit, version, is_repairable=is_last and version > 0)
            continue
        removed |= {action["remove"]["path"] for action in said if "remove" in action}
        for added in (action["add"] for action in said if "add" in action):
            path = folder / unquote(added["path"])
            if added["path"] not in removed and not _is_whole(path, added["size"]):
                yield Damage(table, "data", path, version, is_repairable=is_last)


def _is_reached_without(folder: Path, version: int) -> bool:
    """Whether the state before a commit can be opened: with an erasure the past of the log goes."""
    log, before = folder / LOG, version - 1
    return commit_path(folder, before).exists() or any(log.glob(f"{before:020}.checkpoint*.parquet"))


def _take_away(folder: Path, damage: Damage) -> None:
    # A data file stays where it is: without its commit nobody reads it, and a vacuum with orphans removes it.
    if damage.what in ("commit", "data") and damage.version is not None:
        commit_path(folder, damage.version).unlink(missing_ok=True)
    if damage.version is not None:
        for checkpoint in (folder / LOG).glob(f"{damage.version:020}.checkpoint*.parquet"):
            checkpoint.unlink()
            (folder / LOG / LAST_CHECKPOINT).unlink(missing_ok=True)
    if damage.what == "pointer":
        damage.path.unlink(missing_ok=True)


def _commits(folder: Path) -> list[int]:
    return sorted(_version(path) for path in (folder / LOG).glob("*.json") if path.stem.isdecimal())


def _version(path: Path) -> int:
    return int(path.name.split(".")[0])


def _actions(commit: Path) -> list[dict[str, Any]] | None:
    try:
        return actions(commit)
    except ValueError:
        return None


def _is_torn_json(path: Path) -> bool:
    try:
        return not isinstance(json.loads(path.read_bytes()), dict)
    except ValueError:
        return True


def _is_whole(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size == size and _ends_as_parquet(path)


def _ends_as_parquet(path: Path) -> bool:
    with path.open("rb") as content:
        content.seek(max(0, path.stat().st_size - len(_PARQUET_END)))
        return content.read() == _PARQUET_END
