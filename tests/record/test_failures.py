"""Processes that record at once, that die in the middle, and disks that fail: the record stays right."""

from __future__ import annotations

import errno
import json
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import intarsia
from intarsia.lake.faults import DiskFailed
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.record.record import Record
from intarsia.store.store import Store
from intarsia.workspace import Workspace
from tests.record.programs import CALLS, OWN, SHARED, calls, started
from tests.record.shop import identify, order, rows, shop

SEED = 20260602
KILLS = 6
THREADS = 4


@contextmanager
def record_on(folder: Path, fails_after: int) -> Iterator[Record]:
    """A record whose disk refuses everything after so many fsyncs."""
    left = [fails_after]

    def sync(descriptor: int) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        os.fsync(descriptor)

    lake = Lake(folder / "lake", sync=sync)
    with closing(Store(folder / "store.sqlite")) as store:
        yield Record(lake, store, zone=ZoneInfo("UTC"), currency="CZK", open_session=lambda: Session(lake))


def shape(ws: Workspace) -> tuple[int, int, int]:
    """What must be so in every state: rows and different ids of events and profiles, and events of nobody."""
    [events] = rows(
        ws, "select count(*) n, count(distinct event_id) ids, count(distinct event_no) nos from lake.events"
    )
    [profiles] = rows(
        ws, "select count(*) n, count(distinct profile_id) ids, count(distinct profile_no) nos from lake.profiles"
    )
    [lost] = rows(ws, "select count(*) n from lake.events anti join lake.profiles using (profile_no)")
    assert len(set(events.values())) == len(set(profiles.values())) == 1, (events, profiles)
    return events["n"], profiles["n"], lost["n"]


@pytest.mark.slow
def test_a_disk_that_fails_at_any_step_leaves_nothing_wrong(tmp_path: Path) -> None:
    messages = [identify("m1", "ada", {"points": 1}), order("m2", {"sku": "c-1", "quantity": 1, "price": 3}, who="ben")]
    failures = profiles_alone = 0
    for fails_after in range(100):
        ws = shop(tmp_path / str(fails_after))
        with record_on(ws.path, fails_after) as record:
            try:
                record.record(messages, recorded_at=0, load_id="x")
            except DiskFailed:
                failures += 1
        if shape(ws)[:2] == (0, 2):
            profiles_alone += 1
            assert ws.segments.count("everyone").size == 0, "a profile without events is nobody yet"
        statuses = ws.record(messages).statuses
        assert statuses[0] == statuses[1], "both are in, or neither"
        assert shape(ws) == (2, 2, 0), fails_after
        seen = {word.seen for word in ws.words()}
        assert seen in ({1}, {0}), "a repetition counts once"
        assert ws.segments.members("points = 1") == ["ada"]
        ws.close()
        if statuses == ["duplicate", "duplicate"] and seen == {1}:
            break
    assert failures >= 3, "profiles, events and their logs failed each"
    assert profiles_alone >= 1


@pytest.mark.slow
def test_two_processes_that_record_at_once_end_well(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    with started(ws.path, "a") as one, started(ws.path, "b") as other:
        mine = [ws.record(messages).statuses for messages in calls("c")]
        theirs = [[json.loads(line) for line in process.communicate()[0].splitlines()] for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0)
    answers = [mine, *theirs]
    for number in range(CALLS):
        heads = [answer[number][:SHARED] for answer in answers]
        assert sorted(head.count("accepted") for head in heads) == [0, 0, SHARED], "one was first"
        assert all(answer[number][SHARED:] == ["accepted"] * OWN for answer in answers)
    assert shape(ws) == (CALLS * (SHARED + 3 * OWN), SHARED + 3 * OWN, 0)
    seen = {(word.event, word.path): word.seen for word in ws.words() if word.scope != "line"}
    assert seen["", ("points",)] == CALLS * 3 * OWN
    assert seen["Order Completed", ()] == CALLS * SHARED


@pytest.mark.slow
def test_after_every_kill_the_record_is_whole_and_a_repetition_completes_it(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    folder = shop(tmp_path).path
    for kill in range(KILLS):
        with started(folder, "a") as process:
            time.sleep(chance.uniform(0.0, 0.6))
            process.kill()
        with intarsia.open(folder) as ws:
            events, _, lost = shape(ws)
            assert (events % (SHARED + OWN), lost) == (0, 0), f"seed {SEED}, kill {kill}"
            assert ws.lake.check() == ()
    with intarsia.open(folder) as ws:
        for messages in calls("a"):
            assert set(ws.record(messages).statuses) <= {"accepted", "duplicate"}
        assert shape(ws) == (CALLS * (SHARED + OWN), SHARED + OWN, 0)


def test_threads_with_a_workspace_each_record_at_once(tmp_path: Path) -> None:
    folder = shop(tmp_path).path

    def run(name: str) -> int:
        with intarsia.open(folder) as ws:
            return sum(ws.record(messages).count("accepted") for messages in calls(name)[:3])

    with ThreadPoolExecutor(THREADS) as pool:
        accepted = sum(pool.map(run, "abcd"))
    assert accepted == 3 * (SHARED + THREADS * OWN)
    with intarsia.open(folder) as ws:
        assert shape(ws) == (accepted, SHARED + THREADS * OWN, 0)
