"""Answers go to stdout, speech to stderr; and which workspace is meant."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from intarsia.speech import LANGUAGES
from tests.cli.running import AT, run

CSV = "order_id,customer_id,date,total\nN1,ada,2026-01-05,10\nN2,ben,2026-02-30,10\n"


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["segment", "count", "did order in last 6 months", *AT], "1\n"),
        (["segment", "members", "did order", *AT], "ada\nben\n"),
        (["segment", "members", "did order", "--limit", "1", *AT], "ada\n"),
        (["segment", "members", "nobody", *AT], ""),
        (["query", "SELECT profile_id FROM profiles ORDER BY ALL"], "profile_id\nada\nben\ncyd\n"),
        (["query", "SELECT 1 AS one WHERE false"], ""),
        (["segment", "list"], ""),
        (["segment", "add", "loyal", "did order in last 6 months"], ""),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else None,
)
def test_the_answer_alone_is_on_stdout(words: list[str], answer: str) -> None:
    said = run(*words)
    assert (said.status, said.answer) == (0, answer)


@pytest.mark.usefixtures("shop")
def test_what_an_answer_is_of_is_said_beside_it() -> None:
    said = run("segment", "count", "did order", *AT)
    assert said.speech.startswith("2 of 3 people, as of 2026-09-30T22:00:00.000Z, record of 5 messages known until 20")


def test_a_load_answers_with_its_balance_and_speaks_of_the_rest(shop: Path) -> None:
    (shop.parent / "orders.csv").write_text(CSV)
    said = run("source", "load", "orders.csv", "--as", "purchases")
    assert said.answer == "2 lines read = 1 imported + 0 updated + 0 duplicate + 1 rejected + 0 blank\n"
    assert "rejected because of bad-date: 1\n" in said.speech
    assert "rejected lines with their reasons: orders.csv.rejected.csv\n" in said.speech


def test_the_bar_of_progress_is_for_terminals_only(shop: Path) -> None:
    (shop.parent / "orders.csv").write_text(CSV)
    speech = run("source", "load", "orders.csv", "--as", "purchases").speech
    assert "\x1b" not in speech
    assert "\r" not in speech
    assert not speech.startswith("\n")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("words", [["segment", "members", "everyone"], ["query", "SELECT 1 AS one"], ["word", "list"]])
def test_json_is_the_whole_answer_and_nothing_is_said_beside_it(words: list[str]) -> None:
    said = run(*words, "--json")
    assert said.json()
    assert (said.status, said.speech) == (0, "")


@pytest.mark.usefixtures("shop")
def test_json_keeps_letters_as_they_are() -> None:
    run("segment", "add", "в Праге", "city = 'Praha'")
    answer = run("segment", "list", "--json").answer
    assert '"в Праге"' in answer
    assert "\\u" not in answer


@pytest.mark.usefixtures("shop")
def test_columns_stand_below_each_other_whatever_the_letters() -> None:
    said = run("query", "SELECT * FROM (VALUES ('東京', 1), ('Praha', 2000)) AS t(city, people)")
    assert said.answer.splitlines() == ["city   people", "東京        1", "Praha   2,000"]


# --- which workspace


def test_the_environment_names_the_workspace_and_w_goes_before_it(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shop, shop.parent / "other")
    run("-w", "other", "segment", "add", "here", "everyone")
    assert [found["name"] for found in run("-w", "other", "segment", "list", "--json").json()] == ["here"]
    assert run("segment", "list", "--json").json() == []
    monkeypatch.setenv("INTARSIA_WORKSPACE", "other")
    assert len(run("segment", "list", "--json").json()) == 1
    assert run("--workspace", str(shop), "segment", "list", "--json").json() == []


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("name", [None, ""])
def test_a_command_that_was_told_no_workspace_says_how_to_name_one(
    name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name is not None:
        monkeypatch.setenv("INTARSIA_WORKSPACE", name)
    said = run("segment", "count", "everyone")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.startswith("error[cli.no-workspace]: ")
    assert "-w DIR" in said.speech
    assert "INTARSIA_WORKSPACE" in said.speech


@pytest.mark.usefixtures("nowhere")
def test_a_workspace_that_is_not_there_is_named_in_the_error() -> None:
    said = run("-w", "gone", "segment", "count", "everyone")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.startswith("error[workspace.missing]: ")
    assert "gone" in said.speech


# --- language


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_changes_what_is_said_and_never_what_is_answered(language: str) -> None:
    plain = run("segment", "count", "did order", *AT, "--json").json()
    there = run("--language", language, "segment", "count", "did order", *AT, "--json").json()
    assert (plain["size"], plain["base"]) == (there["size"], there["base"]) == (2, 3)
    refused = run("--language", language, "segment", "count", "country = 'CZ' and citty = 'Praha'")
    lines = refused.speech.splitlines()
    assert (refused.status, refused.answer) == (2, "")
    assert lines[0].startswith("error[language.unknown-trait]: ")
    assert "`citty`" in lines[0]
    assert lines[1:3] == ["  country = 'CZ' and citty = 'Praha'", "                     ^^^^^"]
    assert "`city`" in lines[3]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_in_json_has_the_same_code_in_every_language(language: str) -> None:
    said = run(f"--language={language}", "segment", "count", "citty = 'Praha'", "--json")
    assert json.loads(said.speech)["error"]["code"] == "language.unknown-trait"
