from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import click
import pytest

from intarsia.cli.app import told
from intarsia.errors import Bug, OutsideError, UserError
from tests.cli.running import run

FULL = Path("/dev/full")


def process(*words: str, stdout: int | IO[str]) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "intarsia", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("shop")
def test_what_was_done_ends_with_0() -> None:
    assert run("segment", "count", "everyone").status == 0
    assert run("--help").status == 0


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["segment", "count", "citty = 'Praha'"], "language.unknown-trait"),
        (["segment", "count", "country ="], "language.unexpected-word"),
        (["segment", "show", "nobody-made-this"], "segment.unknown"),
        (["segment", "why", "everyone", "zed"], "profile.unknown"),
        (["segment", "count", "everyone", "--at", "yesterday"], "clock.not-a-time"),
        (["segment", "add", "x", "did order in last month"], "language.last-without-number"),
        (["segment", "add", "x", "--template", "loyall"], "segment.unknown-template"),
        (["query", "DROP TABLE profiles"], "lake.query-refused"),
        (["query", "SELECT nothing FROM profiles"], "lake.query-failed"),
        (["word", "correct", "nothing", "--kind", "text"], "record.unknown-word"),
        (["init", "shop"], "workspace.exists"),
        (["init", "other", "--timezone", "Europe/Atlantis"], "config.bad-setting"),
        (["-w", "elsewhere", "word", "list"], "workspace.missing"),
        (["source", "look", "gone.csv"], "cli.usage"),
        (["segment", "count"], "cli.usage"),
        (["segment", "add", "x"], "cli.usage"),
        (["segment", "add", "x", ""], "language.empty-text"),
        (["segment", "add", "\udcff", "everyone"], "cli.usage"),
        (["segment", "why", "everyone", "ad\udcc3"], "cli.usage"),
        (["query", "SELECT '\udcff'"], "cli.usage"),
        (["segmnt"], "cli.usage"),
        (["--language", "tlh", "word", "list"], "cli.usage"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
def test_what_cannot_be_done_as_asked_ends_with_2_and_a_code(words: list[str], code: str) -> None:
    said, said_in_json = run(*words), run(*words, "--json")
    assert (said.status, said.answer) == (2, "")
    assert said.speech.startswith(f"error[{code}]: ")
    assert (said_in_json.status, said_in_json.answer) == (2, "")
    assert said_in_json.error()["code"] == code


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["segment", "create"], "'add'"),
        (["list", "new"], "'add'"),
        (["segment", "delete"], "'rm'"),
        (["segment", "remove"], "'rm'"),
        (["list", "rm"], "'remove'"),
        (["segment", "update"], "'edit'"),
        (["segment", "renam"], "'rename'"),
    ],
)
def test_a_command_by_anothers_word_for_it_is_told_by_ours(words: list[str], meant: str) -> None:
    assert run(*words).speech.startswith(f"error[cli.usage]: No such command '{words[1]}'. Did you mean {meant}?\n")


@pytest.mark.usefixtures("nowhere")
def test_a_word_for_a_command_that_the_group_lacks_means_none() -> None:
    assert "Did you mean" not in run("report", "create").speech


def test_what_the_system_refuses_ends_with_3(nowhere: Path) -> None:
    (nowhere / "letter.txt").write_text("Dear Ada")
    said = run("init", "letter.txt/shop")
    assert (said.status, said.answer) == (3, "")
    assert said.speech.startswith("error[cli.system]: the system refused: ")


@pytest.mark.usefixtures("shop")
@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_an_answer_that_cannot_be_written_ends_with_3() -> None:
    with FULL.open("w") as full:
        done = process("segment", "count", "everyone", stdout=full)
    assert done.returncode == 3
    assert "No space left" in done.stderr


def test_each_family_of_errors_has_its_status() -> None:
    assert (told(UserError()).exit_status, told(OutsideError()).exit_status, told(Bug(what="x")).exit_status) == (
        2,
        3,
        70,
    )
    assert told(click.UsageError("no such option")).exit_status == 2
    assert told(PermissionError(13, "Permission denied", "shop")).exit_status == 3


def test_our_own_mistake_is_told_as_one() -> None:
    said = told(KeyError("lost"))
    assert (said.exit_status, said.code) == (70, "bug")
    assert "KeyError: 'lost'" in said.message()
    assert "report it" in str(said.hint())


@pytest.mark.usefixtures("nowhere")
def test_nothing_at_all_shows_the_help() -> None:
    said = run()
    assert (said.status, said.answer) == (2, "")
    assert "Commands:" in said.speech


# --- pipes


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "words",
    [
        ("query", "SELECT range FROM range(100000)"),
        ("query", "SELECT range FROM range(100000)", "--json"),
        ("segment", "templates"),
        ("segment", "members", "everyone"),
        ("word", "list"),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_error(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(*words, stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert "error" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("shop")
def test_a_pipe_gets_the_first_line() -> None:
    words = f"'{sys.executable}' -m intarsia query 'SELECT range FROM range(100000)' | head -n 1"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", words], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "range\n")
    assert "error" not in done.stderr
