"""Distances and areas (rule 42), against figures that are computed in another way."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from intarsia.geometry import EARTH_RADIUS_METRES, Area, area_of, crossing, distance, is_flat, metres_between

Corner = tuple[int | str, int | str]


def ring(*corners: Corner) -> list[tuple[Decimal, Decimal]]:
    """A closed ring of corners (degrees east, degrees north); the last one need not be written."""
    closed = [*corners, corners[0]]
    return [(Decimal(east), Decimal(north)) for east, north in closed]


def holds(area: Area, east: int | str, north: int | str) -> bool:
    return area.holds(Decimal(north), Decimal(east))


def angle_metres(*degrees: float) -> float:
    """The distance by the angle between two vectors, a formula without haversines."""
    vectors = []
    for latitude, longitude in (degrees[:2], degrees[2:]):
        north, east = math.radians(latitude), math.radians(longitude)
        vectors.append((math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)))
    (a, b, c), (x, y, z) = vectors
    across = math.hypot(b * z - c * y, c * x - a * z, a * y - b * x)
    return EARTH_RADIUS_METRES * math.atan2(across, a * x + b * y + c * z)


def test_distances_are_those_of_the_angle_between_the_points() -> None:
    chance = Random(7)
    for _ in range(2000):
        spread = chance.choice((1e-5, 1e-3, 1, 180))
        north, east = chance.uniform(-90, 90), chance.uniform(-180, 180)
        other = max(-90.0, min(90.0, north + chance.uniform(-spread, spread))), east + chance.uniform(-spread, spread)
        if chance.random() < 0.3:
            other = -other[0], other[1] + 180
        assert distance(north, east, *other) == pytest.approx(angle_metres(north, east, *other), abs=1e-6)


@pytest.mark.parametrize(
    ("points", "metres"),
    [
        ((0, 0, 0, 1), 111_195),
        ((0, "179.5", 0, "-179.5"), 111_195),
        ((90, 0, 90, 123), 0),
        ((90, 0, -90, 45), 20_015_114),
        (("50.08", "14.43", "50.08", "14.43"), 0),
        ((60, 0, 60, 180), 6_671_705),
    ],
)
def test_distances_run_across_the_antimeridian_and_the_poles(points: tuple[int | str, ...], metres: int) -> None:
    # One degree of the circle is 2 * pi * 6,371,008.8 m / 360; half of it is the whole way round the other side.
    assert metres_between(*map(Decimal, points)) == metres


SQUARE = Area([[ring((0, 0), (10, 0), (10, 10), (0, 10)), ring((4, 4), (6, 4), (6, 6), (4, 6))]])


@pytest.mark.parametrize(
    ("east", "north", "is_inside"),
    [
        (5, 3, True), (5, 5, False), (0, 0, True), (10, 10, True), (0, 5, True), (10, 5, True), (5, 10, True),
        (4, 5, True), (6, 6, True), (5, 4, True), ("10.000001", 5, False), ("-0.000001", 5, False),
        (5, "10.000001", False), ("4.000001", "4.000001", False), ("3.999999", 5, True),
    ],
)  # fmt: skip
def test_borders_are_inside_and_holes_are_not(east: int | str, north: int | str, is_inside: bool) -> None:
    assert holds(SQUARE, east, north) is is_inside


def test_a_slanted_border_is_met_exactly() -> None:
    third = Area([[ring((0, 0), (3, 1), (0, 1))]])
    # (0.3, 0.1) lies on the line from (0, 0) to (3, 1); a float would put it beside.
    assert holds(third, "0.3", "0.1")
    assert not holds(third, "0.300001", "0.1")
    assert holds(third, "0.299999", "0.1")
    fine = area_of("[[[[0,0],[0.1000000000000001,1],[0,1],[0,0]]]]")
    assert fine.places == 16
    assert holds(fine, "0.1", 1)
    assert holds(fine, "0.05", "0.5")
    assert not holds(area_of("[[[[0,0],[0.0999999999999999,1],[0,1],[0,0]]]]"), "0.05", "0.5")


@pytest.mark.parametrize(
    "area",
    [
        Area([[ring((170, -10), (190, -10), (190, 10), (170, 10))]]),
        Area([[ring((-190, -10), (-170, -10), (-170, 10), (-190, 10))]]),
        area_of(
            "[[[[170,-10],[180,-10],[180,10],[170,10],[170,-10]]],[[[-180,-10],[-170,-10],[-170,10],[-180,10],[-180,-10]]]]"
        ),
    ],
    ids=["beyond 180", "beyond -180", "in two parts"],
)
def test_an_area_reaches_across_the_antimeridian(area: Area) -> None:
    inside = ("170", "179.9", "180", "-180", "-179.9", "-170")
    assert [east for east in inside if not holds(area, east, 0)] == []
    assert [east for east in ("169.999999", "-169.999999", "0", "10") if holds(area, east, 0)] == []


def test_a_pole_is_a_point_of_the_longitude_that_it_is_written_with() -> None:
    cap = Area([[ring((-180, 60), (180, 60), (180, 90), (-180, 90))]])
    assert holds(cap, 0, 90)
    assert holds(cap, 77, 90)
    assert not holds(cap, 77, "59.999999")
    assert not holds(Area([[ring((0, 60), (10, 60), (10, 90), (0, 90))]]), 77, 90)


def test_polygons_that_overlap_are_one_area() -> None:
    both = Area([[ring((0, 0), (6, 0), (6, 6), (0, 6))], [ring((4, 4), (10, 4), (10, 10), (4, 10))]])
    assert holds(both, 5, 5)
    assert holds(both, 1, 1)
    assert holds(both, 9, 9)
    assert not holds(both, 1, 9)
    around = [ring((0, 0), (9, 0), (9, 9), (0, 9)), ring((1, 1), (8, 1), (8, 8), (1, 8))]
    island = Area([around, [ring((3, 3), (5, 3), (5, 5), (3, 5))]])
    assert holds(island, 4, 4)
    assert not holds(island, 2, 2)


def test_random_areas_hold_what_plain_fractions_say_they_do() -> None:
    chance = Random(11)
    for _ in range(150):
        corners = [(chance.randrange(-6, 7), chance.randrange(-6, 7)) for _ in range(chance.choice((3, 4, 6, 12)))]
        if is_flat(ring(*corners)):
            continue
        area = Area([[ring(*corners)]])
        for _ in range(40):
            east, north = (Fraction(chance.randrange(-14, 15), 2) for _ in range(2))
            wanted = _is_on_border(corners, east, north) or _is_within(corners, east, north)
            assert holds(area, str(float(east)), str(float(north))) is wanted, (corners, east, north)


def _sides(corners: list[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(zip(corners, [*corners[1:], corners[0]], strict=True))


def _is_on_border(corners: list[tuple[int, int]], x: Fraction, y: Fraction) -> bool:
    for (a, b), (c, d) in _sides(corners):
        is_between = min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d)
        if is_between and (c - a) * (y - b) == (x - a) * (d - b):
            return True
    return False


def _is_within(corners: list[tuple[int, int]], x: Fraction, y: Fraction) -> bool:
    """Whether a line to the west meets an odd number of sides, by their points of crossing."""
    met = 0
    for (a, b), (c, d) in _sides(corners):
        if (b > y) != (d > y):
            met += x > a + (y - b) * Fraction(c - a, d - b)
    return met % 2 == 1


def test_rings_that_cross_themselves_are_found_and_those_that_touch_are_not() -> None:
    assert crossing(Area([[ring((0, 0), (2, 2), (2, 0), (0, 2))]])) == (1.0, 1.0)
    outer, leaving = ring((0, 0), (10, 0), (10, 10), (0, 10)), ring((5, 5), (15, 5), (15, 6), (5, 6))
    assert crossing(Area([[outer, leaving]])) in ((10.0, 5.0), (10.0, 6.0))
    assert crossing(SQUARE) is None
    assert crossing(Area([[ring((0, 0), (4, 0), (4, 4), (2, 0), (0, 4))]])) is None
    assert is_flat(ring((0, 0), (5, 5), (10, 10)))


def test_few_edges_are_looked_at_for_one_point() -> None:
    many = 20_000
    corners = [
        (f"{15 + 3 * math.cos(math.tau * number / many):.6f}", f"{50 + 2 * math.sin(math.tau * number / many):.6f}")
        for number in range(many)
    ]
    area = Area([[ring(*corners)]])
    assert len(area.edges) == many
    assert max(len(band) for band in area.bands) < 400
