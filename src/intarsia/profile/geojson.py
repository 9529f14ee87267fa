"""Areas as files bring them: GeoJSON (RFC 7946), read to the last digit and held to what an area must be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, NoReturn

from intarsia.errors import Phrase, UserError, phrase
from intarsia.geometry import FULL_TURN, Area, Polygon, Ring, crossing, is_flat
from intarsia.language.words.spelling import spell_decimal
from intarsia.speech import mark

MOST_BYTES = 20_000_000
MOST_POSITIONS = 100_000
MOST_PLACES = 20
"""Decimals of a coordinate; the sixth is a tenth of a metre."""

DEGREES_OF_WORLD = ("CRS84", "4326")
"""How the names of coordinate systems end that are degrees of longitude and latitude."""


class BadArea(UserError):
    """A file that holds no area, or one that cannot be one."""

    code = "profile.bad-area"
    says = mark("{place}: {reason}")
    advises = mark("an area is a GeoJSON Polygon or MultiPolygon, degrees east before degrees north; nothing was kept")


@dataclass(frozen=True)
class Shape:
    """Polygons of a file.

    coordinates  those of a GeoJSON MultiPolygon, as JSON: what is kept
    has_long_edge  an edge is longer than half the globe: perhaps it was meant to cross the antimeridian
    """

    coordinates: str
    area: Area
    polygons: int
    holes: int
    positions: int
    has_long_edge: bool


def read_shape(text: str) -> Shape:
    """The area of a Feature, a FeatureCollection, a Polygon or a MultiPolygon; of several, all of them together.

    Raises `BadArea` with the place inside the file: rings that are not closed, enclose nothing or cross, positions off
    the globe (longitudes may go to 360 either way), other geometries, too many of anything.
    """
    if len(text) > MOST_BYTES:
        _refuse("$", phrase("it is longer than {most} characters", most=f"{MOST_BYTES:,}"))
    polygons = [
        (place, _polygon(place, rings)) for place, found in _geometries("$", _json(text)) for place, rings in found
    ]
    positions = sum(len(ring) for _, polygon in polygons for ring in polygon)
    if not polygons:
        _refuse("$", phrase("it holds no polygon"))
    if positions > MOST_POSITIONS:
        counts = {"count": f"{positions:,}", "most": f"{MOST_POSITIONS:,}"}
        _refuse("$", phrase("it has {count} positions, more than {most}", **counts))
    for place, polygon in polygons:
        _refuse_crossing(place, polygon)
    shapes = [polygon for _, polygon in polygons]
    return Shape(
        coordinates=_written(shapes),
        area=Area(shapes),
        polygons=len(shapes),
        holes=sum(len(polygon) - 1 for polygon in shapes),
        positions=positions,
        has_long_edge=any(_is_long(ring) for polygon in shapes for ring in polygon),
    )


def _refuse(place: str | Phrase, reason: Phrase) -> NoReturn:
    raise BadArea(place=place, reason=reason)


def _json(text: str) -> Any:
    try:
        return json.loads(
            text.removeprefix("\ufeff"), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        place = phrase("line {line}, column {column}", line=error.lineno, column=error.colno)
        _refuse(place, phrase("it is no JSON: {problem}", problem=error.msg))
    except RecursionError:
        _refuse("$", phrase("its lists and objects lie too deep inside each other"))
    except ArithmeticError:
        _refuse("$", phrase("it holds a number that is beyond all degrees"))


def _no_number(name: str) -> NoReturn:
    _refuse("$", phrase("it holds {value}, which is no number", value=name))


# --- what a file may be


def _geometries(place: str, found: Any) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """By place, the coordinates of every polygon in it, each with its own place."""
    if not isinstance(found, dict):
        _refuse(place, phrase("an object with a `type` is wanted"))
    _refuse_other_degrees(place, found)
    match found.get("type"):
        case "FeatureCollection":
            for number, feature in enumerate(_list(f"{place}.features", found.get("features"))):
                yield from _geometries(f"{place}.features[{number}]", feature)
        case "Feature":
            yield from _geometries(f"{place}.geometry", found.get("geometry"))
        case "Polygon":
            yield place, [(f"{place}.coordinates", found.get("coordinates"))]
        case "MultiPolygon":
            parts = _list(f"{place}.coordinates", found.get("coordinates"))
            yield place, [(f"{place}.coordinates[{number}]", part) for number, part in enumerate(parts)]
        case other:
            wanted = phrase(
                "`{type}` is no area: Polygon, MultiPolygon, Feature or FeatureCollection is wanted", type=other
            )
            _refuse(place, wanted)


def _refuse_other_degrees(place: str, found: dict[str, Any]) -> None:
    named = found.get("crs")
    name = named.get("properties", {}).get("name") if isinstance(named, dict) else None
    if name is not None and not str(name).endswith(DEGREES_OF_WORLD):
        reason = phrase("its coordinates are `{system}`, not degrees of longitude and latitude (WGS 84)", system=name)
        _refuse(f"{place}.crs", reason)


def _list(place: str, found: Any) -> list[Any]:
    if not isinstance(found, list):
        _refuse(place, phrase("a list is wanted"))
    return found


# --- what a polygon must be


def _polygon(place: str, rings: Any) -> Polygon:
    found = [_ring(f"{place}[{number}]", ring) for number, ring in enumerate(_list(place, rings))]
    if not found:
        _refuse(place, phrase("the polygon has no ring"))
    return found


def _ring(place: str, positions: Any) -> Ring:
    found = [_position(f"{place}[{number}]", at) for number, at in enumerate(_list(place, positions))]
    if len(found) < 4:
        _refuse(place, phrase("a ring has four positions at least, this one {count}", count=len(found)))
    if found[0] != found[-1]:
        _refuse(place, phrase("the ring is not closed: its last position is not its first"))
    if len(set(found)) < 3:
        _refuse(place, phrase("the ring encloses nothing"))
    return found


def _position(place: str, found: Any) -> tuple[Decimal, Decimal]:
    numbers = _list(place, found)
    if len(numbers) < 2 or not all(isinstance(number, Decimal) for number in numbers):
        _refuse(place, phrase("a position is two numbers: degrees east, degrees north"))
    east, north = numbers[:2]
    if abs(east) > FULL_TURN or abs(north) > 90:
        met = {"east": _short(east), "north": _short(north)}
        if abs(east) <= 90 and abs(north) <= FULL_TURN:
            _refuse(place, phrase("({east}, {north}) is off the globe; degrees east come first", **met))
        _refuse(place, phrase("({east}, {north}) is off the globe", **met))
    if any(-_exponent(number) > MOST_PLACES for number in (east, north)):
        _refuse(place, phrase("a coordinate has more than {most} decimals", most=MOST_PLACES))
    return east, north


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _short(number: Decimal) -> str:
    written = str(number)
    return written if len(written) <= 20 else f"{number:.6g}"


def _refuse_crossing(place: str, polygon: Polygon) -> None:
    met = crossing(Area([polygon]))
    if met is not None:
        at = {"east": f"{met[0]:.6f}", "north": f"{met[1]:.6f}"}
        _refuse(place, phrase("its lines cross each other near {east}, {north}", **at))
    for number, ring in enumerate(polygon):
        if is_flat(ring):
            _refuse(f"{place}[{number}]", phrase("the ring encloses nothing"))


def _is_long(ring: Ring) -> bool:
    return any(abs(to_east - east) > FULL_TURN / 2 for (east, _), (to_east, _) in pairwise(ring))


def _written(polygons: list[Polygon]) -> str:
    """The coordinates as JSON, every number in its shortest form."""
    return _bracketed(
        _bracketed(_bracketed(f"[{spell_decimal(x)},{spell_decimal(y)}]" for x, y in ring) for ring in polygon)
        for polygon in polygons
    )


def _bracketed(parts: Iterator[str]) -> str:
    return f"[{','.join(parts)}]"
