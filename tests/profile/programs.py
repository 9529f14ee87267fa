"""A process that erases somebody and is killed on the way: `python programs.py FOLDER ID NUMBER`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import intarsia
from intarsia.lake.lake import Lake

NEVER = 10**6


def erased(folder: Path, profile_id: str, *, killed_at: int) -> tuple[int, int]:
    """How a process ended that erases somebody and is killed when it makes a file durable for the nth time.

    Answers its return code, and how often it made a file durable.
    """
    done = subprocess.run(
        [sys.executable, __file__, str(folder), profile_id, str(killed_at)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.returncode, done.stdout.count("synced")


def killing(at: int) -> Callable[[int], None]:
    """What makes a file durable, and kills its process the nth time, before it does."""
    sync, calls = os.fsync, iter(range(1, NEVER + 1))

    def count(descriptor: int) -> None:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        print("synced", flush=True)
        sync(descriptor)

    return count


def main(folder: Path, profile_id: str, killed_at: int) -> None:
    """Erase somebody in a workspace."""
    with intarsia.open(folder) as ws:
        ws.project()
    with intarsia.open(folder) as ws:
        sync = killing(killed_at)
        os.fsync = sync  # type: ignore[assignment]
        vars(ws)["lake"] = Lake(folder / "lake", sync=sync)
        ws.profiles.erase([profile_id], reason="asked")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
