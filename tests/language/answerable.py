"""Random definitions that `check` accepts with a given catalog and that the engines of this version answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from intarsia.language import tree as t
from intarsia.language.catalog import Catalog, EventType, Kind, Property


@dataclass(frozen=True)
class Pool:
    """The constants to ask with: few, so that questions meet what data hold.

    moments  wall-clock times without an offset
    """

    texts: tuple[str, ...] = ("", "CZ", "praha", "Praha", "7", "7.0", "true", "ski", "2026-01-31")
    numbers: tuple[Decimal, ...] = tuple(map(Decimal, ("-1", "0", "0.5", "1", "2", "7", "25", "50.01", "500")))
    dates: tuple[date, ...] = (date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31))
    moments: tuple[datetime, ...] = tuple(map(datetime.fromisoformat, ("2026-01-01T00:00", "2026-01-31T10:30")))
    salts: tuple[str, ...] = ("spring", "autumn")
    patterns: tuple[str, ...] = ("^p", "[0-9]+", "a|ski", "(?i)cz")


def answerable(catalog: Catalog, pool: Pool = Pool(), depth: int = 2) -> SearchStrategy[t.Condition]:
    """Conditions that `check` accepts with this catalog and that the engines of this version answer."""
    return _Answerable(catalog, pool).conditions(depth)


def answerable_values(catalog: Catalog, pool: Pool = Pool()) -> SearchStrategy[t.Value]:
    """Values that people can be ranked by."""
    return _Answerable(catalog, pool).rankable()


Typed = tuple[Any, Kind, bool]
"""A value, its kind, and whether it is worked out from events."""

NUMERIC = (Kind.NUMBER, Kind.MONEY, Kind.ANY)
TRUTHS = st.builds(t.Truth, st.booleans())
SINGLE = frozenset(Kind) - {Kind.LIST, Kind.OBJECT}


@dataclass(frozen=True)
class Target:
    """A function with what it goes over; `kind` is that of its answer."""

    fold: t.Fold
    names: tuple[str, ...]
    kind: Kind
    is_over_lines: bool = False


@dataclass(frozen=True)
class _Answerable:
    catalog: Catalog
    pool: Pool

    # conditions on people

    def conditions(self, depth: int) -> SearchStrategy[Any]:
        leaves = [self.tests(self.person_values()), st.builds(t.Everyone), st.builds(t.Nobody)]
        leaves += self._did()
        if self.catalog.segments:
            leaves.append(st.builds(t.InSegment, st.sampled_from(sorted(self.catalog.segments))))
        if depth == 0:
            return st.one_of(leaves)
        below = st.deferred(lambda: self.conditions(depth - 1))
        return st.one_of(*leaves, self.ranks(below), *_joined(below))

    def _did(self) -> list[SearchStrategy[Any]]:
        found: list[SearchStrategy[Any]] = []
        for event in self.catalog.events.values():
            named, where = st.just(t.Event(_written(event))), self.wheres(event)
            found.append(st.builds(t.Did, named, where, _windows(self.pool)))
            which = st.sampled_from(["first", "last"])
            found.append(
                st.builds(t.Had, which, named, where, _windows(self.pool), self.of_event(event, 1, is_line=False))
            )
        return found

    def ranks(self, below: SearchStrategy[Any]) -> SearchStrategy[t.Rank]:
        direction, among = st.sampled_from(["top", "bottom"]), st.none() | below
        people = st.tuples(st.integers(1, 5).map(Decimal), st.just(False))
        shares = st.tuples(st.sampled_from(["0.1", "10", "33.333333", "50", "100"]).map(Decimal), st.just(True))
        return st.builds(
            lambda direction, amount, by, among: t.Rank(direction, amount[0], amount[1], by, among),
            *(direction, people | shares, self.rankable(), among),
        )

    def rankable(self) -> SearchStrategy[Any]:
        def has_size(typed: Typed) -> bool:
            _, kind, is_computed = typed
            return kind in NUMERIC or (is_computed and kind is Kind.INSTANT)

        return self.person_values().filter(has_size).map(lambda typed: typed[0])

    # values of people

    def person_values(self) -> SearchStrategy[Typed]:
        buckets = st.builds(t.Bucket, st.sampled_from(self.pool.salts)).map(lambda value: (value, Kind.NUMBER, True))
        sources: list[SearchStrategy[Typed]] = [buckets]
        if self.catalog.traits:
            traits = [(t.Path(trait.path), trait.kind, False) for trait in self.catalog.traits.values()]
            # Named three times: half of the questions are about traits.
            sources += [st.sampled_from(traits)] * 3
        sources += [self.aggregates(event) for event in self.catalog.events.values()]
        return st.one_of(sources)

    def aggregates(self, event: EventType) -> SearchStrategy[Typed]:
        targets = st.sampled_from(list(_targets(event)))
        wheres = {is_line: self.wheres(event, is_line=is_line) for is_line in (False, True)}
        windows = _windows(self.pool)

        @st.composite
        def aggregate(draw: st.DrawFn) -> Typed:
            target = draw(targets)
            where, window = draw(wheres[target.is_over_lines]), draw(windows)
            value = t.Aggregate(target.fold, t.Event(target.names), where, window)
            is_of_events = target.kind is Kind.INSTANT and len(target.names) == 1
            return value, target.kind, target.fold not in ("first", "last") or is_of_events

        return aggregate()

    # conditions on events and lines

    def wheres(self, event: EventType, *, is_line: bool = False) -> SearchStrategy[Any]:
        return st.none() | self.of_event(event, 1, is_line=is_line)

    def of_event(self, event: EventType, depth: int, *, is_line: bool) -> SearchStrategy[Any]:
        own = list(event.properties.items())
        of_lines = [(_of_line(path, event), known) for path, known in event.lines.items()]
        values = [(t.Path(path), known.kind, False) for path, known in (*own, *of_lines)]
        if not values:
            return st.builds(t.Everyone)
        leaves = self.tests(st.sampled_from(values))
        if depth == 0:
            return leaves
        below = st.deferred(lambda: self.of_event(event, depth - 1, is_line=is_line))
        options = [leaves, *_joined(below)]
        if event.lines and not is_line:
            options.append(st.builds(t.HasLine, self.of_event(event, 0, is_line=True)))
        return st.one_of(options)

    # tests

    def tests(self, values: SearchStrategy[Typed]) -> SearchStrategy[Any]:
        @st.composite
        def test(draw: st.DrawFn) -> t.Condition:
            value, kind, is_computed = draw(values)
            operator = draw(_SHARES if isinstance(value, t.Bucket) else _operators(self.pool, kind, is_computed))
            minds_case = isinstance(operator, t.Compare | t.OneOf | t.Has) and not is_computed
            found = t.Test(value, operator, minds_case and draw(st.booleans()))
            return t.Not(found) if draw(st.booleans()) else found

        return test()


# --- operators, constants and windows: made once for each pool

_SHARE = st.integers(0, 10).map(lambda tenths: t.Number(Decimal(tenths) / 10))
_SHARES = st.builds(t.Compare, st.sampled_from(["=", "<", "<=", ">", ">="]), _SHARE)
"""What a bucket is compared with (rule 38)."""


@cache
def _operators(pool: Pool, kind: Kind, is_computed: bool) -> SearchStrategy[Any]:
    """The operators that make sense for a kind of value."""
    options: list[SearchStrategy[Any]] = [st.builds(t.Is, st.sampled_from(["known", "empty"]))]
    if kind in (Kind.LIST, Kind.ANY):
        options.append(_items(pool))
    if kind in SINGLE:
        equal = _constants(pool, kind, is_computed)
        options += [st.builds(t.Compare, st.just("="), equal), st.builds(t.OneOf, _some(equal))]
    if kind in SINGLE - {Kind.BOOLEAN}:
        options.append(_ordered(pool, kind))
        options += [] if is_computed else [_matches(pool)]
    if kind in (Kind.DATE, Kind.INSTANT, Kind.TEXT, Kind.ANY):
        options.append(st.builds(t.During, _periods(pool)))
    return st.one_of(options)


def _items(pool: Pool) -> SearchStrategy[Any]:
    items = _texts(pool) | _numbers(pool)
    several = st.builds(t.Has, st.sampled_from(["any", "all"]), _some(items))
    return several | st.builds(t.Has, st.just("one"), items.map(lambda item: (item,)))


def _matches(pool: Pool) -> SearchStrategy[Any]:
    how = st.sampled_from(["contains", "starts", "ends"])
    plain = st.builds(t.TextMatch, how, st.sampled_from(pool.texts))
    return plain | st.builds(t.TextMatch, st.just("matches"), st.sampled_from(pool.patterns))


def _ordered(pool: Pool, kind: Kind) -> SearchStrategy[Any]:
    signs = st.sampled_from(["<", "<=", ">", ">="])
    options: list[SearchStrategy[Any]] = []
    if kind not in (Kind.DATE, Kind.INSTANT):
        edges = st.tuples(_numbers(pool), _numbers(pool)).map(lambda pair: sorted(pair, key=_amount))
        options += [st.builds(t.Compare, signs, _numbers(pool)), edges.map(lambda pair: t.Range(*pair))]
    if kind not in (Kind.NUMBER, Kind.MONEY):
        options.append(st.builds(t.Compare, signs, _times(pool)))
    return st.one_of(options)


def _constants(pool: Pool, kind: Kind, is_computed: bool) -> SearchStrategy[Any]:
    texts = st.nothing() if is_computed else _texts(pool)
    match kind:
        case Kind.NUMBER | Kind.MONEY:
            return _numbers(pool) | texts
        case Kind.BOOLEAN:
            return TRUTHS | texts
        case Kind.DATE | Kind.INSTANT:
            return _times(pool) | texts
        case _:
            return st.one_of(_texts(pool), _numbers(pool), _times(pool), TRUTHS)


def _texts(pool: Pool) -> SearchStrategy[Any]:
    return st.builds(t.Text, st.sampled_from(pool.texts))


def _numbers(pool: Pool) -> SearchStrategy[Any]:
    return st.builds(t.Number, st.sampled_from(pool.numbers))


def _times(pool: Pool) -> SearchStrategy[Any]:
    moments = st.builds(t.Moment, st.sampled_from(pool.moments), st.sampled_from([None, 0, 60, -300]))
    return st.builds(t.Day, st.sampled_from(pool.dates)) | moments


@cache
def _windows(pool: Pool) -> SearchStrategy[t.Window | None]:
    return st.none() | _periods(pool)


@cache
def _periods(pool: Pool) -> SearchStrategy[t.Window]:
    counts, units = st.integers(1, 14), st.sampled_from(get_args(t.Unit))
    lengths = st.builds(t.Length, counts, units)
    whole_units = st.sampled_from(["day", "week", "month", "quarter", "year"])
    dates = st.tuples(*[st.sampled_from(pool.dates)] * 2).map(sorted)
    periods: list[SearchStrategy[Any]] = [
        st.builds(t.Rolling, st.sampled_from(["last", "next"]), lengths),
        st.builds(t.Calendar, st.sampled_from(["this", "next", "previous"]), whole_units),
        st.builds(t.Calendar, st.just("previous"), whole_units, counts),
        st.builds(t.NamedDay, st.sampled_from(["today", "yesterday", "tomorrow"])),
        st.builds(t.Point, st.sampled_from(["before", "after", "on", "since", "until"]), _times(pool)),
        st.builds(t.MoreThanAgo, lengths),
        st.builds(lambda near, more, unit: t.BetweenAgo(near, near + more, unit), st.integers(0, 5), counts, units),
        dates.map(lambda pair: t.BetweenTimes(t.Day(pair[0]), t.Day(pair[1]))),
    ]
    return st.builds(t.Window, st.one_of(periods))


def _joined(below: SearchStrategy[Any]) -> list[SearchStrategy[Any]]:
    parts = st.lists(below, min_size=2, max_size=3).map(tuple)
    return [st.builds(t.And, parts), st.builds(t.Or, parts), st.builds(t.Not, below)]


def _some(items: SearchStrategy[Any]) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=1, max_size=3).map(tuple)


def _amount(number: t.Number) -> Decimal:
    return number.value


def _written(event: EventType) -> tuple[str, ...]:
    return (event.short or event.name,)


def _of_line(path: tuple[str, ...], event: EventType) -> tuple[str, ...]:
    return ("lines", *path) if path in event.properties else path


def _targets(event: EventType) -> Iterable[Target]:
    """Each function with the event, its lines or a property that it can take."""
    name = _written(event)
    yield Target("count", name, Kind.NUMBER)
    yield Target("first", name, Kind.INSTANT)
    yield Target("last", name, Kind.INSTANT)
    if event.lines:
        yield Target("count", (*name, "lines"), Kind.NUMBER, is_over_lines=True)
    for path, known in event.properties.items():
        yield from (Target(fold, (*name, *path), kind) for fold, kind in _folds(known))
    for path, known in event.lines.items():
        names = (*name, "lines", *path)
        yield from (Target(fold, names, kind, is_over_lines=True) for fold, kind in _folds(known))


def _folds(known: Property) -> Iterable[tuple[t.Fold, Kind]]:
    """The functions that a property can be given to, and the kinds of their answers."""
    yield "count", Kind.NUMBER
    yield "first", known.kind
    yield "last", known.kind
    if known.kind in SINGLE:
        yield "distinct", Kind.NUMBER
    if known.kind in NUMERIC:
        kind = Kind.MONEY if known.kind is Kind.MONEY else Kind.NUMBER
        yield from (("sum", kind), ("avg", kind), ("min", kind), ("max", kind))
