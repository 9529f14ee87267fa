"""A shop of random customers with all that makes revenue hard: refunds, cancellations, guests, costs, currencies."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import intarsia
from intarsia import Workspace

AT = datetime(2026, 3, 1, tzinfo=UTC)
RECORDED = "2026-03-01T12:00:00Z"
SEGMENTS = {
    "Buyers": "did order in last 1 year",
    "Coats": "count(order where category = 'coats', last 1 year) >= 1",
    "Gold": "loyalty_tier = 'gold'",
    "Gold with coats": "in segment 'Gold' and in segment 'Coats'",
    "No one": "nobody",
}

Message = dict[str, Any]


@dataclass
class Shop:
    """Messages of a shop, made up from a seed."""

    seed: int
    people: int = 120
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        dice = random.Random(self.seed)
        for number in range(self.people):
            tier = dice.choice(["gold", "silver", None])
            # Gold members live by the sea four times out of five, the others once in five.
            home = "sea" if dice.random() < (0.8 if tier == "gold" else 0.2) else "hills"
            traits = {"loyalty_tier": tier, "home": home, "seats": dice.randrange(1, 40)}
            self._add("identify", f"p{number}", None, traits={k: v for k, v in traits.items() if v is not None})
            for _ in range(dice.choice([0, 1, 1, 2, 5])):
                self._order(dice, f"p{number}")
        for _ in range(20):
            self._order(dice, None)

    def _order(self, dice: random.Random, who: str | None) -> None:
        order_id = f"o{len(self.messages)}"
        when = AT - timedelta(days=dice.randrange(0, 500), milliseconds=dice.randrange(1, 86_400_000))
        lines = [
            {
                "sku": dice.choice("abc"),
                "category": dice.choice(["coats", "hats", "shoes"]),
                "quantity": dice.randrange(1, 4),
                "price": dice.randrange(100, 9_999) / 100,
                **({"unit_cost": dice.randrange(50, 5_000) / 100} if dice.random() < 0.7 else {}),
            }
            for _ in range(dice.randrange(1, 4))
        ]
        extra = {"currency": "USD"} if dice.random() < 0.05 else {}
        self._add("Order Completed", who, when, properties={"order_id": order_id, "products": lines, **extra})
        later = when + timedelta(days=dice.randrange(0, 60))
        if dice.random() < 0.1:
            self._add("Order Cancelled", who, later, properties={"order_id": order_id})
        elif dice.random() < 0.15:
            part = {"products": lines[:1]} if dice.random() < 0.5 else {}
            self._add("Order Refunded", who, later, properties={"order_id": order_id, **extra, **part})

    def _add(self, name: str, who: str | None, when: datetime | None, **content: Any) -> None:
        kind = {"type": "identify"} if name == "identify" else {"type": "track", "event": name}
        owner: Message = {"context": {"guest": True}} if who is None else {"userId": who}
        time = {} if when is None else {"timestamp": when.isoformat(timespec="milliseconds")}
        self.messages.append({**kind, **owner, **time, **content, "messageId": f"m{len(self.messages):05}"})


def opened(folder: Path, messages: Iterable[Mapping[str, Any]], segments: Mapping[str, str] = SEGMENTS) -> Workspace:
    """A workspace with the messages and segments, whose present is `AT`."""
    workspace = intarsia.create(folder, timezone="Europe/Prague", currency="EUR", as_of="2026-03-01T00:00:00Z")
    receipt = workspace.record(list(messages), RECORDED)
    assert not receipt.reasons, receipt.reasons
    for name, text in segments.items():
        workspace.segments.add(name, text)
    return workspace
