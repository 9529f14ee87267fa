"""Since when has a person been in? Held against a walk over every instant at which anything could change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intarsia.clock import EPOCH
from intarsia.language import tree
from intarsia.language.catalog import Trait
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.meaning.rates import Quote, Rates
from intarsia.membership import instants
from intarsia.membership.instants import Beside, Rule, Search
from intarsia.profile.derived import derive
from tests.language.asking import CATALOG, defined, instant, json, order, said

QUARTER = 15 * 60_000
DAYS = 5
LATER = instant("2100-01-01")

BEGINS = ("2024-02-27", "2024-03-29", "2024-10-25", "2024-05-28")
"""Five days each: a leap day, both changes of the clock, the end of a month."""

TEXTS = (
    "did order in last 2 hours",
    "did order in last 1 day",
    "never order in last 3 days",
    "did order in last 1 month",
    "did order in today",
    "did order in previous week",
    "did order in this month",
    "did order between 1 and 3 days ago",
    "count(order, last 2 days) >= 2",
    "count(order where total > 50, last 1 day) = 1",
    "sum(order.total, last 1 day) > 100",
    "first(order) in last 2 days",
    "last(order) more than 1 days ago",
    "did order where (note in next 2 days)",
    "renewal in next 3 days",
    "renewal in last 2 days",
    "renewal in tomorrow",
    "renewal in last 30 hours",
    "signed_up in last 1 day",
    "signed_up in next 1 day and never order in last 1 day",
    "age >= 30",
    "age between 29 and 30 and not city = 'a'",
    "city = 'a'",
    "country is known or did order in last 1 day",
    "in segment 'a'",
    "in segment 'a' and did order in last 1 day",
    "not in segment 'a' or in segment 'b'",
    "everyone",
    "did order in today in local time",
    "did order in last 1 day in local time and not city = 'b'",
    "renewal in tomorrow in local time",
    "signed_up between 1 and 2 days ago in local time",
    "did order in this month by jalali calendar",
    "count(any event, last 1 day) = 1",
    "city = 'a' for at least 1 day",
    "city != 'a' for less than 2 days",
    "age >= 30 for at least 1 day",
    "age >= 30 for less than 30 hours",
    "active(order, 2 of last 3 days)",
    "active(order, 1 of previous 2 days)",
    "active(order, 2 of last 3 periods of 12 hours)",
    "lapsed(order, 1 day)",
    "first_time(order, last 2 days)",
    "returned(order, last 2 days, after 1 day)",
    "sequence(order where total > 50, order within 1 day, in last 3 days)",
    "sequence(order, no order within 1 day)",
    "sequence(order, no order where total > 50 within 30 hours, order, in last 2 days)",
    "trend(sum(order.total), last 1 day) > 0",
    "trend(count(order), previous day) < 0",
    "ratio(count(order, last 1 day), count(order)) > 0.5",
    "anniversary(birth_date) in next 1 day",
    "anniversary(birth_date) in today or anniversary(renewal) in last 2 days",
    "consent email for marketing is given",
    "consent email for marketing is unknown or did order in last 2 hours",
    "sum(order.total, last 2 days) > 4 EUR",
    "entered segment 'a' in last 1 day",
    "left segment 'a' in yesterday and did order",
    "entered segment 'a' in today in local time",
)

ZONES = ("Asia/Tokyo", "America/St_Johns", "Europe/London", None)
RICH = replace(
    CATALOG,
    traits={
        **CATALOG.traits,
        ("timezone",): Trait(("timezone",)),
        ("place_timezone",): Trait(("place_timezone",), is_derived=True),
    },
    consents=frozenset({("email", "marketing")}),
    rates=Rates.of(
        {"EUR": [Quote(day, Decimal(rate)) for day, rate in [(date(2024, 2, 29), 10), (date(2024, 3, 1), 20)]]}
    ),
)


def wall(begin: int, quarters: int) -> datetime:
    return EPOCH + timedelta(milliseconds=begin + quarters * QUARTER)


TRAITS_SAID = ("city", "renewal", "signed_up", "birth_date", "country", "timezone")
MARKETING = {"channel": "email", "purpose": "marketing"}


@st.composite
def facts(draw: st.DrawFn, begin: int, number: int) -> Fact:
    at = begin + QUARTER * draw(st.integers(-4 * 96, DAYS * 96))
    later = wall(begin, draw(st.integers(0, DAYS * 96)))
    kind = draw(st.sampled_from(("order", "order", *TRAITS_SAID, "Consent Given", "Consent Withdrawn")))
    properties: dict[str, object] = {
        "order": {"order_id": str(number), "total": draw(st.sampled_from((40, 70))), "note": str(later.date())},
        "city": {"city": draw(st.sampled_from("ab"))},
        "renewal": {"renewal": str(later.date())},
        "signed_up": {"signed_up": later.isoformat()},
        "birth_date": {"birth_date": str(later.date().replace(year=later.year - 30, day=min(later.day, 28)))},
        "country": {"country": draw(st.sampled_from(("CZ", None)))},
        "timezone": {"timezone": draw(st.sampled_from(ZONES))},
        "Consent Given": {
            **MARKETING,
            "expires_at": draw(st.sampled_from((None, str(later.date()), later.isoformat()))),
        },
        "Consent Withdrawn": MARKETING,
    }[kind]  # type: ignore[assignment]
    names = ("identify", "identify") if kind in TRAITS_SAID else ("track", {"order": "Order Completed"}.get(kind, kind))
    return Fact(f"m{number}", *names, at, at, False, json(properties))  # type: ignore[arg-type]


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Person, Search, Beside]:
    begin = instant(draw(st.sampled_from(BEGINS)))
    text = draw(st.sampled_from(TEXTS))
    person = Person("ada", tuple(draw(facts(begin, number)) for number in range(draw(st.integers(0, 6)))))
    at = begin + QUARTER * draw(st.integers(1, DAYS * 96)) + draw(st.integers(0, 1))
    floor = begin + QUARTER * draw(st.integers(0, (at - begin) // QUARTER))
    previous_at = floor + QUARTER * draw(st.integers(0, (at - floor) // QUARTER))
    steps = draw(st.lists(st.integers(0, DAYS * 96), max_size=3, unique=True))
    said_of_a = [(begin + QUARTER * step, place % 2 == 0) for place, step in enumerate(sorted(steps))]
    segments = {name: said_of_a if name == "a" else [] for name in defined(text, RICH).segments}
    moves = {tree.Moved(how, "a"): [begin + QUARTER * step for step in steps] for how in ("entered", "left")}
    beside = Beside(segments, moves=moves)
    is_in = rule_of(text).holds(person, at, LATER, beside)
    return text, person, Search(at, LATER, is_in, previous_at, floor), beside


def rule_of(text: str) -> Rule:
    return Rule(defined(text, RICH), RICH, derive)


def walked(rule: Rule, person: Person, search: Search, beside: Beside) -> int:
    """Every quarter of an hour, and the millisecond after it, from the question back to the floor."""
    first = search.at - search.at % QUARTER
    for quarter in range(first, search.floor - QUARTER, -QUARTER):
        for point in (quarter + 1, quarter):
            is_inside = search.floor < point <= search.at
            if is_inside and rule.holds(person, point - 1, LATER, beside) != search.is_in:
                return point
    return search.floor


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_instant_is_that_of_a_walk_through_all_of_time(
    case: tuple[str, Person, Search, Beside],
) -> None:
    text, person, search, beside = case
    rule = rule_of(text)
    assert rule.since(person, search, beside) == walked(rule, person, search, beside), text


def ada(*given: Fact) -> Person:
    return Person("ada", given)


def since(text: str, person: Person, *, at: str, floor: str = "2000-01-01", previous: str = "2000-01-01") -> int | None:
    rule = rule_of(text)
    is_in = rule.holds(person, instant(at), LATER, Beside())
    return rule.since(person, Search(instant(at), LATER, is_in, instant(previous), instant(floor)), Beside())


def test_leaving_a_window_is_its_first_millisecond_without_the_fact() -> None:
    person = ada(order("2024-03-03T10:00"))
    assert since("did order in last 30 days", person, at="2024-06-01") == instant("2024-04-02T10:00:00.001")


def test_what_happened_on_the_31st_leaves_with_the_month_that_has_none() -> None:
    # The window seen from 30 April begins on 30 March, the one seen from 1 May on 1 April.
    person = ada(order("2024-03-31T10:00"))
    assert since("did order in last 1 month", person, at="2024-06-01") == instant("2024-05-01T00:00")


def test_a_leap_day_is_left_a_year_later_at_the_end_of_february() -> None:
    person = ada(order("2024-02-29T10:00"))
    assert since("did order in last 1 year", person, at="2025-06-01") == instant("2025-03-01T00:00")


def test_an_hour_that_is_skipped_ends_with_its_gap() -> None:
    # On 31 March 2024 Prague's clock goes from 02:00 to 03:00; the day after, the window begins in the gap.
    person = ada(order("2024-03-31T01:59:59.999"))
    assert since("did order in last 1 day", person, at="2024-04-05") == instant("2024-04-01T02:00")


def test_an_hour_that_comes_twice_waits_in_its_second_pass() -> None:
    person = ada(order("2024-10-26T02:30"))
    assert since("did order in last 1 day", person, at="2024-11-01") == instant("2024-10-27T02:30:00.001+02:00")


def test_a_birthday_is_found_in_a_year_of_days() -> None:
    person = ada(said("2024-01-01", birth_date="1990-02-28"))
    assert since("age >= 30", person, at="2024-12-01") == instant("2024-01-01")
    assert since("age >= 35", person, at="2026-12-01") == instant("2025-02-28")
    assert since("age between 35 and 36", person, at="2029-12-01") == instant("2027-02-28")


def test_the_floor_is_the_answer_when_nothing_changed_after_it() -> None:
    person = ada(order("2024-03-03T10:00"))
    assert since("did order", person, at="2024-06-01", floor="2024-05-01") == instant("2024-05-01")


def test_a_person_with_too_many_instants_gets_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instants, "STEPS_MOST", 3)
    days = [order(f"2024-03-{day:02}", total=Decimal(day)) for day in range(1, 6)]
    assert since("did order", ada(*days), at="2024-06-01") is None
    assert since("did order", ada(*days[:3]), at="2024-06-01") == instant("2024-03-01")
