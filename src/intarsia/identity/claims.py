"""Claims: which profile was said to have which identifier, kept once each, beside the messages that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from intarsia.identity.forms import normal_form
from intarsia.identity.kinds import IdentifierKind, Kinds
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import IDENTITIES
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import from_text
from intarsia.language.meaning.values import inside
from intarsia.record.messages import LONGEST_ID, Kept, other_ids
from intarsia.record.record import APP as RECORD

TABLE = IDENTITIES.name
APP = "claims"
"""Under which name the number of the last row is kept. Under `record` stands the last event whose claims are in."""

EVENTS_AT_ONCE = 200_000
"""Of how many recorded messages claims are caught up with at a time."""

LAG_MOST = 100_000
"""So many messages without a claim may follow before the mark is moved for them alone."""

Identifier = tuple[str, str]
"""A kind and a normal form."""


class Claim(NamedTuple):
    """A profile that has an identifier; `event_no` is the message that says so, recorded at `recorded_at` (ms)."""

    profile_no: int
    kind: str
    value: str
    event_no: int
    recorded_at: int


def stated(
    kind: str, ids: Iterable[Identifier], properties: Mapping[str, Json], kinds: Sequence[IdentifierKind], country: str
) -> Iterator[Identifier]:
    """The identifiers that a message gives its profile.

    kind        of the message; ids: the further ids in it; properties: an identify's traits
    """
    yield from ((name, text) for name, text in ids if len(text) <= LONGEST_ID)
    if kind != "identify" or not properties:
        return
    for known in kinds:
        for path in known.paths:
            found = normal_form(inside(properties, path), known.form, country) if path[0] in properties else None
            if found is not None:
                yield known.name, found


class Claims:
    """Keeps the claims of one workspace's record. Only whoever holds the lake's writing lock may call it.

    open_session  a session over the present state of the lake
    Claims are written after the events that state them. Who dies in between leaves them to the next one, who catches
    up with every event that is not marked as seen.
    """

    def __init__(self, lake: Lake, kinds: Kinds, *, open_session: Callable[[], Session]) -> None:
        self._lake = lake
        self._kinds = kinds
        self._open_session = open_session
        self._through = 0

    def catch_up(self) -> None:
        """Keep the claims of all events that were recorded without."""
        last = self._lake.mark_of("events", RECORD) or 0
        if self._through < last:
            self._through = max(self._through, self._lake.mark_of(TABLE, RECORD) or 0)
            for end in self._reread(self._through, last, self._kinds.all(), is_marked=True):
                self._through = end
            self._mark(last)

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

        numbers      of their profiles; recorded_at: of each, milliseconds UTC
        session      opened since the last claims were kept
        """
        kinds, country = self._kinds.all(), self._kinds.country
        found = [
            Claim(number, *identifier, event_no, at)
            for event_no, (item, number, at) in enumerate(zip(kept, numbers, recorded_at, strict=True), first_event_no)
            if number is not None and (item.other_ids or item.kind == "identify")
            for identifier in stated(item.kind, item.other_ids, item.properties, kinds, country)
        ]
        last = first_event_no + len(kept) - 1
        self._write(found, session, {RECORD: last})
        self._through = last
        self._mark(last)

    def learn(self, kinds: Sequence[IdentifierKind]) -> int:
        """Keep the claims of some kinds out of everything that is recorded; how many were new. What is known stays."""
        self.catch_up()
        before = self._lake.mark_of(TABLE, APP) or 0
        for _ in self._reread(0, self._through, kinds, is_marked=False):
            pass
        return (self._lake.mark_of(TABLE, APP) or 0) - before

    def _reread(self, after: int, last: int, kinds: Sequence[IdentifierKind], *, is_marked: bool) -> Iterator[int]:
        """Keep the claims of recorded events after a number, up to another; answers up to where it has come."""
        for begin in range(after, last, EVENTS_AT_ONCE):
            end = min(begin + EVENTS_AT_ONCE, last)
            with self._open_session() as session:
                found = list(self._stated_before(session, begin, end, kinds))
                self._write(found, session, {RECORD: end} if is_marked else {})
            yield end

    def _stated_before(
        self, session: Session, after: int, upto: int, kinds: Sequence[IdentifierKind]
    ) -> Iterator[Claim]:
        rows = session.execute(blocks()["stating"], {"after": after, "upto": upto})
        for batch in rows.to_batches():
            for row in batch.to_pylist():
                said = from_text(row["context"]) if row["context"] else {}
                ids = other_ids(row["kind"], row["profile_id"], said)
                properties = from_text(row["props"]) if row["kind"] == "identify" else {}
                for identifier in stated(row["kind"], ids, properties, kinds, self._kinds.country):
                    yield Claim(row["profile_no"], *identifier, row["event_no"], row["recorded_at"])

    def _write(self, found: Iterable[Claim], session: Session, marks: Mapping[str, int]) -> None:
        """Append those that were not known, or only since later."""
        new = _new(_earliest(found), session)
        if new:
            first = (self._lake.mark_of(TABLE, APP) or 0) + 1
            rows, last = claim_rows(new, first_claim_no=first), first + len(new) - 1
            self._lake.append(TABLE, rows, app_id=APP, app_version=last, marks=marks)

    def _mark(self, last: int) -> None:
        if last - (self._lake.mark_of(TABLE, RECORD) or 0) > LAG_MOST:
            self._lake.append(TABLE, claim_rows([], first_claim_no=0), app_id=RECORD, app_version=last)


def _earliest(found: Iterable[Claim]) -> list[Claim]:
    """Of each profile and identifier the claim that was recorded first."""
    first: dict[tuple[int, str, str], Claim] = {}
    for claim in found:
        before = first.setdefault(claim[:3], claim)
        if (claim.recorded_at, claim.event_no) < (before.recorded_at, before.event_no):
            first[claim[:3]] = claim
    return list(first.values())


def _new(claims: Sequence[Claim], session: Session) -> list[Claim]:
    if not claims:
        return []
    columns = zip(*(claim[:3] for claim in claims), strict=True)
    kinds = (pa.int64(), pa.string(), pa.string())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    session.register("asked_claims", pa.Table.from_arrays(arrays, names=["profile_no", "kind", "value"]))
    rows = session.execute(blocks()["known"]).to_pylist()
    known = {(row["profile_no"], row["kind"], row["value"]): row["recorded_at"] for row in rows}
    return [claim for claim in claims if claim.recorded_at < known.get(claim[:3], claim.recorded_at + 1)]


def claim_rows(claims: Sequence[Claim], *, first_claim_no: int) -> pa.Table:
    """Claims as rows of the lake's table, numbered from `first_claim_no`."""
    columns = {
        "claim_no": range(first_claim_no, first_claim_no + len(claims)),
        "profile_no": [claim.profile_no for claim in claims],
        "kind": [claim.kind for claim in claims],
        "value": [claim.value for claim in claims],
        "recorded_at": [claim.recorded_at * 1000 for claim in claims],
        "event_no": [claim.event_no for claim in claims],
        "is_barred": [False] * len(claims),
        "reason": [None] * len(claims),
    }
    return table_of(columns)


def table_of(columns: Mapping[str, Iterable[object]]) -> pa.Table:
    """Columns as a table in the schema of `identities`."""
    schema = IDENTITIES.arrow_schema()
    return pa.Table.from_arrays([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def blocks() -> Mapping[str, str]:
    """The SQL of each statement of claims.sql, by name."""
    return statements(Path(__file__).with_name("claims.sql"))
