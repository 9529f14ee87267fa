"""Makes a disagreement small enough to be read: less of the rule, then fewer people, messages and properties."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeGuard

from intarsia.clock import to_iso
from intarsia.language import show, tree
from tests.engine.populations import Batch, Message, Population

MOST_TRIES = 400
"""How many smaller cases are tried before the smallest so far is shown."""


@dataclass(frozen=True)
class Case:
    """One rule asked of one population.

    segments  the rules that it may name; edits: the rules to which some of them were edited, and when
    """

    population: Population
    at: int
    known_at: int | None
    rule: tree.Condition
    segments: Mapping[str, tree.Condition]
    edits: Mapping[str, tuple[int, tree.Condition]] = field(default_factory=dict)

    def told(self) -> str:
        """The case for people to read."""
        lines = [f"rule       {show(self.rule)}"]
        lines += [f"segment    {name} = {show(rule)}" for name, rule in self.segments.items()]
        lines += [f"edited     {name} = {show(rule)}, at {to_iso(at)}" for name, (at, rule) in self.edits.items()]
        lines += [f"decided    {to_iso(at)} {' + '.join(ids)}" for at, ids in self.population.decisions]
        lines += [f"pinned     {pin}" for pin in self.population.pins]
        known_at = "everything" if self.known_at is None else to_iso(self.known_at)
        lines += [f"at         {to_iso(self.at)}, known {known_at}", f"settings   {self.population.settings}"]
        for batch in self.population.batches:
            lines.append(f"recorded   {to_iso(batch.recorded_at)}")
            lines += [f"           {json.dumps(message, ensure_ascii=False)}" for message in batch.messages]
        return "\n".join(lines)


def smallest(case: Case, disagrees: Callable[[Case], bool]) -> Case:
    """The case with all taken away that it disagrees without."""
    tries = 0
    while True:
        for smaller in _smaller(case):
            tries += 1
            if tries > MOST_TRIES:
                return case
            if disagrees(smaller):
                case = smaller
                break
        else:
            return case


def _smaller(case: Case) -> Iterator[Case]:
    for rule in _smaller_rules(case.rule, case.segments):
        yield replace(case, rule=rule)
    named = {node.name for node in case.rule.walk() if isinstance(node, tree.InSegment | tree.Moved)}
    if case.segments and not named:
        yield replace(case, segments={}, edits={})
    if case.edits:
        yield replace(case, edits={})
    if case.population.decisions:
        yield replace(case, population=replace(case.population, decisions=()))
    for place in range(len(case.population.pins)):
        pins = case.population.pins[:place] + case.population.pins[place + 1 :]
        yield replace(case, population=replace(case.population, pins=pins))
    for batches in _smaller_batches(case.population.batches):
        yield replace(case, population=replace(case.population, batches=batches))


# --- rules


def _smaller_rules(node: tree.Condition, segments: Mapping[str, tree.Condition]) -> Iterator[tree.Condition]:
    """Parts of the rule, and the rule with one part smaller or gone."""
    match node:
        case tree.And(parts=parts) | tree.Or(parts=parts):
            yield from parts
            if len(parts) > 2:
                yield from (type(node)(parts[:place] + parts[place + 1 :]) for place in range(len(parts)))
        case tree.Not(part=part):
            yield part
        case tree.InSegment(name=name) if name in segments:
            yield segments[name]
        case tree.Rank(among=among) if among is not None:
            yield among
    yield from _with_smaller_fields(node, segments)


def _with_smaller_fields(node: Any, segments: Mapping[str, tree.Condition]) -> Iterator[Any]:
    for item in fields(node):
        value = getattr(node, item.name)
        if item.name in ("where", "window", "among") and value is not None:
            yield replace(node, **{item.name: None})
        if isinstance(value, tree.Node):
            made = _smaller_rules(value, segments) if _is_condition(value) else _with_smaller_fields(value, segments)
            yield from (replace(node, **{item.name: less}) for less in made)
        elif isinstance(value, tuple) and value and isinstance(value[0], tree.Node):
            yield from _with_smaller_items(node, item.name, value, segments)


def _with_smaller_items(
    node: Any, name: str, items: tuple[Any, ...], segments: Mapping[str, tree.Condition]
) -> Iterator[Any]:
    if len(items) > 1 and name == "constants":
        yield from (replace(node, **{name: items[:place] + items[place + 1 :]}) for place in range(len(items)))
    for place, value in enumerate(items):
        if _is_condition(value):
            for less in _smaller_rules(value, segments):
                yield replace(node, **{name: (*items[:place], less, *items[place + 1 :])})


def _is_condition(node: tree.Node) -> TypeGuard[tree.Condition]:
    return isinstance(node, tree.Condition)


# --- messages


def _smaller_batches(batches: Sequence[Batch]) -> Iterator[tuple[Batch, ...]]:
    """Without one person, without half the messages, without one message, with less in one message."""
    everybody = sorted({str(message.get("userId")) for batch in batches for message in batch.messages})
    if len(everybody) > 1:
        yield from (_only(batches, lambda message, who=who: str(message.get("userId")) != who) for who in everybody)  # type: ignore[misc]
    places = [(number, place) for number, batch in enumerate(batches) for place in range(len(batch.messages))]
    size = len(places) // 2
    while size:
        for begin in range(0, len(places), size):
            yield _with(batches, dict.fromkeys(places[begin : begin + size]))
        size //= 2
    for number, place in places:
        for message in _smaller_messages(batches[number].messages[place]):
            yield _with(batches, {(number, place): message})


def _only(batches: Sequence[Batch], keeps: Callable[[Message], bool]) -> tuple[Batch, ...]:
    return tuple(replace(batch, messages=tuple(filter(keeps, batch.messages))) for batch in batches)


def _with(batches: Sequence[Batch], changed: Mapping[tuple[int, int], Message | None]) -> tuple[Batch, ...]:
    """The batches with some messages in the place of others; None: without it."""
    found = []
    for number, batch in enumerate(batches):
        messages = [changed.get((number, place), message) for place, message in enumerate(batch.messages)]
        found.append(replace(batch, messages=tuple(message for message in messages if message is not None)))
    return tuple(found)


def _smaller_messages(message: Message) -> Iterator[Message]:
    for place in ("traits", "properties"):
        content = message.get(place, {})
        for name in content:
            yield {**message, place: {key: value for key, value in content.items() if key != name}}
    lines = message.get("properties", {}).get("products", [])
    for number, line in enumerate(lines):
        others = lines[:number], lines[number + 1 :]
        smaller = [{key: value for key, value in line.items() if key != name} for name in line]
        for products in ([*others[0], *others[1]], *([*others[0], less, *others[1]] for less in smaller)):
            yield {**message, "properties": {**message["properties"], "products": products}}
