"""Who a rank takes, who is in a segment, who agreed: what depends on others, or on what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from intarsia.clock import day_holding
from intarsia.engine.columns.columns import Columns, ConsentState
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import UNKNOWN, Array, Coded
from intarsia.engine.kernel.fallback import Fallback
from intarsia.engine.kernel.features import Features
from intarsia.engine.kernel.numbers import numbers_of
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.checking.named import FixedList
from intarsia.language.interpret.crowd import how_many

Condition = Callable[[tree.Condition], Array]


# --- ranks


def ranked(node: tree.Rank, value: Array, has_place: Array, order_of_ids: Callable[[], Array]) -> Array:
    """The best or worst by a value, of equal values those whose profile ids come first (rule 37)."""
    people = np.flatnonzero(has_place)
    taken = min(how_many(node, len(people)), len(people))
    out = np.zeros(len(value), np.bool_)
    if not taken:
        return out
    key = value[people] if node.direction == "bottom" else -value[people]
    edge = np.partition(key, taken - 1)[taken - 1]
    out[people[key < edge]] = True
    tied = people[key == edge]
    left = taken - int((key < edge).sum())
    if left < len(tied):
        tied = tied[np.argsort(order_of_ids()[tied])[:left]]
    out[tied] = True
    return out


def places(by: tree.Value, features: Features, columns: Columns) -> tuple[Array, Array]:
    """The number that ranks each person, and who has one."""
    match by:
        case tree.Path(names=names) if names != ("profile",):
            values = features.once(("trait", names), lambda: columns.trait(names))
            numbers = values.numbers[values.codes] if isinstance(values, Coded) else values.numbers
            return numbers, numbers != UNKNOWN
        case tree.Aggregate():
            found = numbers_of(by, features, columns)
            return found.numbers, found.is_known & found.there()
        case _:
            raise NotInColumns(phrase("a rank by a quotient"))


# --- segments


def segment(name: str, fallback: Fallback, condition: Condition) -> Array:
    """The members of a segment by the definition in force, with those put in by hand and without those kept out."""
    evaluator = fallback.evaluator
    named = evaluator.named[name]
    version = named.in_force(evaluator.defined_at)
    content = evaluator.named.content(name, version)
    with evaluator.chain.link(name, version):
        found = fallback.with_one_of(content.ids) if isinstance(content, FixedList) else condition(content.tree)
    if put_in := named.put_in(evaluator.at, evaluator.known_at):
        found = found | fallback.with_one_of(put_in)
    if kept_out := named.kept_out(evaluator.at, evaluator.known_at):
        found = found & ~fallback.with_one_of(kept_out)
    return found


# --- consent


def consents(node: tree.Consent, features: Features, columns: Columns) -> Array:
    """Whose consent is as asked for (rule 43)."""
    key = ("consent", node.channel, node.purpose)
    code, states = features.once(key, lambda: columns.consents(node.channel, node.purpose))
    at, today = features.when.at, day_holding(features.when.at, features.when.zone)
    truths = np.array([_is(node.state, state, at, today) for state in states], np.bool_)
    found: Array = truths[code]
    return found


def _is(asked: str, said: ConsentState, at: int, today: date) -> bool:
    """Whether a consent counts as given, withdrawn or unknown; one that has ended counts as none of them."""
    if asked == "withdrawn":
        return said.state == "withdrawn"
    if asked == "unknown":
        return said.state in (None, "pending")
    lasts = (said.last_day is not None and said.last_day >= today) or (said.ends_at is not None and said.ends_at > at)
    return said.state == "given" and (said.expires is None or lasts)
