"""The instants at which an answer may change: held against a walk over every quarter of an hour and its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intarsia.clock import EPOCH, begin_of_day
from intarsia.language import Checked, tree
from intarsia.language.catalog import Trait
from intarsia.language.interpret import GivenSets, Question
from intarsia.language.interpret.conditions import is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.moments import Moments
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.meaning.rates import Quote, Rates
from intarsia.profile.derived import derive
from tests.language.asking import CATALOG, defined, instant, json
from tests.thorough import THOROUGH, so_many

QUARTER = 15 * 60_000
DAY = 96 * QUARTER
DAYS = 3
SEEDS = 1
BEGINS = ("2024-02-27", "2024-03-29", "2024-10-25", "2024-05-29", "2024-03-18")
"""A leap day, both changes of the clock, the ends of a month and of a Jalali year: the walk begins in the midst."""

RICH = replace(
    CATALOG,
    traits={
        **CATALOG.traits,
        ("timezone",): Trait(("timezone",)),
        ("place_timezone",): Trait(("place_timezone",), is_derived=True),
    },
    consents=frozenset({("email", "marketing")}),
    rates=Rates.of({"EUR": [Quote(date(2024, month, day), Decimal(day % 3 + 8)) for month in (2, 3, 5, 10, 11)
                            for day in range(1, 29) if day % 4]}),
)  # fmt: skip

TEXTS = (
    *("did order in last 2 hours", "did order in last 1 day", "never order in last 3 days", "did order in today"),
    *("did order in previous week", "did order in this month", "did order between 1 and 2 days ago"),
    *("did order more than 1 days ago", "did order in last 1 month", "count(any event, last 1 day) = 1"),
    *("count(order, last 2 days) >= 2", "sum(order.total, last 1 day) > 100", "first(order) in last 1 day"),
    *("last(order) more than 1 days ago", "last(order.note) in next 2 days", "did order where (note in next 1 day)"),
    *("renewal in next 1 day", "renewal in last 2 days", "renewal in tomorrow", "renewal in last 30 hours"),
    *("signed_up in last 1 day", "signed_up in next 12 hours", "renewal = 2024-02-29 or renewal > 2024-03-30"),
    *("age >= 30", "age between 29 and 30 and not city = 'a'", "city = 'a'", "country is known"),
    *("did order in today in local time", "did order in last 1 day in local time", "renewal in today in local time"),
    *("signed_up in yesterday in local time", "did order in previous month by jalali calendar"),
    *("did order in this year by jalali calendar", "did order in last 1 month by jalali calendar"),
    *("city = 'a' for at least 1 day", "city != 'a' for less than 2 days", "age >= 30 for at least 1 day"),
    *("age >= 30 for less than 30 hours", "country is known for at least 5 hours"),
    *("active(order, 2 of last 3 days)", "active(order, 1 of previous 2 days)"),
    "active(order, 2 times, 1 of last 2 days)",
    *("active(order, 2 of last 3 periods of 12 hours)", "lapsed(order, 1 day)", "first_time(order, last 1 day)"),
    *("returned(order, last 1 day, after 12 hours)", "lapsed(order where total > 50, 30 hours)"),
    *("sequence(order where total > 50, order within 1 day, in last 2 days)", "sequence(order, no order within 1 day)"),
    "sequence(order, no order where total > 50 within 30 hours, order, in last 2 days)",
    *("trend(sum(order.total), last 1 day) > 0", "trend(count(order), previous day) < 0"),
    *("trend(count(order), between 1 and 2 days ago) >= 0", "ratio(count(order, last 1 day), count(order)) > 0.5"),
    *("anniversary(birth_date) in next 1 day", "anniversary(birth_date) in today in local time"),
    *("anniversary(birth_date) in last 2 days", "anniversary(birth_date) in last 20 hours"),
    *("consent email for marketing is given", "consent email for marketing is unknown or did order in last 2 hours"),
    *("sum(order.total, last 2 days) > 9 EUR", "top 1 by count(order, last 1 day)"),
    *("entered segment 'a' in last 1 day", "left segment 'a' in yesterday"),
    "entered segment 'a' in today in local time",
    *("profile is identified", "everyone", "did order where (has line (sku = 'x')) in last 1 day"),
)  # fmt: skip


def facts(chance: Random, begin: int, text: str) -> Iterator[Fact]:
    """What is said and done in the days before and while the walk goes on, mostly what a rule asks for."""
    yield _fact("first", "page", "page", begin - 3 * DAY, {"path": "/"})
    for number in range(chance.randrange(4, 12)):
        at = begin + QUARTER * chance.randrange(-2 * 96, DAYS * 96)
        if any(unit in text for unit in ("week", "month", "year")):
            at -= DAY * chance.choice((0, 7, 30, 31))
        later = EPOCH + timedelta(milliseconds=begin + QUARTER * chance.randrange(-96, DAYS * 96))
        pool = _pool(chance, f"m{number}", at, later)
        asked = [fact for word, some in pool.items() if word in text for fact in some]
        yield chance.choice(
            asked if asked and chance.random() < 0.7 else [fact for some in pool.values() for fact in some]
        )


def _pool(chance: Random, id: str, at: int, later: datetime) -> dict[str, list[Fact]]:
    """Facts by the word of a rule that asks for them."""
    day, total = str(later.date()), chance.choice((40, 70, 120))
    born = str(later.date().replace(year=later.year - 30, day=min(later.day, 28)))
    lines = ({"sku": "x"},) if chance.random() < 0.5 else ()
    order = _fact(id, "track", "Order Completed", at, {"order_id": id, "total": total, "note": day}, lines)
    ends = chance.choice((None, day, later.isoformat()))
    consent = {"channel": "email", "purpose": "marketing", "expires_at": ends}
    consents = [_fact(id, "track", f"Consent {what}", at, consent) for what in ("Given", "Given", "Withdrawn")]
    traits: dict[str, dict[str, Any]] = {
        "city": {"city": chance.choice("ab")},
        "renewal": {"renewal": day},
        "birth_date": {"birth_date": born},
        "age": {"birth_date": born},
        "signed_up": {"signed_up": later.replace(tzinfo=UTC).isoformat()},
        "country": {"country": chance.choice(("CZ", None))},
        "local": {"timezone": chance.choice(("Asia/Tokyo", "America/St_Johns", None))},
    }
    others = [_fact(id, "track", name, at, {}) for name in ("Profile Deleted", "Profile Restored")]
    said = {word: [_fact(id, "identify", "identify", at, some)] for word, some in traits.items()}
    return {**said, "order": [order] * 5, "consent": consents, "?": others}


def _fact(id: str, kind: str, name: str, at: int, said: dict[str, Any], lines: Sequence[dict[str, Any]] = ()) -> Fact:
    return Fact(id, kind, name, at, at, False, json(said), tuple(lines))  # type: ignore[arg-type]


def answers(checked: Checked, person: Person, moved: Sequence[int], at: int) -> bool:
    """Whether ada is in at an instant; a rank takes all who have a value, and she has moved at some instants."""
    known = Known(person, Question(at), RICH, derive)
    only = frozenset({"ada"})
    sets: dict[tree.InSegment | tree.Moved, frozenset[str]] = {}
    for node in checked.tree.walk():
        if isinstance(node, tree.Moved) and node.window is not None:
            span = known.when.instants(node.window)
            sets[node] = only if any(one <= at and span.holds(one) for one in moved) else frozenset()
    if isinstance(checked.tree, tree.Rank):
        return is_member(tree.Did(tree.Event(("order",)), window=checked.tree.by.window), known, GivenSets())  # type: ignore[union-attr]
    return is_member(checked.tree, known, GivenSets(earlier=sets))


def changes(checked: Checked, person: Person, moved: Sequence[int], begin: int) -> set[int]:
    """The instants of the walk at which the answer is another than just before."""
    found = set()
    was_in = answers(checked, person, moved, begin)
    for quarter in range(begin, begin + DAYS * DAY, QUARTER):
        for point in (quarter, quarter + 1):
            is_in = answers(checked, person, moved, point)
            if is_in != was_in:
                found.add(point)
            was_in = is_in
    return found


def walk(text: str, seed: int) -> int:
    """Hold one person against the walk; how often the answer changed."""
    chance = Random(f"{text} {seed}")
    checked, begin = defined(text, RICH), instant(chance.choice(BEGINS)) + QUARTER * chance.randrange(96)
    person = Person("ada", tuple(facts(chance, begin, text)))
    moved = sorted(begin + QUARTER * chance.randrange(-96, DAYS * 96) for _ in range(chance.randrange(4)))

    def moves(_: tree.Moved, first: int, after: int) -> list[int]:
        return [one for one in moved if first <= one < after]

    moments = Moments(RICH, (person,), moves, derive).of(checked.tree, begin, begin + DAYS * DAY)
    moments |= {one for one in moved if begin < one}
    found = changes(checked, person, moved, begin)
    assert found <= moments, f"{text}, seed {seed}: {sorted(found - moments)}"
    return len(found)


@pytest.mark.parametrize("text", TEXTS)
def test_no_instant_is_missed(text: str) -> None:
    for seed in range(SEEDS):
        walk(text, seed)


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS)
def test_no_instant_is_missed_by_many_people(text: str) -> None:
    changed = sum(walk(text, seed) for seed in range(SEEDS, so_many(6, 40)))
    assert changed or not THOROUGH or text == "everyone" or "is identified" in text


def test_a_day_begins_once_though_the_clock_is_set_back_into_the_day_before() -> None:
    zone = ZoneInfo("America/St_Johns")
    catalog = replace(RICH, timezone=zone.key)
    begin = begin_of_day(date(2009, 11, 1), zone)
    order = _fact("o", "track", "Order Completed", begin - 10 * 60_000, {"total": 1})
    moments = Moments(catalog, (Person("ada", (order,)),), lambda *_: (), derive)
    found = moments.by_time(defined("did order in yesterday", catalog).tree, begin - DAY, begin + DAY)
    # At 00:01 the clock goes back to 23:01: it shows the day before, and the next midnight an hour later.
    assert begin in found
    assert not {begin + 60_000, begin + 60 * 60_000} & found


def test_instants_of_the_future_of_a_window_are_found_without_an_event() -> None:
    order = _fact("o", "track", "Order Completed", instant("2024-03-31T10:00"), {"total": 1})
    moments = Moments(RICH, (Person("ada", (order,)),), lambda *_: (), derive)
    found = moments.of(defined("did order in last 1 month", RICH).tree, instant("2024-04-01"), instant("2024-06-01"))
    assert found == {instant("2024-05-01")}
