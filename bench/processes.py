"""Processes of their own, and what each cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What a process cost, its start and its imports included."""

    answer: Any
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def run(command: list[str]) -> Cost:
    """A process that answers in JSON, and what it cost; the bench ends where it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE)
    assert process.stdout is not None
    answer = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command[1:])} ended with {process.returncode}")
    # Linux counts in kilobytes, macOS in bytes.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MEGABYTE
    return Cost(json.loads(answer), used.ru_utime + used.ru_stime, time.perf_counter() - begin, peak)


def say(text: str) -> None:
    """What is being done, on stderr."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
