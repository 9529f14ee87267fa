"""The orders of one person as of a question (rule 24).

An order is its order id: the earliest counted version gives its time, the latest its content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.values import fold_case, raw_text, text

ORDER = "Order Completed"
UPDATED = "Order Updated"
CANCELLED = "Order Cancelled"
REFUND = "Order Refunded"

TOTAL = ("total",)
GROSS = ("gross",)
"""Another name of an order's total, that knows no refunds."""
AMOUNTS = ("total", "revenue", "subtotal", "shipping", "tax", "discount")
"""What an order or a refund says of money, beside its lines."""

STATUS_OF_CANCELLED = "cancelled"
"""What a cancellation says; nothing else of it is read."""


def orders(facts: Iterable[Fact], statuses: Collection[str] | None) -> tuple[Fact, ...]:
    """The orders that count, each one `Fact` with its earliest time (and the id of that version) and latest content.

    facts     counted facts of one person, in any order
    statuses  an order with none of these statuses does not count; one without a status does; None: all of them do
    returns   by (time, id)
    """
    counting = (order for order in by_key(facts).values() if counts(order, statuses))
    return tuple(sorted(counting, key=instant_and_id))


def by_key(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Every order of the person by order id, or by fact id where it has none."""
    versions: dict[str, list[Fact]] = {}
    for fact in facts:
        if is_event(fact, ORDER, UPDATED, CANCELLED):
            versions.setdefault(order_id(fact) or fact.id, []).append(fact)
    return {key: _as_one(sorted(group, key=instant_and_id)) for key, group in versions.items()}


def _as_one(versions: list[Fact]) -> Fact:
    first, last = versions[0], versions[-1]
    content = _cancelled(versions) if last.name == CANCELLED else last
    return replace(content, id=first.id, name=ORDER, occurred_at=first.occurred_at, recorded_at=first.recorded_at)


def _cancelled(versions: list[Fact]) -> Fact:
    """The latest version that is no cancellation, with the status that the cancellation gives it."""
    nothing = replace(versions[-1], properties={}, lines=())
    content = next((fact for fact in reversed(versions) if fact.name != CANCELLED), nothing)
    return replace(content, properties={**content.properties, "status": STATUS_OF_CANCELLED})


def counts(order: Fact, statuses: Collection[str] | None) -> bool:
    """Whether an order has one of the statuses, or none; None: all of them count."""
    if statuses is None:
        return True
    status = fold_case(raw_text(order.properties.get("status")) or "")
    return not status or status in {fold_case(known) for known in statuses}


def order_id(fact: Fact) -> str | None:
    """The id of the order that a fact speaks of, folded; None: it names none."""
    return text(fact.properties.get("order_id")) or None


def is_event(fact: Fact, *names: str) -> bool:
    """Whether a fact is an event of one of these names."""
    return fact.kind == "track" and fact.name in names


def instant_and_id(fact: Fact) -> tuple[int, str]:
    """What facts are in order by."""
    return fact.occurred_at, fact.id
