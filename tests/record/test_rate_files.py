"""Rates of exchange read from files (rule 29)."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.record.rate_files import Meaning, read_rates
from tests.persian import left_in_english

OWN = Meaning("CZK")
PER_UNIT = Meaning("CZK", is_said=True)
PER_EUR = Meaning("CZK", "EUR", is_said=True)

ECB = """Date,USD,JPY,CZK,GBP,
2024-05-03,1.0768,165.03,25.102,0.8575,
2024-05-02,1.0698,166.75,25.116,N/A,
2024-04-30,1.0718,168.32,N/A,0.8550,
"""
CNB = """Datum|1 AUD|100 HUF|1 EUR
02.05.2024|15,301|6,443|25,12
Datum|1 AUD|100 JPY
03.05.2024|15,401|15,2
"""


def read(folder: Path, text: str, meaning: Meaning = OWN) -> dict[tuple[str, str], str]:
    """The rates of a file with this text, by day and currency."""
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return {(rate.day.isoformat(), rate.currency): str(rate.rate) for rate in read_rates(path, meaning).rates}


def fault(folder: Path, text: str, meaning: Meaning = OWN) -> tuple[str, str | None]:
    """What is said of a file that cannot be read, and what is advised."""
    with pytest.raises(UserError) as refused:
        read(folder, text, meaning)
    columns = ("rates.csv", "day", "currency", "rate", "date", "a", "Total", "EUR", "CZK")
    assert left_in_english(refused.value, *columns) == []
    return refused.value.message(), refused.value.hint()


def test_one_rate_a_line(tmp_path: Path) -> None:
    text = "day,currency,rate\n2024-05-01,EUR,25.10\n2024-05-02,EUR,24\n2024-05-01,100 JPY,15.5\n"
    expected = {("2024-05-01", "EUR"): "25.1", ("2024-05-02", "EUR"): "24", ("2024-05-01", "JPY"): "0.155"}
    assert read(tmp_path, text) == expected
    other_signs = "\ufeffRate;Code;Date\n25,10;EUR;2024-05-01\n24;EUR;2. 5. 2024\n\n15,5;100 JPY;1.5.2024\n"
    assert read(tmp_path, other_signs) == expected


def test_a_wide_file_with_what_one_euro_is(tmp_path: Path) -> None:
    rates = read(tmp_path, ECB, PER_EUR)
    assert sorted(rates) == [
        *(("2024-05-02", currency) for currency in ("EUR", "JPY", "USD")),
        *(("2024-05-03", currency) for currency in ("EUR", "GBP", "JPY", "USD")),
    ]
    assert rates[("2024-05-03", "EUR")] == "25.102"
    # 25.102 / 1.0768 = 23.31166419019316.., to fifteen digits
    assert rates[("2024-05-03", "USD")] == "23.3116641901932"
    # 25.102 / 165.03 = 0.1521056777555595.., to fifteen digits that count
    assert rates[("2024-05-03", "JPY")] == "0.15210567775556"
    assert read_rates(tmp_path / "rates.csv", PER_EUR).left_out == 3


def test_a_workspace_in_euros_takes_the_same_file(tmp_path: Path) -> None:
    rates = read(tmp_path, ECB, Meaning("EUR", "EUR", is_said=True))
    assert len(rates) == 3 + 4 + 3
    # 1 / 25.102 = 0.0398374631503465..
    assert rates[("2024-05-03", "CZK")] == "0.0398374631503466"
    assert ("2024-05-03", "EUR") not in rates


def test_a_wide_file_with_what_each_currency_is(tmp_path: Path) -> None:
    assert read(tmp_path, CNB, PER_UNIT) == {
        ("2024-05-02", "AUD"): "15.301",
        ("2024-05-02", "HUF"): "0.06443",
        ("2024-05-02", "EUR"): "25.12",
        ("2024-05-03", "AUD"): "15.401",
        ("2024-05-03", "JPY"): "0.152",
    }


def test_a_wide_file_needs_to_be_told_what_its_numbers_are(tmp_path: Path) -> None:
    message, hint = fault(tmp_path, ECB)
    assert message == "rates.csv has one column a currency, and it was not said what its numbers are"
    assert hint is not None
    assert "--per EUR" in hint


@pytest.mark.parametrize(
    ("text", "meaning", "place"),
    [
        ("", OWN, "line 1, column 1: the file is empty"),
        ("a,b\n1,2\n", OWN, "line 1, column a: the first line names neither"),
        ("day,currency,rate\n2024-05-01,EUR,x\n", OWN, "line 2, column rate: `x` is no rate"),
        ("day,currency,rate\n2024-05-01,EUR,0\n", OWN, "line 2, column rate: `0` is no rate"),
        ("day,currency,rate\n2024-05-01,EUR,-1\n", OWN, "line 2, column rate: `-1` is no rate"),
        ("day,currency,rate\n2024-05-01,EUR,1e3\n", OWN, "line 2, column rate: `1e3` is no rate"),
        ('day,currency,rate\n2024-05-01,EUR,"1,5"\n', OWN, "line 2, column rate: `1,5` is no rate"),
        ("day,currency,rate\n\n2024-05-32,EUR,1\n", OWN, "line 3, column day: `2024-05-32` is no date"),
        ("day,currency,rate\n05/01/2024,EUR,1\n", OWN, "line 2, column day: `05/01/2024` is no date"),
        ("day,currency,rate\n2024-05-01,Euro,1\n", OWN, "line 2, column currency: `Euro` is no currency"),
        ("day,currency,rate\n2024-05-01\n", OWN, "is no currency"),
        ("day,currency,rate\n2024-05-01,EUR,1\n2024-05-01,EUR,2\n", OWN,
         "line 3, column rate: EUR on 2024-05-01 has another rate on line 2"),
        ("day,currency,rate\n2024-05-01,EUR,1000000000\n", OWN, "line 2, column rate: the rate of EUR is too large"),
        ("date,USD,Total\n2024-05-01,1,2\n", PER_UNIT, "line 2, column Total: `Total` is no currency"),
        ("date,USD\n2024-05-01,1\n", PER_EUR, "line 1, column CZK: the file says nothing of CZK"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, meaning: Meaning, place: str) -> None:
    message, hint = fault(tmp_path, text, meaning)
    assert place in message
    assert message.endswith("nothing was recorded")
    assert hint


def test_a_rate_that_is_there_twice_and_alike_is_one(tmp_path: Path) -> None:
    assert len(read(tmp_path, "day,currency,rate\n2024-05-01,EUR,1.5\n2024-05-01,EUR,1.50\n")) == 1


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_bytes(b"day,currency,rate\n2024-05-01,EUR,1\xff\n")
    with pytest.raises(UserError, match="line 2, column 1: the file is no UTF-8"):
        read_rates(tmp_path / "rates.csv", OWN)
