"""Which texts are outcomes, which windows they look at, and what is said of those that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intarsia.analysis.dates import (
    DATES_MOST,
    DateInFuture,
    DatesBackwards,
    NotALength,
    TooManyDates,
    dates_between,
)
from intarsia.analysis.outcomes import (
    NoOutcome,
    NotAfter,
    OutcomeWithoutWindow,
    TwoOutcomeWindows,
    read_outcome,
)
from intarsia.clock import to_instant
from intarsia.errors import UserError
from intarsia.language import show
from intarsia.language.problems.checking import UnknownProperty, WrongTest
from intarsia.language.problems.reading import EmptyText
from tests.language.asking import CATALOG

PRAGUE = ZoneInfo("Europe/Prague")


def instant(text: str) -> int:
    return to_instant(text, PRAGUE)


def told(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(PRAGUE).isoformat(timespec="milliseconds")


@pytest.mark.parametrize(
    ("text", "measure", "is_sum"),
    [
        ("sum(order.total) in next 90 days", "money", True),
        ("sum(order.total, next 90 days)", "money", True),
        ("sum(order.total where total > 5) in next 1 month", "money", True),
        ("avg(order.total) in next 90 days", "money", False),
        ("count(order) in next quarter", "number", True),
        ("ratio(sum(order.total), count(order)) in next 1 year", "number", False),
        ("ratio(count(order, next 3 days), count(order, next 30 days))", "number", False),
        ("did order in next 30 days", "share", True),
        ("never order in next 30 days", "share", True),
        ("first(order) in next 30 days", "share", True),
        ("count(order, next 30 days) >= 2 and not did order in tomorrow", "share", True),
        ("last order in next 30 days had (total > 10)", "share", True),
        ("did order where (total > 10) in next 30 days", "share", True),
        ("sequence(order, order within 7 days, in next 30 days)", "share", True),
    ],
)
def test_what_is_an_outcome(text: str, measure: str, is_sum: bool) -> None:
    found = read_outcome(text, CATALOG)
    assert (found.measure, found.is_sum) == (measure, is_sum)


@pytest.mark.parametrize(
    ("text", "date", "shown", "end"),
    [
        # An hour less by the sun, for the clock is set forward on 29 March.
        (
            "count(order) in next 2 days",
            "2026-03-28",
            "count(order, between 2026-03-27T23:00:00.001Z and 2026-03-29T22:00Z)",
            "2026-03-30T00:00:00.000+02:00",
        ),
        (
            "did order in next 1 month",
            "2026-01-31",
            "did order between 2026-01-30T23:00:00.001Z and 2026-02-28T23:00Z",
            "2026-03-01T00:00:00.000+01:00",
        ),
        (
            "did order in next week",
            "2026-01-14T12:00",
            "did order between 2026-01-18T23:00Z and 2026-01-25T22:59:59.999Z",
            "2026-01-25T23:59:59.999+01:00",
        ),
        (
            "did order in next 1 month by jalali calendar",
            "2026-03-21",
            "did order between 2026-03-20T23:00:00.001Z and 2026-04-20T22:00Z",
            "2026-04-21T00:00:00.000+02:00",
        ),
        (
            "did order in next 3 days or count(order, next 10 hours) = 1",
            "2026-01-01",
            "did order between 2025-12-31T23:00:00.001Z and 2026-01-03T23:00Z "
            "or count(order, between 2025-12-31T23:00:00.001Z and 2026-01-01T09:00Z) = 1",
            "2026-01-04T00:00:00.000+01:00",
        ),
    ],
)
def test_its_windows_are_laid_out_after_the_date(text: str, date: str, shown: str, end: str) -> None:
    placed = read_outcome(text, CATALOG).after(instant(date))
    assert show(placed.asked) == shown
    assert told(placed.end) == end


@pytest.mark.parametrize(
    ("text", "error", "place"),
    [
        ("sum(order.total)", OutcomeWithoutWindow, "sum(order.total)"),
        ("did order", OutcomeWithoutWindow, "did order"),
        ("did order in next 3 days and count(order) > 2", OutcomeWithoutWindow, "count(order)"),
        ("sum(order.total) in last 90 days", NotAfter, "in last 90 days"),
        ("did order in this month", NotAfter, "in this month"),
        ("did order after 2026-01-01", NotAfter, "after 2026-01-01"),
        ("count(order) in next 0 hours", NotAfter, "in next 0 hours"),
        ("did order in next 9 days in local time", NotAfter, "in next 9 days in local time"),
        ("count(order where coupon in last 3 days) in next 9 days", NotAfter, "in last 3 days"),
        ("first(order, last 3 days) in next 9 days", NotAfter, "last 3 days"),
        ("sum(order.total, next 3 days) in next 9 days", TwoOutcomeWindows, "sum(order.total, next 3 days)"),
        ("country = 'CZ'", NoOutcome, "country = 'CZ'"),
        ("did order in next 3 days and country = 'CZ'", NoOutcome, "country = 'CZ'"),
        ("country", NoOutcome, "country"),
        ("birth_date in next 3 days", NoOutcome, "birth_date in next 3 days"),
        ("last(order.total) in next 3 days", NoOutcome, "last(order.total)"),
        ("ratio(count(order), age) in next 3 days", NoOutcome, "age"),
        ("everyone", NoOutcome, "everyone"),
        ("top 10% by count(order, next 3 days)", NoOutcome, "top 10% by count(order, next 3 days)"),
        ("sum(order.totl) in next 3 days", UnknownProperty, "order.totl"),
        ("did order in next 3 days and count(order) in next 3 days", WrongTest, "count(order) in next 3 days"),
        ("", EmptyText, ""),
    ],
)
def test_what_is_none_is_told_with_its_place(text: str, error: type[UserError], place: str) -> None:
    with pytest.raises(error) as raised:
        read_outcome(text, CATALOG)
    span = raised.value.span
    assert span is not None
    assert text[span.start : span.end] == place
    assert "{" not in raised.value.message() + (raised.value.hint() or "")


def test_a_hint_shows_the_window_where_it_belongs() -> None:
    for text, example in (
        ("sum(order.total where total > 2)", "sum(order.total where total > 2) in next 90 days"),
        ("did order where (total > 2)", "did order where (total > 2) in next 90 days"),
    ):
        with pytest.raises(OutcomeWithoutWindow) as raised:
            read_outcome(text, CATALOG)
        assert raised.value.hint() == f"give it a window: `{example}`"
        assert read_outcome(example, CATALOG)


# --- dates


def days(begin: str, end: str, every: str, until: str = "2027-01-01") -> list[str]:
    found = dates_between(instant(begin), instant(end), every, until=instant(until), catalog=CATALOG)
    return [told(date)[:16] for date in found]


def test_steps_are_counted_from_the_first_date_at_the_same_wall_time() -> None:
    assert days("2026-01-31T08:00", "2026-05-31T08:00", "1 month") == [
        "2026-01-31T08:00",
        "2026-03-01T00:00",
        "2026-03-31T08:00",
        "2026-05-01T00:00",
        "2026-05-31T08:00",
    ]
    assert days("2026-03-28", "2026-03-31", "1 day") == [f"2026-03-{day}T00:00" for day in (28, 29, 30, 31)]
    assert days("2026-03-01", "2026-03-20", "2 weeks") == ["2026-03-01T00:00", "2026-03-15T00:00"]
    assert days("2026-03-01", "2026-03-01", "1 year") == ["2026-03-01T00:00"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("2026-02-01", "2026-01-01", "1 month"), DatesBackwards),
        (("2026-02-01", "2027-01-02", "1 month"), DateInFuture),
        (("2025-01-01", "2026-12-01", "1 day"), TooManyDates),
        (("2026-01-01", "2026-02-01", "monthly"), NotALength),
        (("2026-01-01", "2026-02-01", "0 days"), NotALength),
        (("2026-01-01", "2026-02-01", "1 month ago"), NotALength),
        (("2026-01-01", "2026-02-01", ""), NotALength),
    ],
)
def test_dates_that_cannot_be_gone_through_are_refused(asked: tuple[str, str, str], error: type[UserError]) -> None:
    with pytest.raises(error) as raised:
        days(*asked)
    assert raised.value.hint()


def test_as_many_dates_as_may_be_are_taken() -> None:
    assert len(days("2026-01-01", "2026-01-21T19:00", "1 hour")) == DATES_MOST
