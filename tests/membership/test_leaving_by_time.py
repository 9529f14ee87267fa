"""Leaving needs no event: time goes on, and the instant is the first one whose window no longer holds the fact."""

from __future__ import annotations

import pytest

from tests.membership.simulated import Simulation, segment


@pytest.mark.parametrize(
    "runs", [["2024-02-02T10:00:00.001"], ["2024-01-20", "2024-02-20"], ["2024-02-02", "2025-01-01"]]
)
def test_the_instant_of_leaving_is_the_windows_and_not_the_runs(shop: Simulation, runs: list[str]) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.now("2024-01-03T11:00")
    shop.order("ada", "2024-01-03T10:00")
    assert shop.evaluate("2024-01-04").changes == 1
    left = [segment(shop.evaluate(run), "recent").left for run in runs]
    assert (left.count(1), shop.current("recent")) == (1, [])
    assert shop.last_change("recent", "ada") == (False, "2024-02-02T10:00:00.001+01:00", "time")


def test_one_millisecond_before_nobody_has_left(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate()
    assert shop.evaluate("2024-01-31T00:00").changes == 0
    assert shop.evaluate("2024-01-31T00:00:00.001").changes == 1


def test_what_was_bought_on_a_leap_day_leaves_after_the_end_of_february(shop: Simulation) -> None:
    shop.define("yearly", "did order in last 1 year")
    shop.now("2024-02-29T12:00")
    shop.order("ada", "2024-02-29T10:00")
    shop.evaluate()
    shop.evaluate("2025-06-01")
    assert shop.last_change("yearly", "ada") == (False, "2025-03-01T00:00:00.000+01:00", "time")


def test_a_window_that_begins_in_a_skipped_hour_begins_after_it(shop: Simulation) -> None:
    shop.define("daily", "did order in last 1 day")
    shop.now("2024-03-31T12:00")
    shop.order("ada", "2024-03-31T01:30")
    shop.order("ben", "2024-03-31T03:00")
    shop.evaluate()
    shop.evaluate("2024-04-05")
    assert shop.last_change("daily", "ada")[1] == "2024-04-01T01:30:00.001+02:00"
    assert shop.last_change("daily", "ben")[1] == "2024-04-01T03:00:00.001+02:00"


def test_never_is_entered_when_the_window_has_gone_by(shop: Simulation) -> None:
    shop.define("quiet", "never order in last 7 days")
    shop.order("ada", "2024-01-01T00:00")
    assert shop.evaluate().changes == 0
    shop.evaluate("2024-02-01")
    assert shop.last_change("quiet", "ada") == (True, "2024-01-08T00:00:00.001+01:00", "time")


def test_a_birthday_lets_people_in_as_the_day_begins(shop: Simulation) -> None:
    shop.define("grown", "age >= 18")
    shop.say("ada", birth_date="2006-02-15")
    shop.say("ben", birth_date="2004-02-29")
    assert shop.evaluate().changes == 1
    shop.evaluate("2024-06-01")
    assert shop.last_change("grown", "ada") == (True, "2024-02-15T00:00:00.000+01:00", "time")


def test_a_date_comes_near_and_goes_by_in_whole_days(shop: Simulation) -> None:
    shop.say("ada", renewal="2024-01-20")
    shop.define("renewing", "renewal in next 7 days")
    assert shop.evaluate().changes == 0
    shop.evaluate("2024-01-15T15:00")
    assert shop.last_change("renewing", "ada") == (True, "2024-01-13T00:00:00.000+01:00", "time")
    shop.evaluate("2024-01-25T15:00")
    assert shop.last_change("renewing", "ada") == (False, "2024-01-21T00:00:00.000+01:00", "time")


def test_a_calendar_month_is_left_as_the_next_begins(shop: Simulation) -> None:
    shop.define("now", "did order in this month")
    shop.define("before", "did order in previous month")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate()
    shop.evaluate("2024-02-10")
    assert shop.last_change("now", "ada") == (False, "2024-02-01T00:00:00.000+01:00", "time")
    assert shop.last_change("before", "ada") == (True, "2024-02-01T00:00:00.000+01:00", "time")


def test_what_happens_later_than_the_question_counts_when_it_is_reached(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.order("ada", "2024-01-10T09:00")
    assert shop.evaluate().changes == 0
    shop.evaluate("2024-01-12")
    assert shop.last_change("buyers", "ada") == (True, "2024-01-10T09:00:00.000+01:00", "time")
