"""`for at least 30 days`, by both back ends: true now, and without a break since the start (rule 36)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.shop import Shop, order, said

START = "2024-04-15T12:00"  # of the last 30 days, seen from noon of 15 May
TIERS = [
    said("always", None, tier="gold"),
    said("edge", START, tier="gold"),
    said("late", f"{START}:00.001", tier="gold"),
    said("again", "2024-01-01", tier="gold"),
    said("again", "2024-05-01", tier="gold"),
    said("again", "2024-05-02", city="Praha"),
    said("broken", "2024-01-01", tier="gold"),
    said("broken", "2024-05-01", tier="silver"),
    said("broken", "2024-05-01T00:00:00.001", tier="gold"),
    said("passing", "2024-01-01", tier="gold"),
    {**said("passing", "2024-05-01", tier="silver"), "messageId": "a"},
    {**said("passing", "2024-05-01", tier="gold"), "messageId": "b"},
    said("forgotten", "2024-01-01", tier="gold"),
    said("forgotten", "2024-04-16", tier=None),
    said("forgotten", "2024-04-17", tier="gold"),
    said("fallen", "2024-01-01", tier="gold"),
    said("fallen", "2024-05-10", tier="silver"),
    said("silver", "2024-01-01", tier="silver"),
    order("stranger", "2024-05-14"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("tiers"), TIERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tier = 'gold' for at least 30 days", "again always edge passing"),
        ("tier = 'gold' for less than 30 days", "broken forgotten late"),
        ("tier in ('gold', 'silver') for at least 30 days", "again always broken edge fallen passing silver"),
        ("tier = 'GOLD' ignoring case for at least 30 days", "again always edge passing"),
        ("tier starts with 'g' for at least 30 days", "again always edge passing"),
        ("tier is known for at least 30 days", "again always broken edge fallen passing silver"),
        ("tier is known for less than 30 days", "forgotten late"),
        ("tier is empty for at least 30 days", "stranger"),
        ("tier != 'gold' for at least 30 days", "silver stranger"),
        ("tier != 'gold' for less than 30 days", "fallen"),
        ("tier is unknown for at least 30 days", "stranger"),
        ("not tier = 'gold' for at least 30 days", "broken fallen forgotten late silver stranger"),
        ("tier = 'gold' for at least 1 second", "again always broken edge forgotten late passing"),
        ("tier = 'silver' for at least 132 hours", "fallen silver"),
        ("tier = 'silver' for at least 133 hours", "silver"),
        ("tier = 'gold' for at least 1000 years", "always"),
    ],
)
def test_a_trait_has_been_so_without_a_break(shop: Shop, text: str, expected: str) -> None:
    assert shop.who(text) == set(expected.split())


def test_a_value_that_was_recorded_later_breaks_only_what_is_asked_later(tmp_path: Path) -> None:
    shop = Shop(tmp_path, [said("ada", None, tier="gold"), said("ada", None, tier="silver")])
    assert shop.who("tier = 'silver' for at least 5 days") == {"ada"}  # both without a time, recorded on 10 May
    assert shop.who("tier = 'silver' for at least 6 days") == set()
    assert shop.who("tier = 'gold' for at least 6 days", at="2024-05-09") == {"ada"}
    assert shop.who("tier != 'gold' for less than 6 days") == {"ada"}


def test_a_path_goes_into_what_was_said(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            said("ada", "2024-01-01", address={"city": "Brno", "street": "A"}),
            said("ada", "2024-05-01", address={"city": "Brno", "street": "B"}),
            said("ben", "2024-01-01", address={"city": "Brno"}),
            said("ben", "2024-05-01", address={"street": "B"}),
        ],
    )
    assert shop.who("address.city = 'Brno' for at least 30 days") == {"ada"}
    assert shop.who("address.city is empty for less than 30 days") == {"ben"}
    assert shop.who("address.street = 'B' for less than 30 days") == {"ada", "ben"}


def test_a_list_and_a_number_are_asked_of_each_value(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            said("ada", "2024-01-01", interests=["ski"], score=5),
            said("ada", "2024-05-01", interests=["hiking", "ski"], score="7"),
            said("ben", "2024-01-01", interests=["ski"], score=5),
            said("ben", "2024-05-01", interests="ski", score="many"),
        ],
    )
    assert shop.who("interests has 'ski' for at least 30 days") == {"ada"}
    assert shop.who("score > 4 for at least 30 days") == {"ada"}
    assert shop.who("score between 5 and 6 for at least 30 days") == set()
    assert shop.who("not interests has 'ski'") == {"ben"}


def test_a_derived_trait_has_the_history_of_what_it_is_made_from(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            said("stayed", "2024-01-01", city="Praha"),
            said("stayed", "2024-05-01", city="Brno"),
            said("moved", "2024-01-01", city="Warszawa"),
            said("moved", "2024-05-01", city="Praha"),
            said("back", "2024-01-01", city="Praha"),
            said("back", "2024-04-20", country="PL"),
            said("back", "2024-04-21", country=None),
            said("stated", "2024-01-01", country="CZ"),
            said("stated", "2024-05-01", city="Praha", country=None),
            said("unknown", "2024-01-01", tier="gold"),
        ],
        is_loose=False,
    )
    assert shop.who("country = 'CZ' for at least 30 days") == {"stayed", "stated"}
    assert shop.who("country = 'CZ' for less than 30 days") == {"back", "moved"}
    assert shop.who("country != 'PL' for at least 30 days") == {"stayed", "stated", "unknown"}
    assert shop.who("country is unknown for at least 30 days") == {"unknown"}
    # So it is in Warszawa as well, but Praha is none of Poland's, and of the Czech lands as a whole nothing is known.
    assert shop.who("climate = 'Cfb' for at least 30 days") == {"moved", "stayed"}
    assert shop.who("latitude > 50 for at least 30 days and country = 'CZ'") == {"moved"}


def test_a_birthday_inside_the_time_breaks_an_age(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            said("april", "2024-01-01", birth_date="1990-04-10"),
            said("edge", "2024-01-01", birth_date="1990-04-15"),
            said("day", "2024-01-01", birth_date="1990-04-16"),
            said("may", "2024-01-01", birth_date="1990-05-15T23:00:00-08:00"),
            said("corrected", "2024-01-01", birth_date="1990-04-20"),
            said("corrected", "2024-04-19", birth_date="1990-04-01"),
            said("leap", "2024-01-01", birth_date="2000-02-29"),
            said("child", "2024-01-01", birth_date="2024-05-01"),
            said("recorded", "2024-01-01", age=34),
        ],
    )
    assert shop.who("age = 34 for at least 30 days") == {"april", "edge", "recorded"}
    assert shop.who("age = 34 for less than 30 days") == {"day", "may", "corrected"}
    assert shop.who("age > 20 for at least 30 days") == {"april", "corrected", "day", "edge", "leap", "may", "recorded"}
    assert shop.who("age = 24 for at least 76 days") == {"leap"}  # since 29 February
    assert shop.who("age = 24 for at least 77 days") == set()
    assert shop.who("age = 0 for at least 2 weeks") == {"child"}
    assert shop.who("age = 0 for at least 15 days") == set()
    assert shop.who("age is unknown for at least 16 days") == set()
    assert shop.who("generation = 'millennial' for at least 30 years") == set()  # not known before it was said
    assert shop.who("generation = 'millennial' for at least 4 months") >= {"april", "corrected"}


def test_months_are_those_of_the_workspaces_calendar(tmp_path: Path) -> None:
    # 15 May 2024 is 26 Ordibehesht 1403; a month before is 26 Farvardin, 14 April, when Farvardin has 31 days.
    people = [said("ada", "2024-04-14T12:00", tier="gold"), said("ben", "2024-04-15T12:00", tier="gold")]
    assert Shop(tmp_path / "g", people).who("tier = 'gold' for at least 1 month") == {"ada", "ben"}
    assert Shop(tmp_path / "j", people, calendar="jalali").who("tier = 'gold' for at least 1 month") == {"ada"}


def test_a_segment_that_is_named_asks_of_its_own_trait_how_long(tmp_path: Path) -> None:
    old = said("old", "2024-01-01", birth_date="1990-01-01")
    shop = Shop(tmp_path, [said("czech", "2024-01-01", country="CZ"), old])
    segments = {"grown": "age >= 30 for at least 1 day"}
    for text, expected in (
        ("country = 'CZ' for at least 30 days or in segment 'grown'", {"czech", "old"}),
        ("country = 'CZ' for at least 30 days and not in segment 'grown'", {"czech"}),
    ):
        assert shop.who(text, segments=segments) == expected
