"""Events in windows, and the aggregates over them (rules 16-18, 25, 26, 28)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from intarsia.language.interpret import Instant
from tests.language.asking import fact, instant, is_in, order, said, value, view, who


@pytest.mark.parametrize(
    ("window", "when", "expected"),
    [
        ("in last 3 days", "2024-05-12T12:00:00.000", True),
        ("in last 3 days", "2024-05-12T11:59:59.999", False),
        ("in last 3 days", "2024-05-15T12:00:00.000", True),
        ("in last 3 days", "2024-05-15T12:00:00.001", False),
        ("in last 90 minutes", "2024-05-15T10:30:00.000", True),
        ("in last 90 minutes", "2024-05-15T10:29:59.999", False),
        ("more than 3 days ago", "2024-05-12T11:59:59.999", True),
        ("more than 3 days ago", "2024-05-12T12:00:00.000", False),
        ("between 3 and 9 days ago", "2024-05-06T12:00:00.000", True),
        ("between 3 and 9 days ago", "2024-05-12T12:00:00.000", False),
        ("in this month", "2024-05-01T00:00:00.000", True),
        ("in this month", "2024-04-30T23:59:59.999", False),
        ("in previous month", "2024-04-30T23:59:59.999", True),
        ("in yesterday", "2024-05-14T23:59:59.999", True),
        ("between 2024-05-01 and 2024-05-03", "2024-05-03T23:59:59.999", True),
        ("between 2024-05-01 and 2024-05-03", "2024-05-04T00:00:00.000", False),
        ("on 2024-05-03T10:00:00Z", "2024-05-03T12:00:00.000", True),
    ],
)
def test_the_edges_of_a_window_are_exact_to_the_millisecond(window: str, when: str, expected: bool) -> None:
    assert is_in(f"did view {window}", view(when)) is expected
    assert is_in(f"never view {window}", view(when)) is not expected


@pytest.mark.parametrize(
    ("at", "when", "expected"),
    [
        ("2024-03-31T10:00", "2024-03-01T00:00", True),  # 31 February is the end of February
        ("2024-03-31T10:00", "2024-02-29T23:59:59.999", False),
        ("2023-03-29T10:00", "2023-02-28T23:00", False),
        ("2024-04-30T02:30", "2024-03-31T02:59", True),
        ("2024-03-31T12:00", "2024-02-29T12:00", False),
    ],
)
def test_a_month_back_is_never_further_than_the_month_has_days(at: str, when: str, expected: bool) -> None:
    assert is_in("did view in last 1 month", view(when), at=at) is expected


def test_a_day_over_a_lost_hour_is_23_hours_and_24_hours_are_24() -> None:
    seen = view("2024-03-30T12:00")
    assert is_in("did view in last 1 day", seen, at="2024-03-31T12:00")
    assert is_in("did view in last 23 hours", seen, at="2024-03-31T12:00")
    assert not is_in("did view in last 1 day", seen, at="2024-03-31T12:00:00.001")
    assert is_in("did view in last 24 hours", seen, at="2024-03-31T13:00")


def test_what_happened_later_or_was_recorded_later_does_not_count() -> None:
    seen = view("2024-05-16")
    assert not is_in("did view", seen)
    assert is_in("did view", seen, at="2024-05-16")
    late = order("2024-05-01", recorded="2024-05-10")
    assert not is_in("did order", late, known_at="2024-05-09")
    assert is_in("did order", late, known_at="2024-05-10")


def test_absence_includes_people_who_never_did_anything() -> None:
    people = {"quiet": [said(city="Praha")], "old": [order("2023-01-01")], "busy": [order("2024-05-01")]}
    assert who("never order in last 90 days", people) == {"quiet", "old"}


def test_pages_count_under_their_kind() -> None:
    seen = fact("page", "page", "2024-05-01", {"path": "/coats"})
    assert is_in("did page where (path = '/coats')", seen)


VIEWS = [
    view("2024-05-01", seconds=10, path="/a"),
    view("2024-05-02", seconds="2.5", path="/b"),
    view("2024-05-03", seconds="long", path="/a"),
    view("2024-05-04", path="/c"),
    view("2024-05-05", seconds=True, path=None),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(view)", 5),
        ("count(view.seconds)", 4),
        ("count(view, on 2024-05-02)", 1),
        ("count(view where path = '/a')", 2),
        ("sum(view.seconds)", Decimal("12.5")),
        ("sum(view.seconds, since 2024-05-03)", 0),
        ("avg(view.seconds)", Fraction(25, 4)),
        ("avg(view.seconds, since 2024-05-03)", None),
        ("min(view.seconds)", Decimal("2.5")),
        ("max(view.seconds)", 10),
        ("min(view.seconds, since 2024-05-03)", None),
        ("distinct(view.path)", 3),
        ("distinct(view.path where path = '/zzz')", 0),
        ("first(view)", Instant(instant("2024-05-01"))),
        ("last(view where seconds is unknown)", Instant(instant("2024-05-04"))),
        ("last(view where path = '/zzz')", None),
        ("first(view.path)", "/a"),
        ("last(view.path)", None),
        ("last(view.path where path is known)", "/c"),
    ],
)
def test_aggregates_leave_out_what_is_unknown_or_no_number(text: str, expected: object) -> None:
    assert value(text, *VIEWS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(view) = 0", True), ("sum(view.seconds) = 0", True), ("distinct(view.path) < 1", True),
        ("avg(view.seconds) = 0", False), ("avg(view.seconds) != 0", True), ("min(view.seconds) is known", False),
        ("max(view.seconds) < 5 or max(view.seconds) >= 5", False), ("first(view) is unknown", True),
        ("first(view) before 2030-01-01", False), ("last(view.path) = ''", False), ("last(view.path) is empty", True),
    ],
)  # fmt: skip
def test_of_nothing_some_are_zero_and_some_unknown(text: str, expected: bool) -> None:
    assert is_in(text) is expected


def test_a_property_with_different_spellings_of_a_number_is_distinct_once() -> None:
    seen = [view(path=7), view(path="7"), view(path="7.0"), view(path=["7"]), view(path=True), view(path="true")]
    assert value("distinct(view.path)", *seen) == 3  # 7, 7.0 as text, true


def test_an_average_is_an_exact_quotient() -> None:
    thirds = [view(seconds=1), view(seconds=1), view(seconds=2)]
    assert value("avg(view.seconds)", *thirds) == Fraction(4, 3)
    assert is_in("avg(view.seconds) > 1.333333 and avg(view.seconds) < 1.333334", *thirds)
    assert not is_in("avg(view.seconds) = 1.333333", *thirds)


def test_sums_are_exact_and_do_not_depend_on_order() -> None:
    large = [view(seconds=f"{10**23}.000001"), view(seconds="0.000001"), view(seconds=f"-{10**23}")]
    assert value("sum(view.seconds)", *large) == Decimal("0.000002")
    assert value("sum(view.seconds)", *reversed(large)) == Decimal("0.000002")


def test_a_window_inside_chooses_and_a_test_after_asks() -> None:
    seen = [view("2023-01-01"), view("2024-05-01")]
    assert is_in("first(view, last 1 year) in last 30 days", *seen)
    assert not is_in("first(view) in last 30 days", *seen)
    assert is_in("last(view) in last 30 days", *seen)
    assert is_in("first(view) more than 90 days ago", *seen)
    assert is_in("first(view) = 2023-01-01", *seen)
    assert is_in("first(view) >= 2023-01-01T00:00 and first(view) <= 2023-01-01T00:00", *seen)


def test_where_narrows_before_the_first_is_chosen() -> None:
    seen = [view("2024-01-01", seconds=1), view("2024-05-01", seconds=99)]
    assert is_in("first(view where seconds > 50) in last 30 days", *seen)


def test_of_one_instant_first_and_last_go_by_message_id() -> None:
    seen = [view(id="b", path="/b"), view(id="a", path="/a"), view(id="c", path="/c")]
    assert (value("first(view.path)", *seen), value("last(view.path)", *seen)) == ("/a", "/c")


def test_the_last_event_is_chosen_before_its_value_is_looked_at() -> None:
    bought = [order("2024-04-01", order_id="1", coupon="X"), order("2024-05-01", order_id="2")]
    assert value("last(order.coupon)", *bought) is None
    assert is_in("last order had (coupon is unknown)", *bought)
    assert is_in("first order had (coupon = 'X')", *bought)
    assert is_in("last order where (coupon is known) had (coupon = 'X')", *bought)


def test_had_needs_such_an_event_and_both_conditions_speak_of_it() -> None:
    assert not is_in("last order had (coupon is unknown)")
    bought = [order("2024-04-01", order_id="1", points=20, gift=True), order("2024-05-01", order_id="2", points=5)]
    assert not is_in("last order where (points < 10) had (gift = true)", *bought)
    assert is_in("last order in previous month had (gift = true)", *bought)
