"""A lake whose folder is removed or replaced while it is open is neither written to nor read as if it were the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from intarsia.lake.faults import LakeSwapped
from intarsia.lake.lake import Lake
from tests.lake.rows import profiles


def removed(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}-removed"))


def replaced(path: Path) -> None:
    removed(path)
    shutil.copytree(path.with_name(f"{path.name}-removed"), path)


def moved_behind_a_link(path: Path) -> None:
    removed(path)
    path.symlink_to(path.with_name(f"{path.name}-removed"))


@pytest.mark.parametrize("swap", [removed, replaced, moved_behind_a_link])
@pytest.mark.parametrize("of", [".", "profiles", "events"])
def test_the_next_who_writes_or_reads_is_told(tmp_path: Path, swap: Callable[[Path], None], of: str) -> None:
    lake = Lake.create(tmp_path / "lake")
    lake.append("profiles", profiles([1]), app_id="a", app_version=1)
    swap((lake.path / of).resolve())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(LakeSwapped, match="was removed or replaced"):
        lake.append("profiles", profiles([2, 3]), app_id="a", app_version=2)
    with pytest.raises(LakeSwapped):
        lake.snapshot("profiles")
    assert [path for path in sorted(tmp_path.rglob("*")) if path.name != ".writing.lock"] == [
        path for path in before if path.name != ".writing.lock"
    ]


def test_a_swap_while_rows_are_written_is_told(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake")

    def written() -> None:
        with lake.writing():
            replaced(lake.path)

    with pytest.raises(LakeSwapped):
        written()


def test_whoever_opens_it_anew_goes_on(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake")
    lake.append("profiles", profiles([1]), app_id="a", app_version=1)
    replaced(lake.path)
    fresh = Lake(tmp_path / "lake")
    assert fresh.append("profiles", profiles([2, 3]), app_id="a", app_version=2)
    assert fresh.snapshot("profiles").row_count == 3
