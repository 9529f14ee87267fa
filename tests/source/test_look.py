from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intarsia import source
from intarsia.source import sampling

Write = Callable[..., Path]

SHOP = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,LAMP,6,2010-12-01 08:26,£2.55,17850,Spain\n"
    "536366,71053,BOWL,6,2010-12-01 08:28,£3.39,17850,Spain\n"
    "536366,71053,BOWL,6,2010-12-01 08:28,£3.39,17850,Spain\n"
    'C536367,71053,,-6,2010-12-01 08:30,"£1,003.39",,Spain\n'
    "\n"
    "536368,71053\n"
)


def test_columns_have_kinds_roles_and_examples(write: Write) -> None:
    found = source.look(write(SHOP))
    assert [(column.name, column.kind, column.role) for column in found.columns] == [
        ("InvoiceNo", "text", "order_id"),
        ("StockCode", "text", "sku"),
        ("Description", "text", "product"),
        ("Quantity", "integer", "quantity"),
        ("InvoiceDate", "instant", "date"),
        ("UnitPrice", "money", "price"),
        ("CustomerID", "integer", "profile_id"),
        ("Country", "text", "country"),
    ]
    customer = found.columns[6]
    assert (customer.fill_share, customer.distinct_count, customer.examples) == (0.75, 1, ("17850",))
    assert found.shape == "purchases"
    assert (found.rows_examined, found.lines_read, found.is_whole) == (4, 6, True)


def test_oddities_are_told_with_their_lines(write: Write) -> None:
    found = {oddity.code: oddity for oddity in source.look(write(SHOP)).oddities}
    assert {code: oddity.lines for code, oddity in found.items()} == {
        "broken-lines": (7,),
        "blank-lines": (),
        "duplicate-rows": (4,),
        "lettered-ids": (5,),
        "negative": (5,),
        "missing": (5,),
        "currency-signs": (2, 3, 4, 5),
        "thousands": (5,),
    }
    assert found["lettered-ids"].sentence() == (
        "1 values of `InvoiceNo` begin with a letter where most are digits: C (1)"
    )


def test_values_outside_the_kind_are_told_with_their_lines(write: Write) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(50))
    (oddity,) = source.look(write(f"id,points\n{rows}50,many\n")).oddities
    assert (oddity.code, oddity.lines, oddity.facts["example"]) == ("misfits", (52,), "many")


def test_dates_of_both_orders_are_told(write: Write) -> None:
    found = source.look(write("id,when\n1,31/01/2024\n2,01/31/2024\n3,30/01/2024\n"))
    assert [oddity.code for oddity in found.oddities] == ["mixed-dates"]


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        ("id,email,city\n1,ada@example.com,Oslo\n", "profiles"),
        ("user_id,event,timestamp\n1,Signed Up,2024-01-01T10:00:00Z\n", "events"),
        ("order_id,customer_id,date,total\n1,1,2024-01-01,5\n", "purchases"),
        ('{"type": "track", "userId": "1", "event": "x"}\n', "messages"),
    ],
)
def test_what_a_file_is_for_is_guessed(write: Write, content: str, shape: str) -> None:
    assert source.look(write(content)).shape == shape


def test_a_long_file_is_judged_from_a_sample_and_says_so(write: Write) -> None:
    rows = "".join(f"{number},{number % 7}\n" for number in range(sampling.FIRST_ROWS + 1_000))
    found = source.look(write(f"id,points\n{rows}"))
    assert not found.is_whole
    assert found.rows_examined == sampling.FIRST_ROWS + 1_000 // sampling.EVERY
    assert found.lines_read == sampling.FIRST_ROWS + 1_000


def test_a_look_can_be_printed_as_json(write: Write) -> None:
    found = json.loads(json.dumps(source.look(write(SHOP)).to_json()))
    assert found["columns"][0]["name"] == "InvoiceNo"
    assert found["oddities"][0]["sentence"].startswith("1 lines cannot be read as rows")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Дата рождения", "birth_date"),
        ("Příjmení", "last_name"),
        ("kod_pocztowy", "postcode"),
        ("تلفن همراه", "phone"),
        ("customerEmail", "email"),
        ("E-Mail Address", "email"),
    ],
)
def test_names_are_known_in_many_languages(write: Write, name: str, role: str) -> None:
    found = source.look(write(f"id;{name}\n1;x\n2;y\n"))
    assert found.columns[1].role == role
