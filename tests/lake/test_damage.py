"""What a power cut leaves is found without Delta, and taken away; what was lost is appended again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from intarsia.lake.damage import Damage
from intarsia.lake.faults import LakeDamaged
from intarsia.lake.lake import Lake
from intarsia.lake.session import Session
from tests.lake.rows import profiles

COMMITS = 52


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake.create(tmp_path_factory.mktemp("whole"), sync=lambda _: None)
    for version in range(1, COMMITS + 1):
        append(lake, version)
    return lake.path


@pytest.fixture
def lake(whole: Path, tmp_path: Path) -> Lake:
    return Lake(shutil.copytree(whole, tmp_path / "lake"))


def append(lake: Lake, version: int) -> bool:
    return lake.append("profiles", profiles([version]), app_id="load", app_version=version)


def count(lake: Lake) -> int:
    with Session(lake) as session:
        [row] = session.execute("SELECT count(DISTINCT profile_no) AS n, count(*) AS all FROM profiles").to_pylist()
    assert row["n"] == row["all"]
    return int(row["n"])


def log(lake: Lake) -> Path:
    return lake.path / "profiles" / "_delta_log"


def commit(lake: Lake, version: int = COMMITS) -> Path:
    return log(lake) / f"{version:020}.json"


def checkpoint(lake: Lake) -> Path:
    [found] = log(lake).glob("*.checkpoint.parquet")
    return found


def data(lake: Lake, number: int) -> Path:
    with Session(lake) as session:
        place = "SELECT DISTINCT filename FROM read_parquet(?, filename = true) WHERE profile_no = ?"
        files = list(session.snapshots["profiles"].files)
        [row] = session.execute(place, [files, number]).to_pylist()
    return Path(row["filename"])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def removed(path: Path) -> None:
    path.unlink()


def told(found: tuple[Damage, ...]) -> list[tuple[str, str, bool]]:
    return [(damage.table, damage.what, damage.is_repairable) for damage in found]


def test_a_whole_lake_has_no_damage(lake: Lake) -> None:
    lake.compact("profiles")
    append(lake, COMMITS + 1)
    assert lake.vacuum("profiles", hours=0) > COMMITS - 1
    assert lake.check() == lake.repair() == ()
    assert count(lake) == COMMITS + 1


@pytest.mark.parametrize("harm", [emptied, halved, zeroed])
def test_a_torn_last_commit_goes_and_is_appended_again(lake: Lake, harm: Callable[[Path], None]) -> None:
    harm(commit(lake))
    assert told(lake.check()) == [("profiles", "commit", True)]
    assert told(lake.repair()) == [("profiles", "commit", True)]
    assert (lake.check(), lake.mark_of("profiles", "load"), count(lake)) == ((), COMMITS - 1, COMMITS - 1)
    assert append(lake, COMMITS)
    assert count(lake) == COMMITS


def test_nothing_is_put_on_top_of_an_empty_commit(lake: Lake) -> None:
    emptied(commit(lake))
    with pytest.raises(LakeDamaged, match="is empty"):
        append(lake, COMMITS + 1)
    assert lake.repair()
    assert append(lake, COMMITS + 1)
    assert (lake.check(), count(lake)) == ((), COMMITS)


@pytest.mark.parametrize("harm", [emptied, halved, zeroed, removed])
def test_a_torn_file_of_the_last_commit_goes_with_it(lake: Lake, harm: Callable[[Path], None]) -> None:
    path = data(lake, COMMITS)
    harm(path)
    assert [damage.path for damage in lake.check()] == [path]
    assert told(lake.repair()) == [("profiles", "data", True)]
    assert (lake.mark_of("profiles", "load"), count(lake)) == (COMMITS - 1, COMMITS - 1)
    assert append(lake, COMMITS)
    assert count(lake) == COMMITS


@pytest.mark.parametrize("harm", [emptied, halved, zeroed])
def test_a_torn_checkpoint_goes_and_nothing_is_lost(lake: Lake, harm: Callable[[Path], None]) -> None:
    harm(checkpoint(lake))
    assert told(lake.repair()) == [("profiles", "checkpoint", True)]
    assert not list(log(lake).glob("*checkpoint*"))
    assert (lake.mark_of("profiles", "load"), count(lake)) == (COMMITS, COMMITS)


@pytest.mark.parametrize("harm", [emptied, halved, zeroed])
def test_a_torn_name_of_the_last_checkpoint_goes_and_nothing_is_lost(lake: Lake, harm: Callable[[Path], None]) -> None:
    harm(log(lake) / "_last_checkpoint")
    assert told(lake.repair()) == [("profiles", "pointer", True)]
    assert (lake.check(), count(lake)) == ((), COMMITS)


def test_a_commit_and_its_checkpoint_torn_together_both_go(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "lake", sync=lambda _: None)
    version = 0
    while not list(log(lake).glob("*.checkpoint.parquet")):
        version += 1
        append(lake, version)
    for path in (commit(lake, version), checkpoint(lake), log(lake) / "_last_checkpoint"):
        halved(path)
    assert sorted(what for _, what, _ in told(lake.repair())) == ["checkpoint", "commit", "pointer"]
    assert (lake.mark_of("profiles", "load"), count(lake)) == (version - 1, version - 1)


@pytest.mark.parametrize("harm", [emptied, halved])
def test_a_torn_commit_that_others_stand_on_is_not_touched(lake: Lake, harm: Callable[[Path], None]) -> None:
    harm(commit(lake, COMMITS - 1))
    before = sorted(path.name for path in log(lake).iterdir())
    assert told(lake.check()) == [("profiles", "commit", False)]
    with pytest.raises(LakeDamaged, match="later commits need it"):
        lake.repair()
    assert sorted(path.name for path in log(lake).iterdir()) == before


def test_a_missing_file_that_others_stand_on_is_not_passed_over(lake: Lake) -> None:
    data(lake, COMMITS - 3).unlink()
    with pytest.raises(LakeDamaged, match="later commits need it"):
        lake.repair()
    assert lake.mark_of("profiles", "load") == COMMITS


def test_a_torn_checkpoint_whose_commits_were_cleaned_up_is_not_touched(lake: Lake) -> None:
    commit(lake, 5).unlink()
    halved(checkpoint(lake))
    with pytest.raises(LakeDamaged):
        lake.repair()
    assert checkpoint(lake).exists()


@pytest.mark.parametrize("what", [commit, checkpoint])
def test_reading_and_writing_a_damaged_table_is_told_as_such(lake: Lake, what: Callable[[Lake], Path]) -> None:
    halved(what(lake))
    fresh = Lake(lake.path)
    for use in (lambda: fresh.snapshot("profiles"), lambda: append(fresh, 99), lambda: fresh.compact("profiles")):
        with pytest.raises(LakeDamaged, match="`profiles` is damaged"):
            use()
    lake.repair()
    assert count(fresh) >= COMMITS - 1
