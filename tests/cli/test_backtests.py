"""`intarsia segment backtest` as somebody at a terminal sees it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.analysis.by_plain_python import DATES, Sent, later, random_sales, recorded_shop
from tests.cli.running import run

FREQUENT = "count(order) >= 2"
ALL = ("--from", "2026-01-01", "--to", "2026-06-01")


@pytest.fixture
def sold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of random sales."""
    with recorded_shop(tmp_path / "shop", random_sales(3, 28)):
        monkeypatch.setenv("INTARSIA_WORKSPACE", str(tmp_path / "shop"))


@pytest.mark.usefixtures("sold")
def test_each_date_has_a_line_and_one_that_is_not_over_says_so() -> None:
    said = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "sum(order.total) in next 28 days")
    assert said.status == 0
    head, *lines = said.answer.splitlines()
    assert head.split() == "date size base members rest difference from to lift lift from lift to".split()
    assert [line.split()[0] for line in lines] == [f"2026-0{month}-01" for month in range(1, 7)]
    assert lines[-1].endswith("not over yet")
    assert "mean of `sum(order.total) in next 28 days`, EUR; intervals of 95 %" in said.speech
    assert "5 of 6 dates compared" in said.speech
    assert "hindsight" not in said.speech
    shown = [Decimal(line.split()[3]) for line in lines[:-1]]
    found = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "sum(order.total) in next 28 days", "--json").json()
    assert [Decimal(date["members"]["mean_minor"]) / 100 for date in found["dates"][:-1]] == shown
    assert (found["measure"], found["currency"], found["knowledge"]) == ("money", "EUR", "then")
    assert found["dates"][-1]["members"] is None


@pytest.mark.usefixtures("sold")
def test_shares_are_told_in_per_cent_and_numbers_as_they_are() -> None:
    shares = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "did order in next 28 days", "--every", "5 months")
    assert "% of whom `did order in next 28 days` holds" in shares.speech
    counts = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "count(order) in next 28 days", "--hindsight")
    assert "in hindsight" in counts.speech
    found = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "count(order) in next 28 days", "--json").json()
    first = found["dates"][0]["members"]
    assert first["total"] == pytest.approx(first["mean"] * first["people"], abs=1e-4)


@pytest.mark.usefixtures("sold")
def test_what_is_wrong_is_said_with_its_place() -> None:
    said = run("segment", "backtest", FREQUENT, *ALL, "--outcome", "sum(order.total)")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.splitlines() == [
        "error[backtest.no-window]: `sum(order.total)` does not say in which time after each date it is looked at",
        "  sum(order.total)",
        "  ^^^^^^^^^^^^^^^^",
        "hint: give it a window: `sum(order.total) in next 90 days`",
    ]
    for words, code in (
        (("--from", "2026-03-01", "--to", "2026-01-01"), "backtest.backwards"),
        (("--from", "2026-03-01", "--to", "2026-07-01"), "backtest.future"),
        ((*ALL, "--every", "a month"), "backtest.not-a-length"),
        ((*ALL, "--every", "1 hour"), "backtest.too-many-dates"),
        (("--from", "2025-03-01", "--to", "2025-04-01"), "backtest.nobody-known"),
        (("--from", "2026-03-01", "--to", "soon"), "clock.not-a-time"),
    ):
        refused = run("segment", "backtest", FREQUENT, *words, "--outcome", "did order in next 9 days", "--json")
        assert (refused.status, refused.error()["code"]) == (2, code)
        assert refused.error()["hint"]


def test_a_past_that_was_loaded_later_is_asked_about_in_hindsight(shop: Path) -> None:
    assert shop.is_dir()
    words = (
        "--from",
        "2026-09-01",
        "--to",
        "2026-09-01",
        "--at",
        "2026-10-31",
        "--outcome",
        "did order in next 30 days",
    )
    said = run("segment", "backtest", "did order", *words)
    assert (said.status, said.speech.splitlines()[-1]) == (
        2,
        "hint: a past that was loaded later can only be asked about in hindsight: `--hindsight`",
    )
    found = run("segment", "backtest", "did order", *words, "--hindsight", "--json").json()
    [date] = found["dates"]
    assert (date["size"], date["base"], date["members"]["total"], date["rest"]["total"]) == (1, 3, 0, 1)


def test_few_people_with_skewed_numbers_are_called_rough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [f"p{number:02}" for number in range(40)]
    known = [Sent("Order Completed", who, f"k-{who}", DATES[0], DATES[0], Decimal(1)) for who in people]
    large = Sent("Order Completed", "p00", "large", later(DATES[0], DATES[1] - DATES[0]), DATES[1], Decimal(90_000))
    with recorded_shop(tmp_path / "shop", [*known, large]):
        monkeypatch.setenv("INTARSIA_WORKSPACE", str(tmp_path / "shop"))
    words = ("--from", "2026-01-01", "--to", "2026-01-01", "--outcome", "sum(order.total) in next 2 months")
    said = run("segment", "backtest", "profile starts with 'p0'", *words)
    assert said.answer.splitlines()[1].endswith("rough")
    assert "too few people for numbers so skewed" in said.speech
