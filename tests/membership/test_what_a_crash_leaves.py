"""What a crash, or somebody's hand, has left on the disk is seen to when a worker begins, and told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.errors import Phrase
from intarsia.membership.keeping.worker import BEGUN
from intarsia.segment.reached import FILE
from tests.membership.simulated import Simulation, simulation
from tests.membership.test_keeping import order

PEOPLE = 30
TWICE = [f"p{number:02}" for number in range(0, PEOPLE, 3)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Simulation]:
    """Everybody has bought, every third twice; a worker has been there."""
    with simulation(tmp_path / "shop", "2026-05-01") as shop:
        shop.now("2026-05-03")
        shop.record(*(order(number, f"p{number:02}", "2026-05-01") for number in range(PEOPLE)))
        shop.record(*(order(100 + number, who, "2026-05-02") for number, who in enumerate(TWICE)))
        shop.define("twice", "count(order) >= 2")
        assert worked(shop) == []
        yield shop


def worked(shop: Simulation) -> list[str]:
    """Let a worker begin and end; what it tells beside its greeting."""
    told: list[Phrase] = []
    with intarsia.open(shop.workspace.path, clock=shop.workspace.now) as workspace:
        workspace.work(lambda _: True, log=told.append)
    assert told.count(BEGUN) == 1
    return [str(one) for one in told if one is not BEGUN]


def columns(shop: Simulation) -> Path:
    return shop.workspace.path / "cache" / "columns"


def test_while_nothing_is_torn_nothing_is_told(shop: Simulation) -> None:
    assert worked(shop) == []
    shop.record(order(200, "p01", "2026-05-02"))
    assert worked(shop) == []
    assert shop.current("twice") == sorted([*TWICE, "p01"])


def test_columns_of_another_state_are_made_anew_and_nothing_is_told(shop: Simulation) -> None:
    shop.record(*(order(200 + number, f"p{number:02}", "2026-05-02") for number in range(PEOPLE)))
    assert worked(shop) == []
    assert len(shop.current("twice")) == PEOPLE


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_whatever_file_is_damaged_it_is_told_and_made_anew(shop: Simulation, damage: Callable[[Path], None]) -> None:
    told_of = set()
    for number, path in enumerate(sorted(columns(shop).iterdir())):
        shop.record(order(1000 + number, "p01", "2026-05-02"))
        if path.exists():  # what is of a column that nobody needs goes when all are made anew
            damage(path)
        told = worked(shop)
        assert all("worked out" in one for one in told)
        told_of |= {path.name} if told else set()
        assert shop.current("twice") == sorted([*TWICE, "p01"])
    assert {FILE, "base.own.npy", "rows-20-Order-20-Completed.first.npy"} <= told_of
    assert worked(shop) == []


def test_a_number_changed_in_what_columns_are_of_is_noticed(shop: Simulation) -> None:
    shop.record(order(200, "p01", "2026-05-02"))
    about = columns(shop) / FILE
    content = about.read_text()
    assert '"event_no": 40,' in content
    about.write_text(content.replace('"event_no": 40,', '"event_no": 41,'))
    assert worked(shop) == ["the list of what was worked out before is damaged; all of it is worked out anew"]
    assert shop.current("twice") == sorted([*TWICE, "p01"])


@pytest.mark.parametrize("what", ["cache", "cache/columns"])
def test_what_was_deleted_is_told_and_made_anew(shop: Simulation, what: str) -> None:
    shutil.rmtree(shop.workspace.path / what)
    shop.record(order(200, "p01", "2026-05-02"))
    assert worked(shop) == ["what was worked out before is gone; all of it is worked out anew"]
    assert worked(shop) == []
    assert shop.current("twice") == sorted([*TWICE, "p01"])


def test_what_was_received_before_a_crash_is_recorded_and_told(shop: Simulation) -> None:
    shop.workspace.receive([order(200, "p01", "2026-05-02"), order(201, "p02", "2026-05-02")])
    assert worked(shop) == ["messages that were received before and are recorded now: 2"]
    assert worked(shop) == []
    assert shop.current("twice") == sorted([*TWICE, "p01", "p02"])


def test_a_commit_that_was_cut_off_is_taken_away_told_and_made_again(
    shop: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, log = shop.workspace, shop.workspace.path / "lake" / "events" / "_delta_log"
    workspace.receive([order(200, "p01", "2026-05-02")])
    before = set(log.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(workspace.journal, "set_mark", _die)
        with pytest.raises(KeyboardInterrupt):
            workspace.project()
    [commit] = set(log.iterdir()) - before
    cut(commit)
    assert worked(shop) == [
        f"the end of a write that was cut off is taken away: events/_delta_log/{commit.name}",
        "messages that were received before and are recorded now: 1",
    ]
    with intarsia.open(workspace.path, clock=workspace.now) as again, again.session() as session:
        found = session.execute("select event_id from lake.events where event_id = 'o200'")
        assert found.num_rows == 1
        assert again.memberships.current("twice") == sorted([*TWICE, "p01"])


def _die(*_: object) -> None:
    raise KeyboardInterrupt
