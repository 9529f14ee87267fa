"""Orders for tests of RFM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import intarsia
from intarsia import Workspace

AT = "2026-03-01T09:00:00Z"


def order(order_id: str, who: str | None, when: str, total: float | str, **properties: Any) -> dict[str, Any]:
    owner: dict[str, Any] = {"context": {"guest": True}} if who is None else {"userId": who}
    content = {"order_id": order_id, "total": total, **properties}
    kind = {"type": "track", "event": "Order Completed", "messageId": f"m-{order_id}"}
    return {**kind, **owner, "timestamp": when, "properties": content}


def after(event: str, order_id: str, who: str, when: str, **properties: Any) -> dict[str, Any]:
    """A message on an order that came before: a refund, a cancellation."""
    kind = {"type": "track", "event": event, "messageId": f"{event}-{order_id}", "userId": who, "timestamp": when}
    return {**kind, "properties": {"order_id": order_id, **properties}}


def shop(folder: Path, messages: Iterable[Mapping[str, Any]], timezone: str = "UTC") -> Workspace:
    workspace = intarsia.create(folder, timezone=timezone, currency="EUR", as_of=AT)
    receipt = workspace.record(list(messages), AT)
    assert not receipt.reasons, receipt.reasons
    return workspace
