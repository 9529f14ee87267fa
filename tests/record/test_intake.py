"""What goes through the journal comes into the record as if it had been recorded at once, each message once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import intarsia
from intarsia import Workspace
from intarsia.record.barred import Barred
from intarsia.record.intake import Intake, Projector
from intarsia.record.record import Receipt
from intarsia.store.journal import Journal
from tests.engine.populations import random_population

NOW = 1_780_000_000_000


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return intarsia.create(tmp_path / "ws", timezone="Europe/Prague", currency="CZK")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def intake(ws: Workspace, journal: Journal) -> Intake:
    return Intake(journal, Barred(ws.store), zone=ws.settings.zone, currency="CZK")


def projector(ws: Workspace, journal: Journal) -> Projector:
    return Projector(journal, ws._record, now=lambda: NOW)


def track(number: object, **content: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": f"m{number}", "userId": "ada", "event": "Seen", **content}


def recorded(ws: Workspace) -> list[dict[str, Any]]:
    with ws.session() as session:
        found: pa.Table = session.execute(
            "select * exclude (event_no, load_id, profile_no), (select profile_id from lake.profiles p "
            "where p.profile_no = e.profile_no) as profile_id from lake.events e order by event_id"
        )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def test_random_messages_come_into_the_record_as_they_would_directly(tmp_path: Path) -> None:
    for number in range(5):
        population = random_population(Random(number))
        settings = {name: population.settings[name] for name in ("timezone", "currency")}
        one, other = (intarsia.create(tmp_path / f"{number}{name}", **settings) for name in "ab")
        journal = Journal(tmp_path / f"{number}.sqlite")
        into = Intake(journal, Barred(other.store), zone=other.settings.zone, currency=other.settings.currency)
        for batch in population.batches:
            direct = one._record.record(batch.messages, recorded_at=batch.recorded_at, load_id="x")
            through = into.take(batch.messages, batch.recorded_at)
            assert through.statuses == direct.statuses
            assert through.reasons == direct.reasons
        taken = Projector(journal, other._record, now=lambda: NOW)
        assert taken.project() == len(recorded(one))
        assert recorded(other) == recorded(one) != []
        assert taken.waiting == taken.project() == 0


def test_a_message_counts_once_however_it_comes(ws: Workspace, journal: Journal) -> None:
    into, out = intake(ws, journal), projector(ws, journal)
    ws.record([track(0), track(1)])
    assert into.take([track(1), track(2), track(2), track(2, event="Other")], NOW).statuses == [
        "accepted",
        "accepted",
        "duplicate",
        "conflicting",
    ]
    assert out.project() == 1
    assert into.take([track(2)], NOW).statuses == ["duplicate"]
    assert out.project() == 0
    assert [row["event_id"] for row in recorded(ws)] == ["m0", "m1", "m2"]


def test_messages_without_ids_are_told_apart_within_a_call_alone(ws: Workspace, journal: Journal) -> None:
    into, out = intake(ws, journal), projector(ws, journal)
    same = {name: value for name, value in track(1).items() if name != "messageId"}
    assert into.take([same, same], NOW).statuses == ["accepted", "accepted"]
    assert into.take([same, same, same], NOW).statuses == ["duplicate", "duplicate", "accepted"]
    assert out.project() == 3


def test_who_died_after_recording_has_nothing_recorded_twice(
    ws: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    into, out = intake(ws, journal), projector(ws, journal)
    into.take([track(1), track(2)], NOW)
    into.take([track(3)], NOW + 5)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "set_mark", _die)
        with pytest.raises(KeyboardInterrupt):
            out.project()
    assert out.waiting == 2
    assert out.project() == 0
    assert out.waiting == 0
    found = {row["event_id"]: row["recorded_at"].timestamp() * 1000 for row in recorded(ws)}
    assert found == {"m1": NOW, "m2": NOW, "m3": NOW + 5}


def test_what_comes_while_it_is_recorded_is_left_to_the_next_time(ws: Workspace, journal: Journal) -> None:
    into, record, more = intake(ws, journal), ws._record.record, iter(range(1, 30))

    def recorded_slowly(messages: Sequence[Any], **said: Any) -> Receipt:
        into.take([track(next(more))], NOW)
        return record(messages, **said)

    busy = ws._record
    vars(busy)["record"] = recorded_slowly
    into.take([track(0)], NOW)
    out = Projector(journal, busy, now=lambda: NOW)
    assert (out.project(), out.waiting) == (1, 1)
    assert (out.project(), out.waiting) == (1, 1)
    assert [row["event_id"] for row in recorded(ws)] == ["m0", "m1"]


def test_two_who_bring_messages_in_at_once_share_the_work(ws: Workspace, journal: Journal) -> None:
    into, one = intake(ws, journal), projector(ws, journal)
    with intarsia.open(ws.path) as opened, ThreadPoolExecutor(1) as pool:
        other, asked, waits = projector(opened, journal), list[int](), threading.Event()
        record, alone = opened._record.record, opened._record.alone

        def recorded_again(messages: Sequence[Any], **said: Any) -> Receipt:
            asked.append(len(messages))
            return record(messages, **said)

        def told_alone() -> AbstractContextManager[None]:
            waits.set()
            return alone()

        vars(opened._record).update(record=recorded_again, alone=told_alone)
        with ws.lake.writing():
            into.take([track(number) for number in range(5)], NOW)
            waiting = pool.submit(other.project)
            assert waits.wait(60)
            assert one.project() == 5
        assert waiting.result() == 0
    assert asked == []


def test_what_is_wrong_is_said_at_once_and_goes_nowhere(ws: Workspace, journal: Journal) -> None:
    into = intake(ws, journal)
    receipt = into.take([track(1), {"type": "track"}, 7, track(2, timestamp="soon")], NOW)  # type: ignore[list-item]
    assert receipt.statuses == ["accepted", "rejected", "rejected", "rejected"]
    assert "neither userId nor anonymousId" in receipt.reasons[1]
    assert len(journal.after(0)[0].bodies) == 1
    assert into.take([{"type": "track"}], NOW).statuses == ["rejected"]
    assert journal.last == 1


def test_nobody_who_was_erased_gets_into_the_journal(ws: Workspace, journal: Journal) -> None:
    ws.record([track(1), track(2, userId="ben")])
    ws.profiles.erase(["ada"], reason="asked for it")
    receipt = intake(ws, journal).take([track(3), track(4, userId="ben")], NOW)
    assert receipt.statuses == ["rejected", "accepted"]
    assert receipt.withheld == {0}
    assert "ada" not in journal.after(0)[0].bodies[0]


def _die(*_: object) -> None:
    raise KeyboardInterrupt
