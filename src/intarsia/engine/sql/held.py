"""`for at least 30 days` in SQL (rule 36): every value that a trait had since the start passes the test, or not one."""

from __future__ import annotations

from dataclasses import replace

from intarsia.engine.sql.draft import PersonalDraft
from intarsia.engine.sql.history import trait_spans
from intarsia.engine.sql.people import People
from intarsia.engine.sql.queries import Rows, named, rows_of, source
from intarsia.engine.sql.reading import JsonReading, Reading
from intarsia.engine.sql.words import Sql, all_of, column, compare, integer, is_null, least, negated, surely, when
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.meaning.windows import back


def is_held(compiler: PersonalDraft, node: tree.Test, held: tree.Held, people: People) -> Sql:
    """Whether a test of a trait, or its negation, has been so without a break for at least, or less than, so long."""
    name = people.join(compiler.table(node, "held", lambda: _lasting(compiler, node, held)))
    of_unknown = _is_so(compiler, node, held, Reading())
    was_always = compare("=", column(name, "is_so"), integer(1))
    # Before anything was said, the trait was unknown.
    said_since = compare("<=", column(name, "since"), _start(compiler, held))
    was_so = when(said_since, was_always, all_of((was_always, of_unknown)))
    unbroken = surely(when(is_null(column(name, "profile_no")), of_unknown, was_so))
    if held.how == "at least":
        return unbroken
    now = compiler.condition(replace(node, held=None), people)
    return all_of((negated(now) if held.of_negation else now, negated(unbroken)))


def _lasting(compiler: PersonalDraft, node: tree.Test, held: tree.Held) -> Rows:
    """One row for everybody of whom anything was said: whether all values since the start pass, and since when any."""
    path = node.value
    if not isinstance(path, tree.Path):
        raise Bug(what=f"`for {held.how}` of {path} came through the check")
    spans = _spans(compiler, path.names, held)
    reading = JsonReading(
        lambda: column(spans, "props"), lambda: column(spans, "readings"), path.names, compiler.bindings
    )
    is_so = when(_is_so(compiler, node, held, reading), integer(1), integer(0))
    query = rows_of(source(spans)).where(compare(">", column(spans, "until"), _start(compiler, held)))
    return query.select(
        column(spans, "profile_no"),
        named(least(is_so), "is_so"),
        named(least(column(spans, "since")), "since"),
    ).group_by(column(spans, "profile_no"))


def _is_so(compiler: PersonalDraft, node: tree.Test, held: tree.Held, reading: Reading) -> Sql:
    passes = compiler.operators.holds(reading, node.operator, ignoring_case=node.ignoring_case)
    return negated(passes) if held.of_negation else passes


def _start(compiler: PersonalDraft, held: tree.Held) -> Sql:
    return compiler.bindings.bind(_start_of(compiler, held))


def _start_of(compiler: PersonalDraft, held: tree.Held) -> int:
    operators = compiler.operators
    return back(operators.at, held.length, operators.zone, operators.calendar)


def _spans(compiler: PersonalDraft, names: tuple[str, ...], held: tree.Held) -> str:
    """The relation of what a trait was and when: profile_no, props, readings, since, until."""
    trait = compiler.catalog.trait(names)
    if trait is not None and trait.is_derived:
        return compiler.history(names, _start_of(compiler, held))
    compiler.relations.add("statements")
    return compiler.table(
        ("spans", names[0]), "spans", lambda: trait_spans(names[0], compiler.operators.at, compiler.bindings)
    )
