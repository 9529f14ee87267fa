from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from intarsia import source
from intarsia.source import Options, Shape

Write = Callable[..., Path]


def messages(path: Path, shape: Shape, *, event: str | None = None, **options: Any) -> list[dict[str, Any]]:
    plan = source.plan(path, shape=shape, options=Options(**options), event=event)
    return [message for batch in source.messages(plan) for message in batch.messages]


def test_a_row_is_an_identify_message_with_typed_traits(write: Write) -> None:
    path = write(
        "CustomerID,FirstName,BirthDate,YearlyIncome,PostalCode,Subscribed,HouseOwnerFlag,Phone,Joined,Nickname\n"
        "00042,Ada,1980-01-02 00:00:00.000,40000.0000,01234,yes,1,+420 123,2024-01-02 10:00,\n"
        "00043,Ben,1990-12-31 00:00:00.000,1250.5000,99999,no,0,042,2024-01-03,B\n"
    )
    first, second = messages(path, "profiles")
    assert {**first, "messageId": ""} == {
        "type": "identify",
        "userId": "00042",
        "messageId": "",
        "traits": {
            "first_name": "Ada",
            "birth_date": "1980-01-02",
            "income": Decimal(40000),
            "postcode": "01234",
            "subscribed": True,
            "house_owner_flag": Decimal(1),
            "phone": "+420 123",
            "joined": "2024-01-02T10:00:00.000Z",
        },
    }
    assert second["traits"]["phone"] == "042"
    assert second["traits"]["joined"] == "2024-01-03"


def test_an_empty_cell_says_nothing_unless_told_otherwise(write: Write) -> None:
    path = write("id,city\n1,\n2,Oslo\n")
    assert messages(path, "profiles")[0]["traits"] == {}
    assert messages(path, "profiles", empty_cells="text")[0]["traits"] == {"city": ""}


def test_a_value_that_does_not_fit_its_column_is_kept_as_text(write: Write) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(100))
    found = messages(write(f"id,points\n{rows}100,many\n"), "profiles")
    assert found[7]["traits"] == {"points": Decimal(7)}
    assert found[100]["traits"] == {"points": "many"}


def test_digits_with_a_leading_zero_stay_text_in_the_whole_column(write: Write) -> None:
    found = messages(write("id,shop\n1,007\n2,12\n"), "profiles")
    assert [message["traits"]["shop"] for message in found] == ["007", "12"]


def test_a_column_of_dates_dates_the_statement(write: Write) -> None:
    found = messages(write("id,city,updated_at\n1,Oslo,2024-01-02\n2,Rome,\n"), "profiles")
    assert [message.get("timestamp") for message in found] == ["2024-01-02T00:00:00.000Z", None]
    assert found[0]["traits"] == {"city": "Oslo"}


def test_without_an_id_column_the_email_is_the_id(write: Write) -> None:
    (found,) = messages(write("e-mail,city\nada@example.com,Oslo\n"), "profiles")
    assert found["userId"] == "ada@example.com"
    assert found["traits"] == {"email": "ada@example.com", "city": "Oslo"}


def test_an_event_has_its_name_time_person_and_properties(write: Write) -> None:
    path = write("user_id,event,timestamp,page views,message id\n7,Signed Up,1700000000,3,m1\n")
    assert messages(path, "events") == [
        {
            "type": "track",
            "userId": "7",
            "event": "Signed Up",
            "timestamp": "2023-11-14T22:13:20.000Z",
            "messageId": "m1",
            "properties": {"page_views": Decimal(3)},
        }
    ]


def test_a_file_of_one_kind_of_event_gets_its_name_from_outside(write: Write) -> None:
    path = write("household_id,redemption_date,coupon\n7,2024-01-02,A\n7,2024-01-02,A\n")
    first, second = messages(path, "events", event="Coupon Redeemed")
    assert first["event"] == "Coupon Redeemed"
    assert first["messageId"] != second["messageId"]


def test_messages_are_passed_on_as_they_are(write: Write) -> None:
    path = write(
        '{"type": "track", "userId": "7", "event": "x", "messageId": "m1", "properties": {"a": {"b": [1, 2.50]}}}\n'
        '{"type": "page", "userId": "7"}\n',
        "file.jsonl",
    )
    first, second = messages(path, "messages")
    assert first["properties"] == {"a": {"b": [1, Decimal("2.50")]}}
    assert first["messageId"] == "m1"
    assert len(second["messageId"]) == 32


def test_a_key_that_shows_up_late_in_json_lines_is_not_lost(write: Write) -> None:
    rows = "".join(f'{{"id": {number}}}\n' for number in range(15_000))
    found = messages(write(f'{rows}{{"id": "late", "level": 2.50, "is_new": true}}\n', "file.jsonl"), "profiles")
    assert found[-1]["traits"] == {"level": Decimal("2.50"), "is_new": True}
