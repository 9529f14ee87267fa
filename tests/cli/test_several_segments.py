"""Overlap, trees, transitions and splits as commands: what their tables say, and that they fit a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.cli.tables import percent, shortened, whole_percent
from intarsia.segment.definitions import Definitions
from intarsia.workspace import open_workspace
from tests.cli.running import AT, run

LONG = "people who bought something at least once, number"


@pytest.fixture
def ten(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten segments with long names, in a terminal of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")
    for number in range(10):
        text = "did order" if number else "country = 'CZ'"
        assert run("segment", "add", f"{LONG} {number}", text).status == 0
    return shop


def widest(text: str) -> int:
    return max(len(line) for line in text.splitlines())


@pytest.mark.usefixtures("ten")
def test_ten_segments_fit_a_hundred_columns() -> None:
    said = run("segment", "overlap", *AT)
    assert widest(said.answer) <= 100
    assert said.answer.splitlines()[0].split() == ["no", "segment", "size", *(str(number) for number in range(1, 11))]
    names = [f"{LONG} {number}" for number in range(10)]
    moved = run("segment", "transitions", *names, "--from", "2026-01-01", "--to", "2026-10-01")
    assert widest(moved.answer) <= 100
    run("tree", "add", "market", "\n".join(names))
    assert widest(run("tree", "show", "market", *AT).answer) <= 100


@pytest.mark.usefixtures("ten")
def test_what_does_not_fit_is_told_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    said = run("segment", "overlap", "--limit", "2", *AT)
    assert said.answer.splitlines()[0].split() == ["no", "segment", "size"]
    assert "43 more pairs share somebody" in said.speech
    names = [f"{LONG} {number}" for number in range(10)]
    moved = run("segment", "transitions", *names, "--from", "2025-01-01", "--to", "2026-10-01").answer.splitlines()
    assert moved[0].split() == ["no", "segment", "then", "now"]
    assert moved[-1].endswith("%")


@pytest.mark.usefixtures("shop")
def test_the_table_of_moves_says_what_the_json_says() -> None:
    run("segment", "add", "buyers", "did order")
    words = ("segment", "transitions", "buyers", "--from", "2026-01-01", "--to", "2026-10-01")
    found = run(*words, "--json").json()
    assert [state["path"] for state in found["states"]] == [["buyers"], [], []]
    assert found["counts"] == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert found["shares"] == [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [None, None, None]]
    assert run(*words, "--counts").answer == (
        "no  segment    then  now  1  2\n 1  buyers        1    2  1  0\n 2  (in none)     2    1  1  1\n"
    )
    assert run(*words).answer.splitlines()[2] == " 2  (in none)     2    1   50  50"


@pytest.mark.usefixtures("shop")
def test_segments_or_a_tree_and_not_both() -> None:
    for words in (("segment", "transitions"), ("segment", "transitions", "a", "--tree", "b")):
        said = run(*words, "--from", "2026-01-01", "--json")
        assert (said.status, said.error()["code"]) == (2, "cli.usage")
        assert said.error()["message"] == "give segments or --tree, one of them"


@pytest.mark.usefixtures("shop")
def test_a_split_is_made_and_shown_again() -> None:
    run("segment", "add", "all", "everyone")
    assert run("segment", "split", "all").speech == "`all` has no parts: make some with --into\n"
    [made] = run("segment", "split", "all", "--into", "a 50%", "--json").json()
    assert [part["name"] for part in made["parts"]] == ["all: a"]
    assert made["unassigned"]["share"] == 0.5
    assert run("segment", "split", "all", "--json").json()[0]["parts"] == made["parts"]
    shown = run("segment", "split", "all")
    assert "(in no part)" in shown.answer
    assert "too few people for a test of the sizes" in shown.speech


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("option", "value"), [("--salt", "x"), ("--known-at", "2026-01-01")])
def test_options_that_do_not_go_together_are_refused(option: str, value: str) -> None:
    into = [] if option == "--salt" else ["--into", "a 10%"]
    said = run("segment", "split", "all", *into, option, value, "--json")
    assert said.error()["code"] == "cli.usage"


def test_a_broken_tree_is_told_with_what_to_do(shop: Path) -> None:
    run("segment", "add", "buyers", "did order")
    run("tree", "add", "market", "buyers")
    with open_workspace(shop) as ws:
        Definitions(ws.store).edit("buyers", "shoe_size > 40", at=ws.now())
    said = run("tree", "show", "market")
    assert said.status == 0
    assert "broken: `buyers` cannot be asked: " in said.speech
    assert "`intarsia tree edit market`" in said.speech
    assert run("tree", "show", "market", "--json").json()["broken"][0]["segment"] == "buyers"
    assert run("tree", "members", "market", "--json").error()["code"] == "tree.broken"


@pytest.mark.usefixtures("shop")
def test_a_tree_is_put_down_changed_listed_and_taken_out() -> None:
    run("segment", "add", "buyers", "did order")
    run("segment", "add", "czechs", "country = 'CZ'")
    assert run("tree", "add", "market", "buyers").answer == "buyers\n"
    assert run("tree", "edit", "market", "czechs\nbuyers").speech == "`market` version 2:\n"
    assert run("tree", "list").answer == "name    version  segments\nmarket        2         2\n"
    assert run("tree", "members", "market", "buyers", *AT).answer == "ben\n"
    assert run("tree", "rm", "market").speech == "the tree `market` is removed; its segments stay\n"
    assert run("tree", "list", "--json").json() == []


def test_shares_and_names_are_written_short_without_saying_too_much() -> None:
    assert [percent(share) for share in (None, 0, 0.0001, 0.5, 1)] == ["", "0.0 %", "< 0.1 %", "50.0 %", "100.0 %"]
    assert [whole_percent(share) for share in (None, 0, 0.001, 0.5, 0.9999, 1)] == ["", "0", "<1", "50", "99", "100"]
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"
