from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intarsia import source
from intarsia.source import Options

Write = Callable[..., Path]
HEADER = "Invoice,SKU,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def messages(path: Path, mapping: dict[str, str] | None = None, **options: Any) -> list[dict[str, Any]]:
    plan = source.plan(path, shape="purchases", mapping=mapping, options=Options(**options))
    return [message for batch in source.messages(plan) for message in batch.messages]


def tracks(path: Path, mapping: dict[str, str] | None = None, **options: Any) -> list[dict[str, Any]]:
    return [message for message in messages(path, mapping, **options) if message["type"] == "track"]


def rejected(path: Path, mapping: dict[str, str] | None = None) -> list[tuple[int, str]]:
    plan = source.plan(path, shape="purchases", mapping=mapping)
    return [(item.line, item.reason.code) for batch in source.messages(plan) for item in batch.rejected]


def test_rows_of_one_order_id_are_one_order_at_its_earliest_line(write: Write) -> None:
    path = write(
        HEADER
        + "100,A,Lamp,2,2024-01-02 10:05,2.55,7,Spain\n"
        + "101,B,Bowl,1,2024-01-01 09:00,1.00,8,Spain\n"
        + "100,C,,3,2024-01-02 10:04,0.001,7,Spain\n"
    )
    first, second = tracks(path, currency="GBP", zone=ZoneInfo("Europe/Madrid"))
    assert (first["userId"], first["timestamp"]) == ("8", "2024-01-01T08:00:00.000Z")
    assert {**second, "messageId": ""} == {
        "type": "track",
        "event": "Order Completed",
        "userId": "7",
        "timestamp": "2024-01-02T09:04:00.000Z",
        "messageId": "",
        "properties": {
            "order_id": "100",
            "currency": "GBP",
            "country": "Spain",
            "products": [
                {"sku": "A", "product": "Lamp", "quantity": Decimal(2), "price": Decimal("2.55")},
                {"sku": "C", "quantity": Decimal(3), "price": Decimal("0.001")},
            ],
        },
    }


def test_what_orders_show_of_a_customer_is_said_once_until_it_changes(write: Write) -> None:
    path = write(
        HEADER
        + "3,A,Lamp,1,2024-01-03,1,7,France\n"
        + "1,A,Lamp,1,2024-01-01,1,7,Spain\n"
        + "2,A,Lamp,1,2024-01-02,1,7,Spain\n"
        + "4,A,Lamp,1,2024-01-04,1,,Spain\n"
    )
    found = [message for message in messages(path) if message["type"] == "identify"]
    assert [(message["userId"], message["timestamp"][:10], message["traits"]) for message in found] == [
        ("7", "2024-01-01", {"country": "Spain"}),
        ("7", "2024-01-03", {"country": "France"}),
    ]


def test_a_row_without_customer_is_a_guests_sale(write: Write) -> None:
    (sale,) = tracks(write(HEADER + "1,A,Lamp,1,2024-01-01,1,,Spain\n"))
    assert sale["context"] == {"guest": True}
    assert "userId" not in sale


def test_a_credit_note_is_a_refund_of_positive_amounts(write: Write) -> None:
    path = write(HEADER + "500,A,Lamp,5,2024-01-01,2.50,7,Spain\nC501,A,Lamp,-2,2024-01-02,2.50,7,Spain\n")
    refund = tracks(path)[1]
    assert refund["event"] == "Order Refunded"
    assert refund["properties"]["order_id"] == refund["properties"]["refund_id"] == "C501"
    assert refund["properties"]["products"] == [
        {"sku": "A", "product": "Lamp", "quantity": Decimal(2), "price": Decimal("2.5")}
    ]


def test_a_credit_note_of_the_same_number_and_customer_refunds_that_order(write: Write) -> None:
    path = write(
        HEADER
        + "500,A,Lamp,5,2024-01-01,2.50,7,Spain\n501,A,Lamp,5,2024-01-01,2.50,8,Spain\n"
        + "C500,A,Lamp,-2,2024-01-02,2.50,7,Spain\nC501,A,Lamp,-2,2024-01-02,2.50,7,Spain\n"
    )
    refunds = [message for message in tracks(path) if message["event"] == "Order Refunded"]
    assert [message["properties"]["order_id"] for message in refunds] == ["500", "C501"]


def test_goods_back_inside_an_order_are_a_refund_of_that_order(write: Write) -> None:
    path = write(HEADER + "500,A,Lamp,5,2024-01-01,2.50,7,Spain\n500,B,Bowl,-1,2024-01-01,4,7,Spain\n")
    order, refund = tracks(path)
    assert [line["sku"] for line in order["properties"]["products"]] == ["A"]
    assert (refund["event"], refund["properties"]["order_id"]) == ("Order Refunded", "500")
    assert [line["sku"] for line in refund["properties"]["products"]] == ["B"]


def test_a_discount_line_stays_in_its_order(write: Write) -> None:
    path = write(HEADER + "500,A,Lamp,5,2024-01-01,2.50,7,Spain\n500,D,Discount,1,2024-01-01,-2,7,Spain\n")
    (order,) = tracks(path)
    assert order["properties"]["products"][1]["price"] == Decimal(-2)


def test_bad_debt_and_stock_notes_are_adjustments(write: Write) -> None:
    path = write(
        HEADER
        + "".join(f"{number},A,Lamp,5,2024-01-01,2.50,7,Spain\n" for number in range(500, 510))
        + "A600,B,Adjust bad debt,1,2024-01-02,11062.06,,Spain\n"
        + "A601,B,Adjust bad debt,1,2024-01-02,-11062.06,,Spain\n"
        + "602,A,damages,-10,2024-01-02,0,,Spain\n"
    )
    found = [message for message in tracks(path) if message["properties"].get("status") == "adjustment"]
    assert [message["properties"]["order_id"] for message in found] == ["A600", "A601", "602"]
    assert {message["event"] for message in found} == {"Order Completed"}


def test_letters_in_front_of_every_order_id_mean_nothing(write: Write) -> None:
    path = write(HEADER + "SO1,A,Lamp,5,2024-01-01,2.50,7,Spain\nSO2,A,Gift,1,2024-01-01,-1,7,Spain\n")
    assert [message["properties"].get("status") for message in tracks(path)] == [None, "adjustment"]


def test_a_second_customer_of_an_order_is_rejected(write: Write) -> None:
    path = write(
        HEADER + "1,A,Lamp,1,2024-01-01,1,,Spain\n1,B,Bowl,1,2024-01-01,1,7,Spain\n1,C,Cup,1,2024-01-01,1,8,Spain\n"
    )
    assert rejected(path) == [(4, "several-customers")]
    (order,) = tracks(path)
    assert order["userId"] == "7"
    assert len(order["properties"]["products"]) == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",A,Lamp,1,2024-01-01,1,7,Spain", "no-order-id"),
        ("1,A,Lamp,1,,1,7,Spain", "no-date"),
        ("1,A,Lamp,1,soon,1,7,Spain", "bad-date"),
        ("1,A,Lamp,one,2024-01-01,1,7,Spain", "bad-number"),
        ("1,A,Lamp,1,2024-01-01,,7,Spain", "no-amount"),
        ("1,A,Lamp,1,2024-01-01,1,7", "too-few-cells"),
    ],
)
def test_each_bad_row_has_its_reason_and_the_next_is_read(write: Write, row: str, code: str) -> None:
    path = write(f"{HEADER}2,A,Lamp,1,2024-01-01,1,7,Spain\n{row}\n3,A,Lamp,1,2024-01-01,1,7,Spain\n")
    assert rejected(path) == [(3, code)]
    assert len(tracks(path)) == 2


def test_a_row_may_be_a_whole_order(write: Write) -> None:
    path = write(
        "order_id,customer,date,total,status,channel\n1,ada,2024-01-01,12.50,paid,web\n2,ben,2024-01-02,-3,,\n"
    )
    order, refund = tracks(path)
    assert order["properties"] == {"order_id": "1", "total": Decimal("12.5"), "status": "paid", "channel": "web"}
    assert (refund["event"], refund["properties"]["total"]) == ("Order Refunded", Decimal(3))


def test_equal_rows_without_order_ids_are_several_orders(write: Write) -> None:
    path = write("customer_id,date,cds,amount\n00001,1997-01-01,1,11.77\n00001,1997-01-01,1,11.77\n")
    first, second = tracks(path)
    assert first["properties"] == second["properties"] == {"quantity": Decimal(1), "total": Decimal("11.77")}
    assert first["userId"] == "00001"
    assert first["messageId"] != second["messageId"]
    assert tracks(path) == [first, second]


def test_equal_lines_of_an_order_are_kept(write: Write) -> None:
    (order,) = tracks(write(HEADER + "1,A,Lamp,1,2024-01-01,1,7,Spain\n" * 2))
    assert len(order["properties"]["products"]) == 2


def test_an_amount_beside_repeated_order_ids_is_the_lines(write: Write) -> None:
    path = write("basket id,customer,date,amount\n1,ada,2024-01-01,2\n1,ada,2024-01-01,3\n")
    (order,) = tracks(path)
    assert [line["total"] for line in order["properties"]["products"]] == [2, 3]


def test_columns_without_a_role_belong_to_the_line_and_may_be_moved(write: Write) -> None:
    path = write("order,sku,price,qty,date,customer,Shop,Colour\n1,A,2,1,2024-01-01,ada,Oslo,red\n")
    (order,) = tracks(path, {"order.store": "Shop", "trait.favourite": "Colour"})
    assert order["properties"]["store"] == "Oslo"
    assert "shop" not in order["properties"]["products"][0]
    assert [message["traits"] for message in messages(path, {"trait.favourite": "Colour"}) if "traits" in message] == [
        {"favourite": "red"}
    ]


def test_an_order_date_in_the_skipped_hour_is_the_end_of_the_gap(write: Write) -> None:
    path = write(HEADER + "1,A,Lamp,1,2024-03-31 02:30,1,7,Spain\n")
    (order,) = tracks(path, zone=ZoneInfo("Europe/Madrid"))
    assert order["timestamp"] == "2024-03-31T01:00:00.000Z"


def test_ids_that_a_spreadsheet_made_into_decimals_are_mended(write: Write) -> None:
    path = write(HEADER + "1,A,Lamp,1,2024-01-01,1,17850.0,Spain\n2,A,Lamp,1,2024-01-01,1,,Spain\n")
    assert tracks(path)[0]["userId"] == "17850"


def test_a_sign_beside_prices_names_the_currency(write: Write) -> None:
    path = write('order;sku;qty;price;date;customer\n1;A;1;"1 234,50 Kč";2024-01-01;ada\n')
    (order,) = tracks(path)
    assert order["properties"]["currency"] == "CZK"
    assert order["properties"]["products"][0]["price"] == Decimal("1234.5")
