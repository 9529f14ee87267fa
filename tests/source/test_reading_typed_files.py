from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intarsia import source
from intarsia.source.faults import NotReadable
from intarsia.source.opening import find_form, open_table
from intarsia.source.readers.json_lines import JsonLinesTable
from intarsia.source.readers.parquet import ParquetTable
from intarsia.source.readers.xlsx import XlsxTable
from intarsia.source.rows import Blank, Broken, Row

Write = Callable[..., Path]
WHEN = datetime.fromisoformat("2024-01-02T03:04")


def test_parquet_keeps_types_and_never_gives_a_float(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2, None],
            "price": [0.1, float("nan"), None],
            "small": pa.array([0.1, 2.5, None], pa.float32()),
            "when": pa.array([datetime.fromisoformat("2024-01-02T03:04:05.678901"), None, None], pa.timestamp("us")),
            "is_new": [True, False, None],
        }
    )
    pq.write_table(table, tmp_path / "file.parquet")
    rows = list(ParquetTable(tmp_path / "file.parquet").rows())
    assert rows[0] == Row(
        1,
        1,
        {
            "id": 1,
            "price": Decimal("0.1"),
            "small": Decimal("0.1"),
            "when": datetime.fromisoformat("2024-01-02T03:04:05.678"),
            "is_new": True,
        },
    )
    assert rows[1].cells["price"] is None  # type: ignore[union-attr]
    assert rows[2] == Blank(3)


def test_a_spreadsheet_gives_exact_numbers_dates_and_its_own_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for place, value in {
        "B3": "id",
        "C3": "when",
        "D3": "price",
        "B4": 7,
        "C4": WHEN,
        "D4": 0.1,
        "B6": "007",
        "C6": date(2024, 1, 2),
        "D6": 2.5,
    }.items():
        sheet[place] = value
    book.save(tmp_path / "file.xlsx")
    table = XlsxTable(tmp_path / "file.xlsx")
    assert table.columns == ("id", "when", "price")
    assert list(table.rows()) == [
        Row(4, 1, {"id": 7, "when": WHEN, "price": Decimal("0.1")}),
        Blank(5),
        Row(6, 1, {"id": "007", "when": date(2024, 1, 2), "price": Decimal("2.5")}),
    ]


def test_json_lines_spread_objects_and_reject_what_is_no_object(write: Write) -> None:
    path = write('{"id": 1, "address": {"city": "Oslo"}, "price": 0.10}\n\n[1]\n{"id": \n{"id": NaN}\n', "file.jsonl")
    found = list(JsonLinesTable(path, "utf-8").rows())
    assert [type(item) for item in found] == [Row, Blank, Broken, Broken, Broken]
    assert found[0].cells == {"id": 1, "address.city": "Oslo", "price": Decimal("0.10")}  # type: ignore[union-attr]


def test_the_content_decides_what_a_file_is_not_its_name(write: Write) -> None:
    assert find_form(write('{"a": 1}\n', "file.csv"), source.Options()).name == "JSON lines"


def test_a_json_array_is_refused_with_the_way_out(write: Write) -> None:
    with pytest.raises(NotReadable, match="one object a line"):
        find_form(write('[{"a": 1}]', "file.json"), source.Options())


def test_a_broken_spreadsheet_is_refused(write: Write) -> None:
    path = write(b"PK\x03\x04nonsense", "file.xlsx")
    with pytest.raises(NotReadable):
        open_table(path, find_form(path, source.Options()))


def test_one_table_gives_the_same_messages_as_csv_parquet_and_xlsx(write: Write, tmp_path: Path) -> None:
    rows = [("10", "A", 2, 2.5, WHEN), ("11", "B", 1, 0.1, WHEN)]
    names = ["customer id", "sku", "quantity", "unit price", "order date"]
    text = write("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]))
    pq.write_table(pa.table([list(column) for column in zip(*rows, strict=True)], names=names), tmp_path / "f.parquet")
    book = openpyxl.Workbook()
    for row in (names, *rows):
        book.active.append(list(row))
    book.save(tmp_path / "f.xlsx")
    found = [
        [message for batch in source.messages(source.plan(path, shape="purchases")) for message in batch.messages]
        for path in (text, tmp_path / "f.parquet", tmp_path / "f.xlsx")
    ]
    assert len(found[0]) == 2
    assert found[0] == found[1] == found[2]
