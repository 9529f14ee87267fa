"""What was committed reaches the disk: Delta's writer never calls fsync, and a power cut may leave half a commit."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from intarsia.errors import phrase

Sync = Callable[[int], None]
"""What makes an open file or folder durable, given its descriptor: `os.fsync`, or a test's own."""

LOG = "_delta_log"
LAST_CHECKPOINT = "_last_checkpoint"


def commit_path(folder: Path, version: int) -> Path:
    """Where a table keeps the commit that made `version`."""
    return folder / LOG / f"{version:020}.json"


def added_files(folder: Path, commit: Path) -> Iterator[tuple[Path, int]]:
    """Path and size in bytes of every data file that a commit adds; raises `ValueError` if it is empty or cut off."""
    for action in actions(commit):
        if "add" in action:
            yield folder / unquote(action["add"]["path"]), action["add"]["size"]


def actions(commit: Path) -> list[dict[str, Any]]:
    """What a commit says, line by line; raises `ValueError` if it is empty or cut off."""
    with commit.open(encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines]
    if not said:
        raise ValueError(phrase("{file} is empty", file=commit.name))
    return said


def sync_commits(folder: Path, versions: Iterable[int], sync: Sync) -> None:
    """Make commits durable: their data files, the commits, their checkpoints, and the folders that name them.

    A commit that a clean-up of the log has removed is passed over; a checkpoint stands for it. Raises `ValueError` if
    a commit is torn, `OSError`.
    """
    folders = {folder / LOG: None, folder: None}
    for version in versions:
        commit = commit_path(folder, version)
        if not commit.exists():
            continue
        for path, _ in added_files(folder, commit):
            _sync(path, sync)
            folders[path.parent] = None
        _sync(commit, sync)
        for checkpoint in (folder / LOG).glob(f"{version:020}.checkpoint*.parquet"):
            _sync(checkpoint, sync)
            _sync(folder / LOG / LAST_CHECKPOINT, sync)
    for path in folders:
        _sync(path, sync)


def sync_folders(folders: Iterable[Path], sync: Sync) -> None:
    """Make the names in folders durable."""
    for folder in folders:
        _sync(folder, sync)


def _sync(path: Path, sync: Sync) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
