"""Loads: many calls of the record under one id, and what became of each load."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intarsia.record.record import Receipt, Record
from intarsia.store.store import Store


@dataclass(frozen=True)
class LoadRecorder:
    """The record as one load sees it: everything that it brings carries the load's id."""

    into: Record
    load_id: str

    def record(self, messages: Sequence[Mapping[str, Any]], recorded_at: int) -> Receipt:
        """Record messages; `recorded_at` in milliseconds UTC."""
        return self.into.record(messages, recorded_at=recorded_at, load_id=self.load_id)

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are profiles."""
        return self.into.known_profiles(ids)

    def known_orders(self, ids: Sequence[str]) -> set[str]:
        """Those of the order ids that are recorded."""
        return self.into.known_orders(ids)

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        return self.into.known_messages(ids)


def note_load(
    store: Store, load_id: str, file: str, shape: str, recorded_at: int, balance: Mapping[str, object]
) -> None:
    """Write down a finished load."""
    with store.change() as connection:
        connection.execute(
            "insert into load values (?, ?, ?, ?, ?)", (load_id, file, shape, recorded_at, json.dumps(balance))
        )
