"""What the store learned of its words from people who are erased, taken back: values, counts, words of their own."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.language.catalog import Kind
from intarsia.language.consents import RANKS, pair
from intarsia.language.facts import Fact, Json
from intarsia.record.coded import coded
from intarsia.record.history import people
from intarsia.record.words import EXAMPLE_LENGTH, Place, fits, walk

PEOPLE_AT_ONCE = 200
"""Of how many people the facts are held in memory."""


def forget_words(connection: sqlite3.Connection, session: Session, numbers: Sequence[int], currency: str) -> int:
    """Take what people said out of the counts of words, inside a transaction of the store; how many words changed.

    numbers  of the people's profiles, whose facts are still in the lake; currency: of the workspace
    An example that is a value of theirs goes. So does a word that nobody else ever sent, unless somebody corrected it
    or a definition names it: it may be as personal as a value.
    """
    changed = set[Place]()
    for first in range(0, len(numbers), PEOPLE_AT_ONCE):
        persons = people(session, numbers[first : first + PEOPLE_AT_ONCE], currency)
        values = defaultdict[Place, list[Json]](list)
        for place, value in _said(fact for person in persons for fact in person.facts):
            values[place].append(value)
        for place, found in values.items():
            _take_back(connection, place, found)
        changed |= values.keys()
    for place in changed:
        _remove_unheard(connection, place)
    return len(changed)


def forget_consents(connection: sqlite3.Connection, session: Session, numbers: Sequence[int]) -> int:
    """Remove the channels and purposes about which nobody else was asked, inside a transaction; how many.

    numbers  of the people's profiles, whose facts are still in the lake. What was declared stays
    """
    session.register("forgotten_people", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    theirs = _pairs(session, "semi join forgotten_people using (profile_no)")
    # Guests have no number; what they said stays.
    others = _pairs(session, "anti join forgotten_people using (profile_no)") if theirs else set()
    gone = sorted(theirs - others)
    connection.executemany("delete from consent where channel = ? and purpose = ? and not is_declared", gone)
    return len(gone)


def _pairs(session: Session, whose: str) -> set[tuple[str, str]]:
    """The channels and purposes of some people's facts of consent, as the store has them."""
    found = session.execute(
        "select distinct props->>'$.channel' as channel, props->>'$.purpose' as purpose "  # nosec B608
        f"from lake.events {whose} where kind = 'track' and list_contains(?, name)",
        [sorted(RANKS)],
    )
    return {pair(row["channel"], row["purpose"]) for row in found.to_pylist() if row["channel"] and row["purpose"]}


def _said(facts: Iterable[Fact]) -> Iterator[tuple[Place, Json]]:
    """The value of every word in the facts, as it was counted when they were recorded (see `words.observe`)."""
    for fact in facts:
        owner = ("trait", "") if fact.kind == "identify" else ("event", fact.name)
        if owner[0] == "event":
            yield (*owner, ()), None
        for path, value in walk(fact.properties):
            yield (*owner, path), value
        for line in fact.lines:
            for name, value in line.items():
                if value is not None:
                    yield ("line", fact.name, (name,)), value


def _take_back(connection: sqlite3.Connection, place: Place, values: Sequence[Json]) -> None:
    key = _key(place)
    word = connection.execute("select kind from word where scope = ? and event = ? and path = ?", key).fetchone()
    if word is None:
        return
    kind, tally = Kind(word["kind"]), coded(values).tally()
    unfit = sum(count for value, count in tally if not fits(value, kind)) if place[2] else 0
    examples = {str(value)[:EXAMPLE_LENGTH] for value, _ in tally}
    is_unsure = any(isinstance(value, (list, dict)) for value, _ in tally)
    connection.execute(
        "update word set seen = max(0, seen - ?), unfit = max(0, unfit - ?) where scope = ? and event = ? and path = ?",
        (len(values), unfit, *key),
    )
    # The example of a list or an object may have been written with its names in another order.
    connection.execute(
        "update word set unfit_example = null where scope = ? and event = ? and path = ? "
        "and (? or unfit_example in (select value from json_each(?)))",
        (*key, is_unsure, json.dumps(sorted(examples))),
    )


def _remove_unheard(connection: sqlite3.Connection, place: Place) -> None:
    name = place[2][-1] if place[2] else place[1]
    connection.execute(
        "delete from word where scope = ? and event = ? and path = ? and seen = 0 and not is_corrected "
        "and not exists (select 1 from segment_version where instr(text, ?) > 0)",
        (*_key(place), name),
    )


def _key(place: Place) -> tuple[str, str, str]:
    scope, event, path = place
    return scope, event, json.dumps(path)
