from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intarsia.clock import to_instant
from intarsia.errors import UserError
from intarsia.language.meaning.consents import RANKS, Pair, pair
from intarsia.record.messages import BadMessage
from intarsia.record.standing import Version
from intarsia.source.options import UTC

ORDER_VERSIONS = ("Order Completed", "Order Updated", "Order Cancelled")


@dataclass(frozen=True)
class Answer:
    statuses: Sequence[str]
    faults: Mapping[int, UserError]
    withheld: frozenset[int] = frozenset()
    rounded: int = 0
    cut: int = 0


@dataclass
class RecordInMemory:
    """A record that keeps messages in a dict, as strict about ids as the real one."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    begun: list[dict[str, object]] = field(default_factory=list)
    ended: list[dict[str, object]] = field(default_factory=list)
    barred: dict[str, UserError] = field(default_factory=dict)

    def begin(self, file: str, shape: str, recorded_at: int, said: Mapping[str, object]) -> None:
        self.begun.append({"file": file, "shape": shape, "recorded_at": recorded_at, **said})

    def end(self, said: Mapping[str, object]) -> None:
        self.ended.append({**self.begun[-1], **said})

    def loaded(self, file_digest: str) -> list[int]:
        return [int(str(load["recorded_at"])) for load in self.ended if load["file_digest"] == file_digest]

    def erased(self, profile_ids: Iterable[str]) -> dict[str, UserError]:
        return {one: self.barred[one] for one in profile_ids if one in self.barred}

    def record(self, messages: list[dict[str, Any]], recorded_at: int) -> Answer:
        statuses: list[str] = []
        faults: dict[int, UserError] = {}
        for number, message in enumerate(messages):
            status = self._status(message)
            if status == "accepted":
                self.kept[message["messageId"]] = {**message, "recorded_at": recorded_at}
            if status == "rejected":
                faults[number] = BadMessage(reason=f"its type is {message.get('type')!r}")
            statuses.append(status)
        return Answer(statuses, faults)

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

    def latest_versions(self, order_ids: Sequence[str]) -> dict[str, Version]:
        found: dict[str, list[dict[str, Any]]] = {}
        for message in self.kept.values():
            order_id = message.get("properties", {}).get("order_id")
            if message.get("event") in ORDER_VERSIONS and order_id in order_ids:
                found.setdefault(order_id, []).append(message)
        return {order_id: _latest(versions) for order_id, versions in found.items()}

    def differing(self, messages: Mapping[int, Mapping[str, Any]], at: int) -> dict[int, dict[str, str]]:  # noqa: ARG002
        present: dict[tuple[str, str], tuple[Any, str]] = {}
        for message in sorted(self.identifies(), key=_since):
            for name, value in message["traits"].items():
                present[message["userId"], name] = value, message["messageId"]
        found: dict[int, dict[str, str]] = {}
        for place, asked in messages.items():
            for name, value in asked["traits"].items():
                held = present.get((asked["userId"], name))
                if held is not None and held[0] != value:
                    found.setdefault(place, {})[name] = held[1]
        return found

    def latest_consents(self, profile_ids: Sequence[str], at: int) -> dict[tuple[str, Pair], str]:
        told = [m for m in self.kept.values() if m.get("event") in RANKS and m["userId"] in profile_ids]
        told = [message for message in told if _since(message)[0] <= at]
        told.sort(key=lambda message: (*_since(message)[:1], RANKS[message["event"]]))
        return {(message["userId"], _pair(message)): message["event"] for message in told}

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        return self.kept.keys() & set(ids)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.kept.values() if message.get("event") == name]

    def identifies(self) -> list[dict[str, Any]]:
        return [message for message in self.kept.values() if message["type"] == "identify"]

    def snapshot(self) -> str:
        return json.dumps(self.kept, default=str, sort_keys=True)


def _since(message: Mapping[str, Any]) -> tuple[int, str]:
    when = message.get("timestamp")
    return message["recorded_at"] if when is None else to_instant(when, UTC), message["messageId"]


def _latest(versions: list[dict[str, Any]]) -> Version:
    ordered = sorted(versions, key=_since)
    kept = [message["messageId"] for message in ordered if message["event"] != "Order Cancelled"]
    return Version(ordered[-1]["messageId"], kept[-1] if kept else None, _since(ordered[-1])[0])


def _pair(message: Mapping[str, Any]) -> Pair:
    return pair(message["properties"]["channel"], message["properties"]["purpose"])
