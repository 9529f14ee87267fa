"""What holds for every command, those of tomorrow too."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from intarsia.speech import LANGUAGES
from tests.cli.running import leaves, run

LEAVES = leaves()
NEEDS_NO_WORKSPACE = {"demo"}
"""It makes its own, which takes a while; tests/demo runs it."""
CALLED = sorted(set(LEAVES) - NEEDS_NO_WORKSPACE)


@pytest.mark.parametrize("words", sorted(LEAVES))
def test_it_takes_json(words: str) -> None:
    options = [name for parameter in LEAVES[words].params for name in parameter.opts]
    assert "--json" in options


@pytest.mark.parametrize("words", sorted(LEAVES))
def test_it_says_what_it_does_in_one_paragraph(words: str) -> None:
    said = run(*words.split(), "--help")
    assert (said.status, said.speech) == (0, "")
    assert said.answer.startswith(f"Usage: intarsia {words} ")
    assert LEAVES[words].help is not None


@pytest.mark.parametrize("words", sorted(LEAVES))
def test_a_question_about_the_past_can_be_asked_of_what_was_known_then(words: str) -> None:
    options = {name for parameter in LEAVES[words].params for name in parameter.opts}
    # Who is one person is so for every instant that is asked about: only what was known then makes a difference.
    has_instant = "--at" in options or {"--from", "--to"} <= options
    assert has_instant or "--known-at" not in options or words.startswith("identity ")


@pytest.mark.parametrize("words", CALLED)
def test_called_with_nothing_it_answers_or_refuses_in_json(words: str, nowhere: Path) -> None:
    said = run(*words.split(), "--json")
    if said.status == 0:
        assert said.json() is not None
    else:
        assert (said.status, said.answer) == (2, "")
        assert said.error()["code"] in ("cli.usage", "cli.no-workspace")
        assert set(said.error()) == {"code", "message", "position", "hint"}
    assert list(nowhere.iterdir()) == []


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("words", CALLED)
def test_an_option_that_it_does_not_have_is_refused(words: str) -> None:
    said = run(*words.split(), "--no-such-option")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.startswith("error[cli.usage]: No such option")
    assert f"`intarsia {words} --help`" in said.speech


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", CALLED)
def test_it_refuses_in_every_language(words: str, language: str) -> None:
    said = run("--language", language, *words.split(), "--no-such-option")
    assert said.status == 2
    assert said.speech.startswith("error[cli.usage]: ")


def test_the_commands_are_those_of_a_segmentation_crm() -> None:
    assert {"init", "source load", "segment count", "query"} <= set(LEAVES)
    assert all(isinstance(command, click.Command) for command in LEAVES.values())
