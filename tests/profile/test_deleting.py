"""Deleting is a fact with a time: out of every answer from then on, in those about the time before, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.clock import to_iso
from intarsia.record.history import NoSuchProfile
from intarsia.workspace import Workspace
from tests.profile.canaries import said, track


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        ws.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")], "2026-01-01")
        ws.record([track("ada", "o1", "Order Completed", "2026-01-05", {"order_id": "1", "total": 10})], "2026-01-06")
        yield ws


def test_from_the_present_on_where_no_time_is_named(shop: Workspace) -> None:
    stated = shop.profiles.delete(["ada"], reason="asked")
    assert shop.segments.members("everyone") == ["ben"]
    assert shop.segments.members("everyone", to_iso(stated.at)) == ["ben"]
    assert shop.segments.members("everyone", to_iso(stated.at - 1)) == ["ada", "ben"]


def test_from_an_instant_that_is_named_and_only_once_it_was_recorded(
    shop: Workspace, agreeing: Callable[[Workspace, str], set[str]]
) -> None:
    shop.profiles.delete(["ada"], "2026-02-01")
    assert shop.segments.members("everyone", "2026-01-31") == ["ada", "ben"]
    assert shop.segments.members("everyone", "2026-02-01") == ["ben"]
    assert shop.segments.members("everyone", "2026-02-01", "2026-02-01") == ["ada", "ben"]
    assert agreeing(shop, "everyone") == {"ben"}


def test_what_comes_later_does_not_bring_them_back_and_a_restoration_does(
    shop: Workspace, agreeing: Callable[[Workspace, str], set[str]]
) -> None:
    shop.profiles.delete(["ada"], "2026-02-01")
    shop.record([track("ada", "o2", "Order Completed", "2026-03-05", {"order_id": "2", "total": 10})], "2026-03-06")
    assert agreeing(shop, "did order") == set()
    shop.profiles.restore(["ada"], "2026-04-01")
    assert agreeing(shop, "did order") == {"ada"}
    assert shop.segments.members("did order", "2026-03-31") == []


def test_the_ledger_says_when_they_left_and_came_back(shop: Workspace) -> None:
    shop.segments.add("praha", "city = 'Praha'")
    shop.evaluate("2026-01-20")
    shop.profiles.delete(["ada"], "2026-02-01T12:00:00Z")
    shop.evaluate("2026-02-10")
    shop.profiles.restore(["ada"], "2026-03-01T12:00:00Z")
    shop.evaluate("2026-03-10")
    changes = [(change.entered, to_iso(change.valid_at), change.cause) for change in shop.memberships.history("praha")][
        1:
    ]
    assert changes == [
        (False, "2026-02-01T12:00:00.000Z", "data"),
        (True, "2026-03-01T12:00:00.000Z", "data"),
    ]


def test_nobody_is_deleted_if_one_is_unknown(shop: Workspace) -> None:
    with pytest.raises(NoSuchProfile, match="eve"):
        shop.profiles.delete(["ada", "eve"])
    assert shop.segments.count("everyone").base == 2


def test_somebody_anonymous_stays_anonymous(shop: Workspace) -> None:
    page = {"type": "page", "messageId": "p", "anonymousId": "cookie-1", "timestamp": "2026-01-02"}
    shop.record([page], "2026-01-02")
    shop.profiles.delete(["cookie-1"], "2026-02-01")
    shop.profiles.restore(["cookie-1"], "2026-03-01")
    assert shop.segments.members("profile is identified") == ["ada", "ben"]
    assert shop.segments.members("not profile is identified") == ["cookie-1"]


def test_a_rule_may_ask_who_was_deleted_and_why(shop: Workspace) -> None:
    shop.profiles.delete(["ada"], "2026-02-01", reason="asked")
    shop.profiles.restore(["ada"], "2026-03-01")
    assert shop.segments.members("did \"Profile Deleted\" where (reason = 'asked')") == ["ada"]
