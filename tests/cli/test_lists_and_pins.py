"""`intarsia list ...` and `intarsia segment pin|exclude|unpin`: what they answer and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import AT, run

pytestmark = pytest.mark.usefixtures("shop")


def write(text: str) -> str:
    path = Path("ids.csv")
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_list_is_added_shown_and_removed() -> None:
    added = run("list", "add", "vip", write("who;name\nada;Ada\nada;Ada\nghost;Nobody\n"), "--column", "who")
    assert added.answer.splitlines() == [
        "vip (version 1)",
        "  2 ids, 1 of them known",
        "  2 more and 0 fewer than in the version before",
    ]
    assert added.speech.splitlines() == [
        "1 more lines repeat an id",
        "nobody has the id ghost; kept, and counted once somebody has it",
    ]
    shown = run("list", "show", "vip", "--json").json()
    assert (shown["ids"], shown["found"], shown["unknown"]) == (2, 1, ["ghost"])
    assert run("list", "show", "vip", "--ids").answer == "ada\nghost\n"
    assert run("list", "show", "vip", "--ids", "--json").json()["members"] == ["ada", "ghost"]
    assert run("segment", "members", "in segment 'vip'", *AT).answer == "ada\n"
    assert run("list", "list").answer.splitlines()[1] == "vip         1  -- 2 profiles, from ids.csv"
    assert [row["kind"] for row in run("segment", "list", "--json").json()] == ["list"]
    assert run("list", "remove", "vip").speech == "`vip` is removed; the ledger keeps what was\n"
    assert run("list", "list", "--json").json() == []


def test_a_file_that_cannot_be_a_list_is_refused() -> None:
    assert run("list", "add", "vip", write("\n"), "--json").error()["code"] == "source.empty"
    assert run("list", "add", "vip", write("a;b\n1;2\n"), "--column", "c", "--json").error()["code"] == (
        "source.no-such-column"
    )
    assert run("list", "show", "vip", "--json").error()["code"] == "segment.unknown"


def test_people_are_pinned_and_excluded_and_both_is_told_wherever_they_are() -> None:
    run("segment", "add", "buyers", "did order")
    pinned = run("segment", "pin", "buyers", "cyd", "--reason", "asked", "--by", "iva", "--until", "2030-01-01")
    assert pinned.answer.startswith("cyd pinned since ")
    assert pinned.answer.endswith(" by iva, until 2030-01-01T23:00:00.000Z: asked\n")
    excluded = run("segment", "exclude", "buyers", "ada", "ben", "--reason", "complained", "--json").json()
    assert [one["profile_id"] for one in excluded["exclusions"]] == ["ada", "ben"]
    assert [one["reason"] for one in excluded["pins"]] == ["asked"]
    assert run("segment", "members", "buyers", "--json").json()["members"] == ["cyd"]
    shown = run("segment", "show", "buyers")
    assert [line.split()[:3] for line in shown.answer.splitlines()[4:]] == [
        ["cyd", "pinned", "since"],
        ["ada", "kept", "out"],
        ["ben", "kept", "out"],
    ]
    why = run("segment", "why", "buyers", "cyd", "--json").json()
    assert why["facts"]["pins"][0]["reason"] == "asked"
    assert "asked" in run("segment", "why", "buyers", "cyd").answer
    left = run("segment", "unpin", "buyers", "ada", "cyd")
    assert left.answer.startswith("ben kept out since ")
    assert run("segment", "members", "buyers", "--json").json()["members"] == ["ada"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("pin", "buyers", "ghost", "--reason", "a"), "profile.unknown"),
        (("pin", "buyers", "ada", "--reason", " "), "segment.no-reason"),
        (("exclude", "buyers", "ada", "--reason", "a", "--until", "2020-01-01"), "segment.pin-expires-before"),
        (("exclude", "buyers", "ada", "--reason", "a", "--until", "soon"), "clock.not-a-time"),
        (("unpin", "buyers", "ada"), "segment.not-pinned"),
        (("pin", "nothing", "ada", "--reason", "a"), "segment.unknown"),
        (("pin", "buyers", "ada"), "cli.usage"),
    ],
)
def test_a_pin_that_cannot_be_is_refused(words: tuple[str, ...], code: str) -> None:
    run("segment", "add", "buyers", "did order")
    refused = run("segment", *words, "--json")
    assert (refused.status, refused.error()["code"]) == (2, code)
    assert run("segment", "members", "buyers", "--json").json()["members"] == ["ada", "ben"]
