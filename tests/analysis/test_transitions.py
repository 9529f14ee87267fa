"""Who moved between segments: beside lists of members at both instants, and beside the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from intarsia import Workspace
from intarsia.analysis.transitions import MovedBackwards, Transitions
from intarsia.errors import UserError
from intarsia.membership.ledger import timeline, was_in
from intarsia.report.tree_report import BrokenTree
from intarsia.segment.definitions import Definitions
from tests.analysis.orders import order, shop
from tests.membership.simulated import Simulation, instant, simulation

BEFORE, AFTER = "2025-11-01T00:00:00Z", "2026-01-10T00:00:00Z"
SEGMENTS = {
    "recent": "did order in last 30 days",
    "regular": "count(order, last 6 months) >= 3",
    "best": "top 10% by sum(order.total, last 6 months)",
    "lapsed": "did order and never order in last 90 days",
    "red": "colour = 'red'",
}
NAMES = ["best", "regular", "recent", "lapsed"]

Flows = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """People who buy now and then; some are known only later, some are deleted in between, some put in by hand."""
    dice = Random(4)
    messages = []
    for number in range(250):
        who, begin = f"p{number:03}", dice.choice(["2025-01-01", "2025-06-01", "2025-12-01"])
        traits = {"colour": dice.choice(["red", "blue"])}
        first = {"type": "identify", "messageId": f"i{who}", "userId": who, "timestamp": f"{begin}T00:00:00Z"}
        messages.append({**first, "traits": traits})
        for one in range(dice.choice([0, 1, 2, 6])):
            when = f"2025-{dice.randint(int(begin[5:7]), 12):02}-{dice.randint(2, 28):02}T10:00:00Z"
            messages.append(order(f"{who}-{one}", who, when, dice.randint(1, 90)))
    with shop(tmp_path_factory.mktemp("moving") / "shop", messages) as workspace:
        for name, text in SEGMENTS.items():
            workspace.segments.add(name, text)
        workspace.profiles.delete([f"p{number:03}" for number in range(30)], at="2025-12-15")
        workspace.trees.add("market", "red\n  recent\n  lapsed\nregular\n  best\n  lapsed")
        yield workspace


def first_of(who: str, names: Sequence[str], members: dict[str, set[str]]) -> str:
    return next((name for name in names if who in members[name]), "none")


def flows_by_hand(workspace: Workspace, names: Sequence[str]) -> Flows:
    """By the lists of members at both instants, each asked by itself."""
    at = {when: {name: set(workspace.segments.members(name, when)) for name in names} for when in (BEFORE, AFTER)}
    base = {when: set(workspace.segments.members("everyone", when)) for when in (BEFORE, AFTER)}
    found: Flows = Counter()
    for who in base[BEFORE] | base[AFTER]:
        was, now = (first_of(who, names, at[when]) if who in base[when] else "away" for when in (BEFORE, AFTER))
        found[was, now] += 1
    return found


def flows(found: Transitions) -> Flows:
    names = ["away" if one.is_away else "none" if not one.path else one.path[0] for one in found.states]
    rows = zip(names, found.counts, strict=True)
    return +Counter({(was, now): count for was, row in rows for now, count in zip(names, row, strict=True)})


def test_each_flow_is_that_between_the_lists_of_members(moving: Workspace) -> None:
    found = moving.transitions(NAMES, BEFORE, AFTER)
    by_hand = flows_by_hand(moving, NAMES)
    assert flows(found) == by_hand
    assert {was for was, _ in by_hand} == {now for _, now in by_hand} == {*NAMES, "none", "away"}
    assert found.stayed == sum(count for (was, now), count in by_hand.items() if was == now)
    assert found.moved == sum(count for pair, count in by_hand.items() if len({*pair, "away"}) == 3)


def test_the_order_of_the_names_decides_who_is_counted_where(moving: Workspace) -> None:
    turned = NAMES[::-1]
    assert flows(moving.transitions(turned, BEFORE, AFTER)) == flows_by_hand(moving, turned)
    found = moving.transitions(NAMES, BEFORE, AFTER)
    several = []
    for when in (BEFORE, AFTER):
        times = Counter(who for name in NAMES for who in moving.segments.members(name, when))
        several.append(sum(count > 1 for count in times.values()))
    assert found.several == tuple(several)


def test_rows_sum_to_one_and_nobody_is_lost(moving: Workspace) -> None:
    found = moving.transitions(NAMES, BEFORE, AFTER)
    for row, shares in zip(found.counts, found.shares(), strict=True):
        assert sum(share or 0 for share in shares) == pytest.approx(1 if sum(row) else 0)
    told = found.to_json()["states"]
    assert sum(one["before"] for one in told[:-1]) == moving.segments.count("everyone", BEFORE).size  # type: ignore[index]
    assert sum(one["after"] for one in told[:-1]) == moving.segments.count("everyone", AFTER).size  # type: ignore[index]
    assert found.counts[-1][-1] == 0


def test_between_leaves_of_a_tree_everybody_is_where_the_tree_has_them(moving: Workspace) -> None:
    found = moving.trees.transitions("market", moving.instant(BEFORE), AFTER)
    stands: dict[str, dict[str, int]] = {}
    for when in (BEFORE, AFTER):
        stands[when] = {}
        for place, state in enumerate(found.states[:-1]):
            ids, _ = moving.trees.members("market", state.path, when, is_rest=state.is_rest)
            stands[when] |= dict.fromkeys(ids, place)
    away = len(found.states) - 1
    people = stands[BEFORE].keys() | stands[AFTER].keys()
    by_hand = Counter((stands[BEFORE].get(who, away), stands[AFTER].get(who, away)) for who in people)
    told = {(was, now): count for was, row in enumerate(found.counts) for now, count in enumerate(row) if count}
    assert told == dict(by_hand)


def test_definitions_may_stand_for_segments(moving: Workspace) -> None:
    by_text = moving.transitions([SEGMENTS["recent"]], BEFORE, AFTER)
    assert by_text.counts == moving.transitions(["recent", "recent"], BEFORE, AFTER).counts


def test_nobody_moves_backwards_or_in_no_time(moving: Workspace) -> None:
    for begin in (AFTER, "2026-01-11"):
        with pytest.raises(MovedBackwards):
            moving.transitions(NAMES, begin, AFTER)
    with pytest.raises(UserError):
        moving.transitions(["recnt"], BEFORE, AFTER)


# --- beside the ledger


def ledger_at(simulated: Simulation, names: Sequence[str], at: int) -> dict[str, set[str]]:
    """Who was in each segment at an instant, by the changes that the ledger holds."""
    found: dict[str, set[str]] = {}
    for name in names:
        changes: dict[str, list[tuple[int, bool]]] = {}
        for change in simulated.history(name):
            changes.setdefault(change.profile_id, []).append((change.valid_at, change.entered))
        found[name] = {who for who, said in changes.items() if was_in(timeline(said), at)}
    return found


RULES = {
    "recent": "did order in last 20 days",
    "regular": "count(order, last 40 days) >= 3",
    "lapsed": "did order and never order in last 30 days",
}


@pytest.mark.slow
def test_the_ledger_says_the_same_of_segments_that_were_not_edited(tmp_path: Path) -> None:
    """Orders come an hour before evaluations, ten days apart: whoever leaves and comes back is seen outside."""
    dice = Random(9)
    people = [f"p{number:02}" for number in range(30)]
    days = [date(2025, 2, 1) + timedelta(days=10 * number) for number in range(7)]
    with simulation(tmp_path / "ledger", begin="2025-01-01") as simulated:
        for name, text in RULES.items():
            simulated.define(name, text)
        simulated.record(*map(simulated.said, people))
        for day in days:
            simulated.now(f"{day}T12:00")
            simulated.record(*(simulated.bought(who, f"{day}T11:00") for who in dice.sample(people, 9)))
            simulated.evaluate()
        names = ["regular", "recent", "lapsed"]
        for begin, end in ((days[1], days[4]), (days[3], days[6])):
            found = simulated.workspace.transitions(names, f"{begin}T18:00", f"{end}T09:00")
            then, now = (ledger_at(simulated, names, instant(when)) for when in (f"{begin}T18:00", f"{end}T09:00"))
            by_ledger = Counter((first_of(who, names, then), first_of(who, names, now)) for who in people)
            assert flows(found) == by_ledger
            assert len(by_ledger) > 3


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Simulation]:
    with simulation(tmp_path / "two") as made:
        made.record(
            made.said("ada", "2023-06-01T00:00", city="Brno"),
            made.said("ben", "2023-06-01T00:00", city="Praha"),
        )
        made.define("brno", "city = 'Brno'")
        made.now("2024-03-01")
        yield made


def test_an_edited_definition_and_a_late_file_move_nobody(two: Simulation) -> None:
    two.workspace.segments.edit("brno", "city in ('Brno', 'Praha')")
    found = two.workspace.transitions(["brno"], "2024-01-15", "2024-02-15")
    assert (found.counts[0][0], found.stayed, found.moved) == (2, 2, 0)
    two.say("ben", "2024-01-10T00:00", city="Olomouc")
    found = two.workspace.transitions(["brno"], "2024-01-15", "2024-02-15")
    assert (found.stayed, found.moved) == (2, 0)
    assert two.workspace.transitions(["brno"], "2024-01-05", "2024-02-15").moved == 1
    assert two.workspace.transitions(["brno"], "2024-01-05", "2024-02-15", known_at="2024-02-20").moved == 0


def test_who_is_put_in_by_hand_moves_at_that_instant(two: Simulation) -> None:
    two.workspace.segments.pin("brno", ["ben"], reason="moves soon")
    two.now("2024-05-01")
    assert two.workspace.transitions(["brno"], "2024-02-01", "2024-04-01").counts[1][0] == 1
    assert two.workspace.transitions(["brno"], "2024-02-01", "2024-02-20").counts[1][0] == 0


def test_profiles_that_are_one_person_now_are_one_at_both_instants(two: Simulation) -> None:
    two.workspace.identity.merge("ada", "ben", reason="the same flat")
    found = two.workspace.transitions(["brno"], "2024-01-15", "2024-02-15")
    assert sum(map(sum, found.counts)) == 1


def test_nobody_moves_in_a_broken_tree(two: Simulation) -> None:
    two.workspace.trees.add("t", "brno")
    Definitions(two.workspace.store).edit("brno", "shoe_size > 40", at=two.workspace.now())
    with pytest.raises(BrokenTree):
        two.workspace.trees.transitions("t", instant("2024-01-15"))
