"""Loads: many calls of the record under one id, written down before the first and after the last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intarsia.errors import UserError
from intarsia.language.meaning.consents import Pair
from intarsia.record.record import Receipt, Record
from intarsia.record.standing import Version
from intarsia.store.store import Store


@dataclass(frozen=True)
class LoadRecorder:
    """The record as one load sees it: everything that it brings carries the load's id."""

    into: Record
    store: Store
    load_id: str

    def begin(self, file: str, shape: str, recorded_at: int, said: Mapping[str, object]) -> None:
        """Write the load down before anything of it is kept, so that one that dies is known: its file, its rejects.

        said  what is known beforehand; `file_digest` and `edition` tell which file it is
        """
        with self.store.change() as connection:
            # The file of rejects of an earlier load is replaced, and not to be missed.
            connection.execute(
                "update load set balance = json_set(balance, '$.rejects_path', null) "
                "where json_extract(balance, '$.rejects_path') = ?",
                (said.get("rejects_path"),),
            )
            connection.execute(
                "insert into load values (?, ?, ?, ?, ?)",
                (self.load_id, file, shape, recorded_at, json.dumps({**said, "is_finished": False})),
            )

    def end(self, said: Mapping[str, object]) -> None:
        """Write down what became of the load; `said` as at its begin, and the balance."""
        with self.store.change() as connection:
            connection.execute(
                "update load set balance = ? where load_id = ?",
                (json.dumps({**said, "is_finished": True}), self.load_id),
            )

    def loaded(self, file_digest: str) -> list[int]:
        """When the loads of such a file began that came to their end, milliseconds UTC, the latest last."""
        rows = self.store.rows(
            "select recorded_at from load where json_extract(balance, '$.file_digest') = ? "
            "and json_extract(balance, '$.is_finished') order by rowid",
            file_digest,
        )
        return [row["recorded_at"] for row in rows]

    def record(self, messages: Sequence[Mapping[str, Any]], recorded_at: int) -> Receipt:
        """Record messages; `recorded_at` in milliseconds UTC."""
        return self.into.record(messages, recorded_at=recorded_at, load_id=self.load_id)

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are profiles."""
        return self.into.known_profiles(ids)

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        return self.into.known_messages(ids)

    def latest_versions(self, order_ids: Sequence[str]) -> dict[str, Version]:
        """Of each order id that is recorded, its latest version."""
        return self.into.latest_versions(order_ids)

    def differing(self, messages: Mapping[int, Mapping[str, Any]], at: int) -> dict[int, dict[str, str]]:
        """By place of an identify message, its traits that have another value, with whose message it is."""
        return self.into.differing(messages, at)

    def latest_consents(self, profile_ids: Sequence[str], at: int) -> dict[tuple[str, Pair], str]:
        """By profile, channel and purpose, the name of the latest message about that consent."""
        return self.into.latest_consents(profile_ids, at)

    def erased(self, profile_ids: Iterable[str]) -> dict[str, UserError]:
        """Those of the ids whose people were erased, with what is to be said of them."""
        return self.into.erased(profile_ids)
