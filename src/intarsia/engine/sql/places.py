"""Near and inside an area, over everybody: SQL says where people are, Python decides each different point (rule 42)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as compute

from intarsia.engine.sql.compile import Compiled, Compiler
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import named
from intarsia.engine.sql.words import all_of, column, is_null, negated
from intarsia.geometry import METRES_PER_KILOMETRE, is_on_globe, metres_between
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.meaning.areas import LATITUDE, LONGITUDE

Lies = Callable[[Decimal, Decimal], bool]
"""Whether a point of degrees north and east is one of those that are looked for."""


def points_query(catalog: Catalog, operators: Operators) -> Compiled:
    """The question where everybody of the base is: profile_no, latitude, longitude, of those of whom both are known."""
    compiler, people = Compiler(catalog, operators), People("p")
    degrees = {names[0]: compiler.reading(tree.Path(names), people).number() for names in (LATITUDE, LONGITUDE)}
    query = people.query(all_of(negated(is_null(value)) for value in degrees.values()))
    query = query.select(column("p", "profile_no"))
    return compiler.finish(query.select(*(named(value, name) for name, value in degrees.items())))


def by_point(points: pa.Table) -> pa.Table:
    """Each different point with the list of those who are there, `profile_no`."""
    grouped = points.group_by(["latitude", "longitude"]).aggregate([("profile_no", "list")])
    return grouped.rename_columns([name.removesuffix("_list") for name in grouped.column_names])


def people_at(points: pa.Table, lies: Lies) -> pa.Table:
    """Those who are at a point that is looked for: one column `profile_no`. `points`: as `by_point` has them."""
    places = zip(points["latitude"].to_pylist(), points["longitude"].to_pylist(), strict=True)
    found = points.filter(pa.array([is_on_globe(*at) and lies(*at) for at in places], pa.bool_()))
    return pa.table({"profile_no": compute.list_flatten(found["profile_no"])})


def looked_for(node: tree.Near | tree.InsideArea, catalog: Catalog, known_at: int | None) -> Lies:
    """What a condition says of a point, as its area was known to be."""
    if isinstance(node, tree.InsideArea):
        return catalog.areas[node.name].at(known_at).area.holds
    most = node.kilometres * METRES_PER_KILOMETRE
    return lambda latitude, longitude: metres_between(latitude, longitude, node.latitude, node.longitude) <= most
