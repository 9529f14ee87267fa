"""What time alone can do to a condition: change it at most once, or again and again for ever."""

from __future__ import annotations

from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.moments import asks_for_money
from intarsia.language.interpret.whole import Asked

RELATIVE = (tree.Rolling, tree.Calendar, tree.NamedDay, tree.MoreThanAgo, tree.BetweenAgo)
ORDERINGS = ("<", "<=", ">", ">=")


def settles(node: Asked, catalog: Catalog) -> bool:
    """Whether a condition changes at most once while nothing happens: events only leave its window, or only enter it.

    It is no mistake to say no. A number of events is not known while an amount in the window lacks a rate.
    """
    match node:
        case tree.Did(where=where, window=window):
            return _is_one_way(window) and not _moves(where)
        case tree.Test(
            value=tree.Aggregate(fold="count" | "distinct", where=where, window=window),
            operator=tree.Compare(operator=sign, constant=tree.Number(currency=None)),
            held=None,
        ):
            is_known = not asks_for_money(node, catalog)
            return is_known and sign in ORDERINGS and _is_one_way(window) and not _moves(where)
        case _:
            return False


def _is_one_way(window: tree.Window | None) -> bool:
    """Whether what has happened already can only leave a window, or only enter it, as time goes on."""
    if window is None:
        return True
    match window.period:
        case tree.Rolling(direction=direction):
            return direction == "last"
        case tree.MoreThanAgo() | tree.Point() | tree.BetweenTimes():
            return True
        case _:
            return False


def _moves(where: tree.Condition | None) -> bool:
    """Whether a filter itself depends on the instant that is asked about."""
    return where is not None and any(
        isinstance(node, RELATIVE) or (isinstance(node, tree.Number) and node.currency is not None)
        for node in where.walk()
    )


def may_go_on_for_ever(node: Asked, catalog: Catalog) -> bool:
    """Whether a condition may change year after year without an end: ages and anniversaries do."""
    return any(
        isinstance(one, tree.Anniversary) or (isinstance(one, tree.Path) and _changes_by_time(one, catalog))
        for one in node.walk()
    )


def _changes_by_time(path: tree.Path, catalog: Catalog) -> bool:
    trait = catalog.trait(path.names) or catalog.trait(path.names[:1])
    return trait is not None and trait.changes_by_time
