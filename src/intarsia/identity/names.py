"""The first names of people as they were known at each time: what first_name, firstName or name said last."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from intarsia.identity.guards import Name, first_name
from intarsia.lake.session import Session

TRAITS = ("first_name", "firstName", "name")


@dataclass(frozen=True)
class NameHistory:
    """One person's first name, by what was recorded up to each of some instants."""

    instants: tuple[int, ...] = ()
    names: tuple[Name, ...] = ()

    def at(self, known_at: int) -> Name:
        """The name by what was recorded up to an instant."""
        place = bisect_right(self.instants, known_at)
        return self.names[place - 1] if place else ()


UNNAMED = NameHistory()


def name_histories(session: Session, numbers: Iterable[int], sql: str) -> Mapping[int, NameHistory]:
    """The histories of those people of whom a name was ever said, by profile number.

    sql  the statement `names` of evidence.sql
    """
    session.register("named_people", pa.table({"profile_no": pa.array(sorted(set(numbers)), pa.int64())}))
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(sql).to_pylist():
        rows[row["profile_no"]].append(row)
    return {number: _history(said) for number, said in rows.items()}


def _history(rows: list[dict[str, Any]]) -> NameHistory:
    """What is known after each instant at which something was said."""
    latest: dict[str, tuple[_Rank, str]] = {}
    undated: set[str] = set()
    instants, names = list[int](), list[Name]()
    for recorded_at, said in groupby(sorted(rows, key=_in_order), key=itemgetter("recorded_at")):
        for row in said:
            for trait in TRAITS:
                if row[trait] is not None:
                    found = (_rank(row, is_first=trait not in undated), row[trait])
                    latest[trait] = max(latest.get(trait, found), found)
                    undated |= {trait} if row["is_undated"] else set()
        instants.append(recorded_at)
        names.append(_name({trait: value for trait, (_, value) in latest.items()}))
    return NameHistory(tuple(instants), tuple(names))


_Rank = tuple[bool, int, str]
"""The place of a statement in a trait's history (rule 4): whether it has a time, which, and the message id."""


def _rank(row: dict[str, Any], *, is_first: bool) -> _Rank:
    """A statement without a time holds since always if it is the first such, else from its recording on."""
    if not row["is_undated"]:
        return True, row["occurred_at"], row["event_id"]
    return not is_first, 0 if is_first else row["recorded_at"], row["event_id"]


def _in_order(row: dict[str, Any]) -> tuple[int, str]:
    return row["recorded_at"], row["event_id"]


def _name(values: Mapping[str, str]) -> Name:
    read = {trait: json.loads(value, parse_float=Decimal, parse_int=Decimal) for trait, value in values.items()}
    first = next((read[trait] for trait in TRAITS[:2] if read.get(trait) is not None), None)
    return first_name(first, read.get("name"))
