"""The worker writes everything down in time, goes on after trouble, and there is one of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

import intarsia
from intarsia.engine.live.live import Live
from intarsia.lake.faults import DiskFailed
from intarsia.lake.lock import WritingLock
from intarsia.membership.keeping.keeper import Keeper
from intarsia.membership.keeping.worker import AlreadyWorking
from intarsia.membership.keeping.working import LOCK
from tests.membership.simulated import Simulation, simulation
from tests.membership.test_keeping import order

SECOND = 1000
STEP = 100
"""Milliseconds that go by while the worker waits."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Simulation]:
    with simulation(tmp_path / "shop", "2026-05-01") as shop:
        shop.define("recent", "did order in last 30 days")
        yield shop


def work(shop: Simulation, seconds: int, events: Mapping[int, Callable[[], object]]) -> None:
    """Let the worker of a shop run for so long; what happens after how many seconds."""
    begin = shop.workspace.now()
    waiting = dict(events)

    def wait(_: float) -> bool:
        now = shop.workspace.now() + STEP
        shop.now(now)
        for due in [second for second in waiting if begin + second * SECOND <= now]:
            waiting.pop(due)()
        return now >= begin + seconds * SECOND

    shop.workspace.work(wait)


def recorded(shop: Simulation) -> int:
    """How many messages are in the tables, without those that wait."""
    with shop.workspace.session() as session:
        return int(session.execute("select count(*) as n from lake.events")["n"][0].as_py())


def test_what_comes_is_written_down_within_a_minute_and_not_at_once(shop: Simulation) -> None:
    ws, seen = shop.workspace, dict[int, int]()
    shop.record(order(0, "ada", "2026-04-30"))
    work(
        shop,
        75,
        {
            2: lambda: ws.receive([order(1, "ada", "2026-05-01"), order(2, "ben", "2026-05-01")]),
            30: lambda: seen.update({30: recorded(shop)}),
            70: lambda: seen.update({70: recorded(shop)}),
        },
    )
    assert seen == {30: 1, 70: 3}
    assert shop.current("recent") == ["ada", "ben"]
    assert ws.messages_waiting == 0


def test_what_takes_long_to_write_down_is_written_down_less_often(
    shop: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws, settled = shop.workspace, list[int]()
    settle = Keeper.settle

    def slowly(keeper: Keeper, at: int) -> None:
        settle(keeper, at)
        settled.append(ws.now())
        shop.now(ws.now() + 2 * SECOND)

    monkeypatch.setattr(Keeper, "settle", slowly)
    comes = {second: lambda second=second: ws.receive([order(second, "ada", ws.now())]) for second in range(1, 550, 5)}
    work(shop, 560, comes)
    between = [later - earlier for earlier, later in pairwise(settled[:-1])]
    assert len(between) == 2
    assert all(2 * 100 * SECOND <= one <= 2 * 101 * SECOND + STEP for one in between)


def test_a_new_definition_is_taken_within_a_second_or_two(shop: Simulation) -> None:
    shop.record(order(0, "ada", "2026-04-30"))
    found = list[list[str]]()

    def define() -> None:
        with intarsia.open(shop.workspace.path, clock=shop.workspace.now) as other:
            other.segments.add("all", "everyone")

    work(shop, 12, {3: define, 10: lambda: found.append(shop.current("all"))})
    assert found == [["ada"]]


def test_trouble_is_told_and_nothing_is_lost(shop: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, told = shop.workspace, list[str | None]()
    append = type(ws.lake).append

    def fail(*_: object, **__: object) -> bool:
        raise DiskFailed(table="events", reason="no space left")

    def look() -> None:
        worker = ws.status().worker
        assert worker is not None
        assert worker.runs
        told.append(worker.trouble)

    work(
        shop,
        200,
        {
            1: lambda: ws.receive([order(1, "ada", "2026-05-01")]),
            2: lambda: monkeypatch.setattr(type(ws.lake), "append", fail),
            70: look,
            72: lambda: monkeypatch.setattr(type(ws.lake), "append", append),
            150: look,
        },
    )
    assert told[0] is not None
    assert "no space left" in told[0]
    assert told[1] is None
    assert shop.current("recent") == ["ada"]
    assert not ws.status().worker.runs  # type: ignore[union-attr]


def test_there_is_one_worker(shop: Simulation) -> None:
    def another() -> None:
        with intarsia.open(shop.workspace.path) as other, pytest.raises(AlreadyWorking):
            other.work(lambda _: True)

    work(shop, 3, {1: another})


def test_the_command_ends_when_it_is_told_to_and_has_written_everything(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        ws.segments.add("all", "everyone")
        command = [sys.executable, "-m", "intarsia", "-w", str(ws.path), "work"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            for _ in range(600):
                worker = ws.status().worker
                if worker is not None and worker.runs:
                    break
                time.sleep(0.05)
            now = ws.now()
            ws.receive([order(number, f"p{number}", now) for number in range(10)])
            for _ in range(600):
                if ws.status().worker.taken == 10:  # type: ignore[union-attr]
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert said.splitlines() == ["keeping all segments up to date; Ctrl-C ends it"]
        assert len(ws.memberships.current("all")) == 10
        assert ws.messages_waiting == 0


def test_other_settings_are_taken_up_once_they_can_be_read(shop: Simulation) -> None:
    ws, reached = shop.workspace, list[int]()
    file = ws.path / "workspace.toml"
    before, begin = file.read_text(), ws.now()

    def wait(_: float) -> bool:
        shop.now(ws.now() + STEP)
        reached.append(ws.now() - begin)
        if len(reached) == 20:
            file.write_text(before.replace("Europe/Prague", "Europe/Atlan"))
        if len(reached) == 40:
            file.write_text(before)
        if len(reached) == 60:
            file.write_text(before.replace("Europe/Prague", "Asia/Tokyo"))
        return len(reached) > 100

    assert ws.work(wait)
    assert reached[-1] == 60 * STEP
    with intarsia.open(ws.path, clock=ws.now) as other:
        assert other.settings.timezone == "Asia/Tokyo"
        assert not other.work(lambda _: True)


def test_a_clock_that_is_set_back_stops_nothing(shop: Simulation) -> None:
    ws = shop.workspace

    def back() -> None:
        shop.now(ws.now() - 3_600_000)

    begin = ws.now()
    waiting: dict[int, Callable[[], object]] = {5: back, 10: lambda: ws.receive([order(1, "ada", "2026-04-30")])}
    waits = iter(range(2000))

    def wait(_: float) -> bool:
        shop.now(ws.now() + STEP)
        number = next(waits)
        if number // 10 in waiting and number % 10 == 0:
            waiting.pop(number // 10)()
        return number > 900

    ws.work(wait)
    assert ws.now() < begin
    assert shop.current("recent") == ["ada"]


def test_after_an_error_of_ours_nothing_that_is_half_done_is_kept(
    shop: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = shop.workspace
    shop.record(order(0, "ada", "2026-04-30"))
    take = Live._grow

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Live, "_grow", fail)
    with pytest.raises(KeyboardInterrupt):
        work(shop, 30, {2: lambda: ws.receive([order(1, "ben", "2026-05-01")])})
    monkeypatch.setattr(Live, "_grow", take)
    work(shop, 5, {})
    assert shop.current("recent") == ["ada", "ben"]


def test_who_only_asks_does_not_keep_a_worker_from_beginning(shop: Simulation) -> None:
    with WritingLock(shop.workspace.lake.path / LOCK, 0).held(), intarsia.open(shop.workspace.path) as other:
        assert other.status().worker is None
    work(shop, 2, {})
    assert not shop.workspace.status().worker.runs  # type: ignore[union-attr]
