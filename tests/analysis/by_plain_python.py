"""Back-tests by another road: plain Python over the messages themselves, which knows nothing of the language."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import intarsia
from intarsia import Workspace

ZONE = ZoneInfo("Europe/Prague")
PRESENT = datetime(2026, 6, 1, tzinfo=ZONE)
DATES = [datetime(2026, month, 1, tzinfo=ZONE) for month in (1, 2, 3, 4, 5)]
"""Between the third and the fourth the clock is set forward."""
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Sent:
    """A message: what it is, when it happened, when it was learned."""

    event: str
    who: str
    order_id: str
    happened: datetime
    recorded: datetime
    total: Decimal = Decimal(0)

    def message(self) -> dict[str, Any]:
        properties = {"order_id": self.order_id, "total": str(self.total)}
        if self.event == "Order Cancelled":
            del properties["total"]
        return {
            "type": "track",
            "event": self.event,
            "messageId": f"{self.event}-{self.order_id}",
            "userId": self.who,
            "timestamp": self.happened.astimezone(ZoneInfo("UTC")).isoformat(timespec="milliseconds"),
            "properties": properties,
        }


def end_of(date: datetime, days: int) -> datetime:
    """The last instant of so many days after a date: the same wall time, whatever the clock was set to in between."""
    return (date.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=ZONE)


def later(instant: datetime, by: timedelta) -> datetime:
    """So much later, as a duration: arithmetic in a zone would be that of the wall clock."""
    return (instant.astimezone(ZoneInfo("UTC")) + by).astimezone(ZONE)


def random_sales(seed: int, days: int, *, with_refunds: bool = False) -> list[Sent]:
    """Orders of thirty people, many at the very edges of windows, some cancelled, some learned late.

    with_refunds  some are given back, in part or whole; to plan what that means takes each question a while
    """
    dice = random.Random(seed)
    edges = [
        later(edge, tick) for date in DATES for edge in (date, end_of(date, days)) for tick in (-TICK, 0 * TICK, TICK)
    ]
    learned = [*DATES, *(later(date, timedelta(days=9)) for date in DATES), PRESENT]
    sent: list[Sent] = []

    def add(event: str, who: str, order_id: str, happened: datetime, total: Decimal) -> None:
        after = sorted(instant for instant in learned if instant >= happened)
        if after:
            recorded = after[0] if dice.random() < 0.6 else dice.choice(after)
            sent.append(Sent(event, who, order_id, happened, recorded, total))

    for number in range(150):
        who, order_id = f"p{dice.randrange(30):02}", f"o{number}"
        first = later(DATES[0], -timedelta(days=40))
        happened = (
            dice.choice(edges) if dice.random() < 0.4 else later(first, timedelta(minutes=dice.randrange(250_000)))
        )
        total = Decimal(dice.choice([1000, 2550, 99999, 1])) / 100
        add("Order Completed", who, order_id, happened, total)
        fate = dice.random()
        then = later(happened, timedelta(hours=dice.randrange(1, 900)))
        if fate < 0.15 and with_refunds:
            add("Order Refunded", who, order_id, then, Decimal(int(total * 50)) / 100 if fate < 0.08 else total)
        elif 0.15 <= fate < 0.3:
            add("Order Cancelled", who, order_id, then, Decimal(0))
    return sent


def recorded_shop(folder: Path, sent: Sequence[Sent]) -> Workspace:
    """A workspace into which each message came when it was learned."""
    workspace = intarsia.create(folder, timezone=str(ZONE), currency="EUR", as_of=PRESENT.isoformat())
    for instant in sorted({one.recorded for one in sent}):
        receipt = workspace.record([one.message() for one in sent if one.recorded == instant], instant)
        assert not receipt.reasons, receipt.reasons
    return workspace


def counting(sent: Sequence[Sent], at: datetime, known_at: datetime | None) -> dict[str, Sent]:
    """The orders that count as of a question, by id."""
    facts = [one for one in sent if one.happened <= at and (known_at is None or one.recorded <= known_at)]
    gone = {one.order_id for one in facts if one.event == "Order Cancelled"}
    return {one.order_id: one for one in facts if one.event == "Order Completed" and one.order_id not in gone}


def known_people(sent: Sequence[Sent], at: datetime, known_at: datetime | None) -> set[str]:
    return {one.who for one in sent if one.happened <= at and (known_at is None or one.recorded <= known_at)}


def frequent(sent: Sequence[Sent], at: datetime, known_at: datetime | None, least: int = 2) -> set[str]:
    """Those with so many orders that count: `count(order) >= 2`."""
    orders = [one.who for one in counting(sent, at, known_at).values()]
    return {who for who in orders if orders.count(who) >= least}


def spent(sent: Sequence[Sent], begin: datetime, end: datetime) -> Mapping[str, Decimal]:
    """What each bought after `begin`, up to and with `end`, less what was given back in that time."""
    orders, found = counting(sent, end, None), dict[str, Decimal]()
    for one in sent:
        if begin < one.happened <= end and one.order_id in orders:
            sign = {"Order Completed": 1, "Order Refunded": -1}.get(one.event, 0)
            found[one.who] = found.get(one.who, Decimal(0)) + sign * one.total
    return found


def buyers(sent: Sequence[Sent], begin: datetime, end: datetime) -> set[str]:
    return {one.who for one in counting(sent, end, None).values() if begin < one.happened <= end}
