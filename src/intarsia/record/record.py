"""The record: takes messages in, each exactly once by its id, and gives the facts of one person back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.lake.lake import Lake
from intarsia.lake.schemas import PROFILES
from intarsia.lake.session import Session
from intarsia.language.values import fold
from intarsia.record.columns import event_table
from intarsia.record.lines import LineTable
from intarsia.record.messages import BadMessage, Kept, Reader
from intarsia.record.vocabulary import ORDER_NAMES
from intarsia.record.words import learning, observe
from intarsia.store.store import Store

APP = "record"
ACCEPTED, DUPLICATE, CONFLICTING, REJECTED = "accepted", "duplicate", "conflicting", "rejected"


@dataclass(frozen=True)
class Receipt:
    """What became of the messages of one call, in their order.

    statuses  accepted; duplicate: recorded before with the same content; conflicting: the same id came before with
              other content, which was kept; rejected: with the reason under its place in `reasons`
    """

    statuses: list[str]
    reasons: dict[int, str] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """How many messages have a status."""
        return self.statuses.count(status)

    def to_json(self) -> dict[str, object]:
        """The four counts, and the reasons by place."""
        counts = {status: self.count(status) for status in (ACCEPTED, DUPLICATE, CONFLICTING, REJECTED)}
        return {**counts, "reasons": {str(place): reason for place, reason in self.reasons.items()}}


class Record:
    """The record of one workspace. One writer at a time; the others wait.

    open_session  a session over the present state of the lake
    """

    def __init__(
        self, lake: Lake, store: Store, *, zone: ZoneInfo, currency: str, open_session: Callable[[], Session]
    ) -> None:
        self._lake = lake
        self._store = store
        self._zone = zone
        self._currency = currency
        self._open_session = open_session

    def record(self, messages: Sequence[Mapping[str, Any]], *, recorded_at: int, load_id: str) -> Receipt:
        """Add messages to the record; what is answered is on the disk.

        recorded_at  milliseconds UTC
        A message without an id gets one from its content and its number among equal messages of this call.
        """
        reader = Reader(self._zone, self._currency, recorded_at)
        found, table = reader.read(messages)
        receipt = Receipt([REJECTED] * len(messages))
        kept = _identified(found, receipt)
        if not kept:
            return receipt
        with self._lake.writing(), self._open_session() as session:
            fresh = self._fresh(kept, session, receipt)
            if fresh:
                lines = table.only(item.lines for _, item in fresh)
                self._append(fresh, lines, session, recorded_at=recorded_at, load_id=load_id)
                self._lake.tidy()
        return receipt

    def _fresh(
        self, kept: Sequence[tuple[int, str, Kept]], session: Session, receipt: Receipt
    ) -> list[tuple[str, Kept]]:
        """Those that were never recorded; the statuses of all are written into the receipt."""
        known = self._known_digests([message_id for _, message_id, _ in kept], session)
        fresh = []
        for place, message_id, item in kept:
            before = known.get(message_id)
            if before is None:
                receipt.statuses[place] = ACCEPTED
                known[message_id] = item.digest
                fresh.append((message_id, item))
            else:
                receipt.statuses[place] = DUPLICATE if before == item.digest else CONFLICTING
        return fresh

    def _known_digests(self, ids: Sequence[str], session: Session) -> dict[str, str]:
        session.register("asked", pa.table({"event_id": pa.array(ids, pa.string())}))
        found = session.execute("select event_id, digest from lake.events semi join asked using (event_id)")
        return dict(zip(found["event_id"].to_pylist(), found["digest"].to_pylist(), strict=True))

    def _append(
        self, fresh: Sequence[tuple[str, Kept]], table: LineTable, session: Session, *, recorded_at: int, load_id: str
    ) -> None:
        kept = [item for _, item in fresh]
        numbers = self._numbers([item.profile_id for item in kept], session, recorded_at)
        mark = self._lake.mark_of("events", APP) or 0
        rows = event_table(
            kept,
            table,
            [message_id for message_id, _ in fresh],
            [None if item.profile_id is None else numbers[item.profile_id] for item in kept],
            first_event_no=mark + 1,
            recorded_at=recorded_at,
            load_id=load_id,
            zone=self._zone,
        )
        with learning(self._store, observe(kept, table)):
            self._lake.append("events", rows, app_id=APP, app_version=mark + len(fresh))

    def _numbers(self, ids: Sequence[str | None], session: Session, recorded_at: int) -> dict[str, int]:
        """The number of each profile; profiles that were never seen get the next ones."""
        wanted = sorted({profile_id for profile_id in ids if profile_id is not None})
        session.register("asked_profiles", pa.table({"profile_id": pa.array(wanted, pa.string())}))
        found = session.execute(
            "select profile_id, profile_no from lake.profiles semi join asked_profiles using (profile_id)"
        )
        numbers = dict(zip(found["profile_id"].to_pylist(), found["profile_no"].to_pylist(), strict=True))
        new = [profile_id for profile_id in wanted if profile_id not in numbers]
        if new:
            first = (self._lake.mark_of("profiles", APP) or 0) + 1
            numbers.update(zip(new, range(first, first + len(new)), strict=True))
            rows = pa.table(
                {
                    "profile_no": pa.array([numbers[profile_id] for profile_id in new], pa.int64()),
                    "profile_id": pa.array(new, pa.string()),
                    "first_recorded_at": pa.array([recorded_at * 1000] * len(new), pa.timestamp("us", "UTC")),
                },
                schema=PROFILES.arrow_schema(),
            )
            self._lake.append("profiles", rows, app_id=APP, app_version=first + len(new) - 1)
        return numbers

    # --- what loads ask

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are profiles already."""
        return self._known("select profile_id as id from lake.profiles semi join asked using (id)", "profile_id", ids)

    def known_orders(self, ids: Sequence[str]) -> set[str]:
        """Those of the order ids of which a version is recorded; a refund alone is none."""
        sql = "select distinct order_id as id from lake.events semi join asked using (id) where name in {}"
        found = self._known(sql.format(ORDER_NAMES), "order_id", [fold(order_id) for order_id in ids])
        return {order_id for order_id in ids if fold(order_id) in found}

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        return self._known("select event_id as id from lake.events semi join asked using (id)", "event_id", ids)

    def _known(self, sql: str, column: str, ids: Sequence[str]) -> set[str]:
        with self._open_session() as session:
            session.register("asked", pa.table({column: pa.array(ids, pa.string())}))
            found = session.execute(sql.replace("using (id)", f"using ({column})"))
            return set(found["id"].to_pylist())


def _identified(found: Sequence[Kept | BadMessage], receipt: Receipt) -> list[tuple[int, str, Kept]]:
    """Place, id and content of what can be kept; the reasons of the rest are written into the receipt."""
    kept = []
    repeats: Counter[str] = Counter()
    for place, item in enumerate(found):
        if isinstance(item, BadMessage):
            receipt.reasons[place] = item.message()
            continue
        message_id = item.id
        if message_id is None:
            repeats[item.digest] += 1
            message_id = f"{item.digest}-{repeats[item.digest]}"
        kept.append((place, message_id, item))
    return kept
