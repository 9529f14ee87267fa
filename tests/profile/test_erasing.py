"""Erasing leaves no byte of a person, every byte of everybody else, and the sizes of the past (rule 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import intarsia
from intarsia.lake.faults import SnapshotGone
from intarsia.record.history import NoSuchProfile
from intarsia.report.words import Words
from intarsia.source.faults import RejectsStay
from intarsia.workspace import Workspace
from tests.profile.canaries import CANARY, EMAIL, FIRST, WHO, copied, fill, said, traces, track

AT = "2026-04-01"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "all"
    folder.mkdir()
    with intarsia.create(folder / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        fill(ws, folder)
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.open(copied(made, tmp_path / "copy")) as ws:
        yield ws


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """Two people without anything else."""
    with intarsia.create(tmp_path / "small", timezone="Europe/Prague", currency="CZK") as ws:
        ws.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")], "2026-01-01")
        yield ws


def others(ws: Workspace) -> list[Any]:
    """Everything that is held of the others and of guests."""
    hers = f"select profile_no from lake.profiles where profile_id = '{WHO}'"
    sql = f"select e.* from lake.events e anti join ({hers}) using (profile_no) order by event_no"
    with ws.session() as session:
        events = session.execute(sql).to_pylist()
        ids = session.execute("select * from lake.profiles order by profile_no").to_pylist()
    return [events, [row for row in ids if row["profile_id"] != WHO]]


# --- the bytes


def test_no_byte_of_a_canary_is_left_below_the_workspace(shop: Workspace) -> None:
    there = traces(shop.path)
    assert any("store.sqlite" in place for place in there)
    assert any("rejected.csv" in place for place in there)
    assert any("journal.sqlite" in place for place in there)
    assert sum("(decoded)" in place for place in there) > 10
    shop.profiles.erase([WHO], reason="asked")
    assert traces(shop.path) == []


def test_columns_that_a_worker_kept_go_too(shop: Workspace) -> None:
    shop.segments.add("hers", f"first_name = '{FIRST}-Ada'")
    shop.work(lambda _: True)
    assert any("cache/columns" in place for place in traces(shop.path))
    shop.profiles.erase([WHO], reason="asked")
    assert [place for place in traces(shop.path) if "cache" in place] == []
    told: list[str] = []
    shop.work(lambda _: True, log=lambda one: told.append(str(one)))
    assert shop.memberships.current("hers") == []
    assert not [one for one in told if "worked out" in one]


def test_nothing_of_anybody_else_is_lost(shop: Workspace) -> None:
    before = others(shop)
    shop.profiles.erase([WHO], reason="asked")
    assert others(shop) == before
    assert (shop.path / "rejected.csv").read_text().splitlines()[1:] == [
        '5,bad-date,`some day` in `date` is no date,"B-2,ben,some day,hat,1,50",ben'
    ]


def test_the_answer_says_what_was_removed_where(shop: Workspace) -> None:
    done = shop.profiles.erase([WHO], reason="asked").to_json()
    assert (done["people"], done["profiles"]) == (1, 1)
    assert done["rows"]["events"] > 80  # type: ignore[index]
    assert done["rows"]["memberships"] >= 2  # type: ignore[index]
    assert done["rows"]["identities"] == 2  # type: ignore[index]
    stored = {"definitions": 1, "consents": 8, "list_member": 2, "pin": 2}
    assert stored.items() <= done["store"].items()  # type: ignore[attr-defined]
    assert (done["rewritten"], done["mentions"]) == (["vip"], [])
    assert done["rejected_lines"] == 2
    assert done["files"] > 50  # type: ignore[operator]
    assert [Path(name).name for name in done["loaded_from"]] == ["orders.csv", "people.csv"]  # type: ignore[attr-defined]


def test_what_killed_processes_left_goes_too(shop: Workspace) -> None:
    spilled = shop.path / "lake" / ".spill" / "killed" / "duckdb"
    spilled.mkdir(parents=True)
    (spilled / "duckdb_temp_storage.tmp").write_text(CANARY)
    torn = shop.path / "lake" / "events" / "recorded_month=2026-02" / "part-of-a-killed-writer.parquet"
    torn.write_text(CANARY)
    (shop.path / "load-that-was-killed.rejected.csv").write_text(
        f'line,reason,explanation,original\r\n2,bad-date,no date,"{EMAIL},1"\r\n'
    )
    shop.profiles.erase([WHO], reason="asked")
    assert traces(shop.path, [CANARY]) == []


def test_only_a_keyed_hash_of_the_id_stays(shop: Workspace) -> None:
    shop.profiles.erase([WHO], reason="asked")
    [row] = shop.store.rows("select hash from erased_id")
    [other] = shop.store.rows("select key from erasure_key")
    assert (len(row["hash"]), len(other["key"])) == (32, 32)


def test_a_file_that_cannot_be_rewritten_stops_it_and_it_goes_on_later(small: Workspace) -> None:
    path = small.path / "rejects" / "rejected.csv"
    path.parent.mkdir()
    path.write_text(
        "line,reason,explanation,original,profile_id\r\n2,bad-date,no date,ada,ada\r\n3,bad-date,no date,ben,ben\r\n"
    )
    blocker = path.with_name(f".{path.name}.erasing")
    blocker.mkdir()
    with pytest.raises(RejectsStay):
        small.profiles.erase(["ada"], reason="asked")
    blocker.rmdir()
    with intarsia.open(small.path) as again:
        assert again.segments.members("everyone") == ["ben"]
        assert [part.rejected_lines for part in again.erased] == [1]
    assert "ada" not in path.read_text()


# --- the answers


def test_nobody_who_was_erased_is_in_an_answer_about_any_time(shop: Workspace) -> None:
    for at, known_at in ((AT, None), (AT, AT), ("2026-01-20", None), ("2026-03-15", "2026-03-15")):
        assert WHO in shop.segments.members("did order", at, known_at)
    shop.profiles.erase([WHO], reason="asked")
    for at, known_at in ((AT, None), (AT, AT), ("2026-01-20", None), ("2026-03-15", "2026-03-15")):
        assert shop.segments.members("did order", at, known_at) == ["ben"]
    assert shop.segments.members("not nobody", AT) == ["ben", "cyd"]
    with pytest.raises(NoSuchProfile):
        shop.segments.why("buyers", WHO)


def test_a_definition_means_the_same_and_does_not_name_them(shop: Workspace) -> None:
    shop.profiles.erase([WHO], reason="asked")
    assert shop.segments.get("vip").text == "profile in ('(erased)', 'ben') or email = '(erased)' "
    assert shop.segments.members("vip") == ["ben"]


def test_a_word_that_only_they_sent_goes_and_the_others_lose_their_share(shop: Workspace) -> None:
    before = {word.label: word for word in shop.words()}
    assert before["score"].unfit_example is not None
    shop.profiles.erase([WHO], reason="asked")
    after = {word.label: word for word in shop.words()}
    assert [label for label in after if CANARY in label] == []
    assert "nickname" not in after
    assert "email" in after  # a definition names it, and ben has it
    assert (before["score"].seen - after["score"].seen, after["score"].unfit, after["score"].unfit_example) == (
        8,
        0,
        None,
    )


def test_a_question_that_runs_is_told_that_its_state_is_gone(shop: Workspace) -> None:
    with shop.session() as running:
        running.execute("select count(*) from lake.events")
        shop.profiles.erase([WHO], reason="asked")
        with pytest.raises(SnapshotGone):
            running.execute("select max(props) from lake.events")


def test_questions_of_other_processes_are_counted(shop: Workspace) -> None:
    with shop.session():
        assert shop.profiles.erase([WHO], reason="asked").sessions_open == 1
    assert shop.profiles.erase(["cyd"], reason="asked").sessions_open == 0


# --- sizes of the past


def steps(ws: Workspace, name: str = "buyers") -> list[tuple[int, int]]:
    return [(size.at, size.size) for size in ws.memberships.sizes(name)]


def ordered(who: str, number: str, at: str) -> dict[str, Any]:
    return track(who, number, "Order Completed", at, {"order_id": number, "total": 1})


def test_sizes_of_before_stay_and_say_how_many_have_been_erased_since(small: Workspace) -> None:
    small.segments.add("recent", "did order in last 30 days")
    known = small.now()
    small.evaluate()
    for name, days in (("ada", 40), ("ben", 20), ("ada", 10)):
        at = intarsia.clock.to_iso(known - days * 86_400_000)
        small.record([ordered(name, f"{name}{days}", at)])
    small.evaluate()
    before = steps(small, "recent")
    small.profiles.erase(["ada"], reason="asked")
    after = small.memberships.sizes("recent")
    assert [(size.at, size.size) for size in after[:-1]] == before
    assert [size.erased_since for size in after] == [1] * len(before) + [0]
    assert after[-1].size == 1
    assert [change.profile_id for change in small.memberships.history()] == ["ben"]


def test_sizes_add_up_over_several_erasures_and_go_on(small: Workspace) -> None:
    small.segments.add("all", "everyone")
    small.record([said(name, "2", city="X") for name in ("cyd", "dee")])
    small.evaluate()
    [(begin, size)] = steps(small, "all")
    small.profiles.erase(["ada"], reason="asked")
    small.profiles.erase(["ben", "cyd"], reason="asked")
    assert steps(small, "all")[0] == (begin, size) == (begin, 4)
    assert small.memberships.sizes("all")[0].erased_since == 3
    small.record([said("eve", "1", city="Y")])
    run = small.evaluate()
    assert (run.segments[0].size, steps(small, "all")[-1][1], small.memberships.current("all")) == (
        2,
        2,
        ["dee", "eve"],
    )


def test_who_takes_the_place_of_an_erased_person_enters_because_of_the_erasure(small: Workspace) -> None:
    small.record([ordered("ada", "1", "2026-01-02"), {**ordered("ben", "2", "2026-01-02"), "userId": "ben"}])
    small.segments.add("best", "top 1 by count(order)")
    small.record([ordered("ada", "3", "2026-01-03")])
    small.evaluate()
    assert small.memberships.current("best") == ["ada"]
    small.profiles.erase(["ada"], reason="asked")
    small.evaluate()
    assert [(change.profile_id, change.cause) for change in small.memberships.history("best")] == [("ben", "erasure")]


def test_a_run_that_was_stored_says_how_many_have_been_erased_since(small: Workspace) -> None:
    small.segments.add("all", "everyone")
    small.evaluate()
    small.profiles.erase(["ada"], reason="asked")
    last = small.memberships.last_run()
    assert last is not None
    assert last.to_json()["erased_since"] == 1


def test_the_report_says_whom_the_ledger_still_counts(tmp_path: Path) -> None:
    present = [intarsia.clock.to_instant("2026-01-10", ZoneInfo("Europe/Prague"))]
    days = 86_400_000
    with intarsia.create(tmp_path / "shop", clock=lambda: present[0], timezone="Europe/Prague") as ws:
        ws.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")])
        ws.segments.add("all", "everyone")
        ws.evaluate()
        present[0] += 30 * days
        ws.profiles.erase(["ada"], reason="asked")
        present[0] += 30 * days
        ws.evaluate()
        report = ws.reports.segments()
    sizes = [(one.size, one.ledger_size, one.erased_since) for one in report.rows[0].history if one.ledger_size]
    assert sizes == [(1, 2, 1), (1, 1, 0), (1, 1, 0)]
    assert "The ledger's sizes of before still count 1 person who has been erased." in " ".join(
        Words.of(report).how_counted()
    )


# --- who, and how often


def test_somebody_unknown_is_refused_and_nobody_is_erased(small: Workspace) -> None:
    with pytest.raises(NoSuchProfile):
        small.profiles.erase(["ada", "eve"], reason="asked")
    assert small.segments.members("everyone") == ["ada", "ben"]
    small.profiles.erase(["ada"], reason="asked")
    with pytest.raises(NoSuchProfile):
        small.profiles.erase(["ada"], reason="asked")


def test_several_at_once_and_the_same_one_twice(small: Workspace) -> None:
    done = small.profiles.erase(["ada", "ben", "ada"], reason="asked")
    assert (done.people, done.rows["profiles"]) == (2, 2)
    assert small.segments.count("everyone").base == 0


def test_an_evaluation_that_runs_does_not_bring_rows_back(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds a lock that an erasure waits for, and the other way round."""
    from intarsia.lake.faults import LakeBusy
    from intarsia.lake.lock import WritingLock
    from intarsia.membership.evaluate import LOCK

    monkeypatch.setattr("intarsia.membership.erasing.WAIT_SECONDS", 0.1)
    with WritingLock(small.path / "lake" / LOCK, 1).held(), pytest.raises(LakeBusy):
        small.profiles.erase(["ada"], reason="asked")
    assert small.segments.members("everyone") == ["ada", "ben"]


def test_both_back_ends_agree_afterwards(shop: Workspace, agreeing: Callable[[Workspace, str], set[str]]) -> None:
    shop.profiles.erase([WHO], reason="asked")
    assert agreeing(shop, "did order") == {"ben"}
    assert agreeing(shop, "top 1 by sum(order.total)") == {"ben"}
    assert agreeing(shop, "never order or score > 3") == {"cyd", "ben"}


def test_what_was_put_down_by_hand_meanwhile_goes_at_the_latest_with_the_next(small: Workspace) -> None:
    small.profiles.erase(["ada"], reason="asked")
    small.segments.add("all", "everyone")
    with small.store.change() as connection:
        connection.execute(
            "insert into pin (segment_id, profile_id, is_exclusion, reason, created_at) "
            "select segment_id, 'ada', 0, 'late', 1 from segment"
        )
    small.profiles.erase(["ben"], reason="asked")
    assert small.segments.pins("all") == []
