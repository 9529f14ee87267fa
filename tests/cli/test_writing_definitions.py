"""Completion and check of a definition while it is written."""

from __future__ import annotations

import pytest

from tests.cli.running import run


@pytest.mark.usefixtures("shop")
def test_complete_lists_what_may_stand_at_the_end_or_at_the_cursor() -> None:
    found = run("segment", "complete", "did order where (cat", "--json").json()
    assert [(item["text"], item["start"], item["end"], item["kind"]) for item in found] == [
        ("category", 17, 20, "property")
    ]
    assert found[0]["explanation"] == "a text, said of each line of the event `order`"
    assert "country" in run("segment", "complete", "coun = 'CZ'", "--cursor", "4").answer


@pytest.mark.usefixtures("shop")
def test_complete_of_nothing_lists_nothing() -> None:
    said = run("segment", "complete", "country = 'CZ' zzz", "--json")
    assert said.json() == []


@pytest.mark.usefixtures("shop")
def test_check_reads_back_what_is_right() -> None:
    said = run("segment", "check", "country != 'CZ'")
    assert (said.status, said.answer) == (0, "People whose country is not 'CZ' (or is unknown)\n")
    at = run("segment", "check", "country != 'CZ'", "--cursor", "3").answer
    assert at.splitlines()[0] == "country: a text, worked out from what is said of a person"


@pytest.mark.usefixtures("shop")
def test_check_tells_everything_that_is_wrong() -> None:
    said = run("segment", "check", "citty = 'x' and country = CZ or did ordr")
    assert said.status == 2
    assert said.answer == ""
    codes = [line for line in said.speech.splitlines() if line.startswith("error[")]
    assert [line.split("]")[0] for line in codes] == [
        "error[language.unknown-trait",
        "error[language.not-a-value",
        "error[language.unknown-event",
    ]
