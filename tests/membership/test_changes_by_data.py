"""Entering and leaving because something became known: the instant is that of what happened, however late we learn."""

from __future__ import annotations

from tests.membership.simulated import Simulation


def test_an_order_that_is_told_late_counts_from_when_it_was_made(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.evaluate("2024-01-10")
    shop.now("2024-01-12")
    shop.order("ada", "2024-01-05T09:30")
    shop.evaluate("2024-01-13")
    assert shop.last_change("recent", "ada") == (True, "2024-01-05T09:30:00.000+01:00", "data")


def test_nothing_is_dated_before_the_segment_was_defined(shop: Simulation) -> None:
    shop.now("2024-01-08")
    shop.define("recent", "did order in last 30 days")
    shop.evaluate("2024-01-10")
    shop.order("ada", "2024-01-05T09:30")
    shop.evaluate("2024-01-13")
    assert shop.last_change("recent", "ada") == (True, "2024-01-08T00:00:00.000+01:00", "data")


def test_a_trait_that_changes_lets_one_out_when_it_was_said(shop: Simulation) -> None:
    shop.define("praguers", "city = 'Praha'")
    shop.say("ada", "2024-01-01", city="Praha")
    shop.evaluate()
    shop.now("2024-02-01")
    shop.say("ada", "2024-01-20T08:00", city="Brno")
    shop.evaluate()
    assert shop.last_change("praguers", "ada") == (False, "2024-01-20T08:00:00.000+01:00", "data")


def test_an_undated_statement_holds_since_always_so_from_the_definition_on(shop: Simulation) -> None:
    shop.define("praguers", "city = 'Praha'")
    shop.evaluate()
    shop.now("2024-02-01")
    shop.say("ada", city="Praha")
    shop.evaluate()
    assert shop.last_change("praguers", "ada") == (True, "2024-01-01T00:00:00.000+01:00", "data")


def test_time_and_data_are_told_apart_in_one_run(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate()
    shop.now("2024-02-20")
    shop.order("ben", "2024-02-15T00:00")
    shop.evaluate()
    assert shop.last_change("recent", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    assert shop.last_change("recent", "ben") == (True, "2024-02-15T00:00:00.000+01:00", "data")


def test_late_data_that_bring_somebody_back_overrule_that_they_had_left(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.order("ada", "2024-01-01T00:00")
    shop.evaluate()
    shop.evaluate("2024-02-10")
    assert shop.last_change("recent", "ada") == (False, "2024-01-31T00:00:00.001+01:00", "time")
    shop.order("ada", "2024-01-20T00:00")
    shop.evaluate()
    # By what is known now the window was never empty, so she has been in since the segment was defined.
    assert shop.last_change("recent", "ada") == (True, "2024-01-01T00:00:00.000+01:00", "data")
    sizes = shop.workspace.memberships.sizes("recent")
    assert [(size.size, size.to_json()["at"]) for size in sizes] == [(1, "2023-12-31T23:00:00.000Z")]


def test_a_load_that_began_before_a_run_and_ended_after_it_is_news_to_the_next(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.evaluate("2024-01-10")
    message = {"type": "track", "messageId": "m", "userId": "ada", "event": "Order Completed", "properties": {}}
    shop.now("2024-01-11")
    shop.workspace.record([{**message, "timestamp": "2024-01-05T00:00:00Z"}], recorded_at="2024-01-09")
    shop.evaluate()
    assert shop.last_change("buyers", "ada") == (True, "2024-01-05T01:00:00.000+01:00", "data")


def test_what_is_known_later_than_the_question_allows_waits(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    shop.now("2024-01-11")
    shop.order("ada", "2024-01-05T00:00")
    assert shop.evaluate(known_at="2024-01-10").changes == 0
    assert shop.evaluate(known_at="2024-01-11").changes == 1
    assert shop.last_change("buyers", "ada") == (True, "2024-01-05T00:00:00.000+01:00", "data")
