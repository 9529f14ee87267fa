"""Exact quotients of everybody: ratios, trends, means and buckets (rules 31 and 38)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import DIGITS, UNKNOWN, Array, Coded
from intarsia.engine.kernel.features import Features, Selection
from intarsia.engine.kernel.lookups import bound_of
from intarsia.engine.kernel.numbers import ENDS, net, numbers_of
from intarsia.errors import phrase
from intarsia.ids import BUCKETS
from intarsia.language import tree
from intarsia.language.interpret.question import When
from intarsia.language.meaning.trends import halves
from intarsia.language.writing.show import show

SURE = 1e-9
"""Two quotients that differ by more than this share of them are told apart by floating point, the others exactly."""


@dataclass(frozen=True)
class Quotients:
    """`top` by `bottom`, which is not 0 where the quotient is known; where it is not, anything may stand."""

    top: Array
    bottom: Array
    is_known: Array

    def compared(self, bound: Fraction) -> Array:
        """-1, 0 or 1 where a quotient is smaller than, equal to or larger than a number."""
        bottom = np.where(self.is_known, self.bottom, 1)
        value, near = self.top / bottom, float(bound)
        found = np.sign(value - near).astype(np.int8)
        unsure = self.is_known & (np.abs(value - near) <= SURE * (np.abs(value) + abs(near)))
        for person in np.flatnonzero(unsure):
            exact = Fraction(int(self.top[person]), int(self.bottom[person]))
            found[person] = (exact > bound) - (exact < bound)
        return found

    def passes(self, operator: tree.Operator, when: When) -> Array:
        """Which quotients pass; what is not known passes nothing but `is empty`."""
        match operator:
            case tree.Compare(operator=sign, constant=constant):
                return self.is_known & self._ordered(sign, constant, when)
            case tree.Range(low=low, high=high):
                return self.is_known & self._ordered(">=", low, when) & self._ordered("<=", high, when)
            case tree.OneOf(constants=constants):
                return self.is_known & np.logical_or.reduce([self._ordered("=", one, when) for one in constants])
            case tree.Is(what="known"):
                return self.is_known
            case _:
                raise NotInColumns(phrase("`{operator}` of a quotient", operator=show(operator)))

    def _ordered(self, sign: str, constant: tree.Constant, when: When) -> Array:
        bound = bound_of(constant, when)
        if bound is None:
            return np.zeros(len(self.top), np.bool_)
        found = self.compared(Fraction(bound))
        return {"=": found == 0, "<": found < 0, "<=": found <= 0, ">": found > 0, ">=": found >= 0}[sign]


def quotients_of(value: tree.Value, features: Features, columns: Columns) -> Quotients:
    """A value that is a quotient; raises `NotInColumns` for what is none, or one of quotients."""
    match value:
        case tree.Ratio(top=top, bottom=bottom):
            return _quotient(_part(top, features, columns), _part(bottom, features, columns))
        case tree.Trend():
            now, before = (_part(half, features, columns) for half in halves(value))
            change = now[0] - before[0], now[1]
            return _quotient(change, before)
        case tree.Bucket(salt=salt):
            buckets = features.once(("bucket", salt), lambda: columns.buckets(salt))
            everybody = np.ones(features.size, np.bool_)
            return Quotients(buckets, np.full(features.size, BUCKETS, np.int64), everybody)
        case tree.Aggregate(fold="avg"):
            goal = features.goal(value.event, "avg")
            if goal.property is None:
                raise NotInColumns(phrase("a quotient of quotients, or of what is no number"))
            total, count = net(Selection(goal, value.where, value.window), goal.property, features, columns)
            return Quotients(total, count * np.int64(10**DIGITS), count > 0)
        case _:
            raise NotInColumns(phrase("a quotient of quotients, or of what is no number"))


def _part(value: tree.Value, features: Features, columns: Columns) -> tuple[Array, Array]:
    """The numbers of a part, and where they are known; both parts are in the same units, which so do not matter."""
    match value:
        case tree.Path(names=names) if names != ("profile",):
            values = features.once(("trait", names), lambda: columns.trait(names))
            numbers = values.numbers[values.codes] if isinstance(values, Coded) else values.numbers
            return numbers, numbers != UNKNOWN
        case tree.Aggregate(fold=fold) if fold not in ENDS:
            found = numbers_of(value, features, columns)
            return found.exact, found.is_known
        case _:
            raise NotInColumns(phrase("a quotient of quotients, or of what is no number"))


def _quotient(top: tuple[Array, Array], bottom: tuple[Array, Array]) -> Quotients:
    return Quotients(top[0], bottom[0], top[1] & bottom[1] & (bottom[0] != 0))
