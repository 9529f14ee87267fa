"""Areas from files: what is kept of them, what is refused, and which version a question sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from intarsia.geometry import Area
from intarsia.profile.areas import AreaInUse, Areas, BadAreaName, NoSuchArea, named_areas
from intarsia.profile.geojson import BadArea, read_shape
from intarsia.store.store import Store
from tests.persian import left_in_english

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry}


def read(found: object) -> Any:
    return read_shape(found if isinstance(found, str) else json.dumps(found))


@pytest.mark.parametrize(
    ("found", "polygons", "holes", "positions"),
    [
        (polygon(SQUARE), 1, 0, 5),
        (polygon(SQUARE, HOLE), 1, 1, 10),
        (feature(polygon(SQUARE)), 1, 0, 5),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}, 2, 0, 10),
        ({"type": "FeatureCollection", "features": [feature(polygon(SQUARE)), feature(polygon(HOLE))]}, 2, 0, 10),
        ({**polygon(SQUARE), "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, 1, 0, 5),
    ],
)
def test_features_collections_and_polygons_are_areas(found: object, polygons: int, holes: int, positions: int) -> None:
    shape = read(found)
    assert (shape.polygons, shape.holes, shape.positions) == (polygons, holes, positions)
    assert not shape.has_long_edge


def test_coordinates_are_kept_to_the_last_digit_and_heights_are_left_out() -> None:
    text = '{"type":"Polygon","coordinates":[[[0,0,230],[0.10000000000000000001,0],[1e-3,1.50],[0,0]]]}'
    shape = read(text)
    assert shape.coordinates == "[[[[0,0],[0.10000000000000000001,0],[0.001,1.5],[0,0]]]]"
    assert shape.area.places == 20


def test_an_edge_of_more_than_half_the_globe_is_told() -> None:
    assert read(polygon([[170, 0], [-170, 0], [-170, 5], [170, 5], [170, 0]])).has_long_edge


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        ("{", "line 1, column 2", "it is no JSON"),
        ("[" * 100_000, "$", "too deep"),
        ("[]", "$", "an object with a `type` is wanted"),
        ({"type": "Point", "coordinates": [1, 2]}, "$", "`Point` is no area"),
        (feature(None), "$.geometry", "an object"),
        ({"type": "FeatureCollection", "features": []}, "$", "it holds no polygon"),
        ({"type": "FeatureCollection", "features": [feature({"type": "Line"})]}, "$.features[0].geometry", "no area"),
        (polygon(), "$.coordinates", "no ring"),
        (polygon(SQUARE[:3]), "$.coordinates[0]", "four positions"),
        (polygon(SQUARE[:4]), "$.coordinates[0]", "not closed"),
        (polygon([[1, 1]] * 4), "$.coordinates[0]", "encloses nothing"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "$.coordinates[0]", "encloses nothing"),
        (polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]), "$.coordinates", "near 1.000000, 1.000000"),
        (polygon(SQUARE, [[5, 5], [15, 5], [15, 6], [5, 5]]), "$.coordinates", "cross"),
        (polygon([[50, 400], [51, 14], [50, 15], [50, 400]]), "$.coordinates[0][0]", "off the globe"),
        (polygon([[14, 95], [51, 14], [50, 15], [14, 95]]), "$.coordinates[0][0]", "degrees east come first"),
        (polygon([["1", 0], [1, 1], [0, 1], ["1", 0]]), "$.coordinates[0][0]", "two numbers"),
        (polygon([[True, 0], [1, 1], [0, 1], [True, 0]]), "$.coordinates[0][0]", "two numbers"),
        (polygon([[1], [1, 1], [0, 1], [1]]), "$.coordinates[0][0]", "two numbers"),
        ('{"type":"Polygon","coordinates":[[[NaN,0]]]}', "$", "NaN"),
        ('{"type":"Polygon","coordinates":[[[1e9999999999999999999,0]]]}', "$", "beyond all degrees"),
        ('{"type":"Polygon","coordinates":[[[0.123456789012345678901,0],[1,1],[0,1],[0.123456789012345678901,0]]]}',
         "$.coordinates[0][0]", "20 decimals"),
        ({**polygon(SQUARE), "crs": {"properties": {"name": "EPSG:3857"}}}, "$.crs", "EPSG:3857"),
        (polygon([[number % 350, 0] for number in range(100_001)] + [[0, 0]]), "$", "100,002 positions"),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_with_its_place(found: object, place: str, reason: str) -> None:
    with pytest.raises(BadArea) as caught:
        read(found)
    assert str(caught.value.facts["place"]) == place
    assert reason in str(caught.value)
    assert left_in_english(caught.value, "NaN", "Expecting property name enclosed in double quotes") == []


# --- in the store


class Desk:
    """Areas in a store of their own, with a clock that is set by hand and users that are made up."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.users = folder, 1000, list[str]()
        self.store = Store(folder / "store.sqlite")
        self.areas = Areas(self.store, users=lambda _: self.users, now=lambda: self.now)

    def add(self, name: str, found: object, now: int = 1000) -> Any:
        self.now = now
        path = self.folder / "area.geojson"
        path.write_text(json.dumps(found), encoding="utf-8")
        return self.areas.add(name, path)

    def at(self, name: str, known_at: int | None) -> Area:
        return named_areas(self.store)[name].at(known_at).area


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_a_question_sees_the_version_that_was_known(desk: Desk) -> None:
    desk.add("delivery", polygon(SQUARE), now=1000)
    desk.add("delivery", polygon(HOLE), now=2000)
    small, large = tuple(map(Decimal, (4, 4, 6, 6))), tuple(map(Decimal, (0, 0, 10, 10)))
    assert [desk.at("delivery", known_at).bounds for known_at in (None, 2000, 1999, 1000)] == [
        small,
        small,
        large,
        large,
    ]
    assert desk.at("delivery", 999).bounds == large, "before it was there, its first version"


def test_the_same_polygons_again_change_nothing(desk: Desk) -> None:
    first = desk.add("delivery", polygon(SQUARE))
    again = desk.add("delivery", feature(polygon(SQUARE)), now=5000)
    assert again.to_json() == first.to_json()
    assert first.to_json() == {
        "area": "delivery", "version": 1, "recorded_at": "1970-01-01T00:00:01.000Z", "polygons": 1, "holes": 0,
        "positions": 5, "bounds": {"west": "0", "south": "0", "east": "10", "north": "10"}, "has_long_edge": False,
    }  # fmt: skip
    assert first.to_geojson()["geometry"] == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}


def test_an_area_that_a_segment_names_stays(desk: Desk) -> None:
    desk.add("delivery", polygon(SQUARE))
    desk.users = ["near ones", "loyal"]
    with pytest.raises(AreaInUse, match="`near ones`, `loyal`"):
        desk.areas.remove("delivery")
    desk.users = []
    desk.areas.remove("delivery")
    assert desk.areas.all() == []
    with pytest.raises(NoSuchArea):
        desk.areas.remove("delivery")
    desk.add("delivery", polygon(HOLE), now=3000)
    assert [area.name for area in desk.areas.all()] == ["delivery"]


def test_names_are_looked_up_with_their_nearest(desk: Desk) -> None:
    desk.add("delivery", polygon(SQUARE))
    with pytest.raises(NoSuchArea) as caught:
        desk.areas.get("delivry")
    assert caught.value.hint() == "the nearest is `delivery`; `intarsia area list` shows all"
    for name in ("", " x", "a\nb", "x" * 101):
        with pytest.raises(BadAreaName):
            desk.add(name, polygon(SQUARE))


def test_a_file_that_is_no_text_is_refused(desk: Desk) -> None:
    path = desk.folder / "bad.geojson"
    path.write_bytes(b'{"type": "\xff"}')
    with pytest.raises(BadArea, match="byte 10 is no UTF-8"):
        desk.areas.add("x", path)
