"""intarsia: all segments from columns that lie on the disk, mapped into memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import intarsia
from engine.clock import REPEATS, Spent, best, timed
from engine.hundred import SEGMENTS, name_of
from engine.shape import AT
from engine.workspace import WORKSPACE
from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.cache import Cache
from intarsia.engine.columns.held_memory import hold_memory
from intarsia.engine.columns.kept import Kept
from intarsia.engine.columns.loaded import Loaded
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.engine.kernel.needs import by_type
from intarsia.language.checking.check import Checked
from intarsia.segment.asking import Asking

CACHE = "columns"
STATE = "as it was made"
SECONDS = 60.0
"""After so long nothing is repeated once more."""
COUNTS = (10, 100, 300)

Found = list[tuple[int, int]]
"""Of each segment, how many are in, and the sum of their numbers."""


@dataclass(frozen=True)
class Engine:
    """The engine over one workspace; `kept`: the columns as they lie on the disk."""

    asking: Asking
    columns: Loaded
    kept: Kept

    def answers(self) -> Answers:
        """A question of which nothing is worked out yet."""
        catalog = self.asking.catalog
        when = seen_from(catalog, self.asking.as_of.at, self.asking.as_of.known_at)
        return Answers(self.columns, when, Fallback(lambda: self.asking.evaluator, self.columns.size))

    @cached_property
    def hundred(self) -> list[Checked]:
        """The hundred, as they are stored."""
        return [self.asking.checked(name_of(place)) for place in range(len(SEGMENTS))]

    def evaluate(self, segments: Sequence[Checked]) -> tuple[Answers, list[Any]]:
        """Who is in each, everything worked out anew, and the question that says it."""
        answers = self.answers()
        answers.prepare(by_type((segment.tree for segment in segments), self.asking.catalog))
        return answers, [answers.members(segment) for segment in segments]

    def numbers(self) -> Any:
        """The number that each profile has in the files of the peers; of places without a profile 0."""
        found = self.asking.session.execute("select profile_no, profile_id from lake.profiles")
        numbers = np.zeros(self.columns.size, np.int64)
        numbers[found["profile_no"].to_numpy()] = [int(name[1:]) for name in found["profile_id"].to_pylist()]
        return numbers


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """The engine over the workspace in a folder, as a worker has it; what its columns lack is built, and kept."""
    hold_memory()
    with intarsia.open(folder / WORKSPACE) as ws, ws.ask(AT) as asking:
        cache = Cache(folder / CACHE, STATE)
        kept = Kept(cache, asking.catalog, lambda: Builder(asking.evaluator))
        yield Engine(asking, Loaded(kept), kept)


# --- what is measured


def build(folder: Path) -> dict[str, Any]:
    """The columns that the hundred need, out of the tables; how many bytes they have."""
    with engine(folder) as found:
        answers, _ = found.evaluate(found.hundred)
        assert not answers.fallen_back, f"not from columns: {dict(answers.fallen_back)}"
    return {"bytes": sum(file.stat().st_size for file in (folder / CACHE).glob("*.npy"))}


def start(folder: Path) -> int:
    """A new process: open the workspace, answer the hundred. How many are in the first."""
    with engine(folder) as found:
        _, members = found.evaluate(found.hundred)
        return int(members[0].sum())


def evaluate(folder: Path) -> dict[str, Any]:
    """All hundred, who is in each, and what it cost."""
    with engine(folder) as found:
        hundred = found.hundred
        found.evaluate(hundred)
        spent = best(lambda: found.evaluate(hundred), seconds=SECONDS)
        answers, members = spent.answer
        numbers = found.numbers()
        counted = [(int(who.sum()), int(numbers[who].sum())) for who in members]
    return {"found": counted, "cpu": spent.cpu, "wall": spent.wall, "asked": sum(answers.asked.values())}


def grow(folder: Path) -> dict[int, float]:
    """CPU seconds of all, by how many segments there are."""
    with engine(folder) as found:
        hundred = found.hundred
        varied = [found.asking.checked(text) for text in variants()]
        chosen = dict(zip(COUNTS, (hundred[::10], hundred, hundred + varied), strict=True))
        return {size: _cost(found, segments) for size, segments in chosen.items()}


def _cost(found: Engine, segments: Sequence[Checked]) -> float:
    found.evaluate(segments)
    return best(lambda: found.evaluate(segments), seconds=SECONDS).cpu


def variants() -> list[str]:
    """Two more of each of the hundred: one with other thresholds, one with other windows too."""
    texts = [segment.text for segment in SEGMENTS]
    higher = [re.sub(r"(?<=[<>=] )(\d+)\b", lambda found: str(int(found[1]) + 1), text) for text in texts]
    longer = [re.sub(r"(?<=last )(\d+)(?= days)", lambda found: str(int(found[1]) + 5), text) for text in higher]
    return higher + longer


# --- a preview of one rule


PREVIEW = (
    "country_code in ('CZ', 'PL') and count(order, last {first} days) >= {least} "
    'and sum(order.total, last {second} days) > {amount} and never "Email Opened" in last {third} days'
)


def preview(folder: Path) -> dict[str, tuple[float, float]]:
    """Milliseconds of CPU and by the clock, the median of several: a rule typed in, and then its thresholds changed."""
    with engine(folder) as found:
        runs = [_previewed(found, number) for number in range(REPEATS)]
    # The first reads the columns.
    cold, changed = zip(*runs[1:], strict=True)
    return {"cold": _median(cold), "changed": _median(changed)}


def _previewed(found: Engine, number: int) -> tuple[Spent[int], Spent[int]]:
    answers = found.answers()

    def typed(**thresholds: int) -> Spent[int]:
        text = PREVIEW.format(first=100 + number, second=200 + number, third=33 + number, **thresholds)
        return timed(lambda: _count(found, answers, text))

    return typed(least=2, amount=123), typed(least=3, amount=321)


def _count(found: Engine, answers: Answers, text: str) -> int:
    return int(answers.members(found.asking.checked(text)).sum())


def _median(runs: Sequence[Spent[int]]) -> tuple[float, float]:
    middle = len(runs) // 2
    return 1000 * sorted(run.cpu for run in runs)[middle], 1000 * sorted(run.wall for run in runs)[middle]
