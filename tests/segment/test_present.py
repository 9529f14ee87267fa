"""Columns that are kept between questions answer as SQL does, whatever came in between; what is torn is made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

import intarsia
from intarsia import Workspace
from intarsia.engine.columns.build import Builder
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.errors import Phrase
from intarsia.segment.asking import Asking
from intarsia.segment.present import COLUMNS, Present, keep, present
from intarsia.segment.reached import Reached
from tests.engine.populations import random_population
from tests.thorough import so_many

RULES = (
    "everyone",
    "did order in last 30 days",
    "count(order) >= 2",
    "sum(order.total) > 20",
    "did order where (has line (quantity >= 2))",
    "city known",
    "not did view",
    "last(order.total) > 5",
    "age >= 30",
    "profile is identified",
    "profile contains '1'",
    "profile in ('u1', 'u2', 'ann')",
)
POPULATIONS = so_many(3, 60)


def clock_after(now: int) -> Callable[[], int]:
    return lambda: now + 10**11


def nobody(told: Phrase) -> None:
    """Hears nothing: what is told is looked at elsewhere."""


def answers(found: Present, asking: Asking) -> Answers:
    columns = found.columns
    fallback = Fallback(lambda: asking.evaluator, columns.size)
    return Answers(columns, seen_from(asking.catalog, columns.at, columns.at), fallback)


def compare(ws: Workspace, at: int, *, is_kept: bool) -> int:
    """How many rules were asked in two ways."""
    asked = 0
    with ws.ask(intarsia.clock.to_iso(at)) as asking, present(asking, ws.path / "cache", 0, log=nobody) as found:
        known = [rule for rule in RULES if _is_good(asking, rule)]
        of_all = answers(found, asking)
        for rule in known:
            members = np.flatnonzero(of_all.members(asking.checked(rule))).tolist()
            assert members == sorted(asking.numbers(rule)["profile_no"].to_pylist()), rule
            asked += 1
        reached = Reached.by(asking, 0)
    if is_kept:
        assert keep(found.columns, reached, ws.path / "cache", is_current=lambda: True)
    return asked


def _is_good(asking: Asking, rule: str) -> bool:
    try:
        asking.checked(rule)
    except intarsia.errors.UserError:
        return False
    return True


def test_kept_columns_answer_as_sql_whatever_came_in_between(tmp_path: Path) -> None:
    asked = 0
    for number in range(POPULATIONS):
        population, chance = random_population(Random(number)), Random(number)
        now = max(batch.recorded_at for batch in population.batches)
        settings = population.settings
        with intarsia.create(tmp_path / str(number), clock=clock_after(now), **settings) as ws:
            messages = [message for batch in population.batches for message in batch.messages]
            chance.shuffle(messages)
            at = now
            for part in range(4):
                ws.record(messages[part::4], intarsia.clock.to_iso(now))
                at += chance.choice((0, 1000, 86_400_000, 40 * 86_400_000))
                asked += compare(ws, at, is_kept=chance.random() < 0.5)
    assert asked > POPULATIONS * 4 * 4


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "ws", timezone="UTC", currency="EUR", clock=lambda: NOW) as ws:
        ws.record([{"type": "track", "messageId": f"m{n}", "userId": f"u{n}", "event": "Seen"} for n in range(60)])
        yield ws


NOW = 1_780_000_000_000


def opened(ws: Workspace) -> tuple[int, int]:
    """How many have changed since the columns were kept, and how many did what."""
    with ws.ask() as asking, present(asking, ws.path / "cache", 0, log=nobody) as found:
        return len(found.changed), int(answers(found, asking).members(asking.checked("did Seen")).sum())


def test_only_those_who_changed_are_read_again(ws: Workspace) -> None:
    assert opened(ws) == (0, 60)
    ws.record([{"type": "track", "messageId": "new", "userId": "zoe", "event": "Seen"}])
    assert opened(ws) == (1, 61)
    with ws.ask() as asking, present(asking, ws.path / "cache", 0, log=nobody) as found:
        answers(found, asking).members(asking.checked("did Seen"))
        reached = Reached.by(asking, 0)
    keep(found.columns, reached, ws.path / "cache", is_current=lambda: True)
    assert opened(ws) == (0, 61)


def test_after_too_much_has_changed_all_is_made_anew(ws: Workspace) -> None:
    opened(ws)
    ws.record([{"type": "track", "messageId": f"n{n}", "userId": f"u{n}", "event": "Seen"} for n in range(20)])
    assert opened(ws) == (0, 60)


def test_whatever_is_done_to_the_folder_the_answer_is_right(ws: Workspace) -> None:
    opened(ws)
    folder = ws.path / "cache" / COLUMNS
    for torn in sorted(folder.iterdir()):
        content = torn.read_bytes()
        torn.write_bytes(content[: len(content) // 2])
        assert opened(ws)[1] == 60, torn.name
        torn.unlink(missing_ok=True)
        assert opened(ws)[1] == 60, torn.name
    shutil.rmtree(ws.path / "cache")
    assert opened(ws) == (0, 60)


def test_while_another_is_at_the_folder_the_answer_comes_without_it(ws: Workspace) -> None:
    with (
        ws.ask() as asking,
        present(asking, ws.path / "cache", 0, log=nobody),
        intarsia.open(ws.path, clock=lambda: NOW) as other,
        other.ask() as again,
    ):
        assert opened(other) == (0, 60)
        found = Present(again, Builder(again.evaluator), ())
        assert not keep(found.columns, Reached.by(again, 0), ws.path / "cache", is_current=lambda: True)
