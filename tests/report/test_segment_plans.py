"""A plan says what files would make of the segments: who enters and leaves, what they spent, what overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.report.worth import Worth
from intarsia.segment.as_code.folder import NoFiles, NoSuchFolder
from tests.membership.simulated import Simulation, simulation
from tests.report.by_hand import Bought, bought
from tests.report.files import moves, of, put, put_rule
from tests.report.shop import AT, Shop, opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Simulation]:
    """Ada bought twice in 2024, ben once in 2023, eva never; it is 1 March 2024."""
    with simulation(tmp_path / "small", "2024-03-01") as made:
        made.record(
            made.bought("ada", "2024-02-01T10:00", total=100),
            made.bought("ada", "2024-02-20T10:00", total=50),
            made.bought("ben", "2023-05-01T10:00", total=500),
            made.said("eva", city="Brno"),
        )
        yield made


def spent(worth: Worth | None) -> tuple[int, int, int, int]:
    assert worth is not None
    return worth.people, worth.buyers, worth.orders, worth.revenue_minor


def by_hand(people: set[str], sums: dict[str | None, Bought]) -> tuple[int, int, int, int]:
    found = [sums[who] for who in people if who in sums]
    buyers = sum(one.orders > 0 for one in found)
    return len(people), buyers, sum(one.orders for one in found), sum(one.revenue for one in found)


def test_who_moves_and_what_they_spent_is_what_plain_python_counts(tmp_path: Path, folder: Path) -> None:
    shop = Shop(seed=77)
    traits = {message["userId"]: message["traits"] for message in shop.messages if message["type"] == "identify"}
    gold = {who for who, said in traits.items() if said.get("loyalty_tier") == "gold"}
    seated = {who for who, said in traits.items() if said["seats"] > 20}
    sea = {who for who, said in traits.items() if said["home"] == "sea"}
    sums = bought(shop.messages, AT)
    rules = {"Gold": "loyalty_tier = 'gold'", "Gold by the sea": "in segment 'Gold' and home = 'sea'", "Sea": "nobody"}
    with opened(tmp_path / "shop", shop.messages, rules) as workspace:
        workspace.code.pull(folder)
        put(folder, Gold="seats > 20", Sea="home = 'sea'")
        plan = workspace.code.plan(folder)
    changed, dependent, new = of(plan, "Gold"), of(plan, "Gold by the sea"), of(plan, "Sea")
    assert (changed.before.size, changed.after.size) == (len(gold), len(seated))
    assert spent(changed.entering) == by_hand(seated - gold, sums), shop.seed
    assert spent(changed.leaving) == by_hand(gold - seated, sums), shop.seed
    assert dependent.what == "dependent"
    assert spent(dependent.entering) == by_hand((seated - gold) & sea, sums), shop.seed
    assert spent(dependent.leaving) == by_hand((gold - seated) & sea, sums), shop.seed
    assert spent(new.entering) == by_hand(sea, sums)
    assert spent(new.leaving) == (0, 0, 0, 0)
    assert min(spent(changed.entering)[3], spent(changed.leaving)[3]) > 0
    assert plan.to_json()["overlaps"] == [{"first": "Gold", "second": "Sea", "before": 0, "after": len(seated & sea)}]


def test_a_plan_writes_nothing(small: Simulation, folder: Path) -> None:
    small.define("buyers", "did order")
    code, store = small.workspace.code, small.workspace.store
    code.pull(folder)
    put(folder, buyers="never order", new="everyone")
    tables = [row["name"] for row in store.rows("select name from sqlite_schema where type = 'table'")]

    def content() -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in store.rows(f'select * from "{table}"')] for table in tables]

    before, files = content(), {path.name: path.read_bytes() for path in folder.iterdir()}
    assert moves(code.plan(folder)) == {"buyers": (1, 2), "new": (3, 0)}
    assert content() == before
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert small.workspace.segments.members("buyers") == ["ada", "ben"]


def test_dependents_of_dependents_are_told_and_nobody_else(small: Simulation, folder: Path) -> None:
    small.define("a", "did order")
    small.define("b", "in segment 'a'")
    small.define("c", "not in segment 'b'")
    small.define("other", "did order")
    small.define("moved", "entered segment 'c' in last 7 days")
    code = small.workspace.code
    small.now("2024-03-03")
    code.pull(folder)
    put(folder, a="did order in last 1 month")
    plan = code.plan(folder)
    assert [(each.name, each.what) for each in plan.segments] == [
        ("a", "changed"),
        ("b", "dependent"),
        ("c", "dependent"),
        ("moved", "dependent"),
    ]
    assert moves(plan) == {"a": (0, 1), "b": (0, 1), "c": (1, 0), "moved": (0, 0)}
    assert plan.unchanged == ["other"]


def test_another_spelling_is_a_version_that_moves_nobody(small: Simulation, folder: Path) -> None:
    small.define("a", "did order")
    small.define("b", "in segment 'a'")
    code = small.workspace.code
    code.pull(folder)
    put(folder, a="-- who ever bought\n(did   order)")
    plan = code.plan(folder)
    assert [each.to_json()["is_only_wording"] for each in plan.segments] == [True]
    assert (moves(plan), plan.unchanged) == ({"a": (0, 0)}, ["b"])
    code.apply(plan)
    assert small.workspace.segments.get("a").text == "-- who ever bought\n(did   order)"


# --- names


def test_one_that_went_and_one_that_came_with_the_same_meaning_are_one_that_was_renamed(
    small: Simulation, folder: Path
) -> None:
    small.define("buyers", "did order")
    small.define("of buyers", "in segment 'buyers'")
    small.workspace.segments.pin("buyers", ["eva"], reason="asked")
    small.evaluate()
    code, segments = small.workspace.code, small.workspace.segments
    ids = {definition.name: definition.segment_id for definition in segments.all()}
    code.pull(folder)
    put(folder, buyers=None, of_buyers=None, shoppers="did  order", of_shoppers="in segment 'shoppers'")
    plan = code.plan(folder)
    assert [(each.what, each.name, each.to_json()["name_before"]) for each in plan.segments] == [
        ("renamed", "of shoppers", "of buyers"),
        ("renamed", "shoppers", "buyers"),
    ]
    assert set(moves(plan).values()) == {(0, 0)}
    code.apply(plan)
    assert segments.get("shoppers").segment_id == ids["buyers"]
    assert segments.get("of shoppers").segment_id == ids["of buyers"]
    assert segments.members("of shoppers") == ["ada", "ben", "eva"]
    assert sum(found.entered + found.left for found in small.evaluate().segments) == 0
    assert code.plan(folder).changes == ()


def test_where_it_could_be_either_nothing_is_renamed(small: Simulation, folder: Path) -> None:
    small.define("a", "did order")
    small.define("b", "did order")
    code = small.workspace.code
    code.pull(folder)
    put(folder, a=None, b=None, c="did order")
    assert {each.name: each.what for each in code.plan(folder).segments} == {
        "a": "removed",
        "b": "removed",
        "c": "added",
    }


def test_definitions_that_were_exchanged_stay_under_their_names(small: Simulation, folder: Path) -> None:
    small.define("a", "did order")
    small.define("b", "never order")
    code = small.workspace.code
    code.pull(folder)
    put(folder, a="never order", b="did order")
    plan = code.plan(folder)
    assert moves(plan) == {"a": (1, 2), "b": (2, 1)}
    code.apply(plan)
    assert small.workspace.segments.members("a") == ["eva"]


def test_awkward_names_survive(small: Simulation, folder: Path) -> None:
    names = ["a/b", "VIP", "vip", "...", "con", "100%", "س" * 120, "~"]
    for name in names:
        small.define(name, "did order")
    code = small.workspace.code
    code.pull(folder)
    put_rule(folder, "a/b", "never order")
    plan = code.plan(folder)
    assert [change.name for change in plan.changes] == ["a/b"]
    code.apply(plan)
    assert {definition.name for definition in small.workspace.segments.all()} == set(names)


# --- lists and pins


def test_a_list_is_compared_by_who_is_on_it_and_stays_without_its_file(
    small: Simulation, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("ada\nghost\n", encoding="utf-8")
    small.workspace.lists.add("vip", path)
    small.define("vip buyers", "in segment 'vip' and did order")
    code = small.workspace.code
    code.pull(folder)
    assert code.plan(folder).changes == ()
    (folder / "vip.list").write_text("ghost\nada\n", encoding="utf-8")
    assert code.plan(folder).changes == ()
    (folder / "vip.list").write_text("ben\neva\n", encoding="utf-8")
    (folder / "press.list").write_text("eva\n", encoding="utf-8")
    plan = code.plan(folder)
    assert moves(plan) == {"press": (1, 0), "vip": (2, 1), "vip buyers": (1, 1)}
    code.apply(plan)
    assert (small.workspace.lists.ids("vip"), small.workspace.lists.ids("press")) == (["ben", "eva"], ["eva"])
    assert small.workspace.segments.members("vip buyers") == ["ben"]


def test_somebody_who_was_erased_does_not_come_back_by_an_old_file(small: Simulation, folder: Path) -> None:
    folder.mkdir()
    (folder / "vip.list").write_text("ben\neva\n", encoding="utf-8")
    small.workspace.profiles.erase(["eva"], reason="asked")
    code = small.workspace.code
    plan = code.plan(folder)
    assert moves(plan) == {"vip": (1, 0)}
    code.apply(plan)
    assert small.workspace.lists.ids("vip") == ["ben"]
    assert code.plan(folder).changes == ()


def test_pins_count_on_both_sides_and_those_that_go_with_a_segment_are_told(small: Simulation, folder: Path) -> None:
    small.define("buyers", "did order")
    small.define("others", "nobody")
    segments, code = small.workspace.segments, small.workspace.code
    segments.pin("buyers", ["eva"], reason="asked")
    segments.exclude("buyers", ["ada"], reason="asked")
    segments.pin("others", ["ben"], reason="asked")
    code.pull(folder)
    put(folder, buyers="did order in last 1 month", others=None)
    plan = code.plan(folder)
    assert moves(plan) == {"buyers": (0, 1), "others": (0, 1)}
    assert [(each.name, each.pins) for each in plan.segments] == [("buyers", 0), ("others", 1)]


# --- time


def test_a_plan_is_of_the_instant_that_it_is_asked_for(small: Simulation, folder: Path) -> None:
    small.define("buyers", "did order")
    code = small.workspace.code
    code.pull(folder)
    put(folder, buyers="did order in last 1 month")
    assert moves(code.plan(folder, "2024-03-01")) == {"buyers": (0, 1)}
    assert moves(code.plan(folder, "2024-06-01")) == {"buyers": (0, 2)}
    early = code.plan(folder, "2023-05-15")
    assert moves(early) == {"buyers": (0, 0)}
    assert early.to_json()["as_of"]["at"] == "2023-05-14T22:00:00.000Z"  # type: ignore[index]


def test_what_an_evaluation_would_write_for_other_reasons_is_told_beside(small: Simulation, folder: Path) -> None:
    small.define("buyers", "did order in last 3 months")
    small.evaluate()
    code = small.workspace.code
    code.pull(folder)
    put(folder, buyers="did order in last 20 days")
    small.order("eva", "2024-03-01T00:00", total=10)
    small.now("2024-03-05")
    plan = of(code.plan(folder), "buyers")
    assert (plan.before.size, plan.after.size) == (2, 2)
    assert moves(code.plan(folder)) == {"buyers": (0, 0)}
    assert plan.ledger is not None
    assert (plan.ledger.entering, plan.ledger.leaving) == (1, 0)
    assert of(code.plan(folder, "2024-02-01"), "buyers").ledger is None


# --- what is wrong


def test_all_that_is_wrong_with_all_files_is_told_with_its_place(small: Simulation, folder: Path) -> None:
    small.define("gone", "did order")
    small.define("user", "in segment 'gone'")
    small.define("old", "never order")
    small.workspace.lists.add("listed", _ids(folder, "ada"))
    code = small.workspace.code
    code.pull(folder)
    put(folder, gone=None, old=None, young="never order", of_old="citty = 'x' and in segment 'old'")
    put(folder, a="in segment 'b'", b="in segment 'a'", twice="did", listed="did order")
    (folder / "%zz.segment").write_text("did order\n", encoding="utf-8")
    put(folder, did_order="everyone")
    (folder / "empty.segment").write_text("\n", encoding="utf-8")
    plan = code.plan(folder)
    found = [(problem.file, problem.error.code) for problem in plan.problems]
    assert found == [
        ("%zz.segment", "segment.bad-file-name"),
        ("a.segment", "language.segment-loop"),
        ("did order.segment", "segment.bad-name"),
        ("empty.segment", "language.empty-text"),
        ("listed.segment", "segment.another-kind"),
        ("of old.segment", "language.unknown-trait"),
        ("twice.segment", "language.unexpected-word"),
    ]
    (folder / "%zz.segment").unlink()
    told = {problem.file: problem.error for problem in code.plan(folder).problems}
    assert told["user.segment"].code == "segment.names-one-that-goes"
    assert told["user.segment"].span is not None
    named = [problem.error for problem in code.plan(folder).problems if problem.file == "of old.segment"]
    assert [error.hint() for error in named] == ["it is renamed: write `young` here too", "the nearest is `city`"]
    assert (plan.numbers, plan.digest) == (None, None)


def _ids(folder: Path, *names: str) -> Path:
    path = folder.parent / "ids.txt"
    path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    return path


def test_files_that_are_no_definitions_are_told(small: Simulation, folder: Path) -> None:
    folder.mkdir()
    (folder / "latin.segment").write_bytes(b"city = '\xe1'\n")
    (folder / "long.segment").write_bytes(b"-" * 2_000_000)
    (folder / "good.segment").write_text("in segment 'latin'\n", encoding="utf-8")
    found = [(problem.file, problem.error.code) for problem in small.workspace.code.plan(folder).problems]
    assert found[-1] == ("long.segment", "segment.file-too-long")
    assert ("latin.segment", "segment.not-text") in found


def test_a_folder_without_segments_is_refused_for_all_would_go(small: Simulation, folder: Path) -> None:
    small.define("buyers", "did order")
    with pytest.raises(NoSuchFolder):
        small.workspace.code.plan(folder)
    folder.mkdir()
    (folder / "README.md").write_text("ours\n", encoding="utf-8")
    with pytest.raises(NoFiles):
        small.workspace.code.plan(folder)


def test_a_change_that_cannot_be_evaluated_is_a_problem(small: Simulation, folder: Path) -> None:
    folder.mkdir()
    put(folder, new="did order", user="in segment 'new' at 2024-02-01")
    plan = small.workspace.code.plan(folder)
    assert [(problem.file, problem.error.code) for problem in plan.problems] == [
        ("user.segment", "language.segment-not-yet-there")
    ]


def test_a_segment_that_was_invalid_before_is_told_and_mended(small: Simulation, folder: Path) -> None:
    small.define("cities", "city = 'Brno'")
    with small.workspace.store.change() as connection:
        connection.execute("update segment_version set text = 'citty = 1'")
    code = small.workspace.code
    code.pull(folder)
    assert [problem.error.code for problem in code.plan(folder).problems] == ["language.unknown-trait"]
    put(folder, cities="city = 'Brno'")
    [mended] = code.plan(folder).segments
    assert mended.before.error is not None
    assert (mended.before.size, mended.after.size, mended.entering) == (None, 1, None)
