"""Beside a value stands how it reads, where SQL alone would read it differently."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intarsia.language.meaning.json_text import to_text
from intarsia.language.meaning.values import STEP
from intarsia.record.values import readings
from intarsia.record.words import kind_of
from tests.record.shop import identify, order, rows, shop

PRAGUE = ZoneInfo("Europe/Prague")


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        ("Praha", None),
        ("2026-05-01", None),
        ("1250.5", None),
        ("علي", {"t": "علی", "c": "علی"}),
        ("Ünï", {"c": "ünï"}),
        ("İZMİR", {"c": "izmir"}),
        ("۴۲", {"t": "42", "c": "42", "n": "42"}),
        ("۲۰۲۶-۰۵-۰۱", {"t": "2026-05-01", "c": "2026-05-01", "d": "2026-05-01"}),
        ("2026-05-01T10:00", {"i": "1777622400000"}),
        ("2026-05-01 10:00Z", {"i": "1777629600000"}),
        ("1234567890123456789", {"n": "1234567890123456789"}),
        ("0.00000049", {"n": "0"}),
        ("1.00000051", {"n": "1.000001"}),
    ],
)
def test_a_text_is_noted_where_it_reads_otherwise(value: str, reading: dict[str, str] | None) -> None:
    values = {"trait": value}
    found = readings(values, to_text(values), PRAGUE)
    assert (json.loads(found)["trait"] if found else None) == reading


def test_a_list_is_noted_by_the_keys_of_its_items(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {"interests": ["Ski", "۴۲", 7, True, None, ["deep"]]})])
    [row] = rows(ws, "select readings from lake.events")
    keys = ["t:Ski", "c:ski", "t:42", "c:42", "n:42", "N:7", "t:true", "c:true"]
    assert json.loads(row["readings"]) == {"interests": {"l": keys}}


def test_what_lies_in_objects_is_noted_by_its_path(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    ws.record([identify("m1", "ada", {"address": {"city": "Plzeň", "code": "301 00"}})])
    [row] = rows(ws, "select readings from lake.events")
    assert json.loads(row["readings"]) == {f"address{STEP}city": {"c": "plzeň"}}


def test_lines_are_noted_each_for_itself(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    lines = (
        {"sku": "c-1", "brand": "Plain"},
        {"sku": "ČÁST", "brand": "Úl", "quantity": 1},
        {"sku": "c-1", "brand": "Úl"},
    )
    ws.record([order("m1", *lines)])
    found = rows(ws, "select unnest(lines).readings as readings from lake.events")
    assert [row["readings"] and json.loads(row["readings"]) for row in found] == [
        None,
        {"sku": {"c": "část"}, "brand": {"c": "úl"}},
        {"brand": {"c": "úl"}},
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "boolean"),
        ("2026-05-01", "date"),
        ("2026-05-01T10:00Z", "instant"),
        ("5 apples", "text"),
        ([], "list"),
        ({}, "object"),
    ],
)
def test_a_value_looks_like_a_kind(value: object, kind: str) -> None:
    assert kind_of(value).value == kind  # type: ignore[arg-type]
