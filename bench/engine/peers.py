"""What asking a peer gives: of each segment who is in, as two numbers, and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from engine.clock import best

Q = TypeVar("Q")


@dataclass(frozen=True)
class Answers:
    """Of each of the hundred: how many people and the sum of their numbers; CPU and wall seconds of the best run."""

    found: list[tuple[int, int]]
    cpu: list[float]
    wall: list[float]


def answered(questions: Iterable[Q], ask: Callable[[Q], tuple[int, int]]) -> Answers:
    """Every question asked alone; short ones several times, of which the cheapest counts."""
    runs = [best(lambda one=question: ask(one)) for question in questions]  # type: ignore[misc]
    return Answers([run.answer for run in runs], [run.cpu for run in runs], [run.wall for run in runs])
