"""Fixed lists: read from files, kept in versions, used like any segment."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.segment.definitions import InUse, NameTaken, NoSuchSegment, NotARule
from intarsia.segment.lists import NotAList
from intarsia.source.faults import EmptyFile, NoSuchColumn, NoSuchFile
from tests.membership.simulated import Simulation


def write(folder: Path, text: str, name: str = "ids.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_one_id_a_line(shop: Simulation, tmp_path: Path) -> None:
    path = write(tmp_path, "ada\r\n\n  eva \nghost\nada\n")
    added = shop.workspace.lists.add("vip", path).to_json()
    assert {name: added[name] for name in ("kind", "version", "ids", "found", "unknown", "duplicates", "added")} == {
        "kind": "list",
        "version": 1,
        "ids": 3,
        "found": 2,
        "unknown": ["ghost"],
        "duplicates": 1,
        "added": 3,
    }
    assert added["definition"] == "-- 3 profiles, from ids.txt"
    assert shop.workspace.segments.members("in segment 'vip' and never order") == ["eva"]
    assert shop.workspace.segments.members("vip") == ["ada", "eva"]
    assert shop.workspace.segments.count("not in segment 'vip'").size == 1
    assert shop.workspace.lists.ids("vip") == ["ada", "eva", "ghost"]


def test_a_list_may_be_a_column_of_a_table(shop: Simulation, tmp_path: Path) -> None:
    path = write(tmp_path, "name;customer\nAda;ada\nBen;ben\nNobody;\nAda;ada\n", "table.csv")
    assert shop.workspace.lists.add("vip", path, "customer").ids == 2
    assert shop.workspace.segments.members("vip") == ["ada", "ben"]
    with pytest.raises(NoSuchColumn) as caught:
        shop.workspace.lists.add("vip", path, "custmer")
    assert caught.value.hint() == "the nearest are `customer`"


def test_what_cannot_be_read_is_refused_or_told(shop: Simulation, tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile):
        shop.workspace.lists.add("vip", tmp_path / "nowhere.txt")
    with pytest.raises(EmptyFile):
        shop.workspace.lists.add("vip", write(tmp_path, "\n \n"))
    assert shop.workspace.lists.all() == []
    broken = write(tmp_path, "id,name\nada,Ada\nben\n", "broken.csv")
    told = shop.workspace.lists.add("vip", broken, "id").to_json()
    assert (told["ids"], told["unreadable_lines"]) == (1, [3])


def test_an_id_counts_once_somebody_has_it(shop: Simulation, tmp_path: Path) -> None:
    shop.workspace.lists.add("vip", write(tmp_path, "ghost"))
    assert shop.workspace.segments.members("vip") == []
    shop.say("ghost", city="Brno")
    assert shop.workspace.segments.members("vip") == ["ghost"]
    assert shop.workspace.lists.show("vip").to_json()["unknown"] == []


def test_a_second_file_is_the_next_version_and_the_past_keeps_the_first(shop: Simulation, tmp_path: Path) -> None:
    lists = shop.workspace.lists
    shop.now("2024-03-01T01:00")
    lists.add("vip", write(tmp_path, "ada\neva"))
    shop.now("2024-03-05")
    again = lists.add("vip", write(tmp_path, "eva\nada")).to_json()
    assert again["version"] == 1
    second = lists.add("vip", write(tmp_path, "eva\nben", "march.txt")).to_json()
    assert (second["version"], second["added"], second["removed"]) == (2, 1, 1)
    shop.now("2024-03-09")
    lists.add("vip", write(tmp_path, "ada"))
    segments = shop.workspace.segments
    assert segments.members("vip") == ["ada"]
    assert segments.members("vip", known_at="2024-03-06") == ["ben", "eva"]
    assert segments.members("in segment 'vip' at 2024-03-02") == ["ada", "eva"]
    assert segments.members("entered segment 'vip' or left segment 'vip'") == []
    shown = segments.show("vip").to_json()
    assert [version["definition"] for version in shown["versions"]] == [  # type: ignore[attr-defined]
        "-- 2 profiles, from ids.txt",
        "-- 2 profiles, from march.txt",
        "-- 1 profiles, from ids.txt",
    ]
    assert shown["sentence"] == "People who are on the list `vip`"


def test_lists_and_rules_share_their_names(shop: Simulation, tmp_path: Path) -> None:
    path = write(tmp_path, "ada")
    shop.define("buyers", "did order")
    with pytest.raises(NameTaken):
        shop.workspace.lists.add("buyers", path)
    shop.workspace.lists.add("vip", path)
    with pytest.raises(NameTaken):
        shop.define("vip", "did order")
    with pytest.raises(NotARule):
        shop.workspace.segments.edit("vip", "did order")
    with pytest.raises(NotAList):
        shop.workspace.lists.show("buyers")
    assert [definition.name for definition in shop.workspace.segments.all()] == ["buyers", "vip"]
    assert [definition.name for definition in shop.workspace.lists.all()] == ["vip"]


def test_a_list_that_is_named_stays(shop: Simulation, tmp_path: Path) -> None:
    shop.workspace.lists.add("vip", write(tmp_path, "ada"))
    shop.define("dear", "in segment 'vip'")
    with pytest.raises(InUse):
        shop.workspace.lists.remove("vip")
    shop.workspace.segments.rename("vip", "best")
    assert shop.workspace.segments.members("dear") == ["ada"]
    shop.workspace.segments.remove("dear")
    shop.workspace.lists.remove("best")
    assert shop.workspace.lists.all() == []
    with pytest.raises(NoSuchSegment):
        shop.workspace.lists.show("best")


def test_why_tells_that_somebody_is_on_the_list(shop: Simulation, tmp_path: Path) -> None:
    shop.workspace.lists.add("vip", write(tmp_path, "ada"))
    why = shop.workspace.segments.why("vip", "ada")
    assert (why.text, why.holds, why.facts) == ("in segment 'vip'", True, {"segment": "vip"})
    assert not shop.workspace.segments.why("in segment 'vip'", "ben").holds


def test_the_ledger_keeps_lists_as_it_keeps_rules(shop: Simulation, tmp_path: Path) -> None:
    shop.workspace.lists.add("vip", write(tmp_path, "ada\nghost"))
    shop.evaluate("2024-03-02")
    assert shop.last_change("vip", "ada") == (True, "2024-03-01T00:00:00.000+01:00", "definition")
    shop.say("ghost", "2024-03-02", city="Brno")
    shop.evaluate("2024-03-04")
    assert shop.last_change("vip", "ghost") == (True, "2024-03-02T00:00:00.000+01:00", "data")
    shop.workspace.lists.add("vip", write(tmp_path, "ghost\nben"))
    shop.evaluate("2024-03-06")
    assert shop.last_change("vip", "ada") == (False, "2024-03-04T00:00:00.000+01:00", "definition")
    assert shop.last_change("vip", "ben") == (True, "2024-03-04T00:00:00.000+01:00", "definition")
    assert shop.current("vip") == ["ben", "ghost"]
