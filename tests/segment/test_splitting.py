"""Segments split by share: which stretches each part has, that nobody moves who need not, and what is refused."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.language import parse, show
from intarsia.segment.definitions import NameTaken, NoSuchSegment
from intarsia.segment.split_parts import WHOLE, BadSplit, Part, Ranges, dealt, part_of, parts_asked, size_of
from intarsia.segment.splitting import OtherSalt
from tests.membership.simulated import Simulation

PEOPLE = [f"p{number:03}" for number in range(400)]


def bucket(salt: str, who: str) -> float:
    """Rule 38, by itself."""
    return int(sha256(f"{salt}\0{who}".encode()).hexdigest()[:13], 16) / 2**52


@pytest.fixture
def crowd(shop: Simulation) -> Simulation:
    shop.record(
        *(
            {"type": "identify", "messageId": f"m{who}", "userId": who, "traits": {"odd": who[-1] in "13579"}}
            for who in PEOPLE
        )
    )
    shop.define("all", "everyone")
    shop.define("odd", "odd = true")
    return shop


def parts(shop: Simulation, name: str) -> dict[str, set[str]]:
    """The members of each part, by the part's name."""
    found = shop.workspace.splits.show(name)
    names = [part.definition.name for split in found for part in split.parts]
    return {part: set(shop.workspace.segments.members(part)) for part in names}


def test_parts_are_where_the_hash_puts_each_person(crowd: Simulation) -> None:
    found = crowd.workspace.splits.make("odd", "a 10%, b 12.5%, rest", salt="spring")
    odd = {who for who in PEOPLE if who[-1] in "13579"}
    members = parts(crowd, "odd")
    assert members == {
        "odd: a": {who for who in odd if bucket("spring", who) < 0.1},
        "odd: b": {who for who in odd if 0.1 <= bucket("spring", who) < 0.225},
        "odd: rest": {who for who in odd if bucket("spring", who) >= 0.225},
    }
    assert [part.size for part in found.parts] == [len(one) for one in members.values()]
    assert (found.size, found.unassigned, sum(map(len, members.values()))) == (200, 0, 200)


def test_the_same_people_are_in_the_same_parts_on_every_machine(crowd: Simulation) -> None:
    # printf 'all\0p000' | sha256sum, and so on, begin with 70 18 76 3d 05 e8 85 bb: half of 2**52 has an 8 in front.
    crowd.workspace.splits.make("all", "low 50%, high")
    assert [bucket("all", who) < 0.5 for who in PEOPLE[:8]] == FIXED
    low = parts(crowd, "all")["all: low"]
    assert [who in low for who in PEOPLE[:8]] == FIXED


FIXED = [True] * 5 + [False] * 3


def test_somebody_new_changes_nobody_elses_part(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 30%, b 30%, rest")
    before = parts(crowd, "all")
    crowd.say("new-one")
    after = parts(crowd, "all")
    assert {name: members - {"new-one"} for name, members in after.items()} == before
    assert sum("new-one" in members for members in after.values()) == 1


def test_a_part_that_grows_keeps_everybody_and_takes_from_what_is_left_only(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 10%, b 10%, rest")
    before = parts(crowd, "all")
    crowd.workspace.splits.make("all", "a 20%, b 10%, rest")
    after = parts(crowd, "all")
    assert before["all: a"] < after["all: a"]
    assert after["all: a"] - before["all: a"] == before["all: rest"] - after["all: rest"]
    assert after["all: b"] == before["all: b"]
    rule = "in segment 'all' and (bucket('all') < 0.1 or bucket('all') >= 0.2 and bucket('all') < 0.3)"
    assert crowd.workspace.segments.get("all: a").text == rule
    assert crowd.workspace.segments.get("all: b").version == 1


def test_parts_that_are_not_named_stay_as_they_are(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 10%, b 20%")
    before = parts(crowd, "all")
    found = crowd.workspace.splits.make("all", "c 30%")
    assert {name: members for name, members in parts(crowd, "all").items() if name != "all: c"} == before
    assert found.unassigned_millionths == 400_000
    assert found.unassigned == found.size - sum(part.size for part in found.parts)
    with pytest.raises(BadSplit, match="come to 50 %, and 40 % are free"):
        crowd.workspace.splits.make("all", "d 50%")


def test_two_draws_with_two_salts_are_independent(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 50%, b")
    crowd.workspace.splits.make("all", "c 50%, d", salt="other")
    assert [split.salt for split in crowd.workspace.splits.show("all")] == ["all", "other"]
    members = parts(crowd, "all")
    assert 60 < len(members["all: a"] & members["all: c"]) < 140


def test_after_a_new_name_of_the_segment_its_parts_are_called_by_their_own(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 10%, rest")
    crowd.workspace.segments.rename("all", "base")
    before = parts(crowd, "base")
    found = crowd.workspace.splits.make("base", "all: a 20%, all: rest")
    assert found.salt == "all"
    assert before["all: a"] < parts(crowd, "base")["all: a"]


@pytest.mark.parametrize(
    ("into", "reason"),
    [
        ("", "every part needs a name"),
        ("10%, rest", "every part needs a name"),
        ("a 10%,", "every part needs a name"),
        ("a 10%, a 20%", "two parts are called `a`"),
        ("a, b", "only one part may stand without a percentage"),
        ("a 0%", "more than 0 and at most 100"),
        ("a 101%", "more than 0 and at most 100"),
        ("a 33.33333%", "at most four decimals"),
        ("a 60%, b 50%", "come to 110 %, and 100 % are free"),
        ("a 60%, b 40%, rest", "come to 100 %, and 100 % are free"),
        (", ".join(f"p{number} 0.1%" for number in range(101)), "more than 100 parts"),
    ],
)
def test_what_cannot_be_a_split_is_refused_with_the_reason(shop: Simulation, into: str, reason: str) -> None:
    shop.define("all", "everyone")
    with pytest.raises(BadSplit, match=reason):
        shop.workspace.splits.make("all", into)
    assert [one.name for one in shop.workspace.segments.all()] == ["all"]


def test_nothing_is_put_down_where_one_name_is_taken(crowd: Simulation) -> None:
    crowd.define("all: b", "odd = true")
    with pytest.raises(NameTaken):
        crowd.workspace.splits.make("all", "a 10%, b 10%")
    assert [one.name for one in crowd.workspace.segments.all()] == ["all", "all: b", "odd"]


def test_another_salt_would_move_everybody_and_is_refused(crowd: Simulation) -> None:
    crowd.workspace.splits.make("all", "a 10%, rest")
    with pytest.raises(OtherSalt, match="`all`"):
        crowd.workspace.splits.make("all", "a 20%, rest", salt="other")


def test_a_segment_that_is_not_there_is_refused(crowd: Simulation) -> None:
    with pytest.raises(NoSuchSegment):
        crowd.workspace.splits.make("al", "a 10%")
    with pytest.raises(NoSuchSegment):
        crowd.workspace.splits.show("al")


def test_a_rule_of_ones_own_of_the_same_kind_is_no_part(crowd: Simulation) -> None:
    for number, text in enumerate(
        (
            "in segment 'all' and bucket('x') <= 0.2",
            "in segment 'all' and bucket('x') >= 0.5 and bucket('x') < 0.2",
            "in segment 'all' and bucket('x') < 0.2 and bucket('y') < 0.2",
            "in segment 'all' and bucket('x') < 0.2 and odd = true",
            "in segment 'all' and (bucket('x') < 0.2 or bucket('x') < 0.4)",
            "in segment 'all' and (bucket('x') < 0.2 or odd = true)",
            "in segment 'all' and not bucket('x') < 0.2",
            "in segment 'all' or bucket('x') < 0.2",
        )
    ):
        crowd.define(f"own {number}", text)
    assert crowd.workspace.splits.show("all") == []


def test_parts_that_somebody_let_overlap_are_shown_without_a_test_of_their_sizes(crowd: Simulation) -> None:
    crowd.define("mine", "in segment 'all' and bucket('x') < 0.5")
    crowd.define("yours", "in segment 'all' and bucket('x') < 0.3")
    [found] = crowd.workspace.splits.show("all")
    assert found.balance is None
    assert found.unassigned == len([who for who in PEOPLE if bucket("x", who) >= 0.5])
    crowd.workspace.splits.make("all", "mine 50%, yours 30%")
    assert not set.intersection(*parts(crowd, "all").values())


# --- stretches alone

SHARES = st.lists(st.integers(1, 300_000), min_size=1, max_size=4)


@given(SHARES, SHARES, st.booleans(), st.booleans())
def test_parts_are_exact_disjoint_and_keep_what_they_can(
    one: list[int], other: list[int], rest_before: bool, rest_after: bool
) -> None:
    def asked(shares: list[int], has_rest: bool) -> dict[str, int | None]:
        limit = WHOLE - 1 if has_rest else WHOLE
        while sum(shares) > limit:
            shares = shares[:-1]
        found: dict[str, int | None] = {f"p{number}": share for number, share in enumerate(shares)}
        return {**found, "rest": None} if has_rest else found

    before = dealt("", asked(one, rest_before), {}, ())
    wanted = asked(other, rest_after)
    kept = {label: ranges for label, ranges in before.items() if label in wanted}
    after = dealt("", wanted, kept, ())
    everything = sorted(one for ranges in after.values() for one in ranges)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(everything))
    assert size_of(everything) == (WHOLE if rest_after else sum(share or 0 for share in wanted.values()))
    for label, ranges in after.items():
        if wanted[label] is not None:
            assert size_of(ranges) == wanted[label]
        had = {point for point in _points() if _has(before.get(label, ()), point)}
        has = {point for point in _points() if _has(ranges, point)}
        grows = size_of(ranges) >= size_of(before.get(label, ()))
        assert had <= has if grows else has <= had


def _points() -> list[int]:
    return Random(3).sample(range(WHOLE), 300)


def _has(ranges: Ranges, point: int) -> bool:
    return any(begin <= point < end for begin, end in ranges)


@given(st.lists(st.integers(0, WHOLE), min_size=2, max_size=8, unique=True), st.text(max_size=5))
def test_a_rule_is_read_back_as_the_part_that_it_says(edges: list[int], salt: str) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    part = Part("it's", salt.replace("\0", ""), tuple(zip(edges[::2], edges[1::2], strict=True)))
    assert part_of(parse(show(part.rule()))) == part


def test_shares_may_be_written_in_other_digits_and_names_have_blanks() -> None:
    assert parts_asked("mail one ۱۲٫۵%".replace("٫", ".") + "، 2nd try 7 %,rest") == {
        "mail one": 125_000,
        "2nd try": 70_000,
        "rest": None,
    }
