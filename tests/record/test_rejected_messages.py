"""What cannot be kept is rejected with the reason, and everything else of the call goes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.record.messages import KINDS
from intarsia.workspace import Workspace
from tests.persian import left_in_english
from tests.record.shop import Message, facts, identify, rows, shop, track


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"messageId": "m", "userId": "ada"}, "its type is None"),
        ({"type": "buy", "messageId": "m", "userId": "ada"}, "its type is 'buy', not one of identify, track"),
        ({"type": "identify", "messageId": "m", "traits": {}}, "neither userId nor anonymousId"),
        ({"type": "identify", "messageId": "m", "userId": "  "}, "neither userId nor anonymousId"),
        ({"type": "identify", "messageId": "m", "userId": True}, "neither userId nor anonymousId"),
        ({"type": "identify", "messageId": "m", "context": {"guest": True}}, "neither userId nor anonymousId"),
        ({"type": "track", "messageId": "m", "userId": "ada"}, "needs the name of its `event`"),
        ({"type": "track", "messageId": "m", "userId": "ada", "event": " "}, "needs the name of its `event`"),
        (identify("m", "ada", {}, timestamp="yesterday"), "`yesterday` is no date and no time"),
        (identify("m", "ada", {}, timestamp="2026-02-30"), "no date and no time"),
        (identify("m", "ada", {}, timestamp=1767225600), "no ISO 8601 text"),
        (identify("m", "x" * 256, {}), "userId is longer than 255 characters"),
        (identify("m", "a\0b", {}), "holds a NUL"),
        (identify("m" * 256, "ada", {}), "messageId is longer than 255"),
        ({**identify("m", "ada", {}), "messageId": 7}, "messageId is no text"),
        ({**identify("m", "ada", {}), "traits": ["city"]}, "`traits` are no object"),
        (identify("m", "ada", {"name": "\ud800"}), "half a character"),
        (identify("m", "\ud800", {}), "half a character"),
        (track("m", "ada", "Order Completed", {"products": [{"sku": "\ud800"}]}), "half a character"),
    ],
)
def test_a_message_that_cannot_be_kept_is_rejected_with_the_reason(
    ws: Workspace, message: Message, reason: str
) -> None:
    receipt = ws.record([message])
    assert receipt.statuses == ["rejected"]
    assert reason in receipt.reasons[0]
    assert left_in_english(receipt.faults[0], *KINDS) == []
    assert rows(ws, "from lake.events") == []


def test_the_others_of_the_call_go_in_with_their_own_lines(ws: Workspace) -> None:
    sale = {"order_id": "a", "products": [{"sku": "c-1", "quantity": 1, "price": 2}]}
    torn = {"order_id": "b", "products": [{"sku": "\ud800", "quantity": 1, "price": 2}] * 2}
    last = {"order_id": "c", "products": [{"sku": "c-9", "quantity": 3, "price": 2}]}
    messages = [
        track(name, "ada", "Order Completed", sent) for name, sent in zip("abc", (sale, torn, last), strict=True)
    ]
    receipt = ws.record([{"type": "?"}, *messages])
    assert receipt.statuses == ["rejected", "accepted", "rejected", "accepted"]
    assert list(receipt.reasons) == [0, 2]
    assert [[line["sku"] for line in fact.lines] for fact in facts(ws)] == [["c-1"], ["c-9"]]
    assert receipt.to_json()["rejected"] == 2


def test_a_rejected_message_may_come_again_corrected(ws: Workspace) -> None:
    assert ws.record([identify("m1", "ada", {}, timestamp="soon")]).statuses == ["rejected"]
    assert ws.record([identify("m1", "ada", {}, timestamp="2026-05-01")]).statuses == ["accepted"]


@pytest.mark.parametrize("wrong", [None, "identify", 5, ["identify"]])
def test_what_is_no_object_is_rejected_and_the_others_go_in(ws: Workspace, wrong: object) -> None:
    receipt = ws.record([identify("m", "ada", {}), wrong])  # type: ignore[list-item]
    assert (receipt.statuses, "it is no object" in receipt.reasons[1]) == (["accepted", "rejected"], True)


def test_what_lies_too_deep_to_be_read_is_rejected_and_the_others_go_in(ws: Workspace) -> None:
    deep: object = 1
    for _ in range(5_000):
        deep = {"in": deep}
    receipt = ws.record([identify("m", "ada", {}), identify("n", "ben", {"box": deep})])
    assert (receipt.statuses, "too deep" in receipt.reasons[1]) == (["accepted", "rejected"], True)
