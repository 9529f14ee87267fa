"""Runs: what an evaluation answers, and what the store keeps of it for the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import Any

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.record.barred import erased_since
from intarsia.segment.asking import AsOf
from intarsia.store.store import Store

_OUTLIVED = """
delete from run_segment
where run_id not in (?, ?) and segment_id in (select segment_id from run_segment where run_id = ?)
"""
"""How segments stood after runs of long ago; of those that are gone the last name stays."""


@dataclass(frozen=True)
class SegmentRun:
    """What a run made of one segment.

    version       of the definition in force; size: how many are in after it
    entered, left how many changes the ledger took
    dated_by_run  of how many of them the instant is that of the run, for the exact one was not worked out (a rank, or
                  more people than `PEOPLE_DATED_MOST`, or a person with more to look at than `STEPS_MOST`)
    error         why the segment is invalid, and its members those that it had; None: it was evaluated
    is_removed    it is no longer there, and everybody left
    """

    segment_id: str
    name: str
    version: int
    size: int
    entered: int = 0
    left: int = 0
    dated_by_run: int = 0
    error: UserError | None = None
    is_removed: bool = False

    def to_json(self) -> dict[str, object]:
        """Name, id, version, size, what changed, and the error in the one shape of errors, or None."""
        return {
            "name": self.name,
            "id": self.segment_id,
            "version": self.version,
            "size": self.size,
            "entered": self.entered,
            "left": self.left,
            "dated_by_run": self.dated_by_run,
            "removed": self.is_removed,
            "error": None if self.error is None else self.error.to_json(),
        }


@dataclass(frozen=True)
class Run:
    """What an evaluation of all segments found, and wrote into the ledger.

    run_id    names it in the ledger; of an evaluation that had nothing to write the id of the one before
    segments  in the order in which they were evaluated, the removed ones last
    erased    how many people have been erased since the evaluation before; of them there is no change
    """

    run_id: str
    as_of: AsOf
    segments: tuple[SegmentRun, ...]
    erased: int = 0

    @property
    def changes(self) -> int:
        """How many rows the ledger took."""
        return sum(segment.entered + segment.left for segment in self.segments)

    @property
    def broken(self) -> tuple[SegmentRun, ...]:
        """The segments that are invalid, and keep the members that they had."""
        return tuple(segment for segment in self.segments if segment.error is not None)

    def to_json(self) -> dict[str, object]:
        """The run's id, what it is of, and its segments."""
        return {
            "run_id": self.run_id,
            "as_of": self.as_of.to_json(),
            "segments": [segment.to_json() for segment in self.segments],
            "erased": self.erased,
        }


# --- what is kept


@dataclass(frozen=True)
class Look:
    """What an evaluation looked at: the two times of its question, and the last event and claim that it saw."""

    at: int
    known_at: int
    event_no: int
    claim_no: int = 0


@dataclass(frozen=True)
class SegmentState:
    """How a segment stood after a run.

    version  of the definition that decided; meaning: the digest of what it says (see meaning.py)
    since    the instant from which on the ledger goes by this meaning
    look     when it was last evaluated: of an invalid segment that is an earlier run
    """

    segment_id: str
    name: str
    version: int
    meaning: str
    since: int
    size: int
    look: Look


@dataclass(frozen=True)
class KeptRun:
    """A run as the store keeps it.

    change_no    the last change of the ledger after it; changes: how many of them are its own
    recorded_at  when it was made; states: how each segment stood, by the segment's id
    erased_since how many people have been erased since; its numbers count them
    """

    run_id: str
    look: Look
    change_no: int
    changes: int
    recorded_at: int
    states: dict[str, SegmentState] = field(default_factory=dict)
    erased_since: int = 0

    def to_json(self) -> dict[str, object]:
        """The run's id, its two times, when it was made, and how many people have been erased since."""
        times = {"at": self.look.at, "known_at": self.look.known_at, "recorded_at": self.recorded_at}
        said = {name: to_iso(instant) for name, instant in times.items()}
        return {"run_id": self.run_id, **said, "erased_since": self.erased_since}


class Runs:
    """The runs of one store.

    A run is put down before its changes are: it counts from when the ledger has its last change. So a run that was
    cut off in between has never been.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def last(self, mark: int) -> KeptRun | None:
        """The last run that counts; mark: the number of the ledger's last change."""
        row = self._store.row("select * from run where change_no <= ? order by rowid desc limit 1", mark)
        if row is None:
            return None
        states = self._store.rows("select * from run_segment where run_id = ?", row["run_id"])
        return KeptRun(
            row["run_id"],
            _look(row),
            row["change_no"],
            row["changes"],
            row["recorded_at"],
            {state["segment_id"]: _state(state) for state in states},
            erased_since(self._store, row["recorded_at"]),
        )

    def put(self, run: KeptRun, before: KeptRun | None) -> None:
        """Put down a run after `before`; what was cut off goes, and what changed nothing, but for `before`.

        How segments stood is kept of these two: of `before`, because it is the last one if this one is cut off.
        """
        mark, kept_id = (before.change_no, before.run_id) if before else (0, "")
        look = run.look
        with self._store.change() as connection:
            connection.execute("delete from run where change_no > ?", (mark,))
            connection.execute("delete from run where changes = 0 and run_id <> ?", (kept_id,))
            connection.execute(
                "insert into run (run_id, at, known_at, event_no, claim_no, change_no, changes, recorded_at) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                (run.run_id, *astuple(look), run.change_no, run.changes, run.recorded_at),
            )
            connection.executemany(
                "insert into run_segment "
                "(run_id, segment_id, name, version, meaning, since, size, at, known_at, event_no, claim_no) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _rows(run.run_id, run.states.values()),
            )
            connection.execute(_OUTLIVED, (run.run_id, kept_id, run.run_id))

    def names(self) -> dict[str, str]:
        """The last name of every segment that a run knew, and of every one there is, by id."""
        known = self._store.rows("select segment_id, name from run_segment order by rowid")
        there = self._store.rows("select segment_id, name from segment where removed_at is null")
        return {row["segment_id"]: row["name"] for row in (*known, *there)}


def _look(row: Any) -> Look:
    return Look(row["at"], row["known_at"], row["event_no"], row["claim_no"])


def _state(row: Any) -> SegmentState:
    return SegmentState(
        row["segment_id"], row["name"], row["version"], row["meaning"], row["since"], row["size"], _look(row)
    )


def _rows(run_id: str, states: Iterable[SegmentState]) -> list[tuple[object, ...]]:
    return [
        (
            *(run_id, state.segment_id, state.name, state.version, state.meaning, state.since, state.size),
            *astuple(state.look),
        )
        for state in states
    ]
