"""Those for whom it cannot be said which events an aggregate goes over: its `where` asks for amounts without a rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from intarsia.engine.sql.ends import ENDS
from intarsia.engine.sql.features import chosen, takes_refunds
from intarsia.engine.sql.fractions import FractionReading
from intarsia.engine.sql.queries import Query, one_after_another
from intarsia.engine.sql.reading import FirstKnown, MomentReading, NumberReading, Reading
from intarsia.engine.sql.scope import EventScope
from intarsia.engine.sql.words import NULL, TRUE, Sql, all_of, any_of, column, negated, when
from intarsia.language import tree
from intarsia.language.catalog import Kind, Property


def asks_for_amounts(scope: EventScope, where: tree.Condition | None) -> bool:
    """Whether a filter asks for an amount of an event, or of its lines."""
    names = [node.names for node in where.walk() if isinstance(node, tree.Path)] if where is not None else []
    return any(scope.property(one).kind is Kind.MONEY for one in names)


def those_unsure(scope: EventScope, found: Property | None, node: tree.Aggregate) -> Query:
    """profile_no of those who have an event in the window that may meet the `where` and need not (rule 29).

    Of each test of an amount without a rate either is possible, so that a test beside it may decide.
    """
    if scope.is_of_sales and found is not None and takes_refunds(node.fold, found):
        scope = replace(scope, with_refunds=True)
    places: list[tuple[EventScope, Sql]] = [(scope, TRUE)]
    if found is not None and node.fold not in ENDS:
        places = [(place, applies) for place, _, applies in scope.places(found)]
    where = tree.Everyone() if node.where is None else node.where
    queries = []
    for place, applies in places:
        may, must = _met(place, where, at_best=True), _met(place, where, at_best=False)
        rows = chosen(place, None, node.window).where(all_of((applies, may, negated(must))))
        queries.append(rows.select(column(place.alias, "profile_no")).distinct())
    return one_after_another(queries, each_once=True)


def unless(is_unsure: Callable[[], Sql], reading: Reading) -> Reading:
    """The reading; where it cannot be said what it goes over, that of an unknown value."""
    if isinstance(reading, (NumberReading, MomentReading, FractionReading)):
        return replace(reading, value=lambda: when(is_unsure(), NULL, reading.value()))
    return FirstKnown(Reading(), reading, is_unsure)


def _met(scope: EventScope, node: tree.Condition, *, at_best: bool) -> Sql:
    """Whether a filter is met if every test of an amount without a rate comes out at its best, or at its worst."""
    match node:
        case tree.And(parts=parts):
            return all_of(_met(scope, part, at_best=at_best) for part in parts)
        case tree.Or(parts=parts):
            return any_of(_met(scope, part, at_best=at_best) for part in parts)
        case tree.Not(part=part):
            return negated(_met(scope, part, at_best=not at_best))
        case tree.HasLine(condition=inner):
            return scope.some_line(lambda line: _met(line, inner, at_best=at_best))
        case tree.Test(value=tree.Path(names=names)) if scope.property(names).kind is Kind.MONEY:
            return scope.test(node, lambda place, taken, holds: _of_amount(place, taken, holds, at_best=at_best))
        case _:
            return scope.condition(node)


def _of_amount(place: EventScope, amount: Property, holds: Sql, *, at_best: bool) -> Sql:
    is_unrated = place.is_unrated(amount, is_given=False)
    return any_of((holds, is_unrated)) if at_best else all_of((holds, negated(is_unrated)))
