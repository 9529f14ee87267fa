"""The nearest change that would flip an answer: its numbers by hand, and the answer with facts of our own making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

import pytest

from intarsia.language import tree
from intarsia.language.checking.named import FixedList, Named, NamedSegments, Pin, Version
from intarsia.language.interpret import Crowd
from intarsia.language.interpret.ahead import Ahead, Forward
from intarsia.language.interpret.flips import Nearest, nearest
from intarsia.language.interpret.whole import Whole
from intarsia.language.meaning.facts import Fact, Person
from intarsia.profile.derived import derive
from tests.language.asking import NOW, defined, fact, instant, is_in, order, question, said, view
from tests.language.test_moments import RICH
from tests.thorough import so_many

VISIT = fact("page", "page", "2000-01-01", {"path": "/"})


def forward(text: str, *facts: Fact, segments: Mapping[str, Named] | None = None) -> tuple[tree.Condition, Forward]:
    ada, asked = Person("ada", (VISIT, *facts)), question()
    crowd = Crowd(RICH, [ada, Person("ben", (order(total=900),))], asked, segments=segments, derive=derive)
    whole = Whole(ada, asked, RICH, crowd, NamedSegments(segments), None, derive)
    return defined(text, RICH).tree, Forward(whole)


def change(text: str, *facts: Fact, segments: Mapping[str, Named] | None = None) -> Nearest:
    return nearest(*forward(text, *facts, segments=segments))


def ahead(text: str, *facts: Fact, segments: Mapping[str, Named] | None = None) -> Ahead:
    condition, asked = forward(text, *facts, segments=segments)
    return asked.of(condition)


def says(found: Nearest) -> list[str]:
    return [str(step.says) for step in found.steps]


# --- what is said


@pytest.mark.parametrize(
    ("text", "facts", "told"),
    [
        ("count(order, last 30 days) >= 3", [order(), order()], "1 more of `order in last 30 days` (has 2, needs 3)"),
        ("count(order) > 2.5", [order()], "2 more of `order` (has 1, needs 3)"),
        ("count(order) = 1", [order()], "1 more of `order` (has 1, needs 2)"),
        ("sum(order.total) >= 5000", [order(total=3800)], "`sum(order.total)` is 1200 short of 5000; it is 3800"),
        ("sum(order.total) > 5000", [order(total=5000)], "`sum(order.total)` is 0.01 short of 5000.01; it is 5000"),
        ("sum(order.points) > 5", [order(points=5)], "`sum(order.points)` is 0.000001 short of 5.000001; it is 5"),
        ("max(order.total) >= 70", [order(total=5)], "one of `order.total` with `order.total` 70"),
        ("distinct(order.note) > 1", [order(note="a")], "1 more different values of `order.note` (has 1, needs 2)"),
        ("city = 'Praha'", [said(city="Brno")], "`city` would have to be 'Praha'; it is 'Brno'"),
        ("city != 'Praha'", [said(city="Praha")], "`city` would have to be other than 'Praha'; it is 'Praha'"),
        ("score <= 3", [said(score=7)], "`score` would have to be at most 3; it is 7"),
        ("not score <= 3", [said(score=1)], "`score` would have to be more than 3; it is 1"),
        ("score between 3 and 5", [], "`score` would have to be from 3 to 5; it is unknown"),
        ("email is known", [], "`email` would have to be known; it is unknown"),
        ("interests has 'ski'", [], "`interests` would have to be one that fits `has 'ski'`; it is unknown"),
        ("did view where (seconds > 9)", [], "one `view where (seconds > 9)`"),
        ("last(order.note) = 'a'", [order(note="b")], "one more `order.note` with which that is so"),
        ("lapsed(order, 90 days)", [order("2023-01-01")], "one more `order` with which that is so"),
        ("consent email for marketing is given", [], "consent by `email` for `marketing` would have to be given"),
        ("near (50, 14) within 5 km", [], "the place would have to be within 5 km; it is unknown"),
    ],
)  # fmt: skip
def test_what_would_do_it_is_said_with_its_numbers_and_was_tried(text: str, facts: list[Fact], told: str) -> None:
    found = change(text, *facts)
    assert (says(found), found.is_tried, found.is_possible) == ([told], True, True)
    assert found.would_be is not is_in(text, *facts, catalog=RICH, derive=derive)


@pytest.mark.parametrize(
    ("text", "facts", "told"),
    [
        ("age > 60", [said(birth_date="1990-05-01")], "`age` cannot be changed"),
        ("birth_date = 1990-05-02", [said(birth_date="1990-05-01")], "`birth_date` cannot be changed"),
        ("bucket('s') < 0", [], "`bucket('s')` cannot be changed"),
        ("never view", [view()], "no `view` would have to be left"),
        ("count(view) < 1", [view()], "`count(view)` would have to fall to 0; it is 1"),
        ("nobody", [], "`nobody` cannot be changed"),
        ("did order in previous month", [], "what happens now is not in the time that is asked about"),
    ],
)
def test_what_nothing_known_changes_is_said_to_be_so(text: str, facts: list[Fact], told: str) -> None:
    found = change(text, *facts)
    assert (says(found), found.is_tried) == ([told], text == "age > 60")
    assert not found.is_possible or found.steps[0].turns_at is not None


def test_what_comes_by_itself_has_its_instant() -> None:
    found = change("never view in last 30 days", view("2024-05-01T10:00"))
    [step] = found.steps
    assert (step.text, found.is_tried) == ("never view in last 30 days", True)
    assert step.turns_at == instant("2024-05-31T10:00") + 1
    assert step.to_json()["turns_at"] == "2024-05-31T08:00:00.001Z"
    assert ahead("never view in last 30 days", view("2024-05-01T10:00")) == Ahead(step.turns_at)


def test_a_rank_names_the_last_one_taken_and_promises_nothing() -> None:
    found = change("top 1 by sum(order.total)", order(total=100))
    told = "`sum(order.total)` would have to pass 900, which the last one has who is taken; it is 100"
    assert (says(found), found.is_tried, found.is_possible) == ([told], False, True)
    assert ahead("top 1 by sum(order.total)", order(total=100)).reason == "others"
    # A trait does not change the place in the rank.
    assert change("top 1 by sum(order.total) and city = 'a'", order(total=9000)).is_tried


def test_a_segment_is_gone_into_and_what_was_done_by_hand_is_taken_back() -> None:
    inner = defined("count(order) >= 2", RICH)
    rule = Version(0, lambda: inner)
    out = Pin("ada", True, "asked for", instant("2024-01-01"), until=instant("2024-06-01"))
    assert says(change("in segment 'a'", order(), segments={"a": Named((rule,))})) == [
        "1 more of `order` (has 1, needs 2)"
    ]
    found = change("in segment 'a'", order(), order(), segments={"a": Named((rule,), (out,))})
    assert says(found) == ["the exclusion from `a` would have to be taken back"]
    assert found.is_tried  # by time: it expires
    assert ahead("in segment 'a'", order(), order(), segments={"a": Named((rule,), (out,))}) == Ahead(out.until)
    listed = Named((Version(0, lambda: FixedList(frozenset({"ben"}))),))
    assert says(change("in segment 'a'", segments={"a": listed})) == ["being put on the list `a`"]
    assert ahead("in segment 'a'", segments={"a": listed}) == Ahead()


def test_who_is_deleted_would_have_to_be_restored() -> None:
    gone = fact("track", "Profile Deleted", "2024-05-01", {})
    found = change("city = 'a'", said(city="a"), gone)
    assert (says(found), found.is_tried) == (["the person would have to be restored"], True)
    # Of somebody who is not in the base, nobody has worked out what place in a rank they have.
    assert not change("not top 1 by age", said(birth_date="1990-01-01"), gone).is_tried


def test_of_several_ways_the_one_with_the_fewest_conditions_is_taken() -> None:
    found = change(
        "(city = 'a' and did order and did view) or (age > 200 or (score = 3 and not city = 'b'))", said(city="b")
    )
    assert [step.text for step in found.steps] == ["score = 3", "city != 'b'"]
    assert found.is_tried


# --- by hand, on random people


def orders_of(chance: Random) -> list[Fact]:
    return [
        order(
            f"2024-0{chance.randrange(1, 6)}-0{chance.randrange(1, 9)}", total=Decimal(chance.randrange(1, 9000)) / 100
        )
        for _ in range(chance.randrange(7))
    ]


@pytest.mark.parametrize("seed", range(so_many(60, 2000)))
def test_so_many_more_orders_flip_a_count_and_one_fewer_does_not(seed: int) -> None:
    chance = Random(seed)
    facts, least, bound = orders_of(chance), chance.randrange(80), chance.randrange(1, 9)
    sign = chance.choice((">", ">=", "="))
    text = f"count(order where total > {least}, last 2 months) {sign} {bound}"
    window = [one for one in facts if one.occurred_at >= instant("2024-03-15T12:00")]
    has = sum(Decimal(str(one.properties["total"])) > least for one in window)
    needs = bound + 1 if sign == ">" or (sign == "=" and has == bound) else bound
    found = change(text, *facts)
    if has > bound or (has == bound and sign == ">="):
        falls_to = bound if sign != ">=" else bound - 1
        assert says(found)[0].endswith(f"would have to fall to {falls_to}; it is {has}"), text
        assert found.would_be is (sign == "=")
        return
    assert says(found)[0].endswith(f"(has {has}, needs {needs})"), text
    assert found.is_tried
    more = [order(NOW, total=least + 1) for _ in range(needs - has)]
    before = is_in(text, *facts)
    assert is_in(text, *facts, *more) is not before
    assert is_in(text, *facts, *more[1:]) is before


@pytest.mark.parametrize("seed", range(so_many(60, 2000)))
def test_so_much_more_flips_a_sum_and_the_least_amount_less_does_not(seed: int) -> None:
    chance = Random(seed)
    facts, bound = orders_of(chance), Decimal(chance.randrange(1, 40000)) / 100
    sign = chance.choice((">", ">="))
    has = sum((Decimal(str(one.properties["total"])) for one in facts), Decimal(0))
    text = f"sum(order.total) {sign} {bound}"
    found = change(text, *facts)
    if found.would_be:
        cents = int(bound * 100) + (sign == ">") - int(has * 100)
        assert says(found)[0].startswith(f"`sum(order.total)` is {Decimal(cents) / 100:f} short of"), text
        assert found.is_tried
        assert is_in(text, *facts, order(NOW, total=Decimal(cents) / 100))
        assert not is_in(text, *facts, order(NOW, total=Decimal(cents - 1) / 100))


# --- the fewest


LEAVES = ("did order", "did view", "city = 'a'", "score = 1", "note = 'n'", "is_vip = true")
TURNED: dict[str, Any] = {
    "did order": order, "did view": view,
    "city = 'a'": lambda at: said(at, city="a"), "score = 1": lambda at: said(at, score=1),
    "note = 'n'": lambda at: said(at, note="n"), "is_vip = true": lambda at: said(at, is_vip=True),
}  # fmt: skip


def random_rule(chance: Random, leaves: Sequence[str]) -> str:
    """A rule that names each of some conditions once."""
    if len(leaves) == 1:
        return chance.choice(("{}", "not ({})")).format(leaves[0])
    cut = chance.randrange(1, len(leaves))
    joint = chance.choice(("({}) and ({})", "({}) or ({})", "not (({}) and ({}))", "not (({}) or ({}))"))
    return joint.format(random_rule(chance, leaves[:cut]), random_rule(chance, leaves[cut:]))


@pytest.mark.parametrize("seed", range(so_many(60, 1000)))
def test_no_smaller_set_of_conditions_would_do(seed: int) -> None:
    chance = Random(seed)
    leaves = chance.sample(LEAVES, chance.randrange(2, len(LEAVES) + 1))
    text = random_rule(chance, leaves)
    found = change(text)  # Of nobody who did anything yet: every condition can be turned, by a fact.
    before = is_in(text)
    sizes = (
        size
        for size in range(1, len(leaves) + 1)
        for some in combinations(leaves, size)
        if is_in(text, *(TURNED[leaf](NOW) for leaf in some)) is not before
    )
    assert (len(found.steps), found.is_tried) == (next(sizes), True), text


def test_what_would_have_to_hold_is_a_text_of_the_language() -> None:
    text = "did order and not (city = 'a' or score > 3) and never view in last 9 days"
    found = change(text, said(city="a"), view("2024-01-01"))
    texts = [step.text for step in found.steps]
    assert texts == ["did order", "city != 'a'"]
    assert is_in(" and ".join(texts), order())
