"""Where people are, from columns: each different point is looked at once (rule 42)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Names
from intarsia.engine.columns.values import Array, Coded
from intarsia.engine.kernel.features import Features
from intarsia.engine.sql.places import looked_for
from intarsia.errors import phrase
from intarsia.geometry import is_on_globe
from intarsia.language import tree
from intarsia.language.meaning.areas import LATITUDE, LONGITUDE
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import number


@dataclass(frozen=True)
class Points:
    """The different points at which people are.

    degrees    north and east; None: that is not known, or not on the globe
    of_person  of each person which of them
    """

    degrees: list[tuple[Decimal, Decimal] | None]
    of_person: Array


def placed(node: tree.Near | tree.InsideArea, features: Features, columns: Columns) -> Array:
    """Who is near a point, or inside an area as it was known to be."""
    points = features.once("points", lambda: _points(features, columns))
    lies = looked_for(node, columns.catalog, features.when.known_at)
    truths = np.array([at is not None and lies(*at) for at in points.degrees], np.bool_)
    found: Array = truths[points.of_person]
    return found


def _points(features: Features, columns: Columns) -> Points:
    north, east = (_trait(names, features, columns) for names in (LATITUDE, LONGITUDE))
    # Two codes as one number: the column of points has no dictionary of its own.
    pairs = north.codes.astype(np.int64) * len(east.dictionary) + east.codes
    different, of_person = np.unique(pairs, return_inverse=True)
    codes = zip(*np.divmod(different, len(east.dictionary)), strict=True)
    degrees = [_point(north.dictionary.values[one], east.dictionary.values[other]) for one, other in codes]
    return Points(degrees, of_person)


def _trait(names: Names, features: Features, columns: Columns) -> Coded:
    found = features.once(("trait", names), lambda: columns.trait(names))
    if not isinstance(found, Coded):
        raise NotInColumns(phrase("where on the map somebody is"))
    return found


def _point(latitude: Json, longitude: Json) -> tuple[Decimal, Decimal] | None:
    north, east = number(latitude), number(longitude)
    return None if north is None or east is None or not is_on_globe(north, east) else (north, east)
