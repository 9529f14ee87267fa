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

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.errors import Bug, OutsideError, UserError
from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.schemas import TABLES
from intarsia.lake.session import Session
from intarsia.lake.spill import sweep
from intarsia.profile.traces import Traces, traces
from intarsia.record.barred import KEY_BYTES, Barred, bar
from intarsia.record.history import NoSuchProfile
from intarsia.source.rejects import erase_lines, files_of_rejects
from intarsia.speech import mark
from intarsia.store.forgetting import forget_rows, ids_in
from intarsia.store.store import Store

LOCK = ".erasing.lock"
PEOPLE_MOST = 10_000
"""So many profiles are erased at once; the cost is that of rewriting the tables, whether for one or for all of them."""

BEGUN, FORGOTTEN, DONE = "begun", "forgotten", "done"


class TooManyErased(UserError):
    """More people than are erased at once."""

    code = "profile.too-many-erased"
    says = mark("{count} people are more than are erased at once")
    advises = mark("name at most {most}, and repeat; nothing was changed")


@dataclass(frozen=True)
class Doomed:
    """What an erasure hands to those who keep something of people in the store, inside its transaction.

    numbers, ids  of the people's profiles, whose facts are still in the lake that `session` reads
    at            as of when they are in no segment, milliseconds UTC
    """

    connection: sqlite3.Connection
    session: Session
    numbers: tuple[int, ...]
    ids: tuple[str, ...]
    traces: Traces
    at: int


Forget = Callable[[Doomed], Mapping[str, int]]
"""Removes what some part of the store keeps of people; answers how many of what."""

PeopleOf = Callable[[Session, Sequence[str]], Sequence[Sequence[str]]]
"""The persons of some ids: of each the ids of all its profiles, for several may be one person."""


@dataclass(frozen=True)
class Erasure:
    """What an erasure came to.

    people, profiles  how many; one person may have had several profiles
    rows              removed from the lake, by table; kept: what was removed from the store, by what it was
    rejected_lines    removed from files of rejected lines; files, bytes: of the tables, that are gone from the disk
    sessions_open     questions of other processes that still hold what they read, until they end
    loaded_from       files that were loaded and name the people; they are outside, as back-ups and exports are
    """

    erasure_id: str
    erased_at: int
    people: int
    profiles: int
    rows: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    rejected_lines: int = 0
    files: int = 0
    bytes: int = 0
    sessions_open: int = 0
    loaded_from: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Every field, the instant in ISO 8601, UTC."""
        return {**vars(self), "erased_at": to_iso(self.erased_at), "loaded_from": list(self.loaded_from)}


class Erasures:
    """The erasures of one workspace, one at a time.

    folder        the workspace's, where files of rejected lines are looked for besides those that loads wrote
    open_session  a session over the present state of the lake; people_of: who is one person
    keep_apart    sees to it that nobody else becomes one person when profiles are gone, given their numbers
    forget        those who keep something of people in the store
    evaluating    the lock of evaluations, which would write rows of people that they saw before
    now           the present, milliseconds UTC; new_id: an id that sorts by time; chance: so many random bytes
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        *,
        folder: Path,
        open_session: Callable[[], Session],
        people_of: PeopleOf,
        keep_apart: Callable[[Sequence[int]], None],
        forget: Sequence[Forget],
        evaluating: WritingLock,
        now: Callable[[], int],
        new_id: Callable[[], str],
        chance: Callable[[int], bytes],
    ) -> None:
        self._lake = lake
        self._store = store
        self._folder = folder
        self._open_session = open_session
        self._people_of = people_of
        self._keep_apart = keep_apart
        self._forget = forget
        self._evaluating = evaluating
        self._now = now
        self._new_id = new_id
        self._chance = chance

    def erase(self, ids: Sequence[str], *, at: int, reason: str) -> Erasure:
        """Erase the people of some profile ids, with all that were merged with them; what was removed where.

        at      as of when they are in no segment any more, milliseconds UTC; sizes of before stay
        reason  is kept: it must not name them
        When it returns no byte is left in the workspace. Raises `NoSuchProfile`, `TooManyErased`, and, with the erasure
        written down and carried on later, `LakeBusy`, `StoreBusy`, `DiskFailed`, `RejectsStay`.
        """
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
            every_id = sorted({profile_id for person in persons for profile_id in person})
            numbers = sorted(numbers_of(session, every_id).values())
        if len(numbers) > PEOPLE_MOST:
            raise TooManyErased(count=len(numbers), most=PEOPLE_MOST)
        erasure_id, new_key = self._new_id(), self._chance(KEY_BYTES)
        with self._store.change() as connection:
            connection.execute(
                "insert into erasure (erasure_id, erased_at, at, reason, people, numbers, state) "
                "values (?, ?, ?, ?, ?, ?, ?)",
                (erasure_id, self._now(), at, reason, len(persons), json.dumps(numbers), BEGUN),
            )
            bar(connection, every_id, erasure_id=erasure_id, new_key=new_key)
        return erasure_id

    def _persons(self, session: Session, ids: Sequence[str]) -> list[tuple[str, ...]]:
        known = numbers_of(session, ids)
        for profile_id in ids:
            if profile_id not in known:
                raise NoSuchProfile(profile_id=profile_id)
        return sorted({tuple(sorted(person)) for person in self._people_of(session, ids)})

    # --- carried out

    def _carried_out(self, erasure_id: str) -> Erasure:
        loaded_from: tuple[str, ...] = ()
        row = self._row(erasure_id)
        numbers = json.loads(row["numbers"])
        if row["state"] == BEGUN:
            self._keep_apart(numbers)
            with self._open_session() as session:
                loaded_from = self._forgotten(row, session)
            row = self._row(erasure_id)
        removed = self._lake.erase(numbers)
        self._refuse_leftovers(numbers)
        sessions = sweep(self._lake.path)
        self._forget_late(numbers)
        self._store.purge()
        told = json.loads(row["told"])
        told |= {"files": sum(part.files for part in removed), "bytes": sum(part.bytes for part in removed)}
        with self._store.change() as connection:
            connection.execute(
                "update erasure set state = ?, told = ? where erasure_id = ?", (DONE, json.dumps(told), erasure_id)
            )
        people = {"people": row["people"], "profiles": len(numbers)}
        return Erasure(erasure_id, row["erased_at"], **people, **told, sessions_open=sessions, loaded_from=loaded_from)

    def _forget_late(self, numbers: Sequence[int]) -> None:
        """Remove what was put down by hand of people while they were being erased; their ids are known by hash only."""
        barred = Barred(self._store)
        with self._store.change() as connection:
            forget_rows(connection, barred.since(ids_in(self._store)), numbers)

    def _row(self, erasure_id: str) -> Any:
        return self._store.rows("select * from erasure where erasure_id = ?", erasure_id)[0]

    def _forgotten(self, row: Any, session: Session) -> tuple[str, ...]:
        """Take the people out of files of rejects and out of the store; the files that they were loaded from."""
        numbers = tuple(json.loads(row["numbers"]))
        ids = tuple(sorted(_ids(session, numbers)))
        theirs = traces(session, numbers, ids)
        told: dict[str, Any] = {"rows": self._counted(session, numbers), "rejected_lines": self._out_of_rejects(theirs)}
        with self._store.change() as connection:
            doomed = Doomed(connection, session, numbers, ids, theirs, row["at"])
            kept = Counter(forget_rows(connection, ids, numbers))
            for forget in self._forget:
                kept.update(forget(doomed))
            told["kept"] = {name: count for name, count in sorted(kept.items()) if count}
            connection.execute(
                "update erasure set state = ?, told = ? where erasure_id = ?",
                (FORGOTTEN, json.dumps(told), row["erasure_id"]),
            )
        return self._loaded_from(session)

    def _counted(self, session: Session, numbers: Sequence[int]) -> dict[str, int]:
        """How many rows of people each table has."""
        session.register("doomed", _of_numbers(numbers))
        sql = "select count(*) as n from lake.{} semi join doomed using (profile_no)"
        tables = [name for name, table in TABLES.items() if table.is_of_people]
        return {name: session.execute(sql.format(name))["n"][0].as_py() for name in tables}

    def files_of_rejects(self) -> list[Path]:
        """The files of rejected lines that loads wrote, and any other below the workspace."""
        loads = self._store.rows("select distinct json_extract(balance, '$.rejects_path') as path from load")
        written = {Path(row["path"]) for row in loads if row["path"]}
        return sorted({*written, *files_of_rejects(self._folder.absolute())})

    def _out_of_rejects(self, theirs: Traces) -> int:
        return sum(erase_lines(path, theirs.are_in) for path in self.files_of_rejects())

    def _loaded_from(self, session: Session) -> tuple[str, ...]:
        found = session.execute("select distinct load_id from lake.events semi join doomed using (profile_no)")
        files = self._store.rows(
            "select distinct file from load where load_id in (select value from json_each(?)) order by file",
            json.dumps(found["load_id"].to_pylist()),
        )
        return tuple(row["file"] for row in files)

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
