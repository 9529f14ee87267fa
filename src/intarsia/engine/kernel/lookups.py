"""Truth tables: which values pass a test. The interpreter's own operators say so, once for each different value."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import DIGITS, UNKNOWN, Array, Coded, Values
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.interpret.anniversaries import anniversary_passes
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import number, written_day
from intarsia.language.writing.show import show

LOWEST, HIGHEST = UNKNOWN + 1, int(np.iinfo(np.int64).max)


def truths(values: Coded, operator: tree.Operator, when: When, *, ignoring_case: bool = False) -> Array:
    """Of each code, whether its value passes."""

    def holds(value: Json) -> bool:
        return passes(value, operator, when, ignoring_case=ignoring_case)

    return values.dictionary.table(truth_key(operator, when, ignoring_case=ignoring_case), holds)


def truth_key(operator: tree.Operator, when: When, *, ignoring_case: bool) -> Hashable:
    """What the truths of an operator are kept by; None: they are of this instant alone."""
    return None if moves_with_time(operator) else (operator, ignoring_case, when.zone.key)


def which_pass(values: Values, operator: tree.Operator, when: When, *, ignoring_case: bool = False) -> Array:
    """Of each row, whether its value passes."""
    if isinstance(values, Coded):
        return values.which(
            truth_key(operator, when, ignoring_case=ignoring_case),
            lambda value: passes(value, operator, when, ignoring_case=ignoring_case),
        )
    return numbers_pass(values.numbers, values.numbers != UNKNOWN, operator, when)


def is_known(values: Values) -> Array:
    """Of each row, whether it has a value."""
    return values.codes > 0 if isinstance(values, Coded) else values.numbers != UNKNOWN


def anniversaries(node: tree.Test, values: Values, when: When) -> Array:
    """Of each row, whether a test of the anniversaries of its day holds."""
    if not isinstance(values, Coded) or any(window.local for window in node.walk() if isinstance(window, tree.Window)):
        raise NotInColumns(phrase("an anniversary in local time"))
    return values.which(None, lambda value: anniversary_passes(node.operator, written_day(value), when))


def moves_with_time(operator: tree.Operator) -> bool:
    """Whether what passes depends on the instant of the question; so it does where an amount needs a rate."""
    relative = (tree.Rolling, tree.Calendar, tree.NamedDay, tree.MoreThanAgo, tree.BetweenAgo)
    return any(
        isinstance(node, relative) or (isinstance(node, tree.Number) and node.currency is not None)
        for node in operator.walk()
    )


def numbers_pass(
    numbers: Array, is_known: Array, operator: tree.Operator, when: When, *, digits: int = DIGITS
) -> Array:
    """Which exact numbers pass, in units of 10 ** -digits; what is not known passes nothing but `is empty`."""
    match operator:
        case tree.Compare(operator=sign, constant=constant):
            return is_known & _ordered(numbers, sign, bound_of(constant, when), digits)
        case tree.Range(low=low, high=high):
            above = _ordered(numbers, ">=", bound_of(low, when), digits)
            return is_known & above & _ordered(numbers, "<=", bound_of(high, when), digits)
        case tree.OneOf(constants=constants):
            found = np.zeros(len(numbers), np.bool_)
            for constant in constants:
                found |= _ordered(numbers, "=", bound_of(constant, when), digits)
            return is_known & found
        case tree.Is(what="known"):
            return is_known
        case tree.Is(what="empty"):
            return ~is_known
        case _:
            raise NotInColumns(phrase("`{operator}` of a number or an instant", operator=show(operator)))


def bound_of(constant: tree.Constant, when: When) -> Decimal | None:
    """The number that a literal is; None: an amount without a rate, which nothing equals, precedes or exceeds."""
    if isinstance(constant, tree.Number):
        return when.in_own_currency(constant)
    if isinstance(constant, tree.Text):
        read = number(constant.value)
        if read is not None:
            return read
    raise NotInColumns(phrase("a number next to what is none"))


def _ordered(numbers: Array, sign: str, bound: Decimal | None, digits: int) -> Array:
    if bound is None:
        return np.zeros(len(numbers), np.bool_)
    exact = bound.scaleb(digits)
    down, up = (int(exact.to_integral_value(rounding)) for rounding in (ROUND_FLOOR, ROUND_CEILING))
    match sign:
        case "=":
            return numbers == _clipped(down) if down == up else np.zeros(len(numbers), np.bool_)
        case "<":
            return numbers < _clipped(up)
        case "<=":
            return numbers <= _clipped(down)
        case ">":
            return numbers > _clipped(down)
        case _:
            return numbers >= _clipped(up)


def _clipped(bound: int) -> int:
    """The bound; one that no number of a column reaches is moved to the end of them, which none reaches either."""
    return min(max(bound, LOWEST), HIGHEST)


def instants_pass(at: Array, is_known: Array, operator: tree.Operator, when: When) -> Array:
    """Which instants pass, milliseconds UTC."""
    match operator:
        case tree.During(window=window):
            return is_known & _inside(at, window, when)
        case tree.Compare(operator=sign, constant=tree.Day() | tree.Moment() as time):
            relation = {"<": "before", "<=": "until", ">": "after", ">=": "since", "=": "on"}[sign]
            return is_known & _inside(at, tree.Window(tree.Point(relation, time)), when)  # type: ignore[arg-type]
        case tree.Is(what="known"):
            return is_known
        case tree.Is(what="empty"):
            return ~is_known
        case _:
            raise NotInColumns(phrase("`{operator}` of a number or an instant", operator=show(operator)))


def _inside(at: Array, window: tree.Window, when: When) -> Array:
    if window.local:
        raise NotInColumns(phrase("a window in local time"))
    span = when.instants(window)
    found = np.ones(len(at), np.bool_)
    if span.begin is not None:
        found &= at >= span.begin
    if span.end is not None:
        found &= at < span.end
    return found
