"""Segment trees: everybody stands in exactly one leaf, beside people sorted by hand and money added up by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from intarsia import Workspace
from intarsia.analysis.leaves import NoSuchBranch
from intarsia.report.tree_report import BrokenTree, TreeReport, TreeRow
from intarsia.segment.branches import MalformedTree
from intarsia.segment.definitions import Definitions, InTree, NoSuchSegment
from intarsia.segment.segment_trees import BadTreeName, NoSuchTree, TreeNameTaken
from tests.membership.simulated import Simulation, simulation
from tests.report.by_hand import bought
from tests.report.shop import AT, Shop, opened

SEGMENTS = {
    "Buyers": "did order in last 1 year",
    "Coats": "count(order where category = 'coats', last 1 year) >= 1",
    "Gold": "loyalty_tier = 'gold'",
    "Sea": "home = 'sea'",
    "Half": "bucket('half') < 0.5",
    "Some": "bucket('some') < 0.3",
    "No one": "nobody",
    "All": "everyone",
}
MARKET = "Gold\n  Coats\n  Sea\nBuyers\n  Coats\n    Half\n  Half\nNo one\n  Sea\nSea"

Placed = dict[tuple[tuple[str, ...], bool], set[str]]


@pytest.fixture(scope="module")
def workspace(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with opened(tmp_path_factory.mktemp("trees") / "atelier", shop.messages, SEGMENTS) as made:
        made.trees.add("market", MARKET)
        yield made


def outline(text: str) -> list[tuple[int, str]]:
    """Level and name of each line of a text with two blanks a level."""
    return [((len(line) - len(line.lstrip())) // 2, line.strip()) for line in text.splitlines()]


def placed_by_hand(text: str, members: dict[str, set[str]], people: set[str]) -> Placed:
    """Who stands in each branch, and is left over there: person by person, the first line that takes them."""
    lines = outline(text)
    found: Placed = {((), False): set(people), ((), True): set()}
    ways: list[tuple[str, ...]] = []
    for place, (level, name) in enumerate(lines):
        above = next((ways[one] for one in range(place - 1, -1, -1) if lines[one][0] < level), ())
        ways.append((*above, name))
        found[ways[-1], False] = set()
        found[ways[-1], True] = set()
    for person in people:
        here: tuple[str, ...] = ()
        while True:
            below = [way for way in ways if way[:-1] == here]
            taken = next((way for way in below if person in members[way[-1]]), None)
            if taken is None:
                found[here, True].add(person)
                break
            here = taken
            found[here, False].add(person)
    return found


def row(report: TreeReport, *path: str, is_rest: bool = False) -> TreeRow:
    return next(one for one in report.rows if (one.path, one.is_rest) == (path, is_rest))


def leaves(report: TreeReport) -> list[TreeRow]:
    """The rows below which no other stands."""
    has_below = {one.path[:-1] for one in report.rows if one.path}
    return [one for one in report.rows if one.is_rest or one.path not in has_below]


@pytest.fixture(scope="module")
def members(workspace: Workspace) -> dict[str, set[str]]:
    return {name: set(workspace.segments.members(name)) for name in SEGMENTS}


def random_text(dice: Random) -> str:
    """Up to three levels of segments; nothing stands twice beside itself, or below itself."""

    def below(level: int, above: tuple[str, ...]) -> Iterator[str]:
        names = dice.sample([name for name in SEGMENTS if name not in above], dice.randint(1, 3))
        for name in names:
            yield "  " * level + name
            if level < 2 and dice.random() < 0.5:
                yield from below(level + 1, (*above, name))

    return "\n".join(below(0, ()))


def test_everybody_stands_where_the_first_line_puts_them(workspace: Workspace, members: dict[str, set[str]]) -> None:
    dice = Random(11)
    for number, text in enumerate([MARKET, *(random_text(dice) for _ in range(6))]):
        workspace.trees.add(f"tree {number}", text)
        report = workspace.trees.show(f"tree {number}")
        by_hand = placed_by_hand(text, members, members["All"])
        for one in report.rows:
            assert one.people == len(by_hand[one.path, one.is_rest]), (text, one)
        for way, is_rest in dice.sample(sorted(by_hand), 4):
            has_below = any(path[:-1] == way for path, _ in by_hand if path)
            if not is_rest or has_below or not way:
                ids, _ = workspace.trees.members(f"tree {number}", way, is_rest=is_rest)
                assert ids == sorted(by_hand[way, is_rest])


def test_leaves_and_what_is_left_over_are_the_whole_without_overlap(workspace: Workspace) -> None:
    report = workspace.trees.show("market")
    everybody: list[str] = []
    for leaf in leaves(report):
        ids, _ = workspace.trees.members("market", leaf.path, is_rest=leaf.is_rest)
        assert len(ids) == leaf.people
        everybody += ids
    assert len(everybody) == len(set(everybody)) == row(report).people == 120
    for one in report.rows:
        below = [other for other in report.rows if _is_right_below(other, one)]
        if below:
            assert sum(other.people or 0 for other in below) == one.people
            assert one.remainder == row(report, *one.path, is_rest=True).people
            assert sum(other.share_of_parent or 0 for other in below) == pytest.approx(1 if one.people else 0)


def _is_right_below(one: TreeRow, above: TreeRow) -> bool:
    if above.is_rest:
        return False
    return one.path == above.path if one.is_rest else bool(one.path) and one.path[:-1] == above.path


def test_the_rule_of_each_line_has_the_same_people(workspace: Workspace) -> None:
    for one in workspace.trees.show("market").rows:
        assert workspace.segments.count(one.rule).size == one.people


def test_sizes_are_those_of_the_segments_and_of_those_above(workspace: Workspace, members: dict[str, set[str]]) -> None:
    report = workspace.trees.show("market")
    by_hand = placed_by_hand(MARKET, members, members["All"])
    for one in report.rows:
        if one.path and not one.is_rest:
            assert one.size == len(members[one.path[-1]])
            assert one.in_parent == len(members[one.path[-1]] & by_hand[one.path[:-1], False])
        else:
            assert one.size is one.in_parent is None


def test_the_money_of_each_line_is_that_of_the_people_who_stand_there(
    workspace: Workspace, shop: Shop, members: dict[str, set[str]]
) -> None:
    sums, rows = bought(shop.messages, AT), workspace.trees.show("market").rows
    for (way, is_rest), people in placed_by_hand(MARKET, members, members["All"]).items():
        found = [one for one in rows if (one.path, one.is_rest) == (way, is_rest)]
        for one in found:
            assert one.worth is not None
            assert one.worth.revenue_minor == sum(sums[who].revenue for who in people if who in sums)
            assert one.worth.people == len(people)


def test_a_branch_that_is_not_there_is_refused(workspace: Workspace) -> None:
    with pytest.raises(NoSuchBranch, match="`Gold` ▸ `Half`"):
        workspace.trees.members("market", ["Gold", "Half"])
    with pytest.raises(NoSuchTree) as caught:
        workspace.trees.show("markt")
    assert caught.value.hint() == "the nearest is `market`"


# --- versions, names, what is gone


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Simulation]:
    with simulation(tmp_path / "small") as made:
        made.record(
            made.bought("ada", "2023-12-20T00:00"),
            made.said("ben", city="Brno"),
        )
        made.define("buyers", "did order")
        made.define("brno", "city = 'Brno'")
        made.workspace.trees.add("market", "buyers\nbrno  -- they come here")
        yield made


def test_an_edit_adds_a_version_and_the_one_before_answers_for_its_time(small: Simulation) -> None:
    trees = small.workspace.trees
    assert trees.edit("market", "buyers\nbrno  -- they come here").version == 1
    small.now("2024-02-01")
    assert trees.edit("market", "brno\n  buyers").version == 2
    assert [one.definition for one in trees.versions("market")] == ["buyers\nbrno  -- they come here", "brno\n  buyers"]
    assert [one.path for one in trees.show("market", known_at="2024-01-15").rows if one.path] == [
        ("buyers",),
        ("brno",),
    ]
    assert [one.path for one in trees.show("market").rows if one.path and not one.is_rest] == [
        ("brno",),
        ("brno", "buyers"),
    ]


def test_a_segment_with_a_new_name_has_it_in_the_tree_too(small: Simulation) -> None:
    small.workspace.segments.rename("brno", "from Brno")
    small.define("brno", "nobody")
    tree = small.workspace.trees.get("market")
    assert tree.definition == "buyers\nfrom Brno  -- they come here"
    assert row(small.workspace.trees.show("market"), "from Brno").people == 1


def test_a_segment_that_stands_in_a_tree_stays_until_it_is_taken_out(small: Simulation) -> None:
    with pytest.raises(InTree, match="the tree `market`"):
        small.workspace.segments.remove("brno")
    small.now("2024-01-05")
    small.workspace.trees.edit("market", "buyers")
    small.workspace.segments.remove("brno")
    assert small.workspace.trees.show("market").broken == {}
    before = small.workspace.trees.show("market", known_at="2024-01-03")
    assert list(before.broken) == ["brno"]


def test_a_tree_that_was_removed_leaves_its_name_and_its_segments(small: Simulation) -> None:
    small.workspace.trees.remove("market")
    assert small.workspace.trees.all() == []
    with pytest.raises(NoSuchTree):
        small.workspace.trees.get("market")
    small.workspace.segments.remove("brno")
    assert small.workspace.trees.add("market", "buyers").version == 1


def test_a_tree_with_an_invalid_segment_is_shown_as_broken(small: Simulation) -> None:
    Definitions(small.workspace.store).edit("brno", "shoe_size > 40", at=small.workspace.now())
    report = small.workspace.trees.show("market")
    assert list(report.broken) == ["brno"]
    assert "shoe_size" in str(report.broken["brno"])
    assert [(one.path, one.size, one.people) for one in report.rows] == [
        ((), None, None),
        (("buyers",), 1, None),
        (("brno",), None, None),
    ]
    with pytest.raises(BrokenTree, match="shoe_size") as caught:
        small.workspace.trees.members("market", ["buyers"])
    assert caught.value.hint() == "mend that segment, or take it out with `intarsia tree edit market`"


def test_what_rests_on_an_invalid_segment_is_broken_too(small: Simulation) -> None:
    small.define("child", "in segment 'brno'")
    small.workspace.trees.add("other", "child")
    Definitions(small.workspace.store).edit("brno", "shoe_size > 40", at=small.workspace.now())
    assert list(small.workspace.trees.show("other").broken) == ["child"]


def test_nothing_is_kept_of_a_tree_that_is_wrong(small: Simulation) -> None:
    trees = small.workspace.trees
    with pytest.raises(NoSuchSegment) as caught:
        trees.add("new", "buyers\n  brnoo")
    assert caught.value.span is not None
    assert (caught.value.span.start, caught.value.hint()) == (9, "the nearest is `brno`")
    with pytest.raises(MalformedTree):
        trees.add("new", "buyers\nbuyers")
    with pytest.raises(TreeNameTaken):
        trees.add("market", "buyers")
    for name in ("", " a", "a\nb", "a" * 201):
        with pytest.raises(BadTreeName):
            trees.add(name, "buyers")
    assert [one.name for one in trees.all()] == ["market"]


def test_a_tree_of_an_empty_workspace_has_nobody(tmp_path: Path) -> None:
    with simulation(tmp_path / "empty") as made:
        made.define("all", "everyone")
        made.workspace.trees.add("t", "all")
        report = made.workspace.trees.show("t")
    assert [one.people for one in report.rows] == [0, 0, 0]
    assert [one.share_of_parent for one in report.rows] == [None, None, None]


def test_erasing_tells_of_a_tree_that_names_them(small: Simulation) -> None:
    small.workspace.trees.add("for ada-of-the-shop", "buyers -- ada-of-the-shop first")
    small.say("ada-of-the-shop", city="Brno")
    done = small.workspace.profiles.erase(["ada-of-the-shop"], reason="asked")
    assert [(one.what, one.name) for one in done.mentions] == [("tree", "for ada-of-the-shop")]
