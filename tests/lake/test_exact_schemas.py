"""Rows that are not exactly of a table's columns are refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from intarsia.lake.faults import SchemaDiffers
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import LINE, PROFILES, TABLES, describe
from tests.lake.rows import START, events, profiles


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "lake")


def refused(lake: Lake, table: str, rows: pa.Table) -> str:
    with pytest.raises(SchemaDiffers) as caught:
        lake.append(table, rows, app_id="load", app_version=1)
    assert (lake.snapshot(table).version, lake.mark_of(table, "load")) == (0, None)
    return str(caught.value)


def test_a_fraction_is_not_cut_to_a_whole_number(lake: Lake) -> None:
    rows = profiles([1]).set_column(0, "profile_no", pa.array([1.9]))
    assert "`profile_no` is double and has to be int64" in refused(lake, "profiles", rows)


def test_a_smaller_whole_number_is_not_widened(lake: Lake) -> None:
    rows = profiles([1]).set_column(0, "profile_no", pa.array([1], pa.int32()))
    assert "`profile_no` is int32" in refused(lake, "profiles", rows)


def test_an_instant_without_a_zone_is_refused(lake: Lake) -> None:
    rows = profiles([1]).set_column(2, "first_recorded_at", pa.array([START], pa.timestamp("us")))
    assert "has to be timestamp[us, tz=UTC]" in refused(lake, "profiles", rows)


def test_a_dictionary_of_texts_is_no_column_of_texts(lake: Lake) -> None:
    rows = events([1])
    rows = rows.set_column(3, "kind", rows["kind"].dictionary_encode())
    assert "`kind` is dictionary" in refused(lake, "events", rows)


def test_a_missing_column_is_named(lake: Lake) -> None:
    assert "`digest` is missing" in refused(lake, "events", events([1]).drop_columns(["digest"]))


def test_an_unknown_column_is_named(lake: Lake) -> None:
    rows = profiles([1]).append_column("email", pa.array(["ada@example.org"]))
    assert "`email` is not one of the table's" in refused(lake, "profiles", rows)


def test_another_order_of_columns_is_refused(lake: Lake) -> None:
    rows = profiles([1]).select(["profile_id", "profile_no", "first_recorded_at"])
    assert "another order" in refused(lake, "profiles", rows)


def test_a_line_with_another_field_is_refused(lake: Lake) -> None:
    rows = events([1])
    place = rows.schema.names.index("lines")
    rows = rows.set_column(place, "lines", pa.array([[{"sku": "s-1", "price": 1.5}]]))
    assert "`lines` is list<" in refused(lake, "events", rows)


def test_a_null_stands_only_where_it_may(lake: Lake) -> None:
    rows = profiles([1]).set_column(1, "profile_id", pa.array([None], pa.string()))
    assert "`profile_id` holds a null" in refused(lake, "profiles", rows)
    guest = events([1])
    guest = guest.set_column(5, "profile_no", pa.array([None], pa.int64()))
    assert lake.append("events", guest, app_id="load", app_version=1)


def test_the_page_of_tables_has_every_column_and_field() -> None:
    page = describe()
    for table in TABLES.values():
        assert f"## `{table.name}`" in page
        for column in table.columns:
            assert f"| `{column.name}` |" in page
    assert all(f"| `lines.{field.name}` |" in page for field in LINE)
    assert "| `profile_id` | string |  |  | yes | the id" in page


def test_tables_name_only_columns_that_they_have() -> None:
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert {*table.sort, *table.statistics} <= set(names)
        assert table.partition is None or table.partition in names
    assert PROFILES.arrow_schema().names == ["profile_no", "profile_id", "first_recorded_at"]
