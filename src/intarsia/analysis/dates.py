"""The dates that a back-test goes through."""

from __future__ import annotations

from itertools import count
from zoneinfo import ZoneInfo

from intarsia.clock import shift, to_iso
from intarsia.errors import Span, UserError
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.fragments import length_of_time
from intarsia.speech import mark

DATES_MOST = 500
"""Of one back-test; each is a few questions to everybody."""


class NotALength(UserError):
    """A text that should say how far apart dates are."""

    code = "backtest.not-a-length"
    says = mark("`{value}` is no length of time")
    advises = mark("write `1 month`, `2 weeks` or `90 days`")


class DatesBackwards(UserError):
    """A first date that is later than the last one."""

    code = "backtest.backwards"
    says = mark("the first date, {begin}, is later than the last one, {end}")
    advises = mark("name the earlier one first; both may be the same")


class DateInFuture(UserError):
    """A date that has not come, or of which nothing was known yet."""

    code = "backtest.future"
    says = mark("the date {date} is later than {present}, up to which the question looks")
    advises = mark("name an earlier last date")


class TooManyDates(UserError):
    """More dates than anybody would wait for."""

    code = "backtest.too-many-dates"
    says = mark("between the first and the last date lie more than {most} steps of `{every}`")
    advises = mark("take longer steps, or dates that lie closer together")


def dates_between(begin: int, end: int, every: str, *, until: int, catalog: Catalog) -> tuple[int, ...]:
    """The instants from `begin` on, so far apart, up to and perhaps with `end`; milliseconds UTC.

    every  a length in words of the segment language: "1 month"
    until  no date may be later; catalog: whose zone and calendar the steps go by
    Each step is counted from the first date, at the same wall time: from 31 January, a month later is the end of
    February, two months later 31 March. Raises `NotALength`, `DatesBackwards`, `DateInFuture`, `TooManyDates`.
    """
    length = _length(every)
    if begin > end:
        raise DatesBackwards(begin=to_iso(begin), end=to_iso(end))
    if end > until:
        raise DateInFuture(date=to_iso(end), present=to_iso(until))
    zone, found = ZoneInfo(catalog.timezone), list[int]()
    for steps in count():
        date = shift(begin, steps * length.count, length.unit, zone, catalog.calendar)
        if date > end:
            return tuple(found)
        if steps == DATES_MOST:
            raise TooManyDates(most=DATES_MOST, every=every)
        # A day that a zone skipped begins with the next one.
        if date not in found[-1:]:
            found.append(date)
    raise AssertionError


def _length(every: str) -> tree.Length:
    try:
        return length_of_time(every)
    except LanguageError as error:
        raise NotALength(value=every, text=every, span=error.span or Span(0, len(every))) from error
