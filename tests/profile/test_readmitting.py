"""Nobody comes back by an old file; and whoever wants to is let in again, as somebody new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.profile.profiles import NotErased
from intarsia.workspace import Workspace
from tests.profile.canaries import said, track

DAY = "this person was erased on 2026-07-01"
NOON = 1_782_900_000_000
"""2026-07-01T10:00Z."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with intarsia.create(tmp_path / "shop", clock=lambda: NOON, timezone="Europe/Prague", currency="CZK") as ws:
        ws.record([said("ada", "1", city="Praha"), said("ben", "1", city="Brno")], "2026-01-01")
        ws.profiles.erase(["ada"], reason="asked")
        yield ws


def test_what_is_sent_for_an_erased_id_is_rejected_with_the_day(shop: Workspace) -> None:
    receipt = shop.record([said("ada", "2", city="Praha"), said("ben", "2", city="Praha")])
    assert receipt.statuses == ["rejected", "accepted"]
    assert receipt.reasons == {0: DAY}
    assert shop.segments.members("everyone") == ["ben"]


@pytest.mark.parametrize("field", ["anonymousId", "previousId"])
def test_wherever_in_a_message_the_id_stands(shop: Workspace, field: str) -> None:
    alias = {"type": "alias", "messageId": "a", "userId": "cyd", field: "ada"}
    assert shop.record([alias]).reasons == {0: DAY}


def test_a_message_that_is_wrong_besides_is_told_by_the_same_reason(shop: Workspace) -> None:
    assert shop.record([{"type": "shout", "userId": "ada"}, "what", {"type": "shout"}]).reasons[0] == DAY  # type: ignore[list-item]


def test_no_message_id_of_theirs_is_known_any_more(shop: Workspace) -> None:
    assert shop.record([said("cyd", "9", city="Brno") | {"messageId": "ada-1"}]).count("accepted") == 1


def test_a_file_is_loaded_without_them_and_does_not_repeat_their_lines(shop: Workspace, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "order,customer,date,product,quantity,price\n"
        "A-1,ada,2026-01-03,coat,1,100\nA-1,ada,2026-01-03,hat,1,10\nB-1,ben,2026-01-04,hat,1,50\n"
    )
    balance = shop.sources.load(orders, "purchases")
    assert (balance.imported, balance.rejected, balance.holds()) == (1, 2, True)
    assert dict(balance.reasons) == {"erased": 2}
    rejected = Path(str(balance.rejects_path)).read_text()
    assert rejected.splitlines() == [
        "line,reason,explanation,original,profile_id",
        f"2,erased,{DAY}; the line is not repeated here,,",
        f"3,erased,{DAY}; the line is not repeated here,,",
    ]


def test_who_is_let_in_again_is_somebody_new(shop: Workspace) -> None:
    shop.profiles.readmit("ada")
    assert shop.record([said("ada", "1", city="Brno")]).count("accepted") == 1
    assert shop.segments.members("city = 'Brno'") == ["ada", "ben"]
    with shop.session() as session:
        numbers = session.execute("select profile_no from lake.profiles order by 1")["profile_no"].to_pylist()
    assert numbers == [2, 3]
    assert [size.size for size in shop.memberships.sizes(shop.segments.add("all", "everyone").name)] == []


def test_nobody_is_let_in_who_was_not_erased(shop: Workspace) -> None:
    for profile_id in ("ben", "Ada", ""):
        with pytest.raises(NotErased):
            shop.profiles.readmit(profile_id)
    shop.profiles.readmit("ada")
    with pytest.raises(NotErased):
        shop.profiles.readmit("ada")


def test_another_workspace_has_another_key(shop: Workspace, tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "other") as other:
        other.record([said("ada", "1", city="Praha")])
        other.profiles.erase(["ada"], reason="asked")
        hashes = [ws.store.rows("select hash from erased_id")[0]["hash"] for ws in (shop, other)]
    assert hashes[0] != hashes[1]


def test_an_order_line_of_an_event_by_somebody_else_is_taken(shop: Workspace) -> None:
    order = track("ben", "o", "Order Completed", "2026-01-05", {"order_id": "1", "products": [{"sku": "ada"}]})
    assert shop.record([order]).count("accepted") == 1
