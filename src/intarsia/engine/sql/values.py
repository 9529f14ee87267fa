"""A value of the language for everybody: what each person's count, sum or ratio is."""

from __future__ import annotations

from intarsia.engine.sql.compile import Compiled, Compiler
from intarsia.engine.sql.fractions import as_fraction
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import named
from intarsia.engine.sql.words import TRUE, column
from intarsia.language import tree
from intarsia.language.catalog import Catalog


def values_query(value: tree.Value, catalog: Catalog, operators: Operators) -> Compiled:
    """The question what a number is for everybody of the base: profile_no, and `top` by `bottom`, whole numbers.

    Both are null, or `top` is, where the number is unknown.
    """
    compiler, people = Compiler(catalog, operators), People("p")
    top, bottom = as_fraction(compiler.reading(value, people))
    query = people.query(TRUE).select(column("p", "profile_no"), named(top, "top"), named(bottom, "bottom"))
    return compiler.finish(query)
