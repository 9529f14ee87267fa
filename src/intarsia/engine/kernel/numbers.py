"""The numbers that aggregates answer, of everybody, exact (rules 14 and 25 to 30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import DIGITS, UNKNOWN, Array
from intarsia.engine.kernel.features import Features, Selection
from intarsia.engine.kernel.passes import NO_ROW
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import Kind, Property
from intarsia.language.interpret.aggregates import target
from intarsia.language.meaning.orders import GROSS, ORDER
from intarsia.language.writing.show import show

ENDS = ("first", "last")
_LARGEST_MEAN = 2**60


@dataclass(frozen=True)
class Numbers:
    """A number of everybody in units of 10 ** -digits; where it is not known, anything may stand.

    there  who has a row that it could be made from: the others have no place in a rank (rule 37)
    """

    numbers: Array
    is_known: Array
    there: Callable[[], Array]
    digits: int = DIGITS

    @property
    def exact(self) -> Array:
        """The numbers in units of 10 ** -DIGITS, whatever they are."""
        return self.numbers if self.digits == DIGITS else self.numbers * np.int64(10 ** (DIGITS - self.digits))


def numbers_of(node: tree.Aggregate, features: Features, columns: Columns) -> Numbers:
    """What an aggregate answers; not the property of a first or last event, which need not be a number."""
    goal = features.goal(node.event, node.fold)
    selection, taken = Selection(goal, node.where, node.window), goal.property
    if node.fold in ENDS:
        if taken is not None:
            raise NotInColumns(phrase("the property of a first or last event as a number"))
        row = features.end(node.fold, selection)
        return Numbers(features.taken(features.rows(selection).at, row), row != NO_ROW, lambda: row != NO_ROW)

    def there() -> Array:
        return _is_there(node, selection, features, columns)

    everybody = np.ones(features.size, np.bool_)
    if taken is None:
        return Numbers(features.count(selection), everybody, there, 0)
    match node.fold:
        case "count":
            return Numbers(features.count_known(selection, taken), everybody, there, 0)
        case "distinct":
            return Numbers(features.distinct(selection, taken), everybody, there, 0)
        case "sum":
            return Numbers(net(selection, taken, features, columns)[0], everybody, there)
        case "avg":
            if taken.kind is not Kind.MONEY:
                raise NotInColumns(phrase("a mean that is no amount"))
            return Numbers(*_mean(*net(selection, taken, features, columns), columns.catalog.currency_digits), there)
        case "min" | "max":
            found = features.extreme(node.fold, selection, taken)
            return Numbers(found, found != UNKNOWN, there)
    raise NotInColumns(phrase("`{value}` as a number", value=show(node)))


def _is_there(node: tree.Aggregate, selection: Selection, features: Features, columns: Columns) -> Array:
    """Who has an event, or a line, in it; an event that lacks what lines may have too stands for its lines, if any."""
    named, taken = target(node.event, columns.catalog, node.fold).property, selection.goal.property
    if named is None or taken is None or named.otherwise is None:
        return features.count(selection) > 0
    return features.count_known(selection, taken) > 0


def net(selection: Selection, taken: Property, features: Features, columns: Columns) -> tuple[Array, Array]:
    """The sum of a property, of orders less what their refunds give back, and how many numbers are in it (rule 30)."""
    total, count = features.total(selection, taken)
    if selection.goal.type.name != ORDER or taken.path == GROSS or not columns.has_refunds:
        return total, count
    back, _ = features.total(replace(selection, of_refunds=taken), taken)
    return total - back, count


def _mean(total: Array, count: Array, currency_digits: int) -> tuple[Array, Array]:
    """The mean of amounts, rounded half up to the minor unit, and where there is one."""
    if len(total) and np.abs(total).max() > _LARGEST_MEAN:
        raise NotInColumns(phrase("a mean that may be too large"))
    minor = np.int64(10 ** (DIGITS - currency_digits))
    whole = np.maximum(count, 1) * minor
    return (2 * total + whole) // (2 * whole) * minor, count > 0
