"""The demo is built in a folder of its own, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.demo import build, messages
from intarsia.demo.building import LOAD_ID, DemoRefused, NotTheDemo
from intarsia.workspace import FolderInUse
from tests.record.shop import identify, rows, shop


def test_somebodys_own_workspace_is_left_alone(tmp_path: Path) -> None:
    with shop(tmp_path) as ws:
        ws.record([identify("m1", "ada", {"city": "Praha"})])
        with pytest.raises(NotTheDemo, match="1 messages of other origin"):
            build(ws.path)
        assert len(rows(ws, "from lake.events")) == 1
        assert ws.segments.all() == []


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FolderInUse):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_other_content_under_an_id_of_the_demo_is_told(tmp_path: Path) -> None:
    with shop(tmp_path) as ws:
        first = next(messages(2))
        ws.record([first[0]], load_id=LOAD_ID)
        ws.record([identify(first[1]["messageId"], "ada", {})], load_id="other")
        with pytest.raises(DemoRefused, match="1 conflicting"):
            build(ws.path)
