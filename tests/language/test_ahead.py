"""When an answer becomes another if nothing happens: held against a walk through every quarter of an hour."""

from __future__ import annotations

from random import Random

import pytest

from intarsia.clock import to_iso
from intarsia.language import Checked, tree
from intarsia.language.checking.named import FixedList, Named, NamedSegments, Pin, Version
from intarsia.language.interpret import GivenSets, Question, Ranking
from intarsia.language.interpret.ahead import Ahead, Forward
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.whole import Whole
from intarsia.language.meaning.facts import Fact, Person
from intarsia.profile.derived import derive
from tests.language.asking import NOW, defined, instant, order, said
from tests.language.test_moments import BEGINS, DAY, DAYS, QUARTER, RICH, TEXTS, facts
from tests.thorough import so_many

OF_OTHERS = ("segment", "top 1")
WALKED = tuple(text for text in TEXTS if not any(word in text for word in OF_OTHERS))
SEEDS = 1
JOINTS = ("({}) and ({})", "({}) or ({})", "not (({}) and ({}))", "({}) and not ({})", "not ({}) or ({})")


def forward(person: Person, at: int) -> Forward:
    return Forward(Whole(person, Question(at), RICH, GivenSets(), derive=derive))


def is_in(checked: Checked, person: Person, at: int) -> bool:
    return is_member(checked.tree, Known(person, Question(at), RICH, derive), GivenSets())


def first_change(checked: Checked, person: Person, begin: int) -> int | None:
    """The first instant of the walk at which the answer is another than at its begin."""
    before = is_in(checked, person, begin)
    points = (quarter + step for quarter in range(begin, begin + DAYS * DAY, QUARTER) for step in (0, 1))
    return next((point for point in points if is_in(checked, person, point) is not before), None)


def compare(text: str, chance: Random, told: str) -> bool:
    """Hold one person against the walk; whether the answer changed within it."""
    checked, begin = defined(text, RICH), instant(chance.choice(BEGINS)) + QUARTER * chance.randrange(96)
    person = Person("ada", tuple(facts(chance, begin, text)))
    found = forward(person, begin).of(checked.tree)
    expected = first_change(checked, person, begin)
    assert found.reason in (None, "years"), told
    if expected is None:
        assert found.until >= begin + DAYS * DAY, f"{told}: {found}"
    else:
        assert found == Ahead(expected), f"{told}: {to_iso(expected)}, not {found}"
    if found.reason is None and found.at is not None:
        before = is_in(checked, person, begin)
        assert is_in(checked, person, found.at - 1) is before, told
        assert is_in(checked, person, found.at) is not before, told
    return expected is not None


@pytest.mark.parametrize("text", WALKED)
def test_the_next_change_is_that_of_a_walk(text: str) -> None:
    for seed in range(SEEDS):
        compare(text, Random(f"{text} {seed}"), f"{text}, seed {seed}")


@pytest.mark.slow
@pytest.mark.parametrize("text", WALKED)
def test_the_next_change_is_that_of_a_walk_for_many_people(text: str) -> None:
    for seed in range(SEEDS, so_many(6, 60)):
        compare(text, Random(f"{text} {seed}"), f"{text}, seed {seed}")


def test_the_next_change_of_what_is_joined_is_that_of_a_walk() -> None:
    changed = 0
    for seed in range(so_many(60, 3000)):
        chance = Random(seed)
        text = chance.choice(JOINTS).format(chance.choice(WALKED), chance.choice(WALKED))
        changed += compare(text, chance, f"{text}, seed {seed}")
    assert changed > 20


# --- what is bounded, and what others decide


def ahead(text: str, *facts: Fact, looks_most: int = 10_000) -> Ahead:
    checked, at = defined(text, RICH), instant(NOW)
    visit = Fact("visit", "page", "page", 0, 0)
    whole = Whole(Person("ada", (visit, *facts)), Question(at), RICH, GivenSets(), derive=derive)
    return Forward(whole, looks_most=looks_most).of(checked.tree)


def test_what_nothing_moves_never_changes() -> None:
    assert ahead("city = 'a' and did order", order()) == Ahead()
    assert ahead("did order", order()) == Ahead()


def test_a_day_that_is_far_away_is_found() -> None:
    assert ahead("renewal in tomorrow", said(renewal="9990-05-05")) == Ahead(instant("9990-05-04"))


def test_what_never_ends_is_followed_for_a_while_only() -> None:
    born = said(birth_date="1990-05-01")
    assert ahead("age >= 60", born) == Ahead(instant("2050-05-01"))
    assert ahead("age > 200", born) == Ahead(instant("2054-05-15T12:00"), "years")
    # Beyond that, too, an answer comes that is not wrong.
    assert ahead("renewal in tomorrow and age > 200", born, said(renewal="9990-05-05")).reason == "years"
    assert ahead("city = 'a' and age > 200", born) == Ahead()


def test_a_statement_or_an_event_that_is_still_to_come_counts() -> None:
    assert ahead("city = 'a'", said("2024-06-01", city="a")) == Ahead(instant("2024-06-01"))
    soon = [order("2024-05-14"), order("2024-05-20")]
    assert ahead("did order in last 7 days", *soon) == Ahead(instant("2024-05-27") + 1)


def test_more_work_than_is_allowed_leaves_the_answer_open() -> None:
    many = [order(f"2024-05-{day:02}", total=1) for day in range(1, 15)]
    found = ahead("sum(order.total, last 30 days) > 1", *many, looks_most=60)
    exact = ahead("sum(order.total, last 30 days) > 1", *many)
    assert (found.reason, exact.reason) == ("work", None)
    assert found.until < exact.until


def test_others_matter_only_where_they_decide() -> None:
    only: dict[tree.Rank, Ranking] = {}
    for text, reason in (
        ("top 1 by age", "others"),
        ("top 1 by age and city = 'a'", None),
        ("top 1 by age or did order", None),
    ):
        checked = defined(text, RICH)
        only |= {node: Ranking(frozenset({"ada"})) for node in checked.tree.walk() if isinstance(node, tree.Rank)}
        whole = Whole(Person("ada", (order(),)), Question(instant(NOW)), RICH, GivenSets(only), derive=derive)
        assert Forward(whole).of(checked.tree).reason == reason, text


def test_pins_and_exclusions_expire_and_lists_stay() -> None:
    rule, at = defined("did order in last 7 days", RICH), instant(NOW)
    pin = Pin("ada", False, "a test", at - 1, until=at + 5_000)
    out = Pin("ada", True, "a test", at - 1, until=at + 9_000)
    ada = Person("ada", (order("2024-05-01"),))

    def found(*pins: Pin, ids: frozenset[str] | None = None) -> Ahead:
        version = Version(0, lambda: rule if ids is None else FixedList(ids))
        segments = NamedSegments({"a": Named((version,), pins)})
        return Forward(Whole(ada, Question(at), RICH, GivenSets(), segments)).of(tree.InSegment("a"))

    assert found(pin) == Ahead(at + 5_000)
    assert found(pin, out) == Ahead()
    assert found(out, ids=frozenset({"ada"})) == Ahead(at + 9_000)
    assert found(ids=frozenset({"ada"})) == Ahead()


def test_who_somebody_is_a_statement_tells_too() -> None:
    visit = Fact("v", "page", "page", instant("2024-05-01"), instant("2024-05-01"), is_anonymous=True)
    ada = Person("ada", (visit, said("2024-06-01", note="x")))
    found = forward(ada, instant(NOW)).of(defined("profile is not identified", RICH).tree)
    assert found == Ahead(instant("2024-06-01"))
