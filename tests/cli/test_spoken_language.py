"""In which language errors and sentences are said: the one asked for, else the workspace's, else English."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import AT, run

WRONG = ("segment", "count", "citty = 'Praha'")


def first(*words: str) -> str:
    """The first line of the error."""
    return run(*words).speech.splitlines()[0]


def speak_polish(shop: Path) -> None:
    path = shop / "workspace.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('language = "en"', 'language = "pl"'), encoding="utf-8")


def test_the_workspace_says_in_which_language_errors_are(shop: Path) -> None:
    english, polish = first(*WRONG), first("--language", "pl", *WRONG)
    assert english != polish
    speak_polish(shop)
    assert first(*WRONG) == polish
    assert first("segment", "check", WRONG[-1]) == polish
    assert first("--language", "en", *WRONG) == english
    assert first("--language=en", "segment", "check", WRONG[-1]) == english


def test_explanations_and_doubts_are_in_it_too(shop: Path) -> None:
    plain = run("segment", "complete", "countr", "--json").json()
    asked = run("--language", "pl", "segment", "complete", "countr", "--json").json()
    assert plain != asked
    speak_polish(shop)
    assert run("segment", "complete", "countr", "--json").json() == asked


def test_sentences_are_in_it_or_in_english_where_there_are_none(shop: Path) -> None:
    run("segment", "add", "loyal", "did order")
    speak_polish(shop)
    for words in (("segment", "check", "did order"), ("segment", "show", "loyal", *AT)):
        assert run(*words).answer == run("--language", "pl", *words).answer
        assert run(*words).answer


@pytest.mark.usefixtures("nowhere")
def test_before_a_workspace_is_open_it_is_the_one_asked_for_else_english() -> None:
    assert first("segment", "list") == "error[cli.no-workspace]: no workspace is named"
    assert first("--language", "pl", "segment", "list") != first("segment", "list")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("option", ["--language", "--workspace", "-w"])
def test_an_option_of_the_root_behind_the_group_is_told_its_place(option: str) -> None:
    said = run("segment", option, "pl", "count", "everyone", "--json").error()
    assert (said["code"], said["message"]) == ("cli.usage", f"`{option}` stands before `segment`")
    late = run("segment", "count", option, "pl", "everyone", "--json").error()
    assert late["message"] == f"`{option}` stands before `segment`"
