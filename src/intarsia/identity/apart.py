"""What an erasure must not do to others: make one person of those whom it was one reason to keep apart.

An identifier that too many share, or a device of two people, joins nobody. When one of them is erased, those who are
left would look like one person. So each of them is barred from it, since it first joined nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from intarsia.identity.claims import APP, TABLE, table_of
from intarsia.identity.evidence import Evidence
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from intarsia.lake.statements import statements

_REFUSED = frozenset(("many", "device", "names"))
"""Reasons that are gone when somebody is."""

REASON = "somebody who shared it was erased"


class Bar(NamedTuple):
    """A profile that an identifier is to join to nobody, from an instant on, milliseconds UTC."""

    profile_no: int
    kind: str
    value: str
    since: int


def keep_apart(lake: Lake, session: Session, evidence: Evidence, numbers: Collection[int]) -> int:
    """Bar those who share an identifier with people who are erased and are kept apart from them; how many bars.

    numbers  of the profiles that are erased, whose claims are still in the lake that `session` reads. Safe to repeat;
             only for whoever holds the writing lock
    """
    bars = sorted(set(_bars(session, evidence, numbers)))
    first = (lake.mark_of(TABLE, APP) or 0) + 1
    if bars:
        columns = {
            "claim_no": range(first, first + len(bars)),
            "profile_no": [bar.profile_no for bar in bars],
            "kind": [bar.kind for bar in bars],
            "value": [bar.value for bar in bars],
            "recorded_at": [bar.since * 1000 for bar in bars],
            "event_no": [None] * len(bars),
            "is_barred": [True] * len(bars),
            "reason": [REASON] * len(bars),
        }
        lake.append(TABLE, table_of(columns), app_id=APP, app_version=first + len(bars) - 1)
    return len(bars)


def _bars(session: Session, evidence: Evidence, numbers: Collection[int]) -> Iterator[Bar]:
    session.register("parting_people", pa.table({"profile_no": pa.array(sorted(numbers), pa.int64())}))
    sql = statements(Path(__file__).with_name("apart.sql"))["sharing"]
    others: dict[tuple[str, str], list[int]] = {}
    for row in session.execute(sql).to_pylist():
        others.setdefault((row["kind"], row["value"]), []).append(row["profile_no"])
    for shared in evidence.shared:
        since = next((stand.since for stand in shared.stands if stand.refusal in _REFUSED), None)
        left = others.get((shared.kind, shared.value), [])
        if since is not None and len(left) > 1:
            yield from (Bar(number, shared.kind, shared.value, since) for number in left)
