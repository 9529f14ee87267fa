from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ORDER_VERSIONS = ("Order Completed", "Order Updated", "Order Cancelled")


@dataclass(frozen=True)
class Answer:
    statuses: Sequence[str]
    reasons: Mapping[int, str]
    withheld: frozenset[int] = frozenset()
    rounded: int = 0
    cut: int = 0


@dataclass
class RecordInMemory:
    """A record that keeps messages in a dict, as strict about ids as the real one."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def record(self, messages: list[dict[str, Any]], recorded_at: int) -> Answer:
        statuses, reasons = [], {}
        for number, message in enumerate(messages):
            status = self._status(message)
            if status == "accepted":
                self.kept[message["messageId"]] = {**message, "recorded_at": recorded_at}
            if status == "rejected":
                reasons[number] = f"its type is {message.get('type')!r}"
            statuses.append(status)
        return Answer(statuses, reasons)

    def _status(self, message: dict[str, Any]) -> str:
        if message.get("type") not in ("identify", "track", "page", "screen", "group", "alias"):
            return "rejected"
        known = self.kept.get(message["messageId"])
        if known is None:
            return "accepted"
        same = {name: value for name, value in known.items() if name != "recorded_at"} == message
        return "duplicate" if same else "conflicting"

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        return {message["userId"] for message in self.kept.values() if "userId" in message} & set(ids)

    def known_orders(self, ids: Sequence[str]) -> set[str]:
        orders = (message for message in self.kept.values() if message.get("event") in ORDER_VERSIONS)
        return {message["properties"].get("order_id") for message in orders} & set(ids)

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        return self.kept.keys() & set(ids)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.kept.values() if message.get("event") == name]

    def identifies(self) -> list[dict[str, Any]]:
        return [message for message in self.kept.values() if message["type"] == "identify"]

    def snapshot(self) -> str:
        return json.dumps(self.kept, default=str, sort_keys=True)
