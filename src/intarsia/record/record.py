"""The record: takes messages in, each exactly once by its id, and gives the facts of one person back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import local_date
from intarsia.errors import UserError
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import PROFILES
from intarsia.lake.session import Session
from intarsia.language.meaning.consents import RANKS, Pair
from intarsia.language.meaning.json_text import to_text
from intarsia.record.barred import Barred, WasErased, ids_of
from intarsia.record.columns import event_table
from intarsia.record.consents import Consents
from intarsia.record.lines import LineTable
from intarsia.record.messages import BadMessage, Kept, Reader
from intarsia.record.standing import Said, Version, differing, latest_consents, latest_versions
from intarsia.record.values import Finer, keep
from intarsia.record.words import learning, observe
from intarsia.store.store import Store

APP = "record"
ACCEPTED, DUPLICATE, CONFLICTING, REJECTED = "accepted", "duplicate", "conflicting", "rejected"


@dataclass(frozen=True)
class Receipt:
    """What became of the messages of one call, in their order.

    statuses  accepted; duplicate: recorded before with the same content; conflicting: the same id came before with
              other content, which was kept; rejected
    faults    by the place of a rejected message, why it was
    withheld  the places of rejected messages of people who were erased: nothing of them is to be kept anywhere
    rounded   numbers of more than six places, kept with six; cut: times finer than a millisecond, of all messages
    """

    statuses: list[str]
    faults: dict[int, UserError] = field(default_factory=dict)
    withheld: set[int] = field(default_factory=set)
    rounded: int = 0
    cut: int = 0

    @property
    def reasons(self) -> dict[int, str]:
        """By the place of a rejected message, why it was, as an English sentence."""
        return {place: fault.message() for place, fault in self.faults.items()}

    def count(self, status: str) -> int:
        """How many messages have a status."""
        return self.statuses.count(status)

    def to_json(self) -> dict[str, object]:
        """The four counts, what was rounded and cut, and the reasons by place."""
        counts = {status: self.count(status) for status in (ACCEPTED, DUPLICATE, CONFLICTING, REJECTED)}
        counts |= {"rounded": self.rounded, "cut": self.cut}
        return {**counts, "reasons": {str(place): reason for place, reason in self.reasons.items()}}


class Claims(Protocol):
    """What keeps who claims which identifier, beside the messages that say so; see `identity.claims`."""

    def catch_up(self) -> None:
        """Keep the claims of all events that were recorded without, for their writer died."""

    def add(
        self,
        kept: Sequence[Kept],
        numbers: Sequence[int | None],
        session: Session,
        *,
        first_event_no: int,
        recorded_at: Sequence[int],
    ) -> None:
        """Keep what messages claim that were recorded just now.

        numbers  of their profiles; recorded_at: of each, milliseconds UTC
        """


class Record:
    """The record of one workspace. One writer at a time; the others wait.

    open_session  a session over the present state of the lake
    claims        keeps who claims which identifier; None: that is left to the next one who has it
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        zone: ZoneInfo,
        currency: str,
        open_session: Callable[[], Session],
        claims: Claims | None = None,
    ) -> None:
        self._lake = lake
        self._store = store
        self._barred = Barred(store)
        self._consents = Consents(store)
        self._zone = zone
        self._currency = currency
        self._open_session = open_session
        self._claims = claims

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other writer away for the length of a `with` block; raises `LakeBusy`."""
        return self._lake.writing()

    def record(
        self, messages: Sequence[Mapping[str, Any]], *, recorded_at: int | Sequence[int], load_id: str
    ) -> Receipt:
        """Add messages to the record; what is answered is on the disk.

        recorded_at  milliseconds UTC, of all or of each
        A message without an id gets one from its content and its number among equal messages of this call.
        """
        instants = [recorded_at] * len(messages) if isinstance(recorded_at, int) else list(recorded_at)
        finer = Finer()
        found, table = Reader(self._zone, self._currency).read(messages, instants, finer)
        receipt = Receipt([REJECTED] * len(messages), rounded=finer.rounded, cut=finer.cut)
        kept = identified(found, receipt)
        with self._lake.writing():
            # Under the lock: an erasure in between would find its people recorded again.
            kept = admitted(kept, messages, receipt, self._barred, self._zone)
            self._recorded(kept, table, receipt, instants, load_id)
        return receipt

    def _recorded(
        self,
        kept: Sequence[tuple[int, str, Kept]],
        table: LineTable,
        receipt: Receipt,
        instants: Sequence[int],
        load_id: str,
    ) -> None:
        if not kept:
            return
        if self._claims is not None:
            self._claims.catch_up()
        with self._open_session() as session:
            fresh = self._fresh(kept, session, receipt)
            if fresh:
                lines = table.only(item.lines for _, _, item in fresh)
                self._append(fresh, lines, session, [instants[place] for place, _, _ in fresh], load_id)
                self._lake.tidy()

    def _fresh(
        self, kept: Sequence[tuple[int, str, Kept]], session: Session, receipt: Receipt
    ) -> list[tuple[int, str, Kept]]:
        """Those that were never recorded; the statuses of all are written into the receipt."""
        known = self._known_digests([message_id for _, message_id, _ in kept], session)
        fresh = []
        for place, message_id, item in kept:
            before = known.get(message_id)
            if before is None:
                receipt.statuses[place] = ACCEPTED
                known[message_id] = item.digest
                fresh.append((place, message_id, item))
            else:
                receipt.statuses[place] = DUPLICATE if before == item.digest else CONFLICTING
        return fresh

    def _known_digests(self, ids: Sequence[str], session: Session) -> dict[str, str]:
        session.register("asked", pa.table({"event_id": pa.array(ids, pa.string())}))
        found = session.execute("select event_id, digest from lake.events semi join asked using (event_id)")
        return dict(zip(found["event_id"].to_pylist(), found["digest"].to_pylist(), strict=True))

    def _append(
        self,
        fresh: Sequence[tuple[int, str, Kept]],
        table: LineTable,
        session: Session,
        recorded_at: Sequence[int],
        load_id: str,
    ) -> None:
        kept = [item for _, _, item in fresh]
        known = self._numbers([item.profile_id for item in kept], session, recorded_at)
        numbers = [None if item.profile_id is None else known[item.profile_id] for item in kept]
        mark = self._lake.mark_of("events", APP) or 0
        rows = event_table(
            kept,
            table,
            [message_id for _, message_id, _ in fresh],
            numbers,
            first_event_no=mark + 1,
            recorded_at=recorded_at,
            load_id=load_id,
            zone=self._zone,
        )
        about_consent = [item.properties for item in kept if item.name in RANKS and item.kind == "track"]
        self._consents.learn(about_consent)
        with learning(self._store, observe(kept, table)):
            self._lake.append("events", rows, app_id=APP, app_version=mark + len(fresh))
        if self._claims is not None:
            self._claims.add(kept, numbers, session, first_event_no=mark + 1, recorded_at=recorded_at)

    def _numbers(self, ids: Sequence[str | None], session: Session, recorded_at: Sequence[int]) -> dict[str, int]:
        """The number of each profile; those that were never seen get the next ones, in the order in which they come."""
        first: dict[str, int] = {}
        for profile_id, at in zip(ids, recorded_at, strict=True):
            if profile_id is not None:
                first[profile_id] = min(at, first.get(profile_id, at))
        session.register("asked_profiles", pa.table({"profile_id": pa.array(list(first), pa.string())}))
        found = session.execute(
            "select profile_id, profile_no from lake.profiles semi join asked_profiles using (profile_id)"
        )
        numbers = dict(zip(found["profile_id"].to_pylist(), found["profile_no"].to_pylist(), strict=True))
        new = [profile_id for profile_id in first if profile_id not in numbers]
        if new:
            last = self._lake.mark_of("profiles", APP) or 0
            numbers.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
            instants = [first[profile_id] * 1000 for profile_id in new]
            rows = pa.table(
                {
                    "profile_no": pa.array([numbers[profile_id] for profile_id in new], pa.int64()),
                    "profile_id": pa.array(new, pa.string()),
                    "first_recorded_at": pa.array(instants, pa.timestamp("us", "UTC")),
                },
                schema=PROFILES.arrow_schema(),
            )
            self._lake.append("profiles", rows, app_id=APP, app_version=last + len(new))
        return numbers

    # --- what loads ask

    def known_profiles(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are profiles already."""
        return self._known("select profile_id as id from lake.profiles semi join asked using (id)", "profile_id", ids)

    def latest_versions(self, order_ids: Sequence[str]) -> dict[str, Version]:
        """Of each order id of which a version is recorded, the latest; a refund alone is none."""
        with self._open_session() as session:
            return latest_versions(session, order_ids)

    def differing(self, messages: Mapping[int, Mapping[str, Any]], at: int) -> dict[int, dict[str, str]]:
        """By place of an identify message, its traits that have another value as of `at`, with whose message it is."""
        said = {
            place: Said(message["userId"], to_text({name: keep(value) for name, value in message["traits"].items()}))
            for place, message in messages.items()
        }
        with self._open_session() as session:
            return differing(session, said, at)

    def latest_consents(self, profile_ids: Sequence[str], at: int) -> dict[tuple[str, Pair], str]:
        """By profile, channel and purpose, the name of the latest message about that consent as of `at`."""
        with self._open_session() as session:
            return latest_consents(session, profile_ids, at)

    def erased(self, profile_ids: Iterable[str]) -> dict[str, UserError]:
        """Those of the ids whose people were erased, with what is to be said of them."""
        if self._barred.is_empty:
            return {}
        barred = self._barred.since(profile_ids)
        return {profile_id: WasErased(day=local_date(at, self._zone)) for profile_id, at in barred.items()}

    def known_messages(self, ids: Sequence[str]) -> set[str]:
        """Those of the message ids that are recorded."""
        return self._known("select event_id as id from lake.events semi join asked using (id)", "event_id", ids)

    def _known(self, sql: str, column: str, ids: Sequence[str]) -> set[str]:
        with self._open_session() as session:
            session.register("asked", pa.table({column: pa.array(ids, pa.string())}))
            found = session.execute(sql.replace("using (id)", f"using ({column})"))
            return set(found["id"].to_pylist())


def identified(
    found: Sequence[Kept | BadMessage], receipt: Receipt, repeats: Counter[str] | None = None
) -> list[tuple[int, str, Kept]]:
    """Place, id and content of what can be kept; the reasons of the rest are written into the receipt.

    repeats  how often equal messages without an id came before in the same stream; None: this is all of it
    """
    kept = []
    repeats = Counter() if repeats is None else repeats
    for place, item in enumerate(found):
        if isinstance(item, BadMessage):
            receipt.faults[place] = item
            continue
        message_id = item.id
        if message_id is None:
            repeats[item.digest] += 1
            message_id = f"{item.digest}-{repeats[item.digest]}"
        kept.append((place, message_id, item))
    return kept


def admitted(
    kept: Sequence[tuple[int, str, Kept]],
    messages: Sequence[Mapping[str, Any]],
    receipt: Receipt,
    barred: Barred,
    zone: ZoneInfo,
) -> list[tuple[int, str, Kept]]:
    """Those that name nobody who was erased; the reasons of the rest are written into the receipt."""
    if barred.is_empty:
        return list(kept)
    named = {place: ids_of(message) for place, message in enumerate(messages) if isinstance(message, Mapping)}
    since = barred.since(set().union(*named.values()))
    for place, ids in named.items():
        erased = [at for profile_id, at in since.items() if profile_id in ids]
        if erased:
            receipt.faults[place] = WasErased(day=local_date(min(erased), zone))
            receipt.withheld.add(place)
    return [item for item in kept if item[0] not in receipt.withheld]
