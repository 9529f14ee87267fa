"""By what a text is known to be about somebody: ids as words of their own, addresses, the digits of telephones."""

from __future__ import annotations

from pathlib import Path

import pytest

import intarsia
from intarsia.profile.traces import Traces, traces

ADA = Traces(frozenset({"7", "a-1", "ada lovelace", "ö42"}), frozenset({"ada@example.com"}), frozenset({"601123456"}))


@pytest.mark.parametrize(
    "text",
    ["7", "x;7;y", '{"userId":"7"}', "order A-1,", "ADA@Example.com", "<ada@example.com>.", "by Ada Lovelace (7 of 9)",
     "+420 601 123 456", "00420-601-123-456", "601123456", "Ö42"],
)  # fmt: skip
def test_it_is_about_her(text: str) -> None:
    assert ADA.are_in(text)


@pytest.mark.parametrize(
    "text", ["17", "7.5", "a-12", "xada@example.com", "ada@example.com.org", "601 123 457", "60112345", "ada", ""]
)
def test_it_is_not_about_her(text: str) -> None:
    assert not ADA.are_in(text)


def test_they_are_gathered_from_everything_that_was_recorded(tmp_path: Path) -> None:
    with intarsia.create(tmp_path / "shop") as ws:
        ws.record(
            [
                {
                    "type": "identify",
                    "messageId": "m-1",
                    "userId": "ada",
                    "traits": {
                        "contact": {"mail": "Ada@Example.com"},
                        "mobilePhone": ["+420 601 123 456"],
                        "zip": "11000000",
                    },
                    "context": {"traits": {"workEmail": "ada@work.example"}},
                },
                {
                    "type": "track",
                    "messageId": "m-2",
                    "userId": "ada",
                    "event": "Order Completed",
                    "properties": {
                        "order_id": "O-9",
                        "products": [{"note": "for eve@example.com"}],
                        "phone": 4420700900,
                    },
                },
                {"type": "identify", "messageId": "m-3", "userId": "ben", "traits": {"email": "ben@example.com"}},
            ]
        )
        with ws.session() as session:
            found = traces(session, [1], ["ada"])
    assert {"ada", "m-1", "m-2", "o-9"} <= found.ids
    assert found.addresses == {"ada@example.com", "ada@work.example"}
    assert found.phones == {"601123456", "420700900"}
    assert not found.are_in("ben")
