"""`intarsia profile`: one person's data on the command line."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import intarsia
from intarsia.cli.app import root
from tests.cli.running import AT, run


@pytest.mark.usefixtures("shop")
def test_deleted_and_restored() -> None:
    said = run("profile", "delete", "ada", "ben", "--at", "2026-09-25", "--reason", "asked")
    assert (said.status, said.answer) == (0, "ada\nben\n")
    assert said.speech == "deleted from 2026-09-24T22:00:00.000Z on\n"
    assert run("segment", "count", "everyone", *AT, "--json").json()["base"] == 1
    restored = run("profile", "restore", "ada", "--at", "2026-09-26", "--json").json()
    assert restored == {"profile_ids": ["ada"], "at": "2026-09-25T22:00:00.000Z", "deleted": False}
    assert run("segment", "count", "everyone", *AT, "--json").json()["base"] == 2


@pytest.mark.usefixtures("shop")
def test_why_says_that_somebody_is_deleted_and_since_when() -> None:
    run("profile", "delete", "ada", "--at", "2026-09-25", "--reason", "asked")
    said = run("segment", "why", "everyone", "ada", *AT)
    assert "not in because deleted since 2026-09-24T22:00:00.000Z: asked\n" in said.speech
    assert "is known" not in said.answer + said.speech


@pytest.mark.usefixtures("shop")
def test_what_was_rewritten_and_what_still_names_them_is_said() -> None:
    run("profile", "delete", "ben")
    run("segment", "add", "hers", "profile = 'adalind' or profile = 'ben'")
    with intarsia.open("shop") as ws:
        ws.record([{"type": "identify", "messageId": "z", "userId": "adalind", "traits": {"city": "Praha"}}])
        ws.segments.pin("hers", ["cyd"], reason="a friend of adalind", author="me")
    said = run("profile", "erase", "adalind", "--reason", "asked", "--yes")
    assert "  rewritten, for it named them: segment hers\n" in said.answer
    assert "still names them, for it was written by people: pin cyd\n" in said.speech
    again = run("profile", "erase", "adalind", "--reason", "asked", "--yes", "--json").error()
    assert (again["code"], "`adalind` was erased on 20" in again["message"]) == ("profile.erased", True)
    assert run("profile", "erase", "cyd", "--reason", " ", "--yes", "--json").error()["code"] == "profile.no-reason"
    words = ("profile", "erase", "adalind", "--reason", "asked", "--yes", "--json")
    assert run(*words).error()["hint"].endswith("`intarsia profile readmit adalind`")


@pytest.mark.usefixtures("shop")
def test_somebody_unknown_is_refused() -> None:
    for words in (("delete", "eve"), ("restore", "eve"), ("export", "eve"), ("erase", "eve", "--reason", "x", "--yes")):
        said = run("profile", *words, "--json")
        assert (said.status, said.error()["code"]) == (2, "profile.unknown")
    assert run("profile", "readmit", "ada", "--json").error()["code"] == "profile.not-erased"


def test_erased_with_what_was_removed_where(shop: Path) -> None:
    said = run("profile", "erase", "ada", "--reason", "asked", "--yes")
    assert said.status == 0
    assert said.answer.startswith("erased 1 person (1 profile)\n")
    assert "  1 profile\n  2 messages\n" in said.answer
    assert "  0 rejected lines\n" in said.answer
    assert "outside of this: back-ups, exports" in said.speech
    assert b"ada" not in b"".join(path.read_bytes() for path in shop.rglob("*.sqlite*"))
    assert run("segment", "count", "everyone", *AT, "--json").json()["base"] == 2


@pytest.mark.usefixtures("shop")
def test_erased_in_json() -> None:
    done = run("profile", "erase", "ada", "ben", "--reason", "asked", "--yes", "--json").json()
    assert (done["people"], done["rows"]["profiles"], done["loaded_from"]) == (2, 2, [])


@pytest.mark.parametrize(("typed", "left"), [("n\n", 3), ("", 3), ("y\n", 2)])
@pytest.mark.usefixtures("shop")
def test_it_asks_before_it_erases(typed: str, left: int) -> None:
    words = ["profile", "erase", "ada", "--reason", "asked"]
    done = CliRunner().invoke(root, words, input=typed)
    assert "erase 1 person for ever? [y/N]" in done.stderr
    assert done.exit_code == (0 if left == 2 else 1)
    assert run("segment", "count", "everyone", *AT, "--json").json()["base"] == left


@pytest.mark.usefixtures("shop")
def test_a_reason_is_needed() -> None:
    assert run("profile", "erase", "ada", "--yes", "--json").error()["code"] == "cli.usage"


@pytest.mark.usefixtures("shop")
def test_erased_readmitted_and_told_of() -> None:
    run("segment", "add", "all", "everyone")
    run("evaluate")
    run("profile", "erase", "ada", "--reason", "asked", "--yes")
    assert "1 person has been erased; their changes are not here" in run("membership", "history").speech
    assert run("evaluate", "--json").json()["erased"] == 1
    assert run("profile", "readmit", "ada", "--json").json() == {"readmitted": True}


@pytest.mark.usefixtures("shop")
def test_exported_to_stdout_and_to_files(tmp_path: Path) -> None:
    printed = run("profile", "export", "ada")
    assert json.loads(printed.answer)["profile_ids"] == ["ada"]
    told = run("profile", "export", "ada", "--out", "ada.json", "--json").json()
    assert told["rows"]["messages"] == 2
    assert (tmp_path / "ada.json").read_text() == printed.answer
    said = run("profile", "export", "ada", "--out", "ada.zip", "--format", "zip")
    assert (said.answer, said.speech.startswith("1 profile, ")) == ("ada.zip\n", True)
    with zipfile.ZipFile(tmp_path / "ada.zip") as file:
        assert "messages.csv" in file.namelist()
    assert run("profile", "export", "ada", "--format", "zip", "--json").error()["code"] == "cli.usage"
