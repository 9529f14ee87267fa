"""What something cost inside a running process: CPU of all its threads and children, and time by the clock."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

REPEATS = 5


@dataclass(frozen=True)
class Spent(Generic[T]):
    """An answer and what it cost, in seconds."""

    answer: T
    cpu: float
    wall: float


def cpu_seconds() -> float:
    """CPU of this process and of its children that have ended, system time included."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(work: Callable[[], T]) -> Spent[T]:
    """Done once."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    answer = work()
    return Spent(answer, cpu_seconds() - cpu, time.perf_counter() - wall)


def best(work: Callable[[], T], *, seconds: float = 1.0) -> Spent[T]:
    """The run with the least CPU of at most `REPEATS`; none is begun after `seconds` of the clock."""
    found = timed(work)
    walls = [found.wall]
    while len(walls) < REPEATS and sum(walls) < seconds:
        # One answer is held beside the next one, not all of them: some take a gigabyte.
        run = timed(work)
        walls.append(run.wall)
        found = min(found, run, key=lambda one: one.cpu)
    return found
