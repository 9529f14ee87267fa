from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from intarsia import source
from intarsia.config import BadSetting
from intarsia.errors import UserError
from intarsia.source import Options, Shape
from intarsia.source.faults import NoColumnFor, NoSuchColumn, NoSuchField, NoSuchFile, UnclearDates, WrongShape
from tests.persian import left_in_english

Write = Callable[..., Path]


def test_a_plan_says_what_it_takes_from_where(write: Write) -> None:
    path = write("numer zamówienia;klient;data;cena;ilość;notatka\n1;ada;31.12.2024;1,50;2;x\n")
    plan = source.plan(path, shape="purchases", options=Options(skip=("notatka",)))
    assert plan.fields == {
        "order_id": "numer zamówienia",
        "profile_id": "klient",
        "date": "data",
        "price": "cena",
        "quantity": "ilość",
    }
    assert plan.options.decimal_comma is True
    assert plan.other_columns() == ()
    assert "numbers have a decimal comma" in plan.to_json()["notes"]  # type: ignore[operator]


def test_a_mapping_overrules_the_guess_and_an_empty_one_takes_it_away(write: Write) -> None:
    path = write("order,customer,date,price,shipped\n1,ada,2024-01-01,2,2024-01-05\n")
    plan = source.plan(path, shape="purchases", mapping={"date": "shipped", "profile_id": ""})
    assert plan.fields == {"order_id": "order", "price": "price", "date": "shipped"}


def test_an_unknown_column_is_refused_with_the_nearest(write: Write) -> None:
    with pytest.raises(NoSuchColumn) as caught:
        source.plan(write("CustomerID,city\n1,Oslo\n"), shape="profiles", mapping={"profile_id": "CustomerNo"})
    assert "`CustomerID`" in (caught.value.hint() or "")


def test_an_unknown_field_is_refused_with_the_known_ones(write: Write) -> None:
    with pytest.raises(NoSuchField, match="profiles have no field `sku`"):
        source.plan(write("id,city\n1,Oslo\n"), shape="profiles", mapping={"sku": "city"})


@pytest.mark.parametrize(
    ("shape", "header", "field"),
    [
        ("profiles", "city,tier", "profile_id"),
        ("purchases", "order,customer,price", "date"),
        ("purchases", "order,customer,date", "price"),
        ("purchases", "order,date,price", "profile_id"),
        ("events", "user_id,date", "event"),
        ("events", "event,date", "profile_id"),
    ],
)
def test_a_needed_field_without_column_is_refused_with_what_the_file_has(
    write: Write, shape: Shape, header: str, field: str
) -> None:
    cells = {"date": "2024-01-01", "price": "2", "order": "1"}
    with pytest.raises(NoColumnFor) as caught:
        source.plan(write(f"{header}\n{','.join(cells.get(name, 'x') for name in header.split(','))}\n"), shape=shape)
    assert caught.value.facts["field"] == field
    assert left_in_english(caught.value) == []
    assert header.split(",")[0] in (caught.value.hint() or "")


def test_dates_that_could_be_either_are_refused_until_it_is_said(write: Write) -> None:
    path = write("order,customer,price,date\n1,ada,2,03/04/2024\n")
    with pytest.raises(UnclearDates, match="03/04/2024"):
        source.plan(path, shape="purchases")
    plan = source.plan(path, shape="purchases", options=Options(day_first=True))
    assert (
        next(batch.messages for batch in source.messages(plan) if batch.messages)[0]["timestamp"][:10] == "2024-04-03"
    )


def test_one_clear_date_settles_the_others(write: Write) -> None:
    plan = source.plan(write("order,customer,price,date\n1,ada,2,03/04/2024\n2,ada,2,03/25/2024\n"), shape="purchases")
    assert plan.options.day_first is False


def test_messages_are_read_from_json_lines_only(write: Write) -> None:
    with pytest.raises(WrongShape):
        source.plan(write("id,city\n1,Oslo\n"), shape="messages")


def test_a_missing_file_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile) as caught:
        source.plan(tmp_path / "none.csv", shape="profiles")
    assert isinstance(caught.value, UserError)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("encoding", "klingon"),
        ("encoding", "base64"),
        ("encoding", "idna"),
        ("delimiter", "abc"),
        ("delimiter", ""),
        ("delimiter", '"'),
        ("delimiter", "\n"),
        ("currency", "euros"),
        ("currency", "eur"),
    ],
)
def test_an_option_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Options(**{name: value})  # type: ignore[arg-type]
    assert caught.value.facts["name"] == name
    assert left_in_english(caught.value) == []


def test_a_sheet_is_named_of_a_spreadsheet_only(write: Write) -> None:
    with pytest.raises(BadSetting, match="sheet"):
        source.plan(
            write("order,customer,date,total\n1,ada,2026-01-01,5\n"), shape="purchases", options=Options(sheet="May")
        )


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "April"
    book.active.append(["order", "customer", "date", "total"])
    book.save(tmp_path / "sales.xlsx")
    with pytest.raises(BadSetting, match="April"):
        source.plan(tmp_path / "sales.xlsx", shape="purchases", options=Options(sheet="May"))
