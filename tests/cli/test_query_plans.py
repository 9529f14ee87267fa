"""How definitions are evaluated, as a command: what stands in its tables, its JSON and its SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.segment.definitions import Definitions
from intarsia.workspace import open_workspace
from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")


def lines(text: str) -> list[str]:
    """The lines without the blanks that fill a terminal."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_definition_is_told_with_the_segments_that_it_rests_on() -> None:
    run("segment", "add", "buyers", "did order")
    run("segment", "add", "others", "never order")
    said = run("segment", "query-plan", "in segment 'buyers' and country = 'CZ' for at least 2 days", *AT)
    shown = lines(said.answer)
    assert "1 did order columns 1 buyers" in shown
    assert "2 in segment 'buyers' the members of that segment (the definition itself)" in shown
    assert any(line.startswith("3 country = 'CZ' for at least 2 days SQL: columns do not have") for line in shown)
    assert "1 count(order) 2 buyers" in shown
    assert "· columns cannot answer 1 of 3 conditions (33.3%), in 1 of 2 definitions" in shown
    assert "others" not in said.answer


def test_alone_a_definition_says_nothing_of_who_asks() -> None:
    said = lines(run("segment", "query-plan", "count(order) > 1 or country = 'CZ'", *AT).answer)
    assert "# condition answered by passes" in said
    assert "the trait `country`" in said


def test_all_segments_share_what_is_equal() -> None:
    run("segment", "add", "buyers", "did order")
    run("segment", "add", "regulars", "count(order) >= 2")
    run("segment", "add", "big", "sum(order.total) > 500")
    found = run("segment", "query-plan", "--all", *AT, "--json").json()
    assert [(one["text"], one["rows"], one["asked_by"]) for one in found["features"]] == [
        ("count(order)", 2, ["buyers", "regulars"]),
        ("sum(order.total)", 2, ["big"]),
    ]
    assert (found["unit"], found["rows"], found["rows_unshared"]) == ("rows", 4, 6)
    assert [one["name"] for one in found["definitions"]] == ["big", "buyers", "regulars"]
    assert found["fallen_back"] == {"conditions": 0, "of_conditions": 3, "definitions": 0, "of_definitions": 3}
    assert "sql" not in found["definitions"][0]


def test_an_invalid_segment_among_all_is_told_and_the_others_are_planned(shop: Path) -> None:
    run("segment", "add", "spoilt", "did order")
    run("segment", "add", "child", "in segment 'spoilt'")
    run("segment", "add", "well", "did order")
    with open_workspace(shop) as ws:
        Definitions(ws.store).edit("spoilt", "shoe_size > 40", at=ws.now())
    said = run("segment", "query-plan", "--all", *AT)
    assert "`spoilt` is invalid: no trait is called `shoe_size`" in said.answer
    assert "`child` is invalid: it names the segment `spoilt`, which is invalid itself" in said.answer
    assert "1 did order columns 1 well" in lines(said.answer)
    errors = {
        one["name"]: one["error"] for one in run("segment", "query-plan", "--all", "--json").json()["definitions"]
    }
    assert errors["spoilt"]["code"] == "language.unknown-trait"
    assert errors["child"]["code"] == "membership.parent-invalid"
    assert errors["well"] is None
    assert run("segment", "query-plan", "child", "--json").error()["code"] == "membership.parent-invalid"


def test_the_sql_is_what_duckdb_is_given() -> None:
    run("segment", "add", "buyers", "did order")
    said = run("segment", "query-plan", "in segment 'buyers' and count(order) > 1", "--sql", *AT).answer
    assert said.startswith("-- buyers\n-- reads sales\nwith did1 as (\n")
    text = "in segment 'buyers' and count(order) > 1"
    assert f"-- {text}\n-- reads sales\n-- reads segment1: in segment 'buyers'\n-- $p1 = '1'\nwith agg1" in said
    found = run("segment", "query-plan", "buyers", "--sql", "--json", *AT).json()["definitions"][0]
    assert found["sql"].startswith("with did1 as (")
    assert found["relations"] == [{"name": "sales", "means": None}]
    assert found["values"] == {}


def test_a_list_is_asked_nothing(tmp_path: Path) -> None:
    path = tmp_path / "vip.txt"
    path.write_text("id\nada\n", encoding="utf-8")
    run("list", "add", "vip", str(path))
    assert "· nothing is asked of anybody by itself" in lines(run("segment", "query-plan", "vip").answer)


def test_one_of_a_definition_and_all() -> None:
    for words in ((), ("did order", "--all")):
        said = run("segment", "query-plan", *words, "--json")
        assert (said.status, said.error()["code"]) == (2, "cli.usage")


def test_a_wrong_definition_is_refused_as_everywhere() -> None:
    assert run("segment", "query-plan", "citty = 'Oslo'", "--json").error()["code"] == "language.unknown-trait"


def test_it_is_as_of_an_instant() -> None:
    found = run("segment", "query-plan", "did order in last 30 days", "--at", "2026-10-01", "--json").json()
    assert found["features"][0]["rows"] == 1
    assert found["as_of"]["at"] == "2026-09-30T22:00:00.000Z"
