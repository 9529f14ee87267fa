"""The words of the record: which traits, event types and properties it holds, of what kind, and how well they fit."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from intarsia.language.catalog import EventType, Kind, Property
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import date_of, instant_of, number
from intarsia.record.coded import coded
from intarsia.record.lines import LineTable
from intarsia.record.messages import Kept
from intarsia.record.vocabulary import LINE_CARRIERS, REFUND_NAME, SHIPPED
from intarsia.store.store import Store

_UTC = ZoneInfo("UTC")
_PLAIN = re.compile(r'[^."]+')
_NAME = re.compile(r'("(?:[^"]|"")*")|([^."]+)')
DEEPEST = 4
"""How far into objects words are gathered."""

EXAMPLE_LENGTH = 80
"""Of a value that does not fit its word's kind: so many characters are kept as an example."""

Place = tuple[str, str, tuple[str, ...]]
"""Scope ("trait", "event" or "line"), event name ("" for traits), path."""

Tally = Sequence[tuple[Json, int]]
"""Values with how often each came, by first appearance."""


@dataclass(frozen=True)
class Word:
    """One word of the record, and what was seen of it.

    kind          inferred from the first values, unless `is_corrected`: a person said what it is
    seen, unfit   values that came, and those of them of another kind (kept as they came)
    is_personal   of a trait, whether it says something private of a person; None: guessed from its name
    short         of an event, the short name that it was given; former: those that it had before
    """

    scope: str
    event: str
    path: tuple[str, ...]
    kind: Kind
    family: str | None
    is_corrected: bool
    seen: int
    unfit: int
    unfit_example: str | None
    is_personal: bool | None = None
    short: str | None = None
    former: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The event it belongs to, `lines` for what is said of lines, then its path."""
        place = (self.event, *(("lines",) if self.scope == "line" else ())) if self.scope != "trait" else ()
        return (*place, *self.path)

    @property
    def label(self) -> str:
        """How people name it: `address.city`, `Order Completed.coupon`, `Order Completed.lines.sku`.

        A name that holds a dot or a double quote stands in double quotes.
        """
        return label_of(self.names)

    def to_json(self) -> dict[str, object]:
        """The word as people name it, scope, kind, family, and what was seen of it."""
        return {
            "word": self.label,
            "scope": self.scope,
            "kind": self.kind.value,
            "family": self.family,
            "corrected": self.is_corrected,
            "seen": self.seen,
            "unfit": self.unfit,
            "unfit_example": self.unfit_example,
            "personal": self.is_personal,
            "short": self.short,
        }


def label_of(names: Iterable[str]) -> str:
    """Names joined by dots, in double quotes where they hold a dot or a quote."""
    return ".".join(name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"' for name in names)


def read_label(label: str) -> tuple[str, ...] | None:
    """The names that `label_of` joined; None where a quote is left open or a name is empty."""
    parts = _NAME.findall(label)
    names = tuple(quoted[1:-1].replace('""', '"') if quoted else plain for quoted, plain in parts)
    return names if names and label_of(names) == label and all(name.strip() for name in names) else None


def kind_of(value: Json) -> Kind:
    """The kind that one value looks like."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, Decimal):
        return Kind.NUMBER
    if isinstance(value, str):
        if value[:1].isdigit() and date_of(value) is not None:
            return Kind.DATE
        return Kind.INSTANT if value[:1].isdigit() and instant_of(value, _UTC) is not None else Kind.TEXT
    return Kind.OBJECT if isinstance(value, Mapping) else Kind.LIST


def fits(value: Json, kind: Kind) -> bool:
    """Whether a value is of a kind, or reads as one of it."""
    if kind is Kind.ANY:
        return True
    if kind in (Kind.NUMBER, Kind.MONEY):
        return number(value) is not None
    if kind is Kind.INSTANT:
        return kind_of(value) in (Kind.INSTANT, Kind.DATE)
    if kind is Kind.TEXT:
        return isinstance(value, str)
    return kind_of(value) is kind


def observe(kept: Iterable[Kept], table: LineTable) -> dict[Place, Tally]:
    """The values of every word in the messages and in their order lines, each with how often it came."""
    found: defaultdict[tuple[str, str], defaultdict[tuple[str, ...], list[Json]]]
    found = defaultdict(lambda: defaultdict(list))
    for item in kept:
        values = found[("trait", "") if item.kind == "identify" else ("event", item.name)]
        values[()].append(None)
        for path, value in walk(item.properties):
            values[path].append(value)
    tallies: dict[Place, Tally] = {
        (*owner, path): coded(values).tally() for owner, paths in found.items() for path, values in paths.items()
    }
    tallies.pop(("trait", "", ()), None)
    for block in table.blocks:
        for name, column in block.columns.items():
            seen = [(value, count) for value, count in column.tally() if value is not None]
            if seen:
                place = ("line", block.event, (name,))
                tallies[place] = [*tallies.get(place, ()), *seen]
    return tallies


def walk(values: Mapping[str, Json], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Json]]:
    """The path and the value of everything in an object that is not null, down to `DEEPEST` names."""
    found: list[tuple[tuple[str, ...], Json]] = []
    for name, value in values.items():
        if value is None:
            continue
        found.append(((*above, name), value))
        if isinstance(value, dict) and len(above) + 1 < DEEPEST:
            found += walk(value, (*above, name))
    return found


@contextmanager
def learning(store: Store, found: Mapping[Place, Tally]) -> Iterator[None]:
    """Make what was observed known: new words at once with their likeliest kind, counts if the block ends well.

    The block writes what was observed to the lake. If it fails there or the process dies, nothing is counted, and
    a repetition counts once.
    """
    known = {(word.scope, word.event, word.path): word.kind for word in words(store)}
    kinds = {place: known.get(place) or _shipped_kind(*place) or _likeliest(tally) for place, tally in found.items()}
    new = [(*_key(place), kind.value) for place, kind in kinds.items() if place not in known]
    if new:
        with store.change() as connection:
            connection.executemany("insert or ignore into word (scope, event, path, kind) values (?, ?, ?, ?)", new)
    with store.change() as connection:
        connection.executemany(
            "update word set seen = seen + ?, unfit = unfit + ?, unfit_example = coalesce(unfit_example, ?) "
            "where scope = ? and event = ? and path = ?",
            [(*_counts(tally, kinds[place], place), *_key(place)) for place, tally in found.items()],
        )
        yield


def _key(place: Place) -> tuple[str, str, str]:
    scope, event, path = place
    return scope, event, json.dumps(path)


def _counts(tally: Tally, kind: Kind, place: Place) -> tuple[int, int, str | None]:
    """How many values came, how many of them do not fit the kind, and the first of those."""
    unfit = [(value, count) for value, count in tally if not fits(value, kind)] if place[2] else []
    example = str(unfit[0][0])[:EXAMPLE_LENGTH] if unfit else None
    return sum(count for _, count in tally), sum(count for _, count in unfit), example


def _likeliest(tally: Tally) -> Kind:
    kinds: Counter[Kind] = Counter()
    for value, count in tally:
        if value is not None:
            kinds[kind_of(value)] += count
    return kinds.most_common(1)[0][0] if kinds else Kind.ANY


def _shipped_kind(scope: str, event: str, path: tuple[str, ...]) -> Kind | None:
    shipped = SHIPPED.get(type_of(event))
    if shipped is None or scope == "trait":
        return None
    found = (shipped.lines if scope == "line" else shipped.properties).get(path)
    return found.kind if found else None


def words(store: Store) -> list[Word]:
    """Every word that was seen or declared, by scope, event and path."""
    shorts: defaultdict[str, list[str]] = defaultdict(list)
    for given in store.rows("select event, short from short_name order by place"):
        shorts[given["event"]].append(given["short"])
    return [_word(row, shorts) for row in store.rows("select * from word order by scope, event, path")]


def _word(row: Any, shorts: Mapping[str, Sequence[str]]) -> Word:
    """The word of a row; shorts: the short names that events were given, by event, the present one last."""
    path = tuple(json.loads(row["path"]))
    given = shorts.get(row["event"], ()) if row["scope"] == "event" and not path else ()
    return Word(
        scope=row["scope"],
        event=row["event"],
        path=path,
        kind=Kind(row["kind"]),
        family=row["family"],
        is_corrected=bool(row["is_corrected"]),
        seen=row["seen"],
        unfit=row["unfit"],
        unfit_example=row["unfit_example"],
        is_personal=None if row["is_personal"] is None else bool(row["is_personal"]),
        short=given[-1] if given else None,
        former=frozenset(given[:-1]),
    )


def type_of(event: str) -> str:
    """The name of the catalog's type that an event is of: the versions of an order are one type."""
    return "Order Completed" if event in LINE_CARRIERS and event != REFUND_NAME else event


def event_types(found: Iterable[Word]) -> dict[str, EventType]:
    """The catalog's event types: the shipped ones, with and beside them what the record holds.

    The versions of an order (updated, cancelled) are one type with `Order Completed`.
    """
    types = dict(SHIPPED)
    for word in found:
        if word.scope == "trait":
            continue
        name = type_of(word.event)
        event = types.setdefault(name, EventType(name))
        if not word.path:
            types[name] = event if word.short is None else replace(event, short=word.short, former=word.former)
            continue
        is_of_line = word.scope == "line"
        known = event.lines if is_of_line else event.properties
        if word.path not in known or word.is_corrected:
            new = {**known, word.path: Property(word.path, word.kind, is_of_line)}
            types[name] = replace(event, lines=new) if is_of_line else replace(event, properties=new)
    return types
