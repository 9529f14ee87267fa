"""Where a person is, and whether that is near a point or inside an area (rule 42)."""

from __future__ import annotations

from decimal import Decimal

from intarsia.geometry import METRES_PER_KILOMETRE, is_on_globe, metres_between
from intarsia.language import tree
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.areas import LATITUDE, LONGITUDE
from intarsia.language.meaning.values import number


def point_of(known: Known) -> tuple[Decimal, Decimal] | None:
    """Degrees north and east of where a person is, by the traits `latitude` and `longitude`; None: not known."""
    latitude, longitude = number(known.trait(LATITUDE).value), number(known.trait(LONGITUDE).value)
    if latitude is None or longitude is None or not is_on_globe(latitude, longitude):
        return None
    return latitude, longitude


def metres_to(node: tree.Near, known: Known) -> int | None:
    """Whole metres between a person and the point of a condition; None: it is not known where they are."""
    point = point_of(known)
    return None if point is None else metres_between(*point, node.latitude, node.longitude)


def is_near(node: tree.Near, known: Known) -> bool:
    """Whether a person is within the distance, its edge inside."""
    metres = metres_to(node, known)
    return metres is not None and metres <= node.kilometres * METRES_PER_KILOMETRE


def is_inside(node: tree.InsideArea, known: Known) -> bool:
    """Whether a person is in an area, as it was known to be, its border inside."""
    point = point_of(known)
    return point is not None and known.catalog.areas[node.name].at(known.question.known_at).area.holds(*point)
