"""What has changed and is not in the ledger yet; and how it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from intarsia.clock import FIRST, to_iso
from intarsia.engine.columns.values import Array
from intarsia.engine.live.changed import Change
from intarsia.errors import OutsideError
from intarsia.lake.lake import WAIT_SECONDS, Lake
from intarsia.lake.lock import WritingLock
from intarsia.lake.session import Session
from intarsia.membership.by_hand import by_hand
from intarsia.membership.dating import PEOPLE_DATED_MOST, Dating
from intarsia.membership.evaluate import LOCK
from intarsia.membership.keeping.in_ledger import InLedger
from intarsia.membership.ledger import APP, TABLE, Cause, Key, Ledger, changes_table
from intarsia.membership.runs import KeptRun, Look, Runs, SegmentState
from intarsia.membership.standing import Standing
from intarsia.membership.writing import Finding, write_run
from intarsia.segment.asking import Asking
from intarsia.speech import mark
from intarsia.store.store import Store

DATED_MOST = 300
"""Of so many people the instants are worked out by their facts each time, those first who moved longest ago; the others
get the instant of their last fact, or that at which time moved them."""
DATED_FACTS = 20_000
"""So many facts are read for that; at the beginning, where nothing was noticed, ten times as many."""


class LedgerAhead(OutsideError):
    """The ledger is as of an instant that has not come by the clock."""

    code = "membership.ledger-ahead"
    again = True
    says = mark("the ledger is as of {last}, and it is {at} now; nothing is written before then")
    advises = mark("set the clock right; should it be right, wait")


@dataclass(frozen=True)
class Noticed:
    """A change of somebody, as it was noticed; `at`: since when, without a closer look, milliseconds UTC."""

    entered: bool
    at: int
    cause: Cause


class Book:
    """Takes down changes as they are noticed, and writes them into the ledger from time to time.

    in_ledger     who is in by the ledger; open_session: a session over the present state of the lake
    differs       told of a profile number and a segment's id, where the interpreter finds another answer
    now           the present, milliseconds UTC; new_id: an id that sorts by time
    """

    def __init__(
        self,
        lake: Lake,
        store: Store,
        in_ledger: InLedger,
        *,
        open_session: Callable[[], Session],
        differs: Callable[[int, str], None],
        now: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self.in_ledger = in_ledger
        self._lake = lake
        self._runs = Runs(store)
        self._open_session = open_session
        self._differs = differs
        self._now = now
        self._new_id = new_id
        self._lock = WritingLock(lake.path / LOCK, WAIT_SECONDS)
        self._changes: dict[str, list[Change]] = {}
        self._noticed: dict[str, dict[int, list[Noticed]]] = {}
        self._learned: Set[int] | None = None

    @property
    def waiting(self) -> int:
        """How many changes are not in the ledger yet."""
        return sum(len(change.places) for changes in self._changes.values() for change in changes)

    def note(self, changes: Iterable[Change], ids: Mapping[str, str]) -> None:
        """Take changes down; ids: of the segments by name. Those by definition are seen from who is in at the end."""
        for change in changes:
            if change.cause != "definition":
                self._changes.setdefault(ids[change.segment], []).append(change)

    def last(self) -> KeptRun | None:
        """The last run that counts."""
        return self._runs.last(self._lake.mark_of(TABLE, APP) or 0)

    def write(
        self,
        asking: Asking,
        look: Look,
        standings: Iterable[Standing],
        members: Mapping[str, Array],
        learned: Set[int] | None,
        *,
        is_current: Callable[[], bool],
    ) -> bool:
        """Bring the ledger up to who is in now, as a run; False: the question is not current any more, nothing is done.

        standings  the segments that are valid, in the order in which they depend on each other
        members    who is in them, by id. Who is in segments that are gone leaves them
        learned    of whom anything was recorded since the ledger was written, where nothing was noticed meanwhile: the
                   others were moved by time; None: what moved people was noticed
        is_current whether the question still is of the state of the lake, asked while nobody else evaluates or erases
        Raises `LedgerAhead`.
        """
        with self._lock.held():
            last = self.last()
            if not is_current():
                return False
            if last is not None and last.look.at > look.at:
                raise LedgerAhead(last=to_iso(last.look.at), at=to_iso(look.at))
            self._learned, self._noticed = learned, {name: _by_person(of) for name, of in self._changes.items()}
            if self.in_ledger.change_no != (last.change_no if last else 0):
                with self._open_session() as session:
                    self.in_ledger.catch_up(session)
            states = last.states if last else {}
            changed = [self._changed(one, members[one.id], states.get(one.id)) for one in standings]
            tables = [
                *(table for standing in changed for table in self._passing(standing)),
                *self._final(asking, changed),
                *self._leaving(asking, states),
            ]
            kept = {name: state for name, state in states.items() if name in _ids(asking)}
            found = {standing.id: _state(standing, look) for standing in changed}
            run = Finding(self._new_id(), look, {**kept, **found}, self._now())
            done = write_run(self._lake, self._runs, run, tables, last)
            self._note_written(tables, done)
            return True

    def _note_written(self, tables: Iterable[pa.Table], run: KeptRun) -> None:
        for table in tables:
            numbers, entered = table["profile_no"].to_numpy(), table["entered"].to_numpy()
            self.in_ledger.put(table["segment_id"][0].as_py(), numbers, entered)
        self.in_ledger.change_no = run.change_no
        self._changes.clear()
        self._noticed.clear()

    # --- what there is to write

    def _sequence(self, segment_id: str, place: int) -> list[Noticed]:
        """The changes of somebody that are changes beside the ledger, in their order."""
        is_in, found = bool(self.in_ledger.of(segment_id)[place]), []
        for one in self._noticed.get(segment_id, {}).get(place, ()):
            if one.entered != is_in:
                found.append(one)
                is_in = one.entered
        return found

    def _changed(self, standing: Standing, members: Array, previous: SegmentState | None) -> Standing:
        """A standing with how many are in, and who has to enter or leave for that, in the order of their numbers."""
        places = np.flatnonzero(members != self.in_ledger.of(standing.id))
        changes = pa.table({"profile_no": places, "entered": members[places]})
        return replace(standing, previous=previous, size=int(members.sum()), changes=changes)

    def _passing(self, standing: Standing) -> Iterable[pa.Table]:
        """The changes of those who entered and left again, or the other way round, since the ledger was written."""
        places = sorted(self._noticed.get(standing.id, ()))
        sequences = ((place, self._sequence(standing.id, place)) for place in places)
        rows = [(place, one) for place, several in sequences for one in several[: len(several) // 2 * 2]]
        if rows:
            yield _table(standing, rows)

    def _final(self, asking: Asking, changed: Sequence[Standing]) -> Iterable[pa.Table]:
        """The changes that are left in the end."""
        some = [standing for standing in changed if standing.changes.num_rows]
        if not some:
            return
        looked_at = self._longest_ago(asking, some)
        dating = Dating(asking, Ledger(asking.tables), changed, people=looked_at, differs=self._differs)
        instants = dating.instants()
        hands = by_hand(asking, changed, instants)
        for standing in some:
            places = standing.changes["profile_no"].to_pylist()
            yield _table(standing, [(place, self._dated(asking, standing, place, instants, hands)) for place in places])

    def _longest_ago(self, asking: Asking, changed: Iterable[Standing]) -> set[int]:
        """The people whose changes are looked at closer, as many as there is time for."""
        first: dict[int, int] = {}
        for standing in changed:
            if not standing.is_redefined:
                noticed = self._noticed.get(standing.id, {})
                for place in standing.changes["profile_no"].to_pylist():
                    since = noticed[place][-1].at if place in noticed else FIRST
                    first[place] = min(since, first.get(place, asking.as_of.at))
        most, left = (DATED_MOST, DATED_FACTS) if self._learned is None else (PEOPLE_DATED_MOST, 10 * DATED_FACTS)
        some = sorted(first, key=first.__getitem__)[:most]
        found = set[int]()
        for place, facts in zip(some, asking.facts_of(some), strict=True):
            if facts <= left:
                found.add(place)
                left -= facts
        return found

    def _dated(
        self, asking: Asking, standing: Standing, place: int, instants: Mapping[Key, int], hands: Mapping[Key, int]
    ) -> Noticed:
        """The change of somebody that is left in the end, at the instant at which it was one."""
        key, is_in = (standing.id, place), not bool(self.in_ledger.of(standing.id)[place])
        if key in hands:
            return Noticed(is_in, hands[key], "manual")
        if standing.is_redefined:
            return Noticed(is_in, standing.since, "definition")
        noticed = self._sequence(standing.id, place)
        is_by_time = self._learned is not None and place not in self._learned
        found = noticed[-1] if noticed else Noticed(is_in, asking.as_of.at, "time" if is_by_time else "data")
        return replace(found, at=instants.get(key, found.at))

    def _leaving(self, asking: Asking, states: Mapping[str, SegmentState]) -> Iterable[pa.Table]:
        """Everybody leaves the segments that were removed."""
        for segment_id, places in self.in_ledger.others(_ids(asking)).items():
            rows = pa.table({"profile_no": places, "entered": np.zeros(len(places), np.bool_)})
            yield changes_table(
                rows,
                segment_id=segment_id,
                version=states[segment_id].version if segment_id in states else 1,
                causes=["definition"] * len(places),
                instants=[asking.as_of.at] * len(places),
            )


def _by_person(changes: Iterable[Change]) -> dict[int, list[Noticed]]:
    """The changes of each person, in the order in which they were noticed."""
    found: dict[int, list[Noticed]] = {}
    for change in changes:
        for place, entered, at in zip(change.places.tolist(), change.entered.tolist(), change.at.tolist(), strict=True):
            found.setdefault(place, []).append(Noticed(entered, at, change.cause))
    return found


def _ids(asking: Asking) -> set[str]:
    """The ids of all segments in force."""
    return {definition.segment_id for definition in asking.definitions.values()}


def _state(standing: Standing, look: Look) -> SegmentState:
    name, version = standing.definition.name, standing.definition.version
    return SegmentState(standing.id, name, version, standing.meaning, standing.since, standing.size, look)


def _table(standing: Standing, rows: list[tuple[int, Noticed]]) -> pa.Table:
    numbers = pa.array([place for place, _ in rows], pa.int64())
    entered = pa.array([one.entered for _, one in rows], pa.bool_())
    return changes_table(
        pa.table({"profile_no": numbers, "entered": entered}),
        segment_id=standing.id,
        version=standing.definition.version,
        causes=[one.cause for _, one in rows],
        instants=[one.at for _, one in rows],
    )
