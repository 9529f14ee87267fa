"""Applying does what was planned, all of it or nothing; rolling back brings definitions and members back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.report.segment_code import PlanDiffers, PlanHasProblems, PlanOutdated
from intarsia.segment.as_code.change_sets import ChangedSince, NothingToUndo
from intarsia.segment.definitions import NameTaken
from tests.membership.simulated import Simulation, simulation
from tests.report.files import moves, put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


@pytest.fixture
def shop(tmp_path: Path, folder: Path) -> Iterator[Simulation]:
    """Ada and ben bought, eva did not; three segments and a list were evaluated, and pulled into the folder."""
    with simulation(tmp_path / "shop", "2024-03-01") as made:
        made.record(
            made.bought("ada", "2024-02-20T10:00", total=50),
            made.bought("ben", "2023-05-01T10:00", total=500),
            made.said("eva", city="Brno"),
        )
        path = tmp_path / "ids.txt"
        path.write_text("ada\n", encoding="utf-8")
        made.workspace.lists.add("vip", path)
        made.define("buyers", "did order")
        made.define("users", "in segment 'buyers'")
        made.define("quiet", "never order")
        made.evaluate("2024-03-02")
        made.workspace.code.pull(folder, with_lists=True)
        made.now("2024-03-03")
        yield made


def state(shop: Simulation) -> dict[str, tuple[str, str, list[str], list[str]]]:
    """By name the id, the text, the members as they are asked for, and as the ledger has them."""
    segments = shop.workspace.segments
    return {
        each.name: (each.segment_id, each.text, segments.members(each.name), shop.current(each.name))
        for each in segments.all()
    }


def change_everything(folder: Path) -> None:
    put(folder, buyers="did order in last 1 month", quiet=None, users=None, customers="in segment 'buyers'")
    put(folder, new="city = 'Brno' or in segment 'vip'")
    (folder / "vip.list").write_text("ben\neva\n", encoding="utf-8")


def test_everything_is_changed_at_once_and_the_evaluation_writes_what_was_planned(
    shop: Simulation, folder: Path
) -> None:
    change_everything(folder)
    code = shop.workspace.code
    plan = code.plan(folder)
    done = code.apply(plan)
    assert done is not None
    versions = [(each.name_before, each.version_before, each.name_after, each.version_after) for each in done.segments]
    assert versions == [
        ("buyers", 1, "buyers", 2),
        ("users", 1, "customers", 1),
        (None, None, "new", 1),
        ("quiet", 1, None, 1),
        ("vip", 1, "vip", 2),
    ]
    run = {found.name: (found.entered, found.left) for found in shop.evaluate().segments}
    assert run == moves(plan)
    assert code.plan(folder).changes == ()
    assert code.apply(code.plan(folder)) is None
    assert code.applied() == [done]


def test_a_rollback_brings_back_definitions_ids_lists_pins_and_members(shop: Simulation, folder: Path) -> None:
    shop.workspace.segments.pin("quiet", ["ada"], reason="asked")
    shop.evaluate()
    before = state(shop)
    change_everything(folder)
    code = shop.workspace.code
    code.apply(code.plan(folder))
    shop.evaluate("2024-03-04")
    assert state(shop) != before
    shop.now("2024-03-05")
    plan = code.plan_rollback()
    undone = code.rollback()
    assert undone.undone_at == shop.workspace.now()
    run = {found.name: (found.entered, found.left) for found in shop.evaluate().segments}
    assert {name: moved for name, moved in run.items() if moved != (0, 0)} == {
        name: moved for name, moved in moves(plan).items() if moved != (0, 0)
    }
    assert state(shop) == before
    assert shop.last_change("quiet", "eva") == (True, "2024-03-05T00:00:00.000+01:00", "definition")
    assert [(each.version, each.text) for each in shop.workspace.segments.show("buyers").versions] == [
        (1, "did order"),
        (2, "did order in last 1 month"),
        (3, "did order"),
    ]
    with pytest.raises(NothingToUndo):
        code.rollback()


def test_several_are_undone_one_after_the_other(shop: Simulation, folder: Path) -> None:
    code, segments = shop.workspace.code, shop.workspace.segments
    texts = ["did order", "did order in last 1 year", "did order in last 1 month"]
    for text in texts[1:]:
        put(folder, buyers=text)
        code.apply(code.plan(folder))
        shop.now(shop.workspace.now() + 1000)
    for text in reversed(texts[:-1]):
        code.rollback()
        assert segments.get("buyers").text == text
    with pytest.raises(NothingToUndo):
        code.rollback()
    assert [each.undone_at is not None for each in code.applied()] == [True, True]


# --- refused


def test_files_with_mistakes_are_not_applied(shop: Simulation, folder: Path) -> None:
    before = state(shop)
    put(folder, buyers="did order in last 1 month", quiet="citty = 'x'")
    with pytest.raises(PlanHasProblems) as caught:
        shop.workspace.code.apply(shop.workspace.code.plan(folder))
    assert "quiet.segment" in str(caught.value)
    assert "citty" in str(caught.value)
    assert (state(shop), shop.workspace.code.applied()) == (before, [])


def test_one_that_cannot_be_put_down_keeps_all_others_back(shop: Simulation, folder: Path) -> None:
    put(folder, buyers="did order in last 1 month", new="everyone")
    code = shop.workspace.code
    plan = code.plan(folder)
    with shop.workspace.store.change() as connection:
        connection.execute("create trigger full before insert on segment begin select raise(abort, 'full'); end")
    before = state(shop)
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        code.apply(plan)
    assert (state(shop), code.applied()) == (before, [])


def test_a_plan_of_segments_that_changed_since_is_refused(shop: Simulation, folder: Path) -> None:
    put(folder, buyers="did order in last 1 month")
    code = shop.workspace.code
    plan = code.plan(folder)
    shop.workspace.segments.edit("quiet", "nobody")
    with pytest.raises(PlanOutdated):
        code.apply(plan)
    assert shop.workspace.segments.get("buyers").text == "did order"


def test_only_what_was_approved_is_done(shop: Simulation, folder: Path) -> None:
    put(folder, buyers="did order in last 1 month")
    code = shop.workspace.code
    approved = json.loads(json.dumps(code.plan(folder).to_json()))
    shop.now("2024-03-04")
    assert code.plan(folder).digest == approved["digest"]
    shop.order("fay", "2024-03-01T10:00", total=10)
    assert code.plan(folder).digest == approved["digest"]  # she is in before and after
    shop.order("gus", "2023-03-01T10:00", total=10)
    for expected in (approved, approved["digest"]):
        with pytest.raises(PlanDiffers) as caught:
            code.apply(code.plan(folder), expect=expected)
    with pytest.raises(PlanDiffers, match="`buyers`, `users`"):
        code.apply(code.plan(folder), expect=approved)
    assert "digest" in str(caught.value)
    now_approved = code.plan(folder).to_json()
    put(folder, buyers="did order in last 31 days")
    with pytest.raises(PlanDiffers, match="`buyers`"):
        code.apply(code.plan(folder), expect=now_approved)
    assert shop.workspace.segments.get("buyers").text == "did order"
    put(folder, buyers="did order in last 1 month")
    assert code.apply(code.plan(folder), expect=now_approved) is not None


def test_as_many_others_are_not_those_who_were_approved(shop: Simulation, folder: Path) -> None:
    put(folder, buyers="did order in last 1 month")
    code = shop.workspace.code
    approved = code.plan(folder)
    shop.order("ben", "2024-03-02T10:00", total=10)
    shop.order("gus", "2023-05-01T10:00", total=10)
    plan = code.plan(folder)
    assert moves(plan) == moves(approved) == {"buyers": (0, 1), "users": (0, 1)}
    with pytest.raises(PlanDiffers):
        code.apply(plan, expect=approved.to_json())


def test_what_was_changed_by_hand_since_is_not_rolled_back_unless_one_insists(shop: Simulation, folder: Path) -> None:
    change_everything(folder)
    code, segments = shop.workspace.code, shop.workspace.segments
    before = {name: item[:3] for name, item in state(shop).items()}
    code.apply(code.plan(folder))
    shop.now("2024-03-04")
    segments.edit("buyers", "did order in last 2 months")
    segments.rename("customers", "clients")
    segments.remove("new")
    with pytest.raises(ChangedSince) as caught:
        code.rollback()
    assert "`buyers`, `customers`, `new`" in str(caught.value)
    assert segments.get("buyers").text == "did order in last 2 months"
    code.rollback(force=True)
    assert {name: item[:3] for name, item in state(shop).items()} == before


def test_a_rollback_that_would_leave_others_without_what_they_name_is_refused(shop: Simulation, folder: Path) -> None:
    code = shop.workspace.code
    put(folder, new="everyone", users=None, customers="in segment 'buyers'")
    code.apply(code.plan(folder))
    shop.define("by hand", "in segment 'new' or in segment 'customers'")
    plan = code.plan_rollback()
    assert {(problem.file, problem.error.code) for problem in plan.problems} == {
        ("by hand", "segment.names-one-that-goes")
    }
    with pytest.raises(PlanHasProblems):
        code.rollback(force=True)
    shop.workspace.segments.remove("by hand")
    assert code.rollback().undone_at is not None
    assert set(state(shop)) == {"buyers", "quiet", "users", "vip"}


def test_a_rollback_to_a_name_that_somebody_took_since_is_refused(shop: Simulation, folder: Path) -> None:
    code = shop.workspace.code
    put(folder, quiet=None)
    code.apply(code.plan(folder))
    shop.define("quiet", "nobody")
    before = state(shop)
    with pytest.raises(NameTaken, match="`quiet`"):
        code.rollback()
    assert state(shop) == before


def test_names_that_were_exchanged_by_hand_are_put_back_by_force(shop: Simulation, folder: Path) -> None:
    code, segments = shop.workspace.code, shop.workspace.segments
    put(folder, users="everyone", quiet="did order")
    before = {each.name: each.segment_id for each in segments.all()}
    code.apply(code.plan(folder))
    for name, new_name in (("users", "for now"), ("quiet", "users"), ("for now", "quiet")):
        segments.rename(name, new_name)
    code.rollback(force=True)
    assert {each.name: each.segment_id for each in segments.all()} == before
    assert (segments.get("users").text, segments.get("quiet").text) == ("in segment 'buyers'", "never order")


def test_who_is_erased_between_does_not_come_back_by_a_rollback(shop: Simulation, folder: Path) -> None:
    code = shop.workspace.code
    (folder / "vip.list").write_text("eva\n", encoding="utf-8")
    put(folder, quiet="profile != 'ada'")
    code.apply(code.plan(folder))
    shop.workspace.profiles.erase(["ada"], reason="asked")
    code.rollback()
    assert shop.workspace.lists.ids("vip") == []
    assert "ada" not in str([tuple(row) for row in shop.workspace.store.rows("select * from segment_version")])
