"""The hundred segments of the benchmark mean the same to intarsia, to the SQL and to the frames written by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.frame.reading import ROOT

pytestmark = pytest.mark.slow


def piece(*arguments: str) -> Any:
    """What a piece of the benchmark says, in a process of its own, as the benchmark runs it."""
    command = [sys.executable, "-m", "engine.pieces", *arguments]
    asked = subprocess.run(command, cwd=ROOT / "bench", capture_output=True, text=True, check=True)
    return json.loads(asked.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("bench")
    assert piece("make", str(found), "400", "20000") > 19_900
    return found


@pytest.fixture(scope="module")
def ours(folder: Path) -> list[list[int]]:
    found: list[list[int]] = piece("ours", str(folder), "evaluate")["found"]
    return found


def test_most_segments_have_some_people_and_not_all(ours: list[list[int]]) -> None:
    assert len(ours) == 100
    assert sum(0 < people < 400 for people, _ in ours) > 90


def test_every_query_by_hand_finds_the_same_people(folder: Path, ours: list[list[int]]) -> None:
    piece("load", str(folder), "duckdb")
    for peer, way in (("duckdb", "duckdb"), ("duckdb", "duckdb_one_scan"), ("pandas", "pandas")):
        assert piece("ask", str(folder), peer, way)["found"] == ours, way


def test_growth_and_previews_are_measured(folder: Path) -> None:
    assert list(piece("ours", str(folder), "grow")) == ["10", "100", "300"]
    assert set(piece("ours", str(folder), "preview")) == {"cold", "changed"}


def test_an_event_that_only_a_peer_lacks_is_noticed(folder: Path, ours: list[list[int]], tmp_path: Path) -> None:
    import pandas as pd

    for file in folder.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    pd.read_parquet(tmp_path / "order.parquet").iloc[:-1].to_parquet(tmp_path / "order.parquet")
    assert piece("ask", str(tmp_path), "pandas", "pandas")["found"] != ours
