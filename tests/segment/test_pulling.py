"""Segments are written into files, and read back as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.segment.as_code.folder import FilesDiffer
from tests.membership.simulated import Simulation


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def ids(folder: Path, *names: str) -> Path:
    path = folder / "ids.txt"
    path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


def test_each_rule_has_a_file_with_its_text_as_it_was_written(shop: Simulation, folder: Path) -> None:
    shop.define("buyers", "did   order -- ever\n  and everyone")
    shop.define("a/b", "in segment 'buyers'")
    pulled = shop.workspace.code.pull(folder)
    assert pulled.written == ("a%2Fb.segment", "buyers.segment")
    assert texts(folder) == {
        "a%2Fb.segment": "in segment 'buyers'\n",
        "buyers.segment": "did   order -- ever\n  and everyone\n",
    }
    assert shop.workspace.code.pull(folder).unchanged == pulled.written


def test_what_was_pulled_changes_nothing_however_the_files_end_their_lines(shop: Simulation, folder: Path) -> None:
    shop.define("buyers", "did order\n  and everyone\n\n")
    shop.define("VIP", "everyone")
    shop.define("vip", "nobody")
    shop.define("س" * 150, "did order")
    code = shop.workspace.code
    code.pull(folder)
    assert code.plan(folder).changes == ()
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert code.plan(folder).changes == ()
    assert code.plan(folder).problems == ()


def test_ids_of_people_are_written_only_where_they_are_asked_for(
    shop: Simulation, folder: Path, tmp_path: Path
) -> None:
    shop.workspace.lists.add("vip", ids(tmp_path, "eva", "ada"))
    shop.define("buyers", "did order")
    shop.workspace.segments.pin("buyers", ["eva"], reason="asked")
    code = shop.workspace.code
    code.pull(folder)
    assert texts(folder) == {"buyers.segment": "did order\n"}
    assert code.plan(folder).changes == ()
    assert code.pull(folder, with_lists=True).written == ("vip.list",)
    assert texts(folder)["vip.list"] == "ada\neva\n"
    assert code.plan(folder).changes == ()
    assert "eva" not in texts(folder)["buyers.segment"]


def test_files_that_say_something_else_are_kept_unless_one_insists(shop: Simulation, folder: Path) -> None:
    shop.define("buyers", "did order")
    shop.define("all", "everyone")
    code = shop.workspace.code
    code.pull(folder)
    (folder / "buyers.segment").write_text("never order\n", encoding="utf-8")
    (folder / "mine.segment").write_text("nobody\n", encoding="utf-8")
    (folder / "README.md").write_text("ours\n", encoding="utf-8")
    shop.workspace.segments.remove("all")
    shop.define("new", "nobody")
    before = texts(folder)
    with pytest.raises(FilesDiffer) as caught:
        code.pull(folder)
    assert "`all.segment`, `buyers.segment`, `mine.segment`" in str(caught.value)
    assert texts(folder) == before
    pulled = code.pull(folder, overwrite=True)
    assert (pulled.written, pulled.removed) == (("buyers.segment", "new.segment"), ("all.segment", "mine.segment"))
    assert texts(folder) == {"README.md": "ours\n", "buyers.segment": "did order\n", "new.segment": "nobody\n"}


def test_a_list_that_lost_everybody_is_an_empty_file(shop: Simulation, folder: Path, tmp_path: Path) -> None:
    shop.workspace.lists.add("vip", ids(tmp_path, "eva"))
    shop.workspace.profiles.erase(["eva"], reason="asked")
    code = shop.workspace.code
    code.pull(folder, with_lists=True)
    assert texts(folder) == {"vip.list": ""}
    plan = code.plan(folder)
    assert (plan.changes, plan.problems) == ((), ())
