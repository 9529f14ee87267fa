"""Ids that a person has beside those of their profiles: on lists, as a cookie, as what an alias was before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.profile.erased import NoReason, ReasonNames
from intarsia.record.barred import ErasedProfile
from intarsia.record.history import NoSuchProfile
from intarsia.workspace import Workspace
from tests.profile.canaries import said, traces, track

NOON = 1_782_900_000_000
"""2026-07-01T10:00Z."""
AT = "2026-02-01T10:00:00Z"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", clock=lambda: NOON, timezone="Europe/Prague", currency="CZK") as ws:
        alias = {"type": "alias", "messageId": "a", "userId": "ada", "previousId": "zz-alias"}
        ws.record(
            [
                {**said("ada", "1", city="Praha", first_name="Adalbert"), "anonymousId": "zz-cookie"},
                alias,
                {**said("ada", "2", city="Praha"), "anonymousId": "zz-tablet"},
                {**said("ben", "1", city="Brno"), "anonymousId": "zz-tablet"},
            ],
            "2026-01-01",
        )
        put(ws, "guests", ["zz-alias", "zz-listed", "ben"])
        yield ws


def put(ws: Workspace, name: str, ids: list[str]) -> None:
    file = ws.path.parent / "ids.txt"
    file.write_text("\n".join(ids) + "\n")
    ws.lists.add(name, file)
    file.unlink()


def test_what_only_they_gave_as_theirs_goes_and_is_barred(shop: Workspace) -> None:
    shop.segments.add("hers", "profile in ('zz-alias', 'ben')")
    done = shop.profiles.erase(["ada"], reason="asked")
    assert (done.people, done.profiles, done.store["list_member"]) == (1, 1, 1)
    assert shop.lists.ids("guests") == ["ben", "zz-listed"]
    assert shop.segments.get("hers").text == "profile in ('(erased)', 'ben')"
    assert traces(shop.path, ["zz-alias", "zz-cookie"]) == []
    for number, again in enumerate(("zz-alias", "zz-cookie")):
        assert shop.record([said(again, str(number), city="Praha")]).count("rejected") == 1
        assert shop.record([{"type": "page", "messageId": f"p{number}", "anonymousId": again}]).count("rejected") == 1
    assert shop.segments.members("everyone") == ["ben"]


def test_what_another_person_gave_too_is_not_barred(shop: Workspace) -> None:
    shop.profiles.erase(["ada"], reason="asked")
    receipt = shop.record([{"type": "page", "messageId": "t", "anonymousId": "zz-tablet"}])
    assert receipt.count("accepted") == 1


@pytest.mark.parametrize("given", ["zz-alias", "zz-cookie"])
def test_such_an_id_means_its_person(shop: Workspace, given: str) -> None:
    assert set(shop.export(given).profile_ids) == {"ada", "zz-alias", "zz-cookie"}
    shop.profiles.delete([given], "2026-02-01")
    assert shop.segments.members("everyone") == ["ben"]
    shop.profiles.restore([given], "2026-03-01")
    assert shop.segments.members("everyone") == ["ada", "ben"]
    assert shop.profiles.erase([given], reason="asked").profiles == 1
    assert shop.segments.members("everyone") == ["ben"]


def test_what_two_people_gave_means_neither(shop: Workspace) -> None:
    with pytest.raises(NoSuchProfile):
        shop.profiles.people(["zz-tablet"])


def test_somebody_who_is_only_on_a_list_is_exported_and_erased(shop: Workspace) -> None:
    found = shop.export("zz-listed")
    assert (found.profile_ids, len(found.sections["lists"]), found.sections["messages"]) == (("zz-listed",), 1, [])
    done = shop.profiles.erase(["zz-listed"], reason="asked")
    assert (done.people, done.profiles, done.store) == (1, 0, {"list_member": 1})
    assert traces(shop.path, ["zz-listed"]) == []
    assert shop.record([said("zz-listed", "1", city="Brno")]).count("rejected") == 1
    with pytest.raises(NoSuchProfile):
        shop.profiles.delete(["zz-alias", "zz-never"])


def test_somebody_who_was_erased_is_told_as_such(shop: Workspace) -> None:
    shop.profiles.erase(["ada"], reason="asked")
    said_of = "`ada` was erased on 2026-07-01; nothing is held of them"
    for ask in (
        lambda: shop.profiles.erase(["ada"], reason="asked"),
        lambda: shop.profiles.delete(["ada"]),
        lambda: shop.export("ada"),
        lambda: shop.segments.why("everyone", "ada"),
    ):
        with pytest.raises(ErasedProfile) as caught:
            ask()
        assert caught.value.message() == said_of
        assert "`intarsia profile readmit ada`" in str(caught.value.hint())


def test_half_a_character_in_an_id_does_not_stop_the_others(shop: Workspace) -> None:
    shop.profiles.erase(["ada"], reason="asked")
    half = {"type": "identify", "messageId": "h", "userId": "a\ud800b", "traits": {"city": "Brno"}}
    receipt = shop.record([half, said("cyd", "1", city="Brno"), said("ada", "9", city="Brno")])
    assert receipt.statuses == ["rejected", "accepted", "rejected"]
    assert receipt.withheld == {2}


def test_an_id_that_is_sent_as_a_number_is_known_again(shop: Workspace) -> None:
    from decimal import Decimal

    shop.record([said("7.0", "1", city="Praha")])
    shop.profiles.erase(["7.0"], reason="asked")
    assert shop.record([{**said("x", "1", city="Praha"), "userId": Decimal("7.0")}]).count("rejected") == 1


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("", NoReason),
        (" ", NoReason),
        ("from zz-cookie", ReasonNames),
        ("letter of Adalbert", ReasonNames),
        ("is zz-alias", ReasonNames),
    ],
)
def test_a_reason_that_is_empty_or_names_them_is_refused(shop: Workspace, reason: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        shop.profiles.erase(["ada"], reason=reason)
    assert shop.segments.members("everyone") == ["ada", "ben"]
    assert shop.store.rows("select * from erasure") == []


def test_at_which_instant_an_id_was_erased_is_not_kept(shop: Workspace) -> None:
    """The sizes of segments shrink at the instant of an erasure: of an id only the day is known, not the instant."""
    shop.record([said(name, "1", city="Brno") for name in ("cyd", "dee")])
    present = [NOON]
    with intarsia.open(shop.path, clock=lambda: present[0]) as ws:
        ws.record([track("cyd", "o", "Order Completed", AT, {"order_id": "1", "total": 1})])
        ws.segments.add("buyers", "did order")
        ws.evaluate()
        for number, name in enumerate(("dee", "cyd")):
            present[0] = NOON + (number + 1) * 1_000
            ws.profiles.erase([name], reason="asked")
        joined = ws.store.rows(
            "select m.segment_id from erased_membership m join erasure e on m.valid_at in (e.at, e.erased_at) "
            "join erased_id using (erasure_id)"
        )
        sizes = [(size.size, size.erased_since) for size in ws.memberships.sizes("buyers")]
    assert joined == []
    assert sizes == [(1, 2), (0, 0)]
