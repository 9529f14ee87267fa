"""Erasing people: every row and byte of theirs, and in a way that a power cut in the middle only delays (rule 6).

It is written down first. While the facts are still in the lake, lines in files of rejects go, and what the store keeps
goes in one transaction; then the rows in the lake, by number; then what deleted rows leave behind in files. Each step
may be repeated, so an erasure that was cut off is carried on from the step that it had reached.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.errors import Bug, OutsideError
from intarsia.identity.apart import REASON as KEPT_APART
from intarsia.identity.kinds import IdentifierKind
from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.schemas import IDENTITIES, TABLES
from intarsia.lake.session import Session
from intarsia.lake.spill import sweep
from intarsia.profile.erased import Erasure, NoReason, ReasonNames, TooManyErased
from intarsia.profile.mentions import Mention, mentions
from intarsia.profile.owned import PeopleOf, Quoted, are_named, further_ids, owners, shared_decisions
from intarsia.profile.rejected import known_files, missing_files, take_out
from intarsia.profile.traces import traces
from intarsia.record.barred import KEY_BYTES, Barred, bar, blur, unknown
from intarsia.store.forgetting import forget_rows, ids_in
from intarsia.store.store import Store

LOCK = ".erasing.lock"
PEOPLE_MOST = 10_000
"""So many profiles are erased at once; the cost is that of rewriting the tables, whether for one or for all of them."""

BEGUN, FORGOTTEN, DONE = "begun", "forgotten", "done"


ERASED_REASON = "(erased)"
"""What stands for the reason of a decision that was about an erased person too."""

_PASSING = ("ids", "loads", "rewritten", "mentions", "missing")
"""What is written down of an erasure only until it is done: it may name the people, or tell where they were."""


@dataclass(frozen=True)
class Doomed:
    """What an erasure hands to those who keep something of people in the store, inside its transaction.

    numbers, ids  of the people's profiles, whose facts are still in the lake that `session` reads; ids: the further
                  ones too that only they have
    quoted        what a rule may say of them
    at            as of when they are in no segment, milliseconds UTC
    rewritten     takes the names of the segments whose definitions named them
    """

    connection: sqlite3.Connection
    session: Session
    numbers: tuple[int, ...]
    ids: tuple[str, ...]
    quoted: Quoted
    at: int
    rewritten: set[str] = field(default_factory=set)


Forget = Callable[[Doomed], Mapping[str, int]]
"""Removes what some part of the store keeps of people; answers how many of what."""


class Erasures:
    """The erasures of one workspace, one at a time.

    settle        brings into the record what was received and waits
    drop_columns  leaves nothing of what was worked out of people
    folder        the workspace's, where files of rejected lines are looked for besides those that loads wrote
    open_session  a session over the present state of the lake; people_of: who is one person
    keep_apart    sees to it that nobody else becomes one person when profiles are gone, given their numbers
    forget        those who keep something of people in the store
    kinds         of identifiers that are known
    evaluating    the lock of evaluations, which would write rows of people that they saw before
    zone          in which the day of an erasure is told
    now           the present, milliseconds UTC; new_id: an id that sorts by time; chance: so many random bytes
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        folder: Path,
        settle: Callable[[], object],
        drop_columns: Callable[[], None],
        open_session: Callable[[], Session],
        people_of: PeopleOf,
        keep_apart: Callable[[Sequence[int]], None],
        forget: Sequence[Forget],
        kinds: Callable[[], Sequence[IdentifierKind]],
        evaluating: WritingLock,
        zone: ZoneInfo,
        now: Callable[[], int],
        new_id: Callable[[], str],
        chance: Callable[[int], bytes],
    ) -> None:
        self._lake = lake
        self._store = store
        self._folder = folder
        self._settle = settle
        self._drop_columns = drop_columns
        self._open_session = open_session
        self._people_of = people_of
        self._keep_apart = keep_apart
        self._forget = forget
        self._kinds = kinds
        self._evaluating = evaluating
        self._zone = zone
        self._now = now
        self._new_id = new_id
        self._chance = chance

    def erase(self, ids: Sequence[str], *, at: int, reason: str) -> Erasure:
        """Erase the people of some profile ids, with all that were merged with them; what was removed where.

        ids     of profiles, or that one of them gave as its own, or of somebody who is on a list or pinned only
        at      as of when they are in no segment any more, milliseconds UTC; sizes of before stay
        reason  is kept: it must not name them
        When it returns nothing of their own is left in the workspace; `mentions` are what others wrote. Raises
        `NoReason`, `ReasonNames`, `NoSuchProfile`, `ErasedProfile`, `TooManyErased`, and, with the erasure written down
        and carried on later, `LakeBusy`, `StoreBusy`, `DiskFailed`, `RejectsStay`.
        """
        if not reason.strip():
            raise NoReason()
        self._settle()
        with self._alone(WAIT_SECONDS):
            self._carry_on()
            return self._carried_out(self._written_down(ids, at, reason))

    def people(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """The persons whom these ids mean, each with all its ids; raises `NoSuchProfile`."""
        with self._open_session() as session:
            return self._persons(session, ids)

    def carry_on(self) -> tuple[Erasure, ...]:
        """Finish what was cut off, unless somebody is at it; what cannot be finished now waits for the next time."""
        with suppress(OutsideError), self._alone(0):
            return self._carry_on()
        return ()

    @contextmanager
    def _alone(self, seconds: float) -> Iterator[None]:
        """No other erasure, no evaluation and no recording; `seconds`: how long another erasure is waited for."""
        erasing = WritingLock(self._lake.path / LOCK, seconds)
        with erasing.held(), self._evaluating.held(), self._lake.writing():
            yield

    def _carry_on(self) -> tuple[Erasure, ...]:
        rows = self._store.rows("select erasure_id from erasure where state <> ? order by rowid", DONE)
        return tuple(self._carried_out(row["erasure_id"]) for row in rows)

    # --- written down

    def _written_down(self, ids: Sequence[str], at: int, reason: str) -> str:
        with self._open_session() as session:
            persons = self._persons(session, ids)
            every_id = sorted({one for person in persons for one in person})
            known = numbers_of(session, every_id)
            numbers = sorted(known.values())
            if len(numbers) > PEOPLE_MOST:
                raise TooManyErased(count=len(numbers), most=PEOPLE_MOST)
            if traces(session, numbers, every_id).own((), reason) or are_named(session, numbers, reason):
                raise ReasonNames()
        erasure_id, new_key = self._new_id(), self._chance(KEY_BYTES)
        told = {"ids": [one for one in every_id if one not in known]}
        with self._store.change() as connection:
            connection.execute(
                "insert into erasure (erasure_id, erased_at, at, reason, people, numbers, state, told) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                (erasure_id, self._now(), at, reason, len(persons), json.dumps(numbers), BEGUN, json.dumps(told)),
            )
            bar(connection, every_id, erasure_id=erasure_id, new_key=new_key)
        return erasure_id

    def _persons(self, session: Session, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """The persons of some ids, each with all ids that are only theirs, the profiles' first."""
        profile_of = self.profiles_of(session, ids)
        others = [one for one in dict.fromkeys(ids) if one not in profile_of]
        held = ids_in(self._store) if others else set()
        for profile_id in others:
            if profile_id not in held:
                raise unknown(self._store, profile_id, self._zone)
        named = sorted(set(profile_of.values()))
        groups = sorted({tuple(sorted(person)) for person in self._people_of(session, named)})
        number_of = numbers_of(session, [one for group in groups for one in group])
        further = further_ids(session, [[number_of[one] for one in group] for group in groups])
        persons = [(*group, *ids) for group, ids in zip(groups, further, strict=True)]
        return persons + [(profile_id,) for profile_id in others]

    def profiles_of(self, session: Session, ids: Sequence[str]) -> dict[str, str]:
        """By each id the profile that is meant: the one that has it, or else one that gave it as its own."""
        known = numbers_of(session, ids)
        claimed = owners(session, [one for one in ids if one not in known], self._people_of)
        return {**{one: one for one in known}, **claimed}

    # --- carried out

    def _carried_out(self, erasure_id: str) -> Erasure:
        row = self._row(erasure_id)
        numbers = json.loads(row["numbers"])
        if row["state"] == BEGUN:
            if numbers:
                self._keep_apart(numbers)
                self._reword_decisions(numbers)
            with self._open_session() as session:
                self._forgotten(row, session)
            row = self._row(erasure_id)
        removed = self._lake.erase(numbers) if numbers else ()
        self._refuse_leftovers(numbers)
        self._drop_columns()
        sessions = sweep(self._lake.path)
        self._forget_late(numbers)
        told = json.loads(row["told"])
        told |= {"files": sum(part.files for part in removed), "bytes": sum(part.bytes for part in removed)}
        passing = {name: told.pop(name, []) for name in _PASSING}
        with self._store.change() as connection:
            blur(connection, erasure_id, self._zone)
            connection.execute("update erasure set told = ? where erasure_id = ?", (json.dumps(told), erasure_id))
        self._store.purge()
        with self._store.change() as connection:
            connection.execute("update erasure set state = ? where erasure_id = ?", (DONE, erasure_id))
        return Erasure(
            erasure_id,
            row["erased_at"],
            people=row["people"],
            profiles=len(numbers),
            **told,
            sessions_open=sessions,
            rewritten=tuple(passing["rewritten"]),
            mentions=tuple(Mention(*found) for found in passing["mentions"]),
            loaded_from=self._files(passing["loads"]),
            missing=tuple(passing["missing"]),
        )

    def _reword_decisions(self, numbers: Sequence[int]) -> None:
        """Take the reasons out of decisions about who is one person that others keep, and these are a part of."""
        with self._open_session() as session:
            rows = shared_decisions(session, numbers, [KEPT_APART, ERASED_REASON])
        self._lake.reword(IDENTITIES.name, "reason", ERASED_REASON, key="claim_no", numbers=rows)

    def _forget_late(self, numbers: Sequence[int]) -> None:
        """Remove what was put down by hand of people while they were being erased; their ids are known by hash only."""
        barred = Barred(self._store)
        with self._store.change() as connection:
            forget_rows(connection, barred.since(ids_in(self._store)), numbers)

    def _row(self, erasure_id: str) -> Any:
        return self._store.rows("select * from erasure where erasure_id = ?", erasure_id)[0]

    def _forgotten(self, row: Any, session: Session) -> None:
        """Take the people out of files of rejects and out of the store, and write down what came of it."""
        numbers = tuple(json.loads(row["numbers"]))
        ids = (*sorted(_ids(session, numbers)), *json.loads(row["told"]).get("ids", []))
        theirs = traces(session, numbers, ids)
        quoted = Quoted(session, numbers, ids, theirs, self._kinds())
        told: dict[str, Any] = {"rows": self._counted(session, numbers)}
        told["missing"] = [str(path) for path in missing_files(self._store)]
        told["rejected_lines"] = take_out(self._store, self.files_of_rejects(), theirs)
        with self._store.change() as connection:
            doomed = Doomed(connection, session, numbers, ids, quoted, row["at"])
            removed = Counter(forget_rows(connection, ids, numbers))
            for forget in self._forget:
                removed.update(forget(doomed))
            told["store"] = {name: count for name, count in sorted(removed.items()) if count}
            told["rewritten"] = sorted(doomed.rewritten)
            found = mentions(connection.execute, quoted)
            told["mentions"] = [(mention.what, mention.name) for mention in found]
            told["loads"] = self._loads(session, numbers)
            connection.execute(
                "update erasure set state = ?, told = ? where erasure_id = ?",
                (FORGOTTEN, json.dumps(told), row["erasure_id"]),
            )

    def _counted(self, session: Session, numbers: Sequence[int]) -> dict[str, int]:
        """How many rows of people each table has."""
        session.register("doomed", _of_numbers(numbers))
        sql = "select count(*) as n from lake.{} semi join doomed using (profile_no)"
        tables = [name for name, table in TABLES.items() if table.is_of_people]
        return {name: session.execute(sql.format(name))["n"][0].as_py() for name in tables}

    def files_of_rejects(self) -> list[Path]:
        """The files of rejected lines that loads wrote, and any other below the workspace."""
        return known_files(self._store, self._folder)

    def _loads(self, session: Session, numbers: Sequence[int]) -> list[str]:
        """The loads that brought messages of people."""
        session.register("doomed", _of_numbers(numbers))
        found = session.execute("select distinct load_id from lake.events semi join doomed using (profile_no)")
        return sorted(found["load_id"].to_pylist())

    def _files(self, load_ids: Sequence[str]) -> tuple[str, ...]:
        """The files that loads were of."""
        sql = "select distinct file from load where load_id in (select value from json_each(?)) order by file"
        return tuple(row["file"] for row in self._store.rows(sql, json.dumps(load_ids)))

    def _refuse_leftovers(self, numbers: Sequence[int]) -> None:
        with self._open_session() as session:
            left = self._counted(session, numbers)
        if any(left.values()):
            raise Bug(what=f"rows of erased people are left: {left}")


def numbers_of(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """The number of each profile of these ids that is known."""
    session.register("named_ids", pa.table({"profile_id": pa.array(ids, pa.string())}))
    found = session.execute("select profile_id, profile_no from lake.profiles semi join named_ids using (profile_id)")
    return dict(zip(found["profile_id"].to_pylist(), found["profile_no"].to_pylist(), strict=True))


def _ids(session: Session, numbers: Sequence[int]) -> list[str]:
    session.register("doomed", _of_numbers(numbers))
    found = session.execute("select profile_id from lake.profiles semi join doomed using (profile_no)")
    ids: list[str] = found["profile_id"].to_pylist()
    return ids


def _of_numbers(numbers: Sequence[int]) -> pa.Table:
    return pa.table({"profile_no": pa.array(numbers, pa.int64())})
