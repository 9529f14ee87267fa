"""What the ledger's rows of erased people came to, without the people: so that sizes of the past stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.membership.ledger import Cause, blocks
from intarsia.membership.standing import Standing
from intarsia.segment.asking import Asking
from intarsia.store.store import Store

STEPS = "erased_steps"


def keep_tallies(connection: sqlite3.Connection, session: Session, numbers: Sequence[int], at: int) -> int:
    """Put down by how many each segment grew and shrank for people, inside a transaction of the store; how many rows.

    numbers  of the people, whose rows are still in the ledger
    at       from when on they are in no segment: the instant as of which they are erased, milliseconds UTC. Where the
             ledger goes beyond, it is the instant of their last change
    """
    session.register("tallied_people", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    found = session.execute(blocks()["tallies"], {"at": at}).to_pylist()
    connection.executemany(
        "insert into erased_membership values (:segment_id, :valid_at, :step) "
        "on conflict (segment_id, valid_at) do update set step = step + excluded.step",
        found,
    )
    connection.execute("delete from erased_membership where step = 0")
    return len(found)


def offer_tallies(session: Session, store: Store, segment_id: str) -> None:
    """Make the tallies of one segment known to a session, under the name that the statement `sizes` reads."""
    rows = store.rows("select valid_at, step from erased_membership where segment_id = ?", segment_id)
    columns = {name: pa.array([row[name] for row in rows], pa.int64()) for name in ("valid_at", "step")}
    session.register(STEPS, pa.table(columns))


def without_erased(standing: Standing, causes: Sequence[Cause], then: Asking) -> list[Cause]:
    """Causes of changes, those put in that would have been there before, had the erased never been.

    then  the question of the evaluation before, over the present record
    """
    members = set(then.numbers(standing.definition.name)["profile_no"].to_pylist())
    rows = zip(standing.changes["profile_no"].to_pylist(), standing.changes["entered"].to_pylist(), causes, strict=True)
    return [
        "erasure" if cause in ("data", "time") and entered == (number in members) else cause
        for number, entered, cause in rows
    ]


def erased_after(store: Store, instants: Sequence[int]) -> list[int]:
    """For each of some instants at which a segment's size is asked, how many people have been erased after it.

    A person is in the sizes of before the instant as of which they were erased. Milliseconds UTC.
    """
    erasures = store.rows("select at, people from erasure where state <> 'begun'")
    return [sum(row["people"] for row in erasures if row["at"] > instant) for instant in instants]
