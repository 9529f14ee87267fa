"""What follows from recorded traits: age, generation, and what a place tells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from intarsia.clock import begin_of_day, end_of_day, to_instant
from intarsia.language.catalog import Family, Kind
from intarsia.language.meaning.facts import Json
from intarsia.profile.derived import DERIVED, NoSuchDerivedTrait, derive, sources

UTC = ZoneInfo("UTC")
PRAGUE = ZoneInfo("Europe/Prague")
NOW = to_instant("2026-06-15T12:00:00Z", UTC)


def told(name: str, /, **traits: Json) -> Json:
    return derive(name, traits, NOW, UTC)


def age(born: str, day: date, zone: ZoneInfo = UTC) -> Json:
    return derive("age", {"birth_date": born}, begin_of_day(day, zone), zone)


# --- age


def test_age_changes_with_the_birthday_and_not_before() -> None:
    assert age("1990-06-15", date(2026, 6, 14)) == Decimal(35)
    assert age("1990-06-15", date(2026, 6, 15)) == Decimal(36)
    assert age("1990-06-15", date(2026, 6, 16)) == Decimal(36)


def test_the_day_of_birth_is_age_zero_and_the_day_before_has_no_age() -> None:
    assert age("2026-06-15", date(2026, 6, 15)) == Decimal(0)
    assert age("2026-06-15", date(2027, 6, 14)) == Decimal(0)
    assert age("2026-06-15", date(2026, 6, 14)) is None


def test_who_was_born_on_a_leap_day_grows_older_on_28_february_of_other_years() -> None:
    assert age("2004-02-29", date(2026, 2, 27)) == Decimal(21)
    assert age("2004-02-29", date(2026, 2, 28)) == Decimal(22)
    assert age("2004-02-29", date(2024, 2, 28)) == Decimal(19)
    assert age("2004-02-29", date(2024, 2, 29)) == Decimal(20)
    assert age("2003-03-01", date(2026, 2, 28)) == Decimal(22)


def test_the_birthday_begins_at_midnight_of_the_zone() -> None:
    birthday = date(2026, 6, 15)
    begin, traits = begin_of_day(birthday, PRAGUE), {"birth_date": "1990-06-15"}
    assert derive("age", traits, begin - 1, PRAGUE) == Decimal(35)
    assert derive("age", traits, begin, PRAGUE) == Decimal(36)
    assert derive("age", traits, begin, UTC) == Decimal(35)
    assert derive("age", traits, end_of_day(birthday, PRAGUE), PRAGUE) == Decimal(36)


def test_nobody_is_older_than_130() -> None:
    assert age("1896-06-15", date(2026, 6, 15)) == Decimal(130)
    assert age("1895-06-15", date(2026, 6, 15)) is None


def test_a_time_behind_the_date_of_birth_does_not_move_the_day() -> None:
    for text in ("1990-06-15T00:00:00Z", "1990-06-15T23:59:59.000Z", "1990-06-15 00:00", "۱۹۹۰-۰۶-۱۵"):
        assert age(text, date(2026, 6, 14), ZoneInfo("America/New_York")) == Decimal(35)
        assert age(text, date(2026, 6, 15), ZoneInfo("Asia/Tokyo")) == Decimal(36)


def test_age_comes_from_the_birth_date_and_else_as_it_was_recorded() -> None:
    assert told("age", birth_date="1990-01-01", age=Decimal(99)) == Decimal(36)
    assert told("age", age=Decimal(41)) == Decimal(41)
    assert told("age", birth_date="unknown", age=Decimal(41)) == Decimal(41)
    assert told("age", birth_date="2999-01-01", age=Decimal(41)) is None
    assert told("age", birth_date=Decimal(1990)) is None
    assert told("age", birth_date="1990-02-30") is None
    assert told("age") is None


# --- generation


@pytest.mark.parametrize(
    ("born", "generation"),
    [
        ("1927-12-31", None),
        ("1928-01-01", "silent"),
        ("1945-12-31", "silent"),
        ("1946-01-01", "boomer"),
        ("1964-12-31", "boomer"),
        ("1965-01-01", "x"),
        ("1980-12-31", "x"),
        ("1981-01-01", "millennial"),
        ("1996-12-31", "millennial"),
        ("1997-01-01", "z"),
        ("2012-12-31", "z"),
        ("2013-01-01", "alpha"),
        ("2024-12-31", "alpha"),
        ("2025-01-01", None),
        ("2999-01-01", None),
    ],
)
def test_generations_have_the_bounds_of_their_sources(born: str, generation: str | None) -> None:
    assert told("generation", birth_date=born) == generation


def test_a_recorded_generation_counts_where_no_birth_date_does() -> None:
    assert told("generation", generation="boomer") == "boomer"
    assert told("generation", generation="boomer", birth_date="1990-01-01") == "millennial"


# --- where a person lives


@pytest.mark.parametrize(
    ("traits", "country", "code"),
    [
        ({"country": "Česko"}, "Česko", "CZ"),
        ({"address": {"country": "Iran"}}, "Iran", "IR"),
        ({"country": "Polska", "address": {"country": "Iran"}}, "Polska", "PL"),
        ({"country": " ", "address": {"country": "Iran"}}, "Iran", "IR"),
        ({"city": "Прага"}, "CZ", "CZ"),
        ({"address": {"city": "تهران"}}, "IR", "IR"),
        ({"country": "Unspecified"}, "Unspecified", None),
        ({"country": "Unspecified", "country_code": "DE"}, "Unspecified", "DE"),
        ({"country_code": "deu"}, None, "DE"),
        ({"city": "Nowhere-on-Sea"}, None, None),
        ({"address": "Main Street 1"}, None, None),
        ({}, None, None),
    ],
)
def test_the_country_as_recorded_and_its_code(traits: dict[str, Json], country: str | None, code: str | None) -> None:
    assert told("country", **traits) == country
    assert told("country_code", **traits) == code


def test_the_city_in_the_address_is_a_city() -> None:
    assert told("city", address={"city": "Plzen"}) == "Plzen"
    assert told("city", city="Brno", address={"city": "Plzen"}) == "Brno"
    assert told("region", address={"city": "Plzen"}) == "Plzeň Region"
    assert told("region", city="Plzen", region="west") == "west"


def test_coordinates_are_the_recorded_ones_or_else_the_citys() -> None:
    assert told("latitude", city="Praha") == Decimal("50.08804")
    assert told("longitude", city="Praha") == Decimal("14.42076")
    there: dict[str, Json] = {"latitude": Decimal("-33.9"), "longitude": "151.2", "city": "Praha"}
    assert (told("latitude", **there), told("longitude", **there)) == (Decimal("-33.9"), Decimal("151.2"))
    address: Json = {"latitude": Decimal(1), "longitude": Decimal(2)}
    assert told("longitude", address=address) == Decimal(2)


@pytest.mark.parametrize(
    "point",
    [
        {"latitude": Decimal(50)},
        {"longitude": Decimal(14)},
        {"latitude": Decimal(91), "longitude": Decimal(14)},
        {"latitude": Decimal(50), "longitude": Decimal("180.1")},
        {"latitude": "fifty", "longitude": "fourteen"},
        {"latitude": True, "longitude": True},
    ],
)
def test_half_a_point_or_one_off_the_globe_is_no_point(point: dict[str, Json]) -> None:
    assert told("latitude", city="Якутск", **point) == Decimal("62.03114")
    assert told("climate", **point) is None
    assert told("place_timezone", **point) is None


def test_the_climate_is_that_of_the_point_then_of_the_city() -> None:
    assert told("climate", city="Якутск") == "Dfc"
    assert told("climate", city="Якутск", latitude=Decimal("-33.87"), longitude=Decimal("151.2")) == "Cfa"
    assert told("coldest_month_mean_temperature", city="Якутск") == Decimal("-37.6")
    assert told("warmest_month_mean_temperature", city="Якутск") == Decimal("19.5")


def test_a_country_alone_has_a_climate_only_if_all_its_cities_share_it() -> None:
    assert told("climate", country="Ireland") == "Cfb"
    assert told("climate", country="Russia") is None
    assert told("climate", country="Ireland", city="Nowhere-on-Sea") is None
    assert told("coldest_month_mean_temperature", country="Ireland") is None


def test_a_recorded_climate_counts_where_the_place_is_unknown() -> None:
    assert told("climate", climate="Dfb") == "Dfb"
    assert told("climate", climate="Dfb", city="Якутск") == "Dfc"
    assert told("coldest_month_mean_temperature", coldest_month_mean_temperature=Decimal(0)) == Decimal(0)


def test_the_zone_of_the_place() -> None:
    assert told("place_timezone", city="Якутск") == "Asia/Yakutsk"
    assert told("place_timezone", latitude=Decimal("62.5"), longitude=Decimal("129.5")) == "Asia/Yakutsk"
    assert told("place_timezone", latitude=Decimal(0), longitude=Decimal(0)) is None
    assert told("place_timezone", country="CZ") == "Europe/Prague"
    assert told("place_timezone", country="US") is None
    assert told("place_timezone", place_timezone="Europe/Paris") == "Europe/Paris"


def test_of_cities_with_one_name_country_and_region_choose() -> None:
    assert told("climate", city="Birmingham") == told("climate", city="Birmingham", country="UK") == "Cfb"
    assert told("climate", city="Birmingham", country="USA") == "Cfa"
    assert told("place_timezone", city="Springfield", country="USA", region="MA") == "America/New_York"
    assert told("place_timezone", city="Springfield", country="USA", region="Illinois") == "America/Chicago"


def test_a_city_in_a_country_that_is_not_understood_is_not_guessed_at() -> None:
    assert told("climate", city="Birmingham", country="Unspecified") is None
    assert told("climate", city="Praha", country="USA") is None


# --- the list


def test_every_derived_trait_reads_only_the_traits_that_it_names() -> None:
    everything: dict[str, Json] = {
        "birth_date": "1990-01-01",
        "country": "Czechia",
        "country_code": "CZ",
        "region": "Plzeň",
        "city": "Plzen",
        "latitude": Decimal("49.7"),
        "longitude": Decimal("13.4"),
        "address": {"city": "Brno"},
        "email": "ada@example.com",
    }
    for name, trait in DERIVED.items():
        needed = {key: value for key, value in everything.items() if key in trait.sources}
        assert told(name, **needed) == told(name, **everything) is not None, name
        assert name in sources(name) == trait.sources


def test_numbers_are_decimals_and_the_rest_is_text() -> None:
    for name, trait in DERIVED.items():
        value = told(name, birth_date="1990-01-01", city="Praha")
        assert isinstance(value, Decimal if trait.kind is Kind.NUMBER else str), name


def test_places_are_geographic_and_ages_demographic() -> None:
    families = {name: trait.family for name, trait in DERIVED.items()}
    assert families.pop("age") is families.pop("generation") is Family.DEMOGRAPHIC
    assert set(families.values()) == {Family.GEOGRAPHIC}


def test_an_unknown_derived_trait_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NoSuchDerivedTrait, match="no derived trait is called `shoe_size`") as refused:
        derive("shoe_size", {}, NOW, UTC)
    assert refused.value.code == "profile.no-such-derived-trait"
    assert "age, generation, country" in str(refused.value.hint())
    with pytest.raises(NoSuchDerivedTrait):
        sources("shoe_size")
