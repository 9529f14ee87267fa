"""Reading the ledger: who is in, what was written of whom, and how large a segment was when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intarsia.clock import to_iso
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.membership.ledger import APP, TABLE, Cause, Ledger, blocks
from intarsia.membership.runs import KeptRun, Runs
from intarsia.membership.tallies import erased_after, offer_tallies
from intarsia.profile.owned import PeopleOf
from intarsia.record.barred import erased_since
from intarsia.segment.definitions import Definitions
from intarsia.store.store import Store


@dataclass(frozen=True)
class Change:
    """One row of the ledger.

    segment      the name it has now; of a removed one the last that it had
    valid_at     when the person entered or left; recorded_at: when that was written; milliseconds UTC
    """

    change_no: int
    segment_id: str
    segment: str
    profile_id: str
    entered: bool
    valid_at: int
    recorded_at: int
    definition_version: int
    cause: Cause
    run_id: str

    def to_json(self) -> dict[str, object]:
        """Every field, instants in ISO 8601, UTC."""
        times = {"valid_at": to_iso(self.valid_at), "recorded_at": to_iso(self.recorded_at)}
        return {**vars(self), **times}


@dataclass(frozen=True)
class Size:
    """How many people are in a segment from an instant on, up to the next.

    erased_since  how many people have been erased after that instant; the size counts those of them who were in
    """

    at: int
    size: int
    erased_since: int = 0

    def to_json(self) -> dict[str, object]:
        """The instant in ISO 8601, UTC, the size, and how many people have been erased since."""
        return {"at": to_iso(self.at), "size": self.size, "erased_since": self.erased_since}


class Memberships:
    """The ledger of one workspace, for reading; `Workspace.evaluate` writes it.

    open_session  a session over the present state of the lake; people_of: the persons of profile ids, all their ids
    """

    def __init__(self, lake: Lake, store: Store, *, open_session: Callable[[], Session], people_of: PeopleOf) -> None:
        self._lake = lake
        self._store = store
        self._definitions = Definitions(store)
        self._runs = Runs(store)
        self._open_session = open_session
        self._people_of = people_of

    def current(self, name: str) -> list[str]:
        """Who is in a segment as of the last run, by the ledger: profile ids in the order of their bytes.

        Raises `NoSuchSegment`.
        """
        segment_id = self._definitions.get(name).segment_id
        with self._open_session() as session:
            Ledger(session).replay()
            found = session.execute(
                "select profile_id from ledger_members join lake.profiles using (profile_no) where segment_id = ? "
                "order by profile_id",
                [segment_id],
            )
        ids: list[str] = found["profile_id"].to_pylist()
        return ids

    def history(self, name: str | None = None, profile_id: str | None = None) -> list[Change]:
        """Every change, in the order in which it was written; of one segment, of one person, or of all.

        Of one who was merged of several profiles, the changes are those of all, each with the id that it is of. A
        person whom the ledger does not know has none. Raises `NoSuchSegment`.
        """
        segment_id = None if name is None else self._definitions.get(name).segment_id
        names = self._runs.names()
        with self._open_session() as session:
            ids = None if profile_id is None else list(self._people_of(session, [profile_id])[0])
            found = session.execute(blocks()["history"], {"segment_id": segment_id, "profile_ids": ids})
        return [Change(segment=names.get(row["segment_id"], row["segment_id"]), **row) for row in found.to_pylist()]

    def sizes(self, name: str) -> list[Size]:
        """How large a segment was, at each instant at which that changed, by what the ledger knows now.

        The first is the instant from which on the segment was defined; before that, there is nothing to count. Facts
        that came late are counted from when they made a difference to those who are in or out now. People who have
        been erased are counted up to their erasure, without anything else being known of them.
        Raises `NoSuchSegment`.
        """
        segment_id = self._definitions.get(name).segment_id
        with self._open_session() as session:
            offer_tallies(session, self._store, segment_id)
            found = session.execute(blocks()["sizes"], {"segment_id": segment_id}).to_pylist()
        since = erased_after(self._store, [row["valid_at"] for row in found])
        return [Size(row["valid_at"], row["size"], count) for row, count in zip(found, since, strict=True)]

    def erased(self) -> int:
        """How many people have been erased so far; the ledger has no row of them, and counts them in `sizes`."""
        return erased_since(self._store, 0)

    def last_run(self) -> KeptRun | None:
        """The last evaluation: as of when the ledger is; None: there was none."""
        return self._runs.last(self._lake.mark_of(TABLE, APP) or 0)
