"""Facts that would meet a condition: a value that passes a test, an event or a line that fits a filter.

They are proposals: whoever makes one asks of it what the condition asks, before anything is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from intarsia.clock import EPOCH, MILLISECOND, add_days
from intarsia.language import tree
from intarsia.language.catalog import EventType, Property
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import Question, When
from intarsia.language.interpret.subjects import property_of
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.values import date_of
from intarsia.language.meaning.windows import instants_of

NAMED_BY_KIND = ("page", "screen", "group", "alias")
"""Kinds of messages whose events have no other name."""
LATEST = "\U0010ffff"
"""Begins ids that come after all others of the same instant."""
WORD = "x"
CONSTANTS_TRIED = 100
"""Of a longer list the values are not tried: each would be compared with all the others."""


def value_for(test: tree.Operator, when: When, *, holds: bool, ignoring_case: bool = False) -> tuple[Json] | None:
    """A value that passes a test, or does not; in a tuple, for it may be the unknown one. None: nobody knows any."""
    for value in _values(test, when):
        if passes(value, test, when, ignoring_case=ignoring_case) is holds:
            return (value,)
    return None


def _values(test: tree.Operator, when: When) -> Iterator[Json]:
    """Some values near those that a test names, its own first; then a word, and the unknown one."""
    constants = [node for node in test.walk() if isinstance(node, (tree.Text, tree.Number, tree.Truth))]
    if isinstance(test, tree.Has):
        yield [value for constant in constants if (value := _said(constant, when)) is not None]
    for constant in constants[:CONSTANTS_TRIED]:
        yield _said(constant, when)
    for constant in constants[:CONSTANTS_TRIED]:
        yield from _beside(_said(constant, when))
    for node in test.walk():
        if isinstance(node, tree.Day | tree.Moment):
            yield from _around(node, when)
        if isinstance(node, tree.Window):
            yield from _within(node, when)
    if isinstance(test, tree.TextMatch):
        yield test.text
    yield WORD
    yield None
    yield from ((), [WORD])


def _said(constant: tree.Text | tree.Number | tree.Truth, when: When) -> Json:
    return when.in_own_currency(constant) if isinstance(constant, tree.Number) else constant.value


def _beside(value: Json) -> Iterator[Json]:
    if isinstance(value, Decimal):
        yield from (value + 1, value - 1)
    elif isinstance(value, str):
        day = date_of(value)
        if day is not None:
            yield from (add_days(day, 1).isoformat(), add_days(day, -1).isoformat())
        yield value + WORD


def _around(time: tree.Day | tree.Moment, when: When) -> Iterator[Json]:
    if isinstance(time, tree.Day):
        yield from (add_days(time.value, step).isoformat() for step in (0, 1, -1))
    else:
        yield from (_iso(instants_of(time, when.zone)[0] + step) for step in (0, 1, -1))


def _within(window: tree.Window, when: When) -> Iterator[Json]:
    """The days and instants at the ends of a window, and beyond them."""
    days, instants = when.days(window), when.instants(window)
    for day in (days.begin, days.end):
        if day is not None:
            yield from (add_days(day, step).isoformat() for step in (0, -1, 1))
    for instant in (instants.begin, instants.end):
        if instant is not None:
            yield from (_iso(instant + step) for step in (0, -1))


def _iso(instant: int) -> str:
    return (EPOCH + instant * MILLISECOND).isoformat(timespec="milliseconds") + "Z"


# --- events


@dataclass
class Draft:
    """An event in the making: its name, its properties, and one line where something is said of lines."""

    name: str
    properties: dict[str, Any]
    line: dict[str, Any]

    def put(self, found: Property, value: Json) -> None:
        """Say a value of a property of the event or of its line."""
        if found.is_name:
            self.name = str(value)
            return
        place = self.line if found.is_of_line else self.properties
        path = ("total",) if found.path == ("gross",) and not found.is_of_line else found.path
        for name in path[:-1]:
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                return
        place[path[-1]] = value


def made_event(
    type_: EventType,
    where: tree.Condition | None,
    taken: tuple[Property, Json] | None,
    when: When,
    question: Question,
    number: int,
) -> Fact:
    """An event of a type at the instant of the question, that tries to fit a filter and has a value of a property."""
    draft = Draft(type_.name, {}, {})
    if where is not None:
        _fill(draft, where, type_, when, holds=True)
    if taken is not None:
        draft.put(*taken)
    kind = draft.name if draft.name in NAMED_BY_KIND else "track"
    return _now(question, f"{LATEST}{number:06}", kind, draft.name, draft.properties, draft.line)


def said_now(question: Question, number: int, traits: Mapping[str, Json]) -> Fact:
    """A statement at the instant of the question."""
    return _now(question, f"{LATEST}{number:06}", "identify", "identify", traits)


def happens_now(question: Question, number: int, name: str, properties: Mapping[str, Json]) -> Fact:
    """An event at the instant of the question."""
    return _now(question, f"{LATEST}{number:06}", "track", name, properties)


def _now(
    question: Question,
    id: str,
    kind: str,
    name: str,
    properties: Mapping[str, Json],
    line: Mapping[str, Json] | None = None,
) -> Fact:
    recorded_at = question.at if question.known_at is None else question.known_at
    return Fact(id, kind, name, question.at, recorded_at, properties=properties, lines=(line,) if line else ())


def _fill(draft: Draft, condition: tree.Condition, type_: EventType, when: When, *, holds: bool) -> None:
    """Put into an event what a condition asks for; of several ways the first."""
    match condition:
        case tree.Not(part=part):
            _fill(draft, part, type_, when, holds=not holds)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            needs_all = isinstance(condition, tree.And) is holds
            for part in parts if needs_all else parts[:1]:
                _fill(draft, part, type_, when, holds=holds)
        case tree.HasLine(condition=inner):
            if holds:
                draft.line.setdefault("quantity", Decimal(1))
                _fill(draft, inner, type_, when, holds=True)
        case tree.Test(value=tree.Path() as path, operator=operator, ignoring_case=ignoring_case):
            found = property_of(type_, path.names)
            if holds or passes(None, operator, when):
                value = value_for(operator, when, holds=holds, ignoring_case=ignoring_case)
                if value is not None and not (found.is_name and not isinstance(value[0], str)):
                    draft.put(found, value[0])
