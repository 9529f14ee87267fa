"""Which value of a trait holds: late and undated ones, unknown again, derived, by what was known (rules 1-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from intarsia.clock import CalendarName, to_iso
from intarsia.language.catalog import Kind, Trait
from intarsia.language.meaning.facts import Fact, Json
from tests.language.asking import CATALOG, instant, is_in, order, said, who, why


def test_the_latest_by_its_own_time_holds_whenever_it_arrived() -> None:
    newer = said("2024-03-01", city="Brno", recorded="2024-03-01")
    late = said("2024-02-01", city="Praha", recorded="2024-04-01")
    assert is_in("city = 'Brno'", newer, late)


def test_an_earlier_question_sees_the_earlier_value() -> None:
    facts = said("2024-02-01", city="Praha"), said("2024-03-01", city="Brno")
    assert is_in("city = 'Praha'", *facts, at="2024-02-29T23:59:59.999")
    assert is_in("city = 'Brno'", *facts, at="2024-03-01")
    assert is_in("city is unknown", *facts, at="2024-01-31T23:59:59.999")


def test_by_what_was_known_a_late_value_is_not_there_yet() -> None:
    facts = said("2024-02-01", city="Praha"), said("2024-03-01", city="Brno", recorded="2024-04-01")
    assert is_in("city = 'Praha'", *facts, known_at="2024-03-31T23:59:59.999")
    assert is_in("city = 'Brno'", *facts, known_at="2024-04-01")


def test_null_makes_it_unknown_from_then_on() -> None:
    facts = said("2024-02-01", city="Praha"), said("2024-03-01", city=None)
    assert is_in("city is unknown", *facts)
    assert is_in("city = 'Praha'", *facts, at="2024-02-15")


def test_a_statement_about_another_trait_changes_nothing() -> None:
    assert is_in("city = 'Praha'", said("2024-02-01", city="Praha"), said("2024-03-01", country="CZ"))


def test_of_one_instant_the_greater_message_id_holds() -> None:
    one, other = said("2024-02-01", city="Praha", id="a"), said("2024-02-01", city="Brno", id="b")
    assert is_in("city = 'Brno'", one, other)
    assert is_in("city = 'Brno'", other, one)


def test_the_first_undated_value_holds_since_always() -> None:
    loaded = said(None, recorded="2024-04-01", city="Praha")
    assert is_in("city = 'Praha'", loaded, at="2019-01-01")
    assert not is_in("city = 'Praha'", loaded, at="2024-05-01", known_at="2024-03-31")


def test_a_later_undated_value_holds_from_its_load() -> None:
    loads = (
        said(None, recorded="2024-03-01", city="Praha"),
        said(None, recorded="2024-04-01", city="Brno"),
    )
    assert is_in("city = 'Praha'", *loads, at="2024-03-31T23:59:59.999")
    assert is_in("city = 'Brno'", *loads, at="2024-04-01")


def test_any_dated_value_is_later_than_the_first_undated_one() -> None:
    assert is_in("city = 'Brno'", said("1990-01-01", city="Brno"), said(None, recorded="2024-04-01", city="Praha"))


def test_undated_values_are_ordered_for_each_trait_by_itself() -> None:
    first = said(None, recorded="2024-03-01", city="Praha")
    second = said(None, recorded="2024-04-01", city="Brno", country="CZ")
    assert is_in("country = 'CZ' and city = 'Praha'", first, second, at="2020-01-01")


def test_two_undated_values_of_one_load_go_by_id() -> None:
    one = said(None, recorded="2024-03-01", city="Praha", id="a")
    other = said(None, recorded="2024-03-01", city="Brno", id="b")
    assert is_in("city = 'Praha'", one, other, at="2024-02-01")
    assert is_in("city = 'Brno'", one, other)


def test_a_nested_path_looks_into_the_latest_value_only() -> None:
    facts = said("2024-02-01", address={"city": "Praha"}), said("2024-03-01", address={"street": "Dlouhá"})
    assert is_in("address.city is unknown", *facts)


def test_the_order_of_arrival_never_matters() -> None:
    facts = [
        said("2024-02-01", city="Praha"),
        said(None, recorded="2024-01-15", city="Brno"),
        said("2024-03-01", city="Plzeň", recorded="2024-05-01"),
    ]
    assert {is_in("city = 'Plzeň'", *shuffled) for shuffled in permutations(facts)} == {True}


def age_from_birth_date(
    name: str, traits: Mapping[str, Json], at: int, zone: ZoneInfo, *, calendar: CalendarName
) -> Json:
    """A stand-in for the derivation of traits: the age of those born in 1980."""
    asked = name, to_iso(at), zone.key, calendar
    assert asked == ("age", "2024-05-15T10:00:00.000Z", "Europe/Prague", "gregorian")
    return "44" if traits.get("birth_date") == "1980-01-01" else None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([said(birth_date="1980-01-01", age=20)], True),
        ([said(birth_date="soon", age=44)], True),
        ([said(birth_date="soon", age=20)], False),
        ([said(age=44)], True),
        ([said(city="Praha")], False),
    ],
)
def test_a_derived_trait_comes_from_its_source_else_as_recorded(facts: list[Fact], expected: bool) -> None:
    assert is_in("age = 44", *facts, derive=age_from_birth_date) is expected


def test_a_path_goes_into_a_derived_object_else_into_the_recorded_one() -> None:
    def derive(name: str, traits: Mapping[str, Json], at: int, zone: ZoneInfo, *, calendar: CalendarName) -> Json:
        return {"city": "Brno"} if (name, at, zone.key, calendar) and traits else None

    derived = Trait(("address",), Kind.OBJECT, is_derived=True)
    within = Trait(("address", "city"), is_derived=True)
    catalog = replace(CATALOG, traits={("address",): derived, within.path: within, ("address", "zip"): within})
    recorded = said(address={"city": "Praha", "zip": "110"})
    assert is_in("address.city = 'Brno'", recorded, derive=derive, catalog=catalog)
    assert is_in("address.zip = '110'", recorded, derive=derive, catalog=catalog)


def test_without_a_derivation_a_derived_trait_is_as_recorded() -> None:
    assert is_in("age = 44", said(birth_date="1980-01-01", age=44))


def test_the_base_is_everybody_known_by_then() -> None:
    people = {
        "early": [said("2024-01-01", city="Praha")],
        "late": [said("2024-05-16", city="Praha")],
        "learned_later": [order("2024-01-01", recorded="2024-05-20")],
        "loaded": [said(None, recorded="2024-05-20", city="Praha")],
        "never": [],
    }
    assert who("everyone", people) == {"early", "learned_later", "loaded"}
    assert who("not city = 'Brno'", people) == {"early", "learned_later", "loaded"}
    assert who("everyone", people, known_at="2024-05-15T12:00") == {"early"}
    assert who("nobody", people) == set()


def test_a_profile_is_named_by_its_id() -> None:
    people = {name: [said(city="Praha")] for name in ("ada", "ben", "cyd")}
    assert who("profile in ('ada', 'ben', 'dan')", people) == {"ada", "ben"}


def test_since_when_is_the_begin_of_the_unbroken_run() -> None:
    facts = (
        said("2024-01-01", city="Brno"),
        said("2024-02-01", city="Praha"),
        said("2024-03-01", city="Praha"),
    )
    found = why("city = 'Praha'", *facts).facts
    assert (found["value"], found["since"]) == ("Praha", to_iso(instant("2024-02-01")))
    assert why("city = 'Praha'", said(None, city="Praha")).facts["since"] is None
