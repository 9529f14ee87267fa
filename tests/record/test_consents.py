"""Messages about consent: what they must say, and the channels and purposes that they make known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intarsia.errors import UserError
from intarsia.workspace import Workspace
from tests.persian import left_in_english
from tests.record.shop import identify, rows, shop, track

PAIR = {"channel": "email", "purpose": "marketing"}


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def known(ws: Workspace) -> list[tuple[str, str, bool]]:
    return [(one.channel, one.purpose, one.is_declared) for one in ws.consents.all()]


@pytest.mark.parametrize("event", ["Consent Given", "Consent Withdrawn", "Consent Confirmed"])
@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({}, "its `channel` is no text"),
        ({"channel": "email"}, "its `purpose` is no text"),
        ({**PAIR, "channel": " "}, "its `channel` is no text"),
        ({**PAIR, "purpose": 7}, "its `purpose` is no text"),
        ({**PAIR, "purpose": ["marketing"]}, "its `purpose` is no text"),
        ({**PAIR, "double_opt_in": "yes"}, "its `double_opt_in` is neither true nor false"),
        ({**PAIR, "double_opt_in": 1}, "its `double_opt_in` is neither true nor false"),
        ({**PAIR, "double_opt_in": [True]}, "its `double_opt_in` is neither true nor false"),
        ({**PAIR, "expires_at": "next year"}, "its `expires_at` is neither a date nor a time"),
        ({**PAIR, "expires_at": 1767225600}, "its `expires_at` is neither a date nor a time"),
        ({**PAIR, "expires_at": ["2030-01-01"]}, "its `expires_at` is neither a date nor a time"),
    ],
)
def test_what_cannot_be_understood_is_rejected(
    ws: Workspace, event: str, properties: dict[str, Any], reason: str
) -> None:
    receipt = ws.record([track("m", "ada", event, properties)])
    assert receipt.statuses == ["rejected"]
    assert reason in receipt.reasons[0]
    assert left_in_english(receipt.faults[0]) == []
    assert rows(ws, "from lake.events") == []
    assert known(ws) == []


def test_everything_else_that_is_said_is_kept(ws: Workspace) -> None:
    more: dict[str, object] = {
        "wording_version": "v2",
        "evidence": "form 7",
        "source": "web",
        "expires_at": date(2030, 1, 1),
    }
    said: list[dict[str, object]] = [
        {**PAIR, **more},
        {**PAIR, "double_opt_in": "true", "expires_at": "2030-01-01T10:00Z"},
        {**PAIR, "expires_at": ""},
    ]
    receipt = ws.record([track(f"m{number}", "ada", "Consent Given", one) for number, one in enumerate(said)])
    assert receipt.count("accepted") == 3
    kinds = {word.label: word.kind.value for word in ws.words() if word.path}
    assert kinds["Consent Given.expires_at"] == "instant"
    assert kinds["Consent Given.double_opt_in"] == "boolean"
    assert kinds["Consent Given.wording_version"] == "text"


def test_messages_of_another_kind_may_say_what_they_like(ws: Workspace) -> None:
    messages = [
        {"type": "page", "messageId": "p", "userId": "ada", "name": "Consent Given", "properties": {}},
        identify("i", "ada", {"Consent Given": "yes"}),
        track("t", "ada", "Consent Asked", {}),
    ]
    assert ws.record(messages).count("accepted") == 3
    assert known(ws) == []


def test_channels_and_purposes_become_known_as_they_are_compared(ws: Workspace) -> None:
    ws.record(
        [
            track("m1", "ada", "Consent Given", {"channel": "EMAIL", "purpose": "Zprávy"}),
            track("m2", "ben", "Consent Withdrawn", {"channel": "email", "purpose": "ZPRÁVY"}),
            track("m3", "ben", "Consent Withdrawn", {"channel": "sms", "purpose": "ads"}),
        ]
    )
    ws.consents.declare("SMS", "Ads")
    ws.consents.declare("post", "catalogue")
    assert known(ws) == [("email", "zprávy", False), ("post", "catalogue", True), ("sms", "ads", True)]
    assert ws.segments.count("consent post for catalogue is unknown").size == 2
    assert ws.segments.members("consent Email for zprávy is withdrawn") == ["ben"]


@pytest.mark.parametrize("name", ["", " email", "a\nb", "x" * 101])
def test_a_name_that_cannot_be_read_is_not_declared(ws: Workspace, name: str) -> None:
    for pair in ((name, "marketing"), ("email", name)):
        with pytest.raises(UserError):
            ws.consents.declare(*pair)
    assert known(ws) == []
