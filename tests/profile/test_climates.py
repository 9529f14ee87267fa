"""The climate of places: classes of the map, temperatures of the reanalysis, and how well the two agree."""

from __future__ import annotations

from collections import Counter

import pytest

from intarsia.profile.climate import CLASSES, contradiction
from intarsia.profile.places import gazetteer
from intarsia.profile.table import UNKNOWN

PLACES = gazetteer()


@pytest.mark.parametrize(
    ("name", "climate"),
    [
        ("Prague", "Cfb"),
        ("Warsaw", "Cfb"),
        ("Tehran", "BSk"),
        ("Moscow", "Dfb"),
        ("Miami", "Am"),
        ("Yakutsk", "Dfc"),
        ("Dubai", "BWh"),
        ("Sydney", "Cfa"),
        ("Reykjavik", "Cfc"),
        ("Nairobi", "Cfb"),
        ("Chicago", "Dfa"),
        ("Lisbon", "Csa"),
        ("Cairo", "BWh"),
        ("Singapore", "Af"),
    ],
)
def test_cities_have_the_class_of_the_map(name: str, climate: str) -> None:
    place = PLACES.city(name)
    assert place is not None
    assert place.climate == climate
    assert PLACES.climate(place.latitude, place.longitude) == climate


@pytest.mark.parametrize(
    ("name", "coldest", "warmest"),
    [
        ("Prague", (-2, 3), (18, 22)),
        ("Moscow", (-10, -4), (17, 22)),
        ("Yakutsk", (-42, -34), (17, 22)),
        ("Tehran", (1, 7), (29, 34)),
        ("Dubai", (17, 22), (34, 38)),
        ("Sydney", (11, 15), (21, 25)),
        ("Murmansk", (-13, -8), (12, 16)),
        ("Sochi", (4, 9), (22, 27)),
        ("Nairobi", (15, 20), (19, 24)),
        ("Honolulu", (21, 25), (25, 29)),
    ],
)
def test_winters_and_summers_are_as_one_knows_them(
    name: str, coldest: tuple[int, int], warmest: tuple[int, int]
) -> None:
    place = PLACES.city(name)
    assert place is not None
    assert place.temperatures is not None
    assert coldest[0] < place.temperatures.coldest < coldest[1]
    assert warmest[0] < place.temperatures.warmest < warmest[1]
    assert PLACES.temperatures(place.latitude, place.longitude) == place.temperatures


def test_the_sea_has_no_climate_but_the_coast_has() -> None:
    assert PLACES.climate(0, -30) is None
    assert PLACES.temperatures(0, -30) is None
    assert PLACES.climate(36.6, -6.5) == PLACES.climate(36.6, -6.35) == "Csa"


@pytest.mark.parametrize("point", [(90, 180), (90, -180), (-90, 180), (-90, -180), (0, 180), (0, -180)])
def test_the_edges_of_the_map_are_part_of_it(point: tuple[float, float]) -> None:
    assert PLACES.climate(*point) == PLACES.climate(point[0], -point[1])
    assert PLACES.temperatures(*point) == PLACES.temperatures(point[0], -point[1])


def test_the_ends_of_the_earth_are_ice() -> None:
    assert PLACES.climate(-90, 0) == "EF"
    assert PLACES.climate(90, 0) is None


def test_temperatures_and_classes_of_two_sources_agree_on_nine_cities_of_ten() -> None:
    agreed: Counter[bool] = Counter()
    for number, coldest, warmest in zip(PLACES._city_classes, PLACES._city_coldest, PLACES._city_warmest, strict=True):
        climate = CLASSES[number]
        if climate and climate[0] != "B" and coldest != UNKNOWN:
            agreed[contradiction(climate, coldest, warmest) <= 0] += 1
    assert agreed.total() > 28_000
    assert agreed[True] / agreed.total() > 0.9


def test_what_contradicts_the_class_by_more_than_four_degrees_is_left_out() -> None:
    assert contradiction("Dfb", 50, 150) == 80
    asmara = PLACES.city("Asmara")
    assert asmara is not None
    assert asmara.climate is not None
    assert asmara.temperatures is None


@pytest.mark.parametrize(
    ("climate", "coldest", "warmest", "miss"),
    [
        ("Cfb", -30, 219, 0),
        ("Cfb", -40, 200, 10),
        ("Cfa", 0, 210, 10),
        ("Cfc", 0, 90, 10),
        ("Dfd", -370, 150, 10),
        ("Af", 170, 280, 10),
        ("ET", -300, 105, 5),
        ("BSk", -300, 400, 0),
        (None, 0, 0, 0),
    ],
)
def test_the_bounds_of_the_classes(climate: str | None, coldest: int, warmest: int, miss: int) -> None:
    assert contradiction(climate, coldest, warmest) == miss
