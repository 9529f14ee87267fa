"""What is measured, each piece in a process of its own: `python -m engine.pieces PIECE FOLDER ...` prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any


def make(folder: Path, people: str, events: str) -> int:
    """The files and the workspace; how many events there are."""
    from engine import data, workspace

    written = data.write(folder, int(people), int(events))
    workspace.make(folder)
    return written


def ours(folder: Path, what: str) -> Any:
    """Something of intarsia's."""
    from engine import ours

    return getattr(ours, what)(folder)


def keep(folder: Path, what: str) -> Any:
    """The hundred kept up: `begin`, then `keep_up`."""
    from engine import kept_up

    return getattr(kept_up, what)(folder)


def load(folder: Path, peer: str) -> None:
    """The files made into a peer's own tables."""
    getattr(import_module(f"engine.with_{peer}"), f"load_{peer}")(folder)


def ask(folder: Path, peer: str, way: str) -> Any:
    """The hundred, asked of a peer."""
    return asdict(getattr(import_module(f"engine.with_{peer}"), f"ask_{way}")(folder))


def bandwidth(_folder: Path) -> float:
    """What one thread reads in a second."""
    from engine.bandwidth import bytes_per_second

    return bytes_per_second()


PIECES: dict[str, Callable[..., Any]] = {piece.__name__: piece for piece in (make, ours, keep, load, ask, bandwidth)}


if __name__ == "__main__":
    _, name, folder, *others = sys.argv
    print(json.dumps(PIECES[name](Path(folder), *others)))
