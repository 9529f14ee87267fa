"""What was sent is what is read back: numbers exact, times in UTC, everything else as it came."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from intarsia.clock import to_instant
from intarsia.workspace import Workspace
from tests.record.shop import RECORDED_AT, Message, facts, identify, kept_lines, order, recorded, rows, shop, track


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (1, Decimal(1)),
        (0.1, Decimal("0.1")),
        (-0.0, Decimal(0)),
        (Decimal("1.50"), Decimal("1.5")),
        (1e-7, Decimal(0)),
        (0.0000005, Decimal(0)),
        (0.0000015, Decimal("0.000002")),
        (1e21, Decimal(10**21)),
        (12345678901234567890, Decimal(12345678901234567890)),
        (10**24, "1000000000000000000000000"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (Decimal("sNaN"), "sNaN"),
        ("042", "042"),
        ("1e3", "1e3"),
        (True, True),
        (None, None),
        ("", ""),
        ("علي ۲۱", "علي ۲۱"),
        ('a\u200cb \U0001f600 \u0000 " \\', 'a\u200cb \U0001f600 \u0000 " \\'),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), "2026-01-31T09:00:00+00:00"),
        ([1, "a", [True, None]], [Decimal(1), "a", [True, None]]),
        ((1, 2), [Decimal(1), Decimal(2)]),
        ({"b", "a"}, ["a", "b"]),
        ({"x": {"y": 1.25}, 3: "three"}, {"x": {"y": Decimal("1.25")}, "3": "three"}),
    ],
)
def test_a_value_is_read_back_as_it_was_sent(ws: Workspace, sent: object, kept: object) -> None:
    ws.record([identify("m1", "ada", {"value": sent}), order("m2", {"sku": "c-1", "value": sent})], RECORDED_AT)
    of_order, of_trait = facts(ws)
    assert of_trait.properties == {"value": kept}
    assert of_order.lines == ({"sku": "c-1"} if kept is None else {"sku": "c-1", "value": kept},)


def test_objects_without_end_are_kept_as_text_beyond_32_levels(ws: Workspace) -> None:
    deep: object = "core"
    for _ in range(100):
        deep = [deep]
    value = recorded(ws, identify("m1", "ada", {"deep": deep})).properties["deep"]
    depth = 0
    while isinstance(value, list):
        [value], depth = value, depth + 1
    assert depth == 32
    assert value == "[" * 68 + "'core'" + "]" * 68


def test_true_and_one_stay_two_values(ws: Workspace) -> None:
    lines = kept_lines(ws, *({"flag": value} for value in (True, 1, False, 0, "1")))
    assert [repr(line["flag"]) for line in lines] == ["True", "Decimal('1')", "False", "Decimal('0')", "'1'"]


def test_one_instant_in_two_zones_stays_two_texts(ws: Workspace) -> None:
    times = [datetime.fromisoformat(text) for text in ("2026-01-31T10:00:00+01:00", "2026-01-31T09:00:00+00:00")]
    lines = kept_lines(ws, *({"packed_at": time} for time in times))
    assert [line["packed_at"] for line in lines] == [time.isoformat() for time in times]


@pytest.mark.parametrize(
    ("timestamp", "instant"),
    [
        ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
        ("2026-05-01T10:00:00.1239+02:00", "2026-05-01T08:00:00.123Z"),
        ("2026-05-01 10:00", "2026-05-01T08:00:00Z"),
        ("2026-05-01", "2026-04-30T22:00:00Z"),
        (datetime(2026, 5, 1, 10, tzinfo=UTC), "2026-05-01T10:00:00Z"),
    ],
)
def test_the_time_is_read_in_the_workspaces_zone(ws: Workspace, timestamp: object, instant: str) -> None:
    fact = recorded(ws, track("m1", "ada", "Product Viewed", {}, timestamp=timestamp))
    assert fact.occurred_at == to_instant(instant, ws.settings.zone)
    assert fact.recorded_at == to_instant(RECORDED_AT, ws.settings.zone)
    assert not fact.is_undated


def test_an_identify_without_a_time_is_undated(ws: Workspace) -> None:
    fact = recorded(ws, identify("m1", "ada", {"city": "Praha"}))
    assert fact.is_undated
    assert fact.occurred_at == fact.recorded_at == to_instant(RECORDED_AT, ws.settings.zone)


def test_an_event_without_a_time_happened_when_it_was_recorded(ws: Workspace) -> None:
    fact = recorded(ws, track("m1", "ada", "Product Viewed", {}, timestamp=None))
    assert not fact.is_undated
    assert fact.occurred_at == to_instant(RECORDED_AT, ws.settings.zone)


def test_every_kind_is_kept_under_its_name(ws: Workspace) -> None:
    base = {"userId": "ada", "timestamp": "2026-05-01T10:00:00Z"}
    messages: list[Message] = [
        {**base, "type": "page", "messageId": "a", "name": "Home", "properties": {"path": "/"}},
        {**base, "type": "screen", "messageId": "b", "name": "Start"},
        {**base, "type": "group", "messageId": "c", "groupId": "g1", "traits": {"plan": "pro"}},
        {**base, "type": "alias", "messageId": "d", "previousId": "anon-1"},
        {**base, "type": "identify", "messageId": "e", "context": {"traits": {"city": "Brno"}}, "traits": {"age": 3}},
        {**base, "type": "track", "messageId": "f", "event": "Signed Up", "userId": None, "anonymousId": "ada"},
    ]
    assert ws.record(messages).statuses == ["accepted"] * 6
    assert [(fact.kind, fact.name, dict(fact.properties)) for fact in facts(ws)] == [
        ("page", "page", {"name": "Home", "path": "/"}),
        ("screen", "screen", {"name": "Start"}),
        ("group", "group", {"plan": "pro"}),
        ("alias", "alias", {}),
        ("identify", "identify", {"age": Decimal(3), "city": "Brno"}),
        ("track", "Signed Up", {}),
    ]


def test_what_else_came_with_a_message_is_its_context(ws: Workspace) -> None:
    ws.record(
        [{**identify("m1", "ada", {}), "context": {"ip": "::1"}, "integrations": {"All": False}, "channel": None}]
    )
    [row] = rows(ws, "select context from lake.events")
    assert json.loads(row["context"]) == {"context": {"ip": "::1"}, "integrations": {"All": False}}


def test_a_sale_to_a_guest_is_kept_without_a_profile(ws: Workspace) -> None:
    sale = order("m1", {"sku": "c-1", "quantity": 1, "price": 10})
    guest = {**sale, "userId": None, "context": {"guest": True}}
    assert ws.record([guest, {**guest, "messageId": "m2", "type": "page"}]).statuses == ["accepted", "rejected"]
    assert rows(ws, "select profile_no, total_minor from lake.events") == [{"profile_no": None, "total_minor": 1000}]
    assert rows(ws, "from lake.profiles") == []


def test_a_profile_keeps_its_number_and_the_day_it_was_met(ws: Workspace) -> None:
    ws.record([identify("m1", "ben", {}), identify("m2", "ada", {})], "2026-06-01T12:00:00Z")
    ws.record([identify("m3", "ada", {}), identify("m4", "cid", {})], "2026-06-02T12:00:00Z")
    assert rows(ws, "select profile_no, profile_id, day(first_recorded_at) as day from lake.profiles order by 1") == [
        {"profile_no": 1, "profile_id": "ben", "day": 1},
        {"profile_no": 2, "profile_id": "ada", "day": 1},
        {"profile_no": 3, "profile_id": "cid", "day": 2},
    ]


def test_a_load_marks_its_events(ws: Workspace) -> None:
    ws.record([identify("m1", "ada", {})], load_id="spring")
    assert rows(ws, "select load_id, recorded_month from lake.events")[0]["load_id"] == "spring"
