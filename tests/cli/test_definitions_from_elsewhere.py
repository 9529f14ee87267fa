"""A definition from a pipe or a file, and what is said where the shell took one apart."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")
RULE = "-- at home\ncountry = 'CZ'\n"


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize("words", [("count",), ("members",), ("check",), ("add", "home")])
def test_a_dash_reads_a_definition_from_a_pipe(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("segment", *words, "--", RULE.strip()).answer
    run("segment", "rm", "home")
    piped(monkeypatch, RULE.encode())
    said = run("segment", *words, "-")
    assert (said.status, said.answer) == (0, plain)


def test_an_at_reads_a_definition_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "rule.txt").write_text("\ufeff" + RULE, encoding="utf-8")
    assert run("segment", "members", "@rule.txt", *AT).answer == "ada\n"
    assert run("segment", "add", "home", "@rule.txt", "--json").json()["definition"] == RULE.strip()
    assert run("segment", "edit", "home", f"@{tmp_path / 'rule.txt'}", "--json").json()["version"] == 1
    assert "yes country = 'CZ'" in run("segment", "why", "@rule.txt", "ada").answer
    assert run("segment", "complete", "@rule.txt", "--json").status == 0


def test_a_name_may_come_from_a_pipe_too(monkeypatch: pytest.MonkeyPatch) -> None:
    run("segment", "add", "home", "country = 'CZ'")
    piped(monkeypatch, b"home\n")
    assert run("segment", "count", "-").answer == "1\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_100_000])
def test_what_is_no_definition_is_refused(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rule.txt").write_bytes(content)
    assert run("segment", "count", "@rule.txt", "--json").error()["code"] == "cli.usage"
    piped(monkeypatch, content)
    assert run("segment", "count", "-", "--json").error()["code"] == "cli.usage"
    assert "gone.txt" in run("segment", "count", "@gone.txt", "--json").error()["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "did Product", "Viewed in last 7 days"),
        ("count", "did Product", "Viewed"),
        ("why", "did Product", "Viewed", "ada"),
        ("add", "x", "did Product", "Viewed"),
    ],
)
def test_a_definition_that_the_shell_took_apart_says_how_to_quote(words: tuple[str, ...]) -> None:
    error = run("segment", *words, "--json").error()
    assert error["code"] == "cli.usage"
    assert '\\"' in error["hint"]
    assert "`@FILE`" in error["hint"]


@pytest.mark.parametrize(
    ("rule", "least"),
    [("did order in last 0 days", 1), ("did order in last 1.5 days", 1), ("did order in last 1.5 hours", 0)],
)
def test_a_number_that_is_refused_is_not_among_those_that_are_wanted(rule: str, least: int) -> None:
    error = run("segment", "count", rule, "--json").error()
    assert (error["code"], f"from {least} to 999999999" in error["message"]) == ("language.bad-number", True)
    assert run("segment", "count", f"did order in last {least} {rule.split()[-1]}").status == 0
