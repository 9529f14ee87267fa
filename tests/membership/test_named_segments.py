"""Segments that name segments, ranks, and limits: whose instants are exact, and whose are the run's."""

from __future__ import annotations

import pytest

from intarsia.membership import dating
from tests.membership.simulated import Simulation, in_prague, segment


def test_one_enters_a_segment_when_one_has_entered_all_that_it_names(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.define("praguers", "city = 'Praha'")
    shop.define("both", "in segment 'recent' and in segment 'praguers'")
    shop.evaluate()
    shop.now("2024-03-01")
    shop.order("ada", "2024-01-10T00:00")
    shop.say("ada", "2024-01-20T00:00", city="Praha")
    shop.order("ada", "2024-02-15T00:00")
    shop.evaluate()
    # Between 9 and 15 February nothing lay in the window, so she came in with the second order.
    assert shop.last_change("both", "ada") == (True, "2024-02-15T00:00:00.000+01:00", "data")
    shop.evaluate("2024-06-01")
    assert shop.last_change("both", "ada") == (False, "2024-03-16T00:00:00.001+01:00", "time")


def test_what_was_written_in_earlier_runs_counts_too(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.define("lost", "not in segment 'recent' and city = 'Praha'")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate()
    shop.evaluate("2024-02-10")
    assert segment(shop.evaluate("2024-02-11"), "lost").size == 0
    shop.say("ada", "2024-01-15T00:00", city="Praha")
    shop.evaluate("2024-02-12")
    assert shop.last_change("lost", "ada") == (True, "2024-01-31T00:00:00.001+01:00", "data")


def test_a_rank_has_the_runs_instant_and_the_run_says_so(shop: Simulation) -> None:
    shop.define("best", "top 1 by sum(order.total)")
    shop.order("ada", "2024-01-01T00:00", total=100)
    shop.evaluate()
    shop.now("2024-01-20")
    shop.order("ben", "2024-01-10T00:00", total=500)
    run = segment(shop.evaluate("2024-01-25"), "best")
    assert (run.entered, run.left, run.dated_by_run) == (1, 1, 2)
    assert shop.last_change("best", "ben") == (True, "2024-01-25T00:00:00.000+01:00", "data")
    assert shop.last_change("best", "ada") == (False, "2024-01-25T00:00:00.000+01:00", "data")


def test_who_names_a_rank_goes_by_the_ledger_of_it(shop: Simulation) -> None:
    shop.define("best", "top 1 by sum(order.total)")
    shop.define("best_now", "in segment 'best' and did order in last 30 days")
    shop.order("ada", "2024-01-01T00:00", total=100)
    shop.evaluate()
    shop.evaluate("2024-02-20")
    assert shop.last_change("best_now", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    shop.order("ben", "2024-02-10T00:00", total=500)
    shop.evaluate("2024-02-25")
    assert shop.last_change("best_now", "ben") == (True, "2024-02-25T00:00:00.000+01:00", "data")


def test_beyond_the_limit_of_people_the_instant_is_the_runs(shop: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dating, "PEOPLE_DATED_MOST", 2)
    shop.define("recent", "did order in last 30 days")
    for who in ("ada", "ben", "eva", "ida"):
        shop.order(who, "2024-01-01T00:00")
    shop.evaluate()
    run = segment(shop.evaluate("2024-02-25"), "recent")
    assert (run.left, run.dated_by_run) == (4, 2)
    dates = [in_prague(change.valid_at)[:10] for change in shop.history("recent")[4:]]
    assert dates == ["2024-01-31", "2024-01-31", "2024-02-25", "2024-02-25"]


def test_people_are_read_in_batches_and_none_is_lost(shop: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dating, "PEOPLE_AT_ONCE", 2)
    shop.define("recent", "did order in last 30 days")
    for day, who in enumerate(("ada", "ben", "eva", "ida", "jan"), start=1):
        shop.order(who, f"2024-01-{day:02}T00:00")
    shop.evaluate("2024-01-06")
    assert segment(shop.evaluate("2024-02-25"), "recent").dated_by_run == 0
    left = [(change.profile_id, in_prague(change.valid_at)[:10]) for change in shop.history("recent")[5:]]
    assert left == list(zip(["ada", "ben", "eva", "ida", "jan"], [f"2024-{d}" for d in DAYS], strict=True))


DAYS = ("01-31", "02-01", "02-02", "02-03", "02-04")
