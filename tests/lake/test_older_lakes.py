"""A lake that an earlier version made: it opens, it is read, and it grows what came since."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from intarsia.lake import lake as lake_module
from intarsia.lake.faults import NoLake
from intarsia.lake.lake import Lake
from intarsia.lake.schemas import EVENTS, MEMBERSHIPS, PROFILES
from intarsia.lake.session import Session
from tests.lake.rows import events, profiles

OLD_EVENTS = replace(EVENTS, columns=EVENTS.columns[:-1])
LATE = "is_anonymous"


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a lake as it was made before `identities` and `is_anonymous`, with two files of events."""
    with monkeypatch.context() as before:
        before.setattr(lake_module, "TABLES", {table.name: table for table in (PROFILES, OLD_EVENTS, MEMBERSHIPS)})
        lake = Lake.create(tmp_path)
        lake.append("profiles", profiles(range(7)), app_id="a", app_version=1)
        for version in (1, 2):
            lake.append("events", old(range(version * 10, version * 10 + 10)), app_id="a", app_version=version)
    return tmp_path


def old(numbers: range) -> pa.Table:
    return events(numbers).drop_columns([LATE])


def asked(lake: Lake) -> list[tuple[bool | None, int]]:
    """How many events there are for each value of the late column."""
    with Session(lake) as session:
        found = session.execute(f"select {LATE}, count(*) as n from lake.events group by all order by all").to_pylist()
    return [(row[LATE], row["n"]) for row in found]


def test_it_opens_with_the_new_tables_empty_and_the_new_columns_null(older: Path) -> None:
    lake = Lake(older)
    with Session(lake) as session:
        assert session.execute("select count(*) as n from lake.identities")["n"].to_pylist() == [0]
    assert asked(lake) == [(None, 20)]
    assert asked(Lake(older)) == [(None, 20)]


def test_the_first_rows_with_a_new_column_add_it_to_the_table(older: Path) -> None:
    lake = Lake(older)
    assert lake.append("events", events(range(30, 35)), app_id="a", app_version=3)
    assert asked(lake) == [(False, 5), (None, 20)]
    assert Lake(older).append("events", events(range(35, 37)), app_id="a", app_version=4)
    assert asked(lake) == [(False, 7), (None, 20)]
    assert lake.mark_of("events", "a") == 4
    assert lake.check() == ()


def test_it_can_be_compacted_and_people_erased_before_and_after(older: Path) -> None:
    lake = Lake(older)
    lake.compact("events")
    assert asked(lake) == [(None, 20)]
    lake.append("events", events(range(30, 35)), app_id="a", app_version=3)
    assert lake.compact("events").files_after == 1
    assert asked(lake) == [(False, 5), (None, 20)]
    lake.erase([3])
    assert sum(count for _, count in asked(lake)) == 25 - 4


def test_a_table_that_every_version_made_is_missed(older: Path) -> None:
    shutil.rmtree(older / "profiles")
    with pytest.raises(NoLake):
        Lake(older)
