"""Names of countries and cities, in any script, lead to places; what is not known leads nowhere."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from intarsia.profile.places import Place, gazetteer

PLACES = gazetteer()


def found(name: str, country: str | None = None, region: str | None = None) -> Place:
    place = PLACES.city(name, country, region)
    assert place is not None, name
    return place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CZ", "CZ"),
        ("cze", "CZ"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Česko", "CZ"),
        ("Cesko", "CZ"),
        ("Чехия", "CZ"),
        ("جمهوری چک", "CZ"),
        ("ایران", "IR"),
        ("إيران", "IR"),
        ("İRAN", "IR"),
        ("Iran, Islamic Republic of", "IR"),
        ("Россия", "RU"),
        ("Российская Федерация", "RU"),
        ("日本", "JP"),
        ("대한민국", "KR"),
        ("საქართველო", "GE"),
        ("भारत", "IN"),
        ("Niemcy", "DE"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("  united   kingdom ", "GB"),
        ("England", "GB"),
        ("Hong Kong", "HK"),
        ("Niger", "NE"),
        ("ČR", "CZ"),
        ("CR", "CR"),
        ("U.K.", "GB"),
        ("Čad", "TD"),
        ("Nigeria", "NG"),
    ],
)
def test_a_country_is_read_from_its_code_or_its_name_in_any_language(text: str, code: str) -> None:
    assert PLACES.country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "  ", "?", "Unspecified", "European Community", "West Indies", "Nowhere-on-Sea", "42"]
)
def test_what_is_no_country_has_no_code(text: str) -> None:
    assert PLACES.country_code(text) is None


def test_two_countries_under_one_name_are_not_guessed_at() -> None:
    assert PLACES.country_code("Channel Islands") is None
    assert PLACES.country_code("Jersey") == "JE"


@pytest.mark.parametrize(
    ("name", "english", "country"),
    [
        ("Praha", "Prague", "CZ"),
        ("PRAHA", "Prague", "CZ"),
        ("Прага", "Prague", "CZ"),
        ("پراگ", "Prague", "CZ"),
        ("تهران", "Tehran", "IR"),
        ("طهران", "Tehran", "IR"),
        ("Москва", "Moscow", "RU"),
        ("москва", "Moscow", "RU"),
        ("Якутск", "Yakutsk", "RU"),
        ("Plzeň", "Pilsen", "CZ"),
        ("Plzen", "Pilsen", "CZ"),
        ("Łódź", "Łódź", "PL"),
        ("lodz", "Łódź", "PL"),
        ("İstanbul", "Istanbul", "TR"),
        ("ISTANBUL", "Istanbul", "TR"),
        ("St. Louis", "St. Louis", "US"),
        ("東京", "Tokyo", "JP"),
        ("Saint Étienne", "Saint-Étienne", "FR"),
    ],
)
def test_a_city_is_found_in_any_script(name: str, english: str, country: str) -> None:
    place = found(name)
    assert (place.name, place.country) == (english, country)


def test_what_is_known_of_a_city() -> None:
    place = found("Praha")
    assert (place.latitude, place.longitude) == (Decimal("50.08804"), Decimal("14.42076"))
    assert (place.timezone, place.climate, place.region, place.region_code) == ("Europe/Prague", "Cfb", "Prague", "52")
    assert place.population > 1_000_000


@pytest.mark.parametrize("name", ["", "   ", "Nowhere-on-Sea", "?", "12345"])
def test_an_unknown_city_is_not_made_up(name: str) -> None:
    assert PLACES.city(name) is None


def test_of_cities_with_one_name_the_country_decides_then_the_region_then_the_people() -> None:
    assert found("Birmingham").country == "GB"
    assert found("Birmingham", "US").region == "Alabama"
    assert found("Springfield", "US").population == max(
        found("Springfield", "US", state).population for state in ("MO", "MA", "IL", "OR", "OH")
    )
    assert found("Springfield", "US", "IL").region == "Illinois"
    assert found("Springfield", "US", "massachusetts").region_code == "MA"


def test_a_city_is_not_looked_for_in_another_country() -> None:
    assert PLACES.city("Praha", "US") is None


def test_a_region_that_fits_none_is_passed_over() -> None:
    assert found("Praha", "CZ", "Hlavní město Praha").name == "Prague"


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (50.09, 14.42, "Prague"),
        (62.0, 129.7, "Yakutsk"),
        (-33.87, 151.21, "Sydney"),
        (90.0, 0.0, "Longyearbyen"),
    ],
)
def test_the_nearest_city_is_found(latitude: float, longitude: float, name: str) -> None:
    assert PLACES.near(latitude, longitude).name == name


@pytest.mark.parametrize(
    "point",
    [(50.0, 14.5), (-17.5, 179.99), (-17.5, -179.99), (0.0, 0.0), (71.0, -179.0), (-77.85, 166.75), (48.2, 16.4)],
)
def test_the_nearest_city_is_the_one_that_looking_at_all_of_them_finds(point: tuple[float, float]) -> None:
    def chord(place: Place) -> float:
        return math.dist(_on_sphere(float(place.latitude), float(place.longitude)), _on_sphere(*point))

    everybody = [PLACES._place(number) for number in range(len(PLACES._city_names))]
    assert chord(PLACES.near(*point)) == min(map(chord, everybody))


def _on_sphere(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)
