"""Consent: the latest word on a channel and a purpose (rule 43), on both back ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.populations import Message
from tests.engine.shop import Shop, instant, message, said, track

GIVEN, CONFIRMED, WITHDRAWN = "Consent Given", "Consent Confirmed", "Consent Withdrawn"
EVERYBODY = [said(who) for who in ("ada", "ben", "cyd", "dan")]
DAY = "2024-05-01"


def consent(who: str, name: str, at: str = DAY, /, **properties: Any) -> Message:
    return track(who, name, at, **{"channel": "email", "purpose": "marketing", **properties})


def states(folder: Path, *messages: Message, at: str = "2024-05-15T12:00:00") -> dict[str, str]:
    """Of ada to dan: given, withdrawn, unknown, or `none` of the three."""
    shop = Shop(folder, [*EVERYBODY, *messages])
    found = dict.fromkeys(("ada", "ben", "cyd", "dan"), "none")
    for state in ("given", "withdrawn", "unknown"):
        for who in shop.who(f"consent email for marketing is {state}", at):
            assert found[who] == "none"
            found[who] = state
    shop.world.close()
    return found


def test_the_latest_word_counts_and_who_was_never_asked_is_unknown(tmp_path: Path) -> None:
    found = states(
        tmp_path,
        consent("ada", GIVEN, "2024-01-01"),
        consent("ben", GIVEN, "2024-01-01"),
        consent("ben", WITHDRAWN, "2024-02-01"),
        consent("cyd", WITHDRAWN, "2024-01-01"),
        consent("cyd", GIVEN, "2024-02-01"),
        consent("cyd", GIVEN, "2024-06-01"),
    )
    assert found == {"ada": "given", "ben": "withdrawn", "cyd": "given", "dan": "unknown"}


def test_of_one_instant_a_withdrawal_beats_a_confirmation_and_that_a_grant(tmp_path: Path) -> None:
    found = states(
        tmp_path,
        {**consent("ada", WITHDRAWN), "messageId": "a"},
        {**consent("ada", CONFIRMED), "messageId": "b"},
        {**consent("ada", GIVEN), "messageId": "c"},
        {**consent("ben", CONFIRMED, expires_at="2030-01-01"), "messageId": "d"},
        {**consent("ben", GIVEN, double_opt_in=True), "messageId": "e"},
        {**consent("cyd", GIVEN, expires_at="2024-05-02"), "messageId": "f"},
        {**consent("cyd", GIVEN), "messageId": "g"},
        {**consent("dan", GIVEN), "messageId": "h"},
        {**consent("dan", GIVEN, expires_at="2024-05-02"), "messageId": "i"},
    )
    assert found == {"ada": "withdrawn", "ben": "given", "cyd": "given", "dan": "none"}


def test_a_double_opt_in_is_unknown_until_it_is_confirmed(tmp_path: Path) -> None:
    found = states(
        tmp_path,
        consent("ada", GIVEN, double_opt_in=True),
        consent("ben", GIVEN, double_opt_in=True),
        consent("ben", CONFIRMED, "2024-05-02"),
        consent("cyd", GIVEN, double_opt_in="true", expires_at="2024-05-02"),
        consent("dan", GIVEN, double_opt_in=False),
    )
    assert found == {"ada": "unknown", "ben": "given", "cyd": "unknown", "dan": "given"}


@pytest.mark.parametrize(
    ("expires", "at", "state"),
    [
        ("2024-05-10", "2024-05-10T23:59:59.999", "given"),
        ("2024-05-10", "2024-05-11T00:00", "none"),
        ("۲۰۲۴-۰۵-۱۰", "2024-05-11T00:00", "none"),
        ("2024-05-10T10:00:00", "2024-05-10T09:59:59.999", "given"),
        ("2024-05-10T10:00:00", "2024-05-10T10:00:00", "none"),
        ("2024-05-10T10:00:00Z", "2024-05-10T11:59:59.999", "given"),
        ("2024-05-10T10:00:00Z", "2024-05-10T12:00:00", "none"),
        ("", "2024-05-10T12:00:00", "given"),
        (None, "2024-05-10T12:00:00", "given"),
    ],
)
def test_a_day_counts_to_its_end_and_an_instant_ends_a_grant(
    tmp_path: Path, expires: str | None, at: str, state: str
) -> None:
    assert states(tmp_path, consent("ada", GIVEN, expires_at=expires), at=at)["ada"] == state


def test_a_confirmation_without_an_end_takes_that_of_the_latest_grant(tmp_path: Path) -> None:
    grants = [
        consent(who, GIVEN, at, double_opt_in=True, expires_at=expires)
        for who in ("ada", "ben", "cyd")
        for at, expires in (("2024-04-01", "2030-01-01"), ("2024-04-02", "2024-05-09"))
    ]
    found = states(
        tmp_path,
        *grants,
        consent("ada", CONFIRMED),
        consent("ben", CONFIRMED, expires_at="2024-05-15"),
        consent("cyd", WITHDRAWN, "2024-05-01"),
        consent("dan", CONFIRMED),
    )
    assert found == {"ada": "none", "ben": "given", "cyd": "withdrawn", "dan": "given"}


def test_channels_and_purposes_are_compared_without_regard_to_case_and_apart_from_each_other(tmp_path: Path) -> None:
    people = [
        *EVERYBODY,
        consent("ada", GIVEN, channel="E-MAIL", purpose="Zprávy"),
        consent("ben", GIVEN, channel="e-mail", purpose="ZPRÁVY"),
        consent("cyd", GIVEN, channel="e-mail", purpose="marketing"),
        consent("dan", GIVEN, channel="sms", purpose="zprávy"),
        consent("dan", WITHDRAWN, channel="sms", purpose="marketing"),
    ]
    shop = Shop(tmp_path, people)
    assert shop.who('consent "e-mail" for zprávy is given') == {"ada", "ben"}
    assert shop.who('consent "E-Mail" for ZPRÁVY is unknown') == {"cyd", "dan"}
    assert shop.who("consent sms for zprávy is given and consent sms for marketing is withdrawn") == {"dan"}


def test_other_messages_of_that_name_say_nothing_of_consent(tmp_path: Path) -> None:
    asked = consent("ben", GIVEN)
    page = message("ada", "page", DAY, name=GIVEN, properties={"channel": "email", "purpose": "marketing"})
    assert states(tmp_path, page, asked)["ada"] == "unknown"


def test_after_a_merge_the_messages_of_both_are_in_one_order_and_withdrawal_wins_ties(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            {**consent("ada", GIVEN), "messageId": "z"},
            {**consent("ben", WITHDRAWN), "messageId": "a"},
            consent("cyd", WITHDRAWN, "2024-05-01"),
            consent("dan", GIVEN, "2024-05-02"),
        ],
    )
    assert shop.who("consent email for marketing is given") == {"ada", "dan"}
    shop.world.merge("ada", "ben", instant("2024-05-11"))
    shop.world.merge("cyd", "dan", instant("2024-05-11"))
    assert shop.who("consent email for marketing is given") == {"cyd"}
    assert shop.who("consent email for marketing is withdrawn") == {"ada"}
