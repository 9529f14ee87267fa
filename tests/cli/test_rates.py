"""`intarsia rate ...`, and what `segment count` says of missing rates."""

from __future__ import annotations

from pathlib import Path

import pytest

import intarsia
from tests.cli.running import AT, run

RATES = "day,currency,rate\n2026-09-18,EUR,24.5\n2026-09-21,EUR,24.4\n"
WIDE = "Date,USD,CZK\n2026-09-18,1.1,24.2\n2026-09-21,N/A,24.4\n"


@pytest.fixture
def foreign(shop: Path) -> Path:
    """The shop, where Cyd ordered for 10 EUR on 19 September."""
    message = {"type": "track", "event": "Order Completed", "userId": "cyd", "timestamp": "2026-09-19T10:00:00Z"}
    with intarsia.open(shop) as ws:
        ws.record([{**message, "messageId": "e9", "properties": {"total": 10, "currency": "EUR"}}], "2026-09-20")
    (shop.parent / "rates.csv").write_text(RATES)
    (shop.parent / "wide.csv").write_text(WIDE)
    return shop


@pytest.mark.usefixtures("foreign")
def test_rates_are_loaded_listed_and_used() -> None:
    assert run("segment", "count", "sum(order.total) = 245", *AT).answer == "0\n"
    loaded = run("rate", "load", "rates.csv", "--source", "ČNB", "--fill", "3")
    assert (loaded.status, loaded.answer) == (0, "")
    assert "2 recorded, 0 changed, 0 unchanged" in loaded.speech
    rows = run("rate", "list", "--currency", "EUR", "--json").json()
    assert [(row["day"], row["rate"], row["source"]) for row in rows[:4]] == [
        ("2026-09-18", "24.5", "ČNB"),
        ("2026-09-19", "24.5", "ČNB, filled from 2026-09-18"),
        ("2026-09-20", "24.5", "ČNB, filled from 2026-09-18"),
        ("2026-09-21", "24.4", "ČNB"),
    ]
    assert run("rate", "list").answer.splitlines()[0].split() == ["currency", "day", "rate", "source", "recorded_at"]
    said = run("segment", "count", "sum(order.total) = 245", *AT)
    assert said.answer == "1\n"
    assert "missing rates" not in said.speech
    assert run("rate", "load", "rates.csv", "--source", "ČNB", "--json").json()["unchanged"] == 2


@pytest.mark.usefixtures("foreign")
def test_a_count_says_that_a_rate_is_missing() -> None:
    said = run("segment", "count", "sum(order.total) > 5", *AT)
    assert said.answer == "2\n"
    assert "missing rates: 1 (EUR, 2026-09-19)" in said.speech
    expected = [{"currency": "EUR", "day": "2026-09-19", "events": 1, "people": 1}]
    assert run("segment", "count", "sum(order.total) > 5", *AT, "--json").json()["missing_rates"] == expected
    assert run("rate", "missing", "--json").json() == expected
    assert run("rate", "missing").answer.splitlines()[1].split() == ["EUR", "2026-09-19", "1", "1"]


@pytest.mark.usefixtures("foreign")
def test_a_wide_file_is_taken_once_it_is_said_what_it_means() -> None:
    refused = run("rate", "load", "wide.csv", "--source", "ECB")
    assert refused.status == 2
    assert refused.speech.startswith("error[record.rate-direction]: ")
    both = run("rate", "load", "wide.csv", "--source", "ECB", "--per", "EUR", "--per-unit")
    assert both.speech.startswith("error[cli.usage]: ")
    assert run("rate", "load", "wide.csv", "--source", "ECB", "--per", "euro").speech.startswith(
        "error[record.bad-currency]: "
    )
    assert run("rate", "load", "wide.csv", "--source", "ECB", "--per", "EUR", "--json").json()["recorded"] == 3
    found = {(row["currency"], row["day"]): row["rate"] for row in run("rate", "list", "--json").json()}
    assert found == {("EUR", "2026-09-18"): "24.2", ("EUR", "2026-09-21"): "24.4", ("USD", "2026-09-18"): "22"}


def test_a_broken_file_is_refused_with_its_place(shop: Path) -> None:
    (shop.parent / "rates.csv").write_text(RATES + "2026-09-22,EUR,many\n")
    refused = run("rate", "load", "rates.csv", "--source", "x", "--json")
    assert refused.error() == {
        "code": "record.bad-rate-file",
        "message": "rates.csv, line 4, column rate: `many` is no rate; nothing was recorded",
        "position": None,
        "hint": "write it with digits and a point, above zero: 25.345",
    }
    assert run("rate", "list", "--json").json() == []


def test_why_names_the_days_without_a_rate(foreign: Path) -> None:
    facts = run("segment", "why", "sum(order.total) > 5", "cyd", *AT, "--json").json()["facts"]
    assert facts["value"] is None
    assert facts["without_rate_count"] == 1
    assert facts["missing_rates"] == ["EUR on 2026-09-19"]
    (foreign.parent / "rates.csv").write_text(RATES + "2026-10-01,EUR,24.4\n")
    run("rate", "load", "rates.csv", "--source", "x", "--fill", "15")
    amount = run("segment", "why", "sum(order.total) > 5 EUR", "cyd", *AT, "--json").json()["facts"]
    assert (amount["value"], amount["amounts"]) == ("245", {"5 EUR": "122"})
    ratio = run("segment", "why", "ratio(sum(order.total), count(order)) > 5", "ada", *AT, "--json").json()["facts"]
    assert (ratio["value"], ratio["top"]["value"], ratio["bottom"]["value"]) == ("1800", "1800", "1")
    trend = run("segment", "why", "trend(count(order), last 1 year) > 5", "ben", *AT, "--json").json()["facts"]
    assert (trend["value"], trend["now"]["value"], trend["before"]["value"]) == (None, "1", "0")
    assert trend["before"]["window_end"] == trend["now"]["window_begin"] == "2025-09-30T22:00:00.000Z"
