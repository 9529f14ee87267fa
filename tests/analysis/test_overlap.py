"""How segments overlap: the bits beside Python's sets, and a workspace beside a count by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from intarsia import Workspace
from intarsia.analysis import people_sets
from intarsia.analysis.people_sets import mask_of, packed, shared, times_in
from intarsia.errors import Bug, UserError
from tests.analysis.orders import order, shop

COLOURS = ("red", "green", "blue", "grey")
SEGMENTS = {
    "red": "colour = 'red'",
    "warm": "colour in ('red', 'blue')",
    "any colour": "colour is known",
    "half": "bucket('half') < 0.5",
    "few": "bucket('few') < 0.05",
    "buyers": "did order",
    "nobody there": "nobody",
    "all": "everyone",
}


def some_sets(people: int, count: int) -> tuple[np.ndarray, list[set[int]]]:
    """Profile numbers with gaps, and sets of them from nobody to everybody."""
    dice = Random(count)
    numbers = sorted(dice.sample(range(people * 3), people))
    shares = [0.0, 1.0, *(dice.random() ** 3 for _ in range(count - 2))]
    return np.array(numbers, np.int64), [set(dice.sample(numbers, round(share * people))) for share in shares]


def bits_of(places: np.ndarray, sets: list[set[int]]) -> tuple[np.ndarray, list[np.ndarray]]:
    tables = [pa.table({"profile_no": pa.array(list(one), pa.int64())}) for one in sets]
    masks = [mask_of(table, places) for table in tables]
    return packed(masks, places.size), masks


def test_fifty_segments_of_a_hundred_thousand_people_are_counted_as_sets_count_them() -> None:
    places, sets = some_sets(100_000, 50)
    bits, masks = bits_of(places, sets)
    found = shared(bits)
    for first, one in enumerate(sets):
        assert found[first, first] == len(one)
        for second in range(first):
            assert found[first, second] == found[second, first] == len(one & sets[second])
    counts = Counter(Counter(number for one in sets for number in one).values())
    told = np.bincount(times_in(masks, places.size))
    assert {times: people for times, people in enumerate(told.tolist()) if times and people} == dict(counts)


@pytest.mark.parametrize("people", [0, 1, 63, 64, 65, 200])
def test_the_last_word_is_full_or_not(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_sets, "WORDS_AT_ONCE", 2)
    places, sets = some_sets(people, 5)
    bits, _ = bits_of(places, sets)
    assert shared(bits).tolist() == [[len(one & other) for other in sets] for one in sets]


def test_who_is_not_among_everybody_is_a_mistake_of_ours() -> None:
    for stranger in (0, 4, 9):
        with pytest.raises(Bug):
            mask_of(pa.table({"profile_no": [stranger]}), np.array([1, 3, 5], np.int64))


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Three hundred people, some with a colour, some who bought before the question."""
    dice = Random(8)
    messages = []
    for number in range(300):
        traits = {"colour": dice.choice(COLOURS)} if dice.random() < 0.7 else {}
        messages.append({"type": "identify", "messageId": f"i{number}", "userId": f"p{number}", "traits": traits})
        if dice.random() < 0.3:
            messages.append(order(f"o{number}", f"p{number}", "2026-01-01T00:00:00Z", 10))
    with shop(tmp_path_factory.mktemp("overlap") / "shop", messages) as workspace:
        for name, text in SEGMENTS.items():
            workspace.segments.add(name, text)
        yield workspace


def test_every_pair_is_what_the_lists_of_members_share(colours: Workspace) -> None:
    found = colours.overlap()
    members = {name: set(colours.segments.members(name)) for name in SEGMENTS}
    assert dict(zip(found.names, found.sizes, strict=True)) == {name: len(members[name]) for name in members}
    pairs = {frozenset((pair.first, pair.second)): pair for pair in found.pairs()}
    assert len(pairs) == 28
    for one, other in combinations(members, 2):
        pair = pairs[frozenset((one, other))]
        both, either = members[one] & members[other], members[one] | members[other]
        assert (pair.shared, pair.either) == (len(both), len(either))
        assert pair.jaccard == len(both) / len(either)
        smaller = min(len(members[one]), len(members[other]))
        assert pair.of_smaller == (len(both) / smaller if smaller else None)


def test_who_is_in_two_or_more_is_counted_once(colours: Workspace) -> None:
    found = colours.overlap(["red", "warm", "buyers"])
    times = Counter(who for name in found.names for who in colours.segments.members(name))
    assert found.base == 300
    assert found.reached == len(times)
    assert found.in_several == sum(many > 1 for many in times.values())
    assert found.double_contacts == sum(many - 1 for many in times.values())
    assert list(found.by_count[1:]) == [Counter(times.values())[many] for many in (1, 2, 3)]


def test_closest_pairs_come_first_and_those_that_share_nobody_not_at_all(colours: Workspace) -> None:
    closest = colours.overlap().closest()
    assert [pair.jaccard for pair in closest] == sorted((pair.jaccard or 0 for pair in closest), reverse=True)
    assert all("nobody there" not in (pair.first, pair.second) for pair in closest)


def test_definitions_may_be_compared_with_segments_and_a_name_twice_is_one(colours: Workspace) -> None:
    found = colours.overlap(["red", "colour = 'red'", "red"])
    assert found.names == ("red", "colour = 'red'")
    assert len({*found.sizes, found.shared[0][1]}) == 1


def test_an_empty_pair_has_no_shares(colours: Workspace) -> None:
    [pair] = colours.overlap(["nobody there", "nobody"]).pairs()
    assert pair.to_json()["jaccard"] is pair.to_json()["share_of_smaller"] is None


def test_it_is_of_one_instant(colours: Workspace) -> None:
    before = colours.overlap(["buyers", "all"], "2025-12-01")
    assert (before.sizes, before.shared[0][1]) == ((0, 300), 0)
    assert before.as_of.to_json()["at"] == "2025-12-01T00:00:00.000Z"


def test_a_name_that_nobody_has_is_refused(colours: Workspace) -> None:
    with pytest.raises(UserError):
        colours.overlap(["redd"])


def test_a_workspace_without_segments_has_no_overlap(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", []) as workspace:
        found = workspace.overlap().to_json()
    assert (found["segments"], found["shared"], found["pairs"], found["by_count"]) == ([], [], [], [0])
