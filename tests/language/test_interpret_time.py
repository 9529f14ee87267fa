"""Traits that have been so for long, anniversaries, other clocks: what is refused, and why somebody is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intarsia.errors import UserError
from intarsia.language import tree
from intarsia.language.catalog import Kind, Trait
from intarsia.language.checking.check import check
from intarsia.language.reading.parse import parse
from intarsia.profile.derived import derive
from tests.language.asking import CATALOG, defined, is_in, said, value, view, why

KINDS = replace(
    CATALOG,
    traits={
        **CATALOG.traits,
        ("score",): Trait(("score",), Kind.NUMBER),
        ("birth_date",): Trait(("birth_date",), Kind.DATE),
    },
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(view) > 3 for at least 3 days", "language.held-of-traits"),
        ("last(view) is known for at least 3 days", "language.held-of-traits"),
        ("bucket('a') < 0.5 for less than 3 days", "language.held-of-traits"),
        ("anniversary(birth_date) is known for at least 3 days", "language.held-of-traits"),
        ("profile = 'ada' for at least 3 days", "language.held-of-traits"),
        ("city = 'x' and did view where (path = 'x' for at least 3 days)", "language.held-of-traits"),
        ("did view where (anniversary(birth_date) in today)", "language.not-in-where"),
        ("anniversary(nothing) in today", "language.unknown-trait"),
        ("anniversary(score) in today", "language.wrong-test"),
        ("anniversary(interests) > 5", "language.open-anniversary"),
        ("anniversary(birth_date) before 2026-01-01", "language.open-anniversary"),
        ("anniversary(birth_date) since 2026-01-01", "language.open-anniversary"),
        ("anniversary(birth_date) more than 3 days ago", "language.open-anniversary"),
        ("anniversary(birth_date) = 2026-01-01", "language.open-anniversary"),
        ("anniversary(birth_date) is empty", "language.open-anniversary"),
        ("anniversary(birth_date) in this hour", "language.no-such-period"),
        ("top 10 by anniversary(birth_date)", "language.wrong-rank"),
        ("top 10 by anniversary(note)", "language.wrong-rank"),
    ],
)
def test_what_has_no_meaning_is_refused(text: str, expected: str) -> None:
    with pytest.raises(UserError) as refused:
        defined(text, KINDS)
    assert refused.value.code == expected


def test_a_window_moves_while_it_is_asked_and_cannot_be_held() -> None:
    during = parse("signed_up in last 3 days")
    assert isinstance(during, tree.Test)
    with pytest.raises(UserError) as refused:
        check(replace(during, held=tree.Held("at least", tree.Length(3, "day"))), CATALOG)
    assert refused.value.code == "language.held-of-traits"


def test_a_date_may_be_what_was_so() -> None:
    facts = said("2024-01-01", renewal="2024-09-01"), said("2024-05-01", renewal="2024-10-01")
    assert is_in("renewal > 2024-06-01 for at least 30 days", *facts)
    assert is_in("renewal > 2024-09-15 for less than 30 days", *facts)
    assert not is_in("renewal > 2024-09-15 for at least 30 days", *facts)


def test_by_what_was_known_then() -> None:
    facts = [
        said("2024-01-01", city="Praha"),
        said("2024-05-01", city="Brno", recorded="2024-05-12"),
        said("2024-05-02", city="Praha", recorded="2024-05-12"),
    ]
    assert is_in("city = 'Praha' for at least 30 days", *facts, known_at="2024-05-11")
    assert not is_in("city = 'Praha' for at least 30 days", *facts, known_at="2024-05-12")


def test_why_says_since_when_it_has_been_so() -> None:
    facts = [said("2024-01-01", city="Brno"), said("2024-04-20", city="Praha"), said("2024-05-02", city="Praha")]
    found = why("city = 'Praha' for at least 30 days", *facts)
    assert not found.holds
    assert found.facts == {
        "trait": "city",
        "value": "Praha",
        "since": "2024-04-19T22:00:00.000Z",
        "is_derived": False,
        "is_so": True,
        "held_begin": "2024-04-15T10:00:00.000Z",
        "held_since": "2024-04-19T22:00:00.000Z",
    }
    other = why("city != 'Praha' for at least 30 days", *facts).facts
    assert (other["is_so"], other["held_since"]) == (False, None)
    always = why("city != 'Oslo' for at least 30 days", *facts)
    assert always.holds
    assert (always.facts["is_so"], always.facts["held_since"]) == (True, None)


def test_why_names_the_anniversary() -> None:
    born = said("2024-01-01", birth_date="1992-02-29")
    within = why("anniversary(birth_date) in previous 3 months", born)
    assert within.holds
    assert within.facts["anniversary"] == "2024-02-29"
    assert within.facts["value"] == "1992-02-29"
    assert (within.facts["test_begin"], within.facts["test_end"]) == (
        "2024-01-31T23:00:00.000Z",
        "2024-04-30T22:00:00.000Z",
    )
    assert why("anniversary(birth_date) in next 7 days", born).facts["anniversary"] == "2025-02-28"
    assert why("anniversary(birth_date) in next 7 days", said("2024-01-01", city="x")).facts["anniversary"] is None


def test_the_value_of_an_anniversary_is_the_next_one() -> None:
    born = said("2024-01-01", birth_date="1990-05-15")
    assert value("anniversary(birth_date)", born) == "2024-05-15"
    assert value("anniversary(birth_date)", born, at="2024-05-16") == "2025-05-15"
    assert value("anniversary(birth_date)", said("2024-01-01", birth_date="2030-05-15")) == "2031-05-15"
    assert value("anniversary(birth_date)", said("2024-01-01", birth_date="9999-05-15")) is None


def test_in_local_time_the_window_is_the_persons_also_in_what_is_explained() -> None:
    apia = said("2024-01-01", timezone="Pacific/Apia")
    found = why("did view in today in local time", apia, view("2024-05-15T01:00"))
    assert found.holds
    assert found.facts["window_begin"] == "2024-05-14T11:00:00.000Z"
    assert is_in("did view in today in local time", apia, view("2024-05-14T13:00"))
    assert not is_in("did view in today in local time", apia, view("2024-05-14T12:59"))


def test_where_no_zone_is_stated_the_place_has_one() -> None:
    sydney = said("2024-01-01", city="Sydney", country="AU")
    morning = view("2024-05-14T16:00")  # the 15th in Sydney
    assert is_in("did view in today in local time", sydney, morning, derive=derive)
    assert not is_in("did view in today in local time", sydney, morning)


def test_the_workspaces_calendar_counts_where_a_window_names_none() -> None:
    jalali = replace(CATALOG, calendar="jalali")
    march = view("2024-03-25")  # 6 Farvardin, of the month before Ordibehesht
    assert is_in("did view in previous month", march, catalog=jalali)
    assert not is_in("did view in previous month by gregorian calendar", march, catalog=jalali)
    assert not is_in("did view in previous month", march)
    assert is_in("did view in previous month by jalali calendar", march)
