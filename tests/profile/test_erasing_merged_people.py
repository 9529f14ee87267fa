"""A person of several profiles is erased with all of them; and nobody else becomes one person by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import intarsia
from intarsia.workspace import Workspace
from tests.profile.canaries import CANARY, said, traces


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        yield ws


def page(number: int, **ids: str) -> dict[str, Any]:
    return {"type": "page", "messageId": f"p{number}", "timestamp": "2026-01-02T10:00:00Z", **ids}


def everybody(ws: Workspace, known_at: str | None = None) -> list[str]:
    found: list[str] = list(ws.segments.members("everyone", known_at=known_at))
    return found


def test_all_profiles_of_a_person_go_with_everything(shop: Workspace) -> None:
    ada = f"{CANARY}-ada"
    shop.record([said(ada, "1", email=f"{CANARY}@example.com"), said("ben", "1", city="Brno")], "2026-01-01")
    shop.record(
        [page(1, anonymousId=f"{CANARY}-cookie"), page(2, anonymousId=f"{CANARY}-cookie", userId=ada)], "2026-01-02"
    )
    shop.record([said(f"{CANARY}-old", "1", email=f"{CANARY}@EXAMPLE.com")], "2026-01-03")
    assert everybody(shop) == sorted(["ben", ada])
    assert len(shop.profiles.people([f"{CANARY}-cookie"])[0]) == 3
    assert set(shop.export(f"{CANARY}-cookie").profile_ids) == {ada, f"{CANARY}-cookie", f"{CANARY}-old"}
    done = shop.profiles.erase([f"{CANARY}-cookie"], reason="asked")
    assert (done.people, done.profiles, done.rows["events"]) == (1, 3, 4)
    assert (everybody(shop), traces(shop.path)) == (["ben"], [])
    for profile_id in (ada, f"{CANARY}-cookie", f"{CANARY}-old"):
        assert shop.record([said(profile_id, "9", city="Brno")]).count("rejected") == 1


def test_a_person_who_was_merged_and_taken_apart_is_only_the_one(shop: Workspace) -> None:
    shop.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")], "2026-01-01")
    shop.identity.merge("ada", "ben", reason="same address")
    assert len(everybody(shop)) == 1
    shop.identity.unmerge("ben", reason="they are siblings")
    assert shop.profiles.erase(["ben"], reason="asked").profiles == 1
    assert everybody(shop) == ["ada"]


def test_deleting_one_id_deletes_the_person(shop: Workspace) -> None:
    shop.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")], "2026-01-01")
    shop.identity.merge("ada", "ben", reason="same address")
    shop.profiles.delete(["ben"])
    assert everybody(shop) == []


@pytest.mark.parametrize("known_at", [None, "2026-02-01"])
def test_a_mailbox_that_too_many_shared_joins_nobody_when_one_of_them_goes(
    shop: Workspace, known_at: str | None
) -> None:
    names = ["ada", "ben", "cyd", "dee"]
    shop.record([said(name, "1", email="info@example.com", first_name=None) for name in names], "2026-01-01")
    shop.record([said(name, "2", email="us@example.com") for name in names], "2026-01-02")
    assert everybody(shop, known_at) == names
    shop.profiles.erase(["dee"], reason="asked")
    assert everybody(shop, known_at) == ["ada", "ben", "cyd"]
    shop.profiles.erase(["cyd"], reason="asked")
    assert everybody(shop, known_at) == ["ada", "ben"]


def test_a_device_of_two_people_is_nobodys_when_one_of_them_goes(shop: Workspace) -> None:
    shop.record([page(1, anonymousId="tablet")], "2026-01-01")
    shop.record(
        [page(2, anonymousId="tablet", userId="ada"), page(3, anonymousId="tablet", userId="ben")], "2026-01-02"
    )
    before = everybody(shop)
    assert before == ["ada", "ben", "tablet"]
    shop.profiles.erase(["ada"], reason="asked")
    assert everybody(shop) == ["ben", "tablet"]
    shop.record([page(4, anonymousId="tablet", userId="ben")], "2026-03-01")
    assert everybody(shop) == ["ben", "tablet"]


def test_those_who_are_one_stay_one_when_a_stranger_goes(shop: Workspace) -> None:
    shop.record([said(name, "1", email="us@example.com") for name in ("ada", "ben")], "2026-01-01")
    shop.record([said("cyd", "1", city="Brno")], "2026-01-02")
    assert everybody(shop) == ["ada", "cyd"]
    shop.profiles.erase(["cyd"], reason="asked")
    assert everybody(shop) == ["ada"]
