"""What the store learned of its words from people who are erased, taken back: values, counts, words of their own."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.language import parse, tree
from intarsia.language.catalog import Kind
from intarsia.language.meaning.consents import RANKS, pair
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.problems.whole import LanguageError
from intarsia.record.coded import coded
from intarsia.record.history import people
from intarsia.record.vocabulary import SHIPPED
from intarsia.record.words import EXAMPLE_LENGTH, Place, fits, type_of, walk
from intarsia.store.forgetting import rules_in

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
    named = _named(connection)
    for place in changed:
        if not named.has(place):
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
    connection.execute(
        "delete from word where scope = ? and event = ? and path = ? and seen = 0 and not is_corrected", _key(place)
    )


@dataclass(frozen=True)
class _Named:
    """What rules name: types of events by their full names, and the paths of traits and properties as written.

    shorts  the short names of types of events
    """

    events: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    shorts: Mapping[str, str]
    any_event: bool

    def has(self, place: Place) -> bool:
        """Whether a rule names a trait, a type of events, or a property together with its type."""
        scope, event, path = place
        if scope == "trait":
            return any(names[: len(path)] == path for names in self.paths)
        if not (self.any_event or type_of(event) in self.events):
            return False
        shorts = (short for short, full in self.shorts.items() if full == type_of(event))
        heads = {(), *((name,) for name in (event, type_of(event), *shorts))}
        heads |= {(*head, "lines") for head in heads}
        wanted = [(*head, *path) for head in heads]
        return not path or any(names[: len(one)] == one for one in wanted for names in self.paths)


def _named(connection: sqlite3.Connection) -> _Named:
    """What the rules of all segments name, in every version."""
    shorts = {event.short: event.name for event in SHIPPED.values() if event.short}
    shorts |= {row["short"]: row["event"] for row in connection.execute("select short, event from short_name")}
    nodes = [node for rule in rules_in(connection.execute) for node in _nodes(rule.text, rule.language_version)]
    events = [node for node in nodes if isinstance(node, tree.Event)]
    return _Named(
        events=frozenset(shorts.get(node.names[0], node.names[0]) for node in events if not node.is_any),
        paths=frozenset(node.names for node in nodes if isinstance(node, tree.Event | tree.Path)),
        shorts=shorts,
        any_event=any(node.is_any for node in events),
    )


def _nodes(text: str, language_version: int) -> list[tree.Node]:
    try:
        return list(parse(text, language_version).walk())
    except LanguageError:
        return []


def _key(place: Place) -> tuple[str, str, str]:
    scope, event, path = place
    return scope, event, json.dumps(path)
