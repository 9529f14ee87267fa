"""An erasure that was cut off at any point is finished at the next start, and nobody else loses anything."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.lake.lock import WritingLock
from intarsia.profile.erasure import LOCK
from intarsia.workspace import Workspace
from tests.cli.running import run
from tests.profile.canaries import CANARY, WHO, copied, fill, traces
from tests.profile.programs import NEVER, erased

POINTS = 8
"""At so many points, from the first file made durable to the last, an erasure is killed."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "all"
    folder.mkdir()
    with intarsia.create(folder / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        fill(ws, folder)
    return folder


@pytest.fixture
def fresh(made: Path, tmp_path: Path) -> Callable[[str], Path]:
    return lambda name: copied(made, tmp_path / name)


def of_others(ws: Workspace) -> list[Any]:
    """What is left in the end, whatever happened on the way."""
    with ws.session() as session:
        rows = session.execute("select * from lake.events order by event_no").to_pylist()
    sizes = [(size.at, size.size) for size in ws.memberships.sizes("buyers")][:-1]
    return [rows, ws.segments.members("buyers"), sizes, [(word.label, word.seen, word.unfit) for word in ws.words()]]


def test_wherever_it_is_killed_the_next_start_finishes_it(fresh: Callable[[str], Path]) -> None:
    whole = fresh("whole")
    status, last = erased(whole, WHO, killed_at=NEVER)
    assert (status, traces(whole)) == (0, [])
    with intarsia.open(whole) as ws:
        expected = of_others(ws)
    found = []
    for point in range(POINTS):
        folder = fresh(f"killed-{point}")
        killed_at = 1 + point * (last - 1) // (POINTS - 1)
        assert erased(folder, WHO, killed_at=killed_at)[0] == -signal.SIGKILL
        found.append(bool(traces(folder)))
        with intarsia.open(folder) as ws:
            assert ws.segments.count("everyone").base == 2
            assert [part.people for part in ws.erased] == [1]
            assert (of_others(ws), traces(folder)) == (expected, []), f"killed at {killed_at} of {last}"
            assert ws.record([{"type": "identify", "userId": WHO, "traits": {}}]).count("rejected") == 1
    assert found[0]


def test_what_was_cut_off_is_told_by_the_next_command_and_again_when_it_is_asked_for(
    fresh: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fresh("told")
    assert erased(folder, WHO, killed_at=1)[0] == -signal.SIGKILL
    monkeypatch.setenv("INTARSIA_WORKSPACE", str(folder))
    with WritingLock(folder / "lake" / LOCK, 0).held():
        assert "an erasure is not finished: another process is at it" in run("segment", "list").speech
    said = run("segment", "list")
    assert (said.status, "that was cut off is finished now: 1 person" in said.speech) == (0, True)
    assert "orders.csv, " in said.speech
    assert traces(folder) == []
    assert "cut off" not in run("segment", "list").speech
    again = run("profile", "erase", WHO, "--reason", "asked", "--yes")
    assert (again.status, "was erased on 20" in again.speech) == (2, True)
    assert f"`intarsia profile readmit {WHO}`" in again.speech


def test_an_erasure_tells_all_of_itself_wherever_it_was_cut_off(fresh: Callable[[str], Path]) -> None:
    _, last = erased(fresh("whole"), WHO, killed_at=NEVER)
    for number, killed_at in enumerate((1, last // 2)):
        folder = fresh(f"again-{number}")
        assert erased(folder, WHO, killed_at=killed_at)[0] == -signal.SIGKILL
        with intarsia.open(folder) as ws:
            [done] = ws.finish_erasures()
            assert [Path(name).name for name in done.loaded_from] == ["orders.csv", "people.csv"]
            assert (done.rewritten, done.rejected_lines) == (("vip",), 2)
            [row] = ws.store.rows("select told from erasure")
            assert set(json.loads(row["told"])) == {"rows", "store", "rejected_lines", "files", "bytes"}


def test_a_reader_does_not_wait_for_an_erasure_that_somebody_is_at(fresh: Callable[[str], Path]) -> None:
    folder = fresh("busy")
    assert erased(folder, WHO, killed_at=1)[0] == -signal.SIGKILL
    with WritingLock(folder / "lake" / LOCK, 0).held(), intarsia.open(folder) as ws:
        assert ws.segments.count("everyone").base == 3
        assert ws.erased == ()
    with intarsia.open(folder) as ws:
        assert ws.segments.count("everyone").base == 2


def test_another_erasure_finishes_the_one_before_first(fresh: Callable[[str], Path]) -> None:
    folder = fresh("two")
    assert erased(folder, WHO, killed_at=1)[0] == -signal.SIGKILL
    with WritingLock(folder / "lake" / LOCK, 0).held(), intarsia.open(folder) as ws:
        assert ws.lake.snapshot("events").row_count > 0
    with intarsia.open(folder) as ws:
        ws.profiles.erase(["cyd"], reason="asked")
        assert ws.segments.members("everyone") == ["ben"]
    assert traces(folder, [CANARY]) == []
