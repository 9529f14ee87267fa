"""The ledger in the lake: replayed, compared with who is in now, and added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as compute

from intarsia.lake.schemas import MEMBERSHIPS
from intarsia.lake.session import Session
from intarsia.lake.statements import statements

TABLE = MEMBERSHIPS.name
APP = "memberships"
"""Under which name the ledger's mark is kept: the number of its last change."""

Cause = Literal["data", "time", "merge", "definition", "manual", "erasure"]
"""Why somebody entered or left: something became known, time went on, the segment is defined otherwise, or somebody put
them in, kept them out, or took that back; its expiry is of the same sort. `erasure`: of others, whose place in a rank
they take."""

Timeline = list[tuple[int, bool]]
"""From which instant on a person was in (True) or not, by time; before the first entry not."""

Key = tuple[str, int]
"""A segment's id and a profile's number."""


def blocks() -> Mapping[str, str]:
    """The SQL of each statement of ledger.sql, by name."""
    return statements(Path(__file__).with_name("ledger.sql"))


class Ledger:
    """The ledger as one session sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_replayed = False

    def replay(self) -> None:
        """Offer who is in by the ledger to the session: `ledger_members`."""
        if not self._is_replayed:
            self._is_replayed = True
            self._session.execute(f"create temp table ledger_members as {blocks()['members']}")

    def size(self, segment_id: str) -> int:
        """How many people are in a segment."""
        self.replay()
        counted = self._session.execute("select count(*) as n from ledger_members where segment_id = ?", [segment_id])
        return int(counted["n"][0].as_py())

    def difference(self, segment_id: str, members: pa.Table) -> pa.Table:
        """Who has to enter or leave so that `members` (profile_no) are in: `profile_no`, `entered`, by profile_no."""
        self.replay()
        self._session.register("standing_members", members)
        return self._session.execute(blocks()["difference"], {"segment_id": segment_id})

    def leaving_all_but(self, segment_ids: Iterable[str]) -> dict[str, pa.Table]:
        """Who has to leave the segments that are none of these, by segment: changes with `definition_version`."""
        self.replay()
        found = self._session.execute(blocks()["leaving"], {"segment_ids": list(segment_ids)})
        left = sorted(set(found["segment_id"].to_pylist()))
        return {segment_id: found.filter(compute.field("segment_id") == segment_id) for segment_id in left}

    def past(self, profile_numbers: Sequence[int], segment_ids: Iterable[str]) -> dict[Key, Timeline]:
        """The changes of some people in some segments, in the order of writing, as (instant, entered)."""
        asked = pa.Table.from_pydict({"profile_no": pa.array(profile_numbers, pa.int64())})
        self._session.register("asked_people", asked)
        found: dict[Key, Timeline] = {}
        for row in self._session.execute(blocks()["past"], {"segment_ids": list(segment_ids)}).to_pylist():
            found.setdefault((row["segment_id"], row["profile_no"]), []).append((row["valid_at"], row["entered"]))
        return found


def timeline(changes: Iterable[tuple[int, bool]]) -> Timeline:
    """What the changes of one person in one segment say together.

    changes  in the order in which they were written; each overrules what earlier ones say of its instant and after
    """
    said: Timeline = []
    for instant, entered in changes:
        while said and said[-1][0] >= instant:
            said.pop()
        said.append((instant, entered))
    return said


def was_in(said: Timeline, at: int) -> bool:
    """Whether a person was in at an instant."""
    return next((entered for instant, entered in reversed(said) if instant <= at), False)


def changes_table(
    changes: pa.Table, *, segment_id: str, version: int, causes: Sequence[Cause], instants: Sequence[int]
) -> pa.Table:
    """Changes of one segment as columns of the ledger, without what is the same for a whole run.

    changes   `profile_no`, `entered`; causes and instants (milliseconds UTC) stand in the same order
    """
    rows = changes.num_rows
    return pa.Table.from_pydict(
        {
            "segment_id": pa.array([segment_id] * rows, pa.string()),
            "profile_no": changes["profile_no"],
            "entered": changes["entered"],
            "valid_at": _instants(instants),
            "definition_version": pa.array([version] * rows, pa.int64()),
            "cause": pa.array(causes, pa.string()),
        }
    )


def ledger_rows(tables: Sequence[pa.Table], *, first_change_no: int, recorded_at: int, run_id: str) -> pa.Table:
    """The rows of the lake's table that a run adds, numbered from `first_change_no`."""
    found = pa.concat_tables(tables)
    rows = found.num_rows
    columns = {name: found[name] for name in found.column_names}
    columns["change_no"] = pa.array(range(first_change_no, first_change_no + rows), pa.int64())
    columns["recorded_at"] = _instants([recorded_at] * rows)
    columns["run_id"] = pa.array([run_id] * rows, pa.string())
    return pa.Table.from_pydict({name: columns[name] for name in MEMBERSHIPS.arrow_schema().names})


def _instants(milliseconds: Sequence[int]) -> pa.Array:
    return pa.array([instant * 1000 for instant in milliseconds], pa.timestamp("us", "UTC"))
