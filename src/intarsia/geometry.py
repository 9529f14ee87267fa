"""Where points lie on the globe: distances by great circle, and areas bounded by straight lines (rule 42).

Every engine takes its distances and areas from here, so that none of them rounds otherwise.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

EARTH_RADIUS_METRES = 6_371_008.8
"""The mean radius of the earth: that of the International Union of Geodesy and Geophysics."""

METRES_PER_KILOMETRE = 1000

PLACES = 6
"""Coordinates of people have at most so many decimals."""

FULL_TURN = 360
AREAS_REMEMBERED = 64
"""So many areas are kept ready for questions."""

Position = tuple[Decimal, Decimal]
"""Degrees east, degrees north: in the order of GeoJSON."""
Ring = Sequence[Position]
"""A closed line: its first position is also its last."""
Polygon = Sequence[Ring]
"""The line around it, and then those around its holes."""


# --- distances


def distance(
    latitude: float | Decimal,
    longitude: float | Decimal,
    other_latitude: float | Decimal,
    other_longitude: float | Decimal,
) -> float:
    """Metres along the great circle between two points in degrees, on a sphere of `EARTH_RADIUS_METRES`.

    The haversine formula (Sinnott 1984, "Virtues of the Haversine"), from the far side of the globe where that is
    nearer: its error stays below a micrometre everywhere.
    """
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    half_turn = math.radians(float(other_longitude) - float(longitude)) / 2
    narrowing = math.cos(north) * math.cos(other_north)
    near = math.sin((other_north - north) / 2) ** 2 + narrowing * math.sin(half_turn) ** 2
    if near <= 0.5:
        return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(near))
    far = math.sin((other_north + north) / 2) ** 2 + narrowing * math.cos(half_turn) ** 2
    return EARTH_RADIUS_METRES * (math.pi - 2 * math.asin(math.sqrt(far)))


def metres_between(
    latitude: float | Decimal,
    longitude: float | Decimal,
    other_latitude: float | Decimal,
    other_longitude: float | Decimal,
) -> int:
    """`distance`, rounded to whole metres."""
    return round(distance(latitude, longitude, other_latitude, other_longitude))


def is_on_globe(latitude: Decimal, longitude: Decimal) -> bool:
    """Whether degrees north and east name a point: up to 90 and up to 180."""
    return abs(latitude) <= 90 and abs(longitude) <= 180


# --- areas


class Edge(NamedTuple):
    """A straight piece of a ring, from its southern end to its northern one, in whole parts of a degree."""

    x: int
    y: int
    to_x: int
    to_y: int
    ring: int


class Area:
    """Polygons with holes, ready to be asked which points lie in them; the border is inside, also that of a hole.

    polygons  of closed rings; longitudes may lie beyond 180 degrees, where an area reaches across the antimeridian
    Lines are straight in longitude and latitude, and every comparison is exact. A pole is a point of whatever longitude
    it is written with.
    """

    def __init__(self, polygons: Sequence[Polygon]) -> None:
        self.places = max([PLACES, *(_places(part) for ring in _rings(polygons) for at in ring for part in at)])
        self.edges = tuple(_edges(polygons, self.places))
        self._polygon_of = tuple(number for number, polygon in enumerate(polygons) for _ in polygon)
        self._holes = frozenset(_holes(polygons))
        xs, ys = (
            [at[0] for ring in _rings(polygons) for at in ring],
            [at[1] for ring in _rings(polygons) for at in ring],
        )
        self.bounds = min(xs), min(ys), max(xs), max(ys)
        """West, south, east, north, in degrees."""
        self._west, self._south, self._east, self._north = (scaled(part, self.places) for part in self.bounds)
        self.bands = Bands(self.edges)

    def holds(self, latitude: Decimal, longitude: Decimal) -> bool:
        """Whether a point of degrees north and east lies inside or on the border."""
        y = scaled(latitude, self.places)
        if not self._south <= y <= self._north:
            return False
        turn = FULL_TURN * 10**self.places
        x = scaled(longitude, self.places)
        return any(self._west <= at <= self._east and self._is_inside(at, y) for at in (x, x + turn, x - turn))

    def _is_inside(self, x: int | Fraction, y: int | Fraction) -> bool:
        """Whether a line from the point to the east leaves a polygon, or the point lies on an edge."""
        odd: set[int] = set()
        for from_x, from_y, to_x, to_y, ring in self.bands.at(y):
            if not from_y <= y <= to_y:
                continue
            # Above 0 the edge lies east of the point, at 0 the point lies on its line.
            side = (to_x - from_x) * (y - from_y) - (x - from_x) * (to_y - from_y)
            if side == 0 and min(from_x, to_x) <= x <= max(from_x, to_x):
                return True
            if side > 0 and y < to_y:
                odd ^= {ring}
        inside = {self._polygon_of[ring] for ring in odd - self._holes}
        return bool(inside - {self._polygon_of[ring] for ring in odd & self._holes})


class Bands:
    """Edges by stripes of latitude, so that few of them are looked at for one point."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self._south = min(edge.y for edge in edges)
        span = max(edge.to_y for edge in edges) - self._south + 1
        heights = sum(edge.to_y - edge.y + 1 for edge in edges)
        # An edge is in every band that it touches: as many bands as keep that at some four an edge.
        count = max(1, min(len(edges), 4 * len(edges) * span // heights))
        self._height = -(-span // count)
        self._bands: defaultdict[int, list[Edge]] = defaultdict(list)
        for edge in edges:
            for band in range(self._of(edge.y), self._of(edge.to_y) + 1):
                self._bands[band].append(edge)

    def at(self, y: int | Fraction) -> Sequence[Edge]:
        """The edges that may touch a latitude."""
        return self._bands.get(self._of(y), ())

    def __iter__(self) -> Iterator[Sequence[Edge]]:
        """The edges of each band."""
        return iter(self._bands.values())

    def _of(self, y: int | Fraction) -> int:
        return int((y - self._south) // self._height)


def scaled(degrees: Decimal, places: int) -> int | Fraction:
    """Degrees in units of the last of so many decimals: whole, but for a number that has more of them."""
    moved = degrees.scaleb(places)
    whole = int(moved)
    return whole if whole == moved else Fraction(moved)


def _places(degrees: Decimal) -> int:
    exponent = degrees.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _rings(polygons: Sequence[Polygon]) -> Iterator[Ring]:
    return (ring for polygon in polygons for ring in polygon)


def _holes(polygons: Sequence[Polygon]) -> Iterator[int]:
    """The numbers of the rings around holes."""
    number = 0
    for polygon in polygons:
        yield from range(number + 1, number + len(polygon))
        number += len(polygon)


def _edges(polygons: Sequence[Polygon], places: int) -> Iterator[Edge]:
    for number, ring in enumerate(_rings(polygons)):
        corners = [(int(scaled(x, places)), int(scaled(y, places))) for x, y in ring]
        for begin, end in pairwise(corners):
            low, high = (begin, end) if begin[1] <= end[1] else (end, begin)
            if begin != end:
                yield Edge(*low, *high, number)


@lru_cache(maxsize=AREAS_REMEMBERED)
def area_of(coordinates: str) -> Area:
    """The area of the coordinates of a GeoJSON MultiPolygon, as JSON; every number as it is written."""
    polygons = json.loads(coordinates, parse_float=Decimal, parse_int=Decimal)
    return Area([[[(at[0], at[1]) for at in ring] for ring in polygon] for polygon in polygons])


def is_flat(ring: Ring) -> bool:
    """Whether a ring encloses nothing, or as much from one side as from the other."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairwise(_exact(ring))) == 0


def _exact(ring: Ring) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(x), Fraction(y)) for x, y in ring]


def crossing(area: Area) -> tuple[float, float] | None:
    """Where two edges of an area cross, in degrees east and north, or None; edges that only touch do not cross."""
    for band in area.bands:
        by_west = sorted(band, key=lambda edge: min(edge.x, edge.to_x))
        for number, edge in enumerate(by_west):
            east = max(edge.x, edge.to_x)
            for place in range(number + 1, len(by_west)):
                other = by_west[place]
                if min(other.x, other.to_x) > east:
                    break
                if _parts(edge, other) and _parts(other, edge):
                    return _meeting(edge, other, area.places)
    return None


def _side(edge: Edge, x: int | Fraction, y: int | Fraction) -> int | Fraction:
    """Above 0 where a point lies west of an edge, 0 on its line, below 0 east of it."""
    return (edge.to_x - edge.x) * (y - edge.y) - (x - edge.x) * (edge.to_y - edge.y)


def _parts(edge: Edge, other: Edge) -> bool:
    """Whether the line of an edge lies between the ends of another."""
    begin, end = _side(edge, other.x, other.y), _side(edge, other.to_x, other.to_y)
    return (begin < 0 < end) or (end < 0 < begin)


def _meeting(edge: Edge, other: Edge, places: int) -> tuple[float, float]:
    begin, end = _side(other, edge.x, edge.y), _side(other, edge.to_x, edge.to_y)
    share = Fraction(begin, begin - end)
    unit = 10**places
    return (
        float((edge.x + share * (edge.to_x - edge.x)) / unit),
        float((edge.y + share * (edge.to_y - edge.y)) / unit),
    )
