"""Random definitions over the whole grammar of the language."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from intarsia.language import tree as t
from intarsia.language.words.token import RESERVED

# --- words and literals

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(st.sampled_from(["", "CZ", "it's", "--", "a, b", ")", "ی ك", "\n"]), st.text(STORABLE, max_size=8))
NAMES = st.one_of(
    st.sampled_from(["country", "order", "tier", "Order Completed", "страна", "کشور", "नाम", "a.b", '"', "_x", "1st"]),
    st.sampled_from(sorted(RESERVED)),
    st.sampled_from(["count", "top", "sequence", "near", "event", "line", "segment", "consent", "days", "NOT"]),
    st.text(STORABLE, min_size=1, max_size=6),
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, places=6) | st.integers(-100, 100).map(Decimal)
DATES = st.dates()
WALL_TIMES = st.datetimes().map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
OFFSETS = st.none() | st.integers(-1439, 1439)
UNITS = st.sampled_from(get_args(t.Unit))

DAYS = st.builds(t.Day, DATES)
TIMES = DAYS | st.builds(t.Moment, WALL_TIMES, OFFSETS)
NUMBERS = st.builds(t.Number, DECIMALS, st.none() | st.sampled_from(["EUR", "CZK", "XXX"]))
VALUES_THAT_ARE_NO_TIMES = st.one_of(st.builds(t.Text, TEXTS), NUMBERS, st.builds(t.Truth, st.booleans()))
CONSTANTS = VALUES_THAT_ARE_NO_TIMES | TIMES
LISTS = st.lists(CONSTANTS, min_size=1, max_size=4).map(tuple)

# --- windows

COUNTS = st.integers(1, 400)
LENGTHS = st.builds(t.Length, COUNTS, UNITS)
AGES = st.tuples(st.integers(0, 400), COUNTS).map(lambda pair: (pair[0], sum(pair)))
PERIODS: SearchStrategy[t.Period] = st.one_of(
    st.builds(t.Rolling, st.sampled_from(["last", "next"]), LENGTHS),
    st.builds(t.Calendar, st.sampled_from(["this", "next", "previous"]), UNITS),
    st.builds(t.Calendar, st.just("previous"), UNITS, COUNTS),
    st.builds(t.NamedDay, st.sampled_from(["today", "yesterday", "tomorrow"])),
    st.builds(t.Point, st.sampled_from(["before", "after", "on", "since", "until"]), TIMES),
    st.builds(t.MoreThanAgo, LENGTHS),
    st.builds(lambda ages, unit: t.BetweenAgo(ages[0], ages[1], unit), AGES, UNITS),
    st.builds(t.BetweenTimes, TIMES, TIMES),
)
WINDOWS = st.builds(t.Window, PERIODS, st.booleans(), st.sampled_from([None, "jalali", "gregorian"]))
MAYBE_WINDOW = st.none() | WINDOWS


# --- the whole grammar


def conditions(depth: int = 2) -> SearchStrategy[t.Condition]:
    """Any condition that the grammar can say, about `depth` levels deep."""
    return _conditions(depth)


@cache
def _conditions(depth: int) -> SearchStrategy[Any]:
    leaves = st.one_of(
        st.builds(t.Everyone),
        st.builds(t.Nobody),
        _tests(0),
        st.builds(t.InSegment, TEXTS, st.none() | TIMES),
        st.builds(t.Moved, st.sampled_from(["entered", "left"]), TEXTS, MAYBE_WINDOW),
        st.builds(t.InsideArea, TEXTS),
        st.builds(t.Consent, NAMES, NAMES, st.sampled_from(["given", "withdrawn", "unknown"])),
        _near(),
    )
    if depth == 0:
        return leaves
    below = st.deferred(lambda: _conditions(depth - 1))
    parts = st.lists(below, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaves,
        st.builds(t.And, parts),
        st.builds(t.Or, parts),
        st.builds(t.Not, below),
        st.builds(t.HasLine, below),
        _tests(depth),
        _about_events(below),
        _ranks(depth, below),
    )


def _near() -> SearchStrategy[t.Near]:
    latitudes = st.decimals(-90, 90, places=7)
    longitudes = st.decimals(-180, 180, places=7)
    return st.builds(t.Near, latitudes, longitudes, st.decimals(Decimal("0.1"), 20_000, places=1))


def _ranks(depth: int, below: SearchStrategy[Any]) -> SearchStrategy[t.Rank]:
    direction, among = st.sampled_from(["top", "bottom"]), st.none() | below
    people = st.integers(1, 10**6).map(Decimal)
    shares = st.decimals(Decimal("0.000001"), 100, places=6)
    return st.one_of(
        st.builds(t.Rank, direction, people, st.just(False), _values(depth), among),
        st.builds(t.Rank, direction, shares, st.just(True), _values(depth), among),
    )


EVENTS = st.one_of(
    st.builds(t.Event, PATHS),
    st.builds(t.Event, st.sampled_from([("event",), ("order",), ("order", "total")]), st.just(True)),
)


def _about_events(below: SearchStrategy[Any]) -> SearchStrategy[Any]:
    where = st.none() | below
    steps = st.builds(t.Step, EVENTS, where, st.none() | LENGTHS, st.booleans())
    return st.one_of(
        st.builds(t.Did, EVENTS, where, MAYBE_WINDOW),
        st.builds(t.Had, st.sampled_from(["first", "last"]), EVENTS, where, MAYBE_WINDOW, below),
        st.builds(t.Sequence, st.lists(steps, min_size=1, max_size=4).map(tuple), MAYBE_WINDOW),
        st.builds(_active, EVENTS, where, COUNTS, st.integers(1, 12), st.integers(0, 12), LENGTHS, st.booleans()),
        st.builds(t.Lapsed, EVENTS, where, LENGTHS),
        st.builds(t.FirstTime, EVENTS, where, LENGTHS),
        st.builds(t.Returned, EVENTS, where, LENGTHS, LENGTHS),
    )


def _active(
    event: t.Event,
    where: t.Condition | None,
    times: int,
    hits: int,
    more: int,
    period: t.Length,
    is_calendar: bool,
) -> t.Active:
    return t.Active(event, where, times, hits, hits + more, period, is_calendar)


@cache
def _values(depth: int) -> SearchStrategy[Any]:
    leaves = st.one_of(
        st.builds(t.Path, PATHS),
        st.builds(t.Anniversary, st.builds(t.Path, PATHS)),
        st.builds(t.Bucket, TEXTS),
        _aggregates(st.none()),
    )
    if depth == 0:
        return leaves
    below = st.deferred(lambda: _values(depth - 1))
    where = st.none() | st.deferred(lambda: _conditions(depth - 1))
    return st.one_of(leaves, _aggregates(where), st.builds(t.Ratio, below, below), st.builds(t.Trend, below, WINDOWS))


def _aggregates(where: SearchStrategy[Any]) -> SearchStrategy[t.Aggregate]:
    return st.builds(t.Aggregate, st.sampled_from(get_args(t.Fold)), EVENTS, where, MAYBE_WINDOW)


@cache
def _tests(depth: int) -> SearchStrategy[t.Condition]:
    held = st.none() | st.builds(t.Held, st.sampled_from(["at least", "less than"]), LENGTHS, st.booleans())
    case_minding: SearchStrategy[Any] = st.one_of(
        st.builds(t.Compare, st.sampled_from(["=", "<", "<=", ">", ">="]), CONSTANTS),
        st.builds(t.OneOf, LISTS),
        st.builds(t.Has, st.sampled_from(["any", "all"]), LISTS),
        st.builds(t.Has, st.just("one"), CONSTANTS.map(lambda constant: (constant,))),
    )
    others: SearchStrategy[Any] = st.one_of(
        st.builds(t.TextMatch, st.sampled_from(["contains", "starts", "ends", "matches"]), TEXTS),
        st.builds(t.Range, VALUES_THAT_ARE_NO_TIMES, VALUES_THAT_ARE_NO_TIMES),
        st.builds(t.Is, st.sampled_from(["known", "empty", "identified"])),
    )
    plain = st.one_of(
        st.builds(t.Test, _values(depth), case_minding, st.booleans(), held),
        st.builds(t.Test, _values(depth), others, st.just(False), held),
        st.builds(t.Test, _values(depth), st.builds(t.During, WINDOWS)),
    )
    return plain | st.builds(t.Not, plain)
