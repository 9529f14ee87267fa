"""The orders and refunds of one person as of a question (rules 24 and 30).

An order is its order id: the earliest counted version gives its time, the latest its content. A refund is a fact of
its own time that borrows from its order whatever it does not say itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from intarsia.language.facts import Fact, Json
from intarsia.language.values import fold_case, inside, raw_text, text

ORDER = "Order Completed"
UPDATED = "Order Updated"
CANCELLED = "Order Cancelled"
REFUND = "Order Refunded"

TOTAL = ("total",)
GROSS = ("gross",)
"""Another name of an order's total, that knows no refunds."""

STATUS_OF_CANCELLED = "cancelled"
"""What a cancellation says; nothing else of it is read."""


@dataclass(frozen=True)
class Refund:
    """Something given back.

    own   the refund as it came
    full  its own time and id, with what it does not say itself taken from its order
    """

    own: Fact
    full: Fact

    def value(self, path: tuple[str, ...]) -> Json:
        """What is taken off a sum of the order's property: its own value; for the total, failing that, the order's."""
        source = self.full if path == TOTAL else self.own
        return inside(source.properties, path)


def orders(facts: Iterable[Fact], statuses: Collection[str] | None) -> tuple[Fact, ...]:
    """The orders that count, each one `Fact` with its earliest time (and the id of that version) and latest content.

    facts     counted facts of one person, in any order
    statuses  an order with none of these statuses does not count; one without a status does; None: all of them do
    returns   by (time, id)
    """
    counting = (order for order in _by_key(facts).values() if _counts(order, statuses))
    return tuple(sorted(counting, key=_instant_and_id))


def refunds(facts: Iterable[Fact], statuses: Collection[str] | None) -> tuple[Refund, ...]:
    """The refunds that count, by (time, id): those of no known order, and those of an order that counts."""
    facts = tuple(facts)
    by_key = _by_key(facts)
    found = []
    for fact in sorted((fact for fact in facts if _is(fact, REFUND)), key=_instant_and_id):
        order = by_key.get(_order_id(fact) or "")
        if order is None or _counts(order, statuses):
            found.append(Refund(fact, _completed(fact, order)))
    return tuple(found)


def _by_key(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Every order of the person by order id, or by fact id where it has none."""
    versions: dict[str, list[Fact]] = {}
    for fact in facts:
        if _is(fact, ORDER, UPDATED, CANCELLED):
            versions.setdefault(_order_id(fact) or fact.id, []).append(fact)
    return {key: _as_one(sorted(group, key=_instant_and_id)) for key, group in versions.items()}


def _as_one(versions: list[Fact]) -> Fact:
    first, last = versions[0], versions[-1]
    content = _cancelled(versions) if last.name == CANCELLED else last
    return replace(content, id=first.id, name=ORDER, occurred_at=first.occurred_at, recorded_at=first.recorded_at)


def _cancelled(versions: list[Fact]) -> Fact:
    """The latest version that is no cancellation, with the status that the cancellation gives it."""
    nothing = replace(versions[-1], properties={}, lines=())
    content = next((fact for fact in reversed(versions) if fact.name != CANCELLED), nothing)
    return replace(content, properties={**content.properties, "status": STATUS_OF_CANCELLED})


def _completed(refund: Fact, order: Fact | None) -> Fact:
    return replace(_overlaid(order, refund), name=ORDER)


def _overlaid(below: Fact | None, above: Fact) -> Fact:
    """The upper fact, with properties and lines of the lower one where it has none itself."""
    if below is None:
        return above
    own: Mapping[str, Json] = {name: value for name, value in above.properties.items() if value is not None}
    return replace(above, properties={**below.properties, **own}, lines=above.lines or below.lines)


def _counts(order: Fact, statuses: Collection[str] | None) -> bool:
    if statuses is None:
        return True
    status = fold_case(raw_text(order.properties.get("status")) or "")
    return not status or status in {fold_case(known) for known in statuses}


def _order_id(fact: Fact) -> str | None:
    return text(fact.properties.get("order_id")) or None


def _is(fact: Fact, *names: str) -> bool:
    return fact.kind == "track" and fact.name in names


def _instant_and_id(fact: Fact) -> tuple[int, str]:
    return fact.occurred_at, fact.id
