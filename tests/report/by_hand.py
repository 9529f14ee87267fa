"""What people bought, counted in plain Python from messages as they were sent; shares no code with the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any


@dataclass
class Bought:
    """Sums in cents; `last` is the time of the last order."""

    orders: int = 0
    revenue: int = 0
    costed: int = 0
    cost: int = 0
    unrated: int = 0
    last: datetime | None = None


def cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(ROUND_HALF_EVEN))


def line_sums(lines: Iterable[Mapping[str, Any]]) -> tuple[int, int, int]:
    """What lines came to, what those with a cost came to, and what those cost."""
    total = costed = cost = 0
    for line in lines:
        came_to = cents(Decimal(line["quantity"]) * Decimal(str(line["price"])))
        total += came_to
        if "unit_cost" in line:
            costed += came_to
            cost += cents(Decimal(line["quantity"]) * Decimal(str(line["unit_cost"])))
    return total, costed, cost


def bought(messages: Iterable[Mapping[str, Any]], at: datetime, days: int = 365) -> dict[str | None, Bought]:
    """Of each buyer (None: guests) what they bought in the days before `at`, refunds taken off."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for message in messages:
        by_name.setdefault(message.get("event", ""), []).append(message)
    known = [message for message in by_name.get("Order Cancelled", []) if when(message) <= at]
    cancelled = {message["properties"]["order_id"] for message in known}
    orders = {message["properties"]["order_id"]: message for message in by_name.get("Order Completed", [])}
    found: dict[str | None, Bought] = {}
    for sign, name in ((1, "Order Completed"), (-1, "Order Refunded")):
        for message in by_name.get(name, []):
            properties = message["properties"]
            if properties["order_id"] in cancelled or not at - timedelta(days=days) <= when(message) <= at:
                continue
            sums = found.setdefault(message.get("userId"), Bought())
            if sign > 0:
                sums.orders += 1
                sums.last = max(sums.last or when(message), when(message))
            if properties.get("currency", "EUR") != "EUR":
                sums.unrated += 1
                continue
            lines = properties.get("products") or orders[properties["order_id"]]["properties"]["products"]
            total, costed, cost = line_sums(lines)
            sums.revenue += sign * total
            sums.costed += sign * costed
            sums.cost += sign * cost
    return found


def when(message: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(message["timestamp"])
