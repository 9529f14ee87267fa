"""`intarsia identity` from the command line: what is asked, what is said, and in which stream."""

from __future__ import annotations

from pathlib import Path

import pytest

import intarsia
from tests.cli.running import Said, run


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """Ada and Ben with one address, Cyd alone, and somebody without a name."""
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK") as ws:
        traits = {"ada": {"email": "x@a.cz"}, "ben": {"email": "X@a.cz"}, "cyd": {}}
        messages = [{"type": "identify", "userId": who, "traits": some} for who, some in traits.items()]
        ws.record([*messages, {"type": "page", "anonymousId": "d-1"}], "2026-01-01")
    return str(tmp_path / "shop")


def call(shop: str, *words: str) -> Said:
    return run("-w", shop, *words)


def test_show_answers_for_the_person_and_says_so(shop: str) -> None:
    said = call(shop, "identity", "show", "ben")
    assert said.answer.splitlines()[0].split() == ["profile_id", "first_recorded_at"]
    assert "ada and ben are one by email x@a.cz, 2025-12-31T23:00:00.000Z" in said.answer
    assert said.speech == "ben is one person with ada, who was known first\n"
    assert call(shop, "identity", "show", "ada").speech == ""
    assert [row["profile_id"] for row in call(shop, "identity", "show", "ben", "--json").json()["profiles"]] == [
        "ada",
        "ben",
    ]
    before = call(shop, "identity", "show", "ben", "--known-at", "2025-06-01", "--json").json()
    assert [row["profile_id"] for row in before["profiles"]] == ["ben"]


def test_merge_and_unmerge_say_what_was_done_and_keep_the_reason(shop: str) -> None:
    said = call(shop, "identity", "merge", "cyd", "ben", "--reason", "one card")
    assert said.answer == ""
    assert said.speech == "cyd and ben are one person, ada; `intarsia identity unmerge` undoes it\n"
    assert "ben and cyd are one by a decision" in call(shop, "identity", "show", "ada").answer
    said = call(shop, "identity", "unmerge", "ben", "--reason", "another")
    assert said.speech == "ben is a person of its own; it was one with ada, cyd\n"
    assert " unmerge ben: another\n" in call(shop, "identity", "show", "ben").answer


def test_a_decision_needs_a_reason(shop: str) -> None:
    said = call(shop, "identity", "merge", "cyd", "ben")
    assert (said.status, said.answer) == (2, "")
    assert call(shop, "identity", "merge", "cyd", "ben", "--reason", "  ").speech.startswith(
        "error[identity.no-reason]"
    )


def test_a_count_speaks_of_those_without_a_name_where_there_are_any(shop: str) -> None:
    said = call(shop, "segment", "count", "everyone")
    assert said.answer == "3\n"
    assert said.speech.splitlines()[1] == "of them anonymous: 1 of 1"
    assert call(shop, "segment", "count", "profile is identified").speech.splitlines()[1] == "of them anonymous: 0 of 1"


def test_why_says_of_whom_it_speaks(shop: str) -> None:
    said = call(shop, "segment", "why", "email is known", "ben")
    assert said.answer.splitlines()[0] == "ada is in"
    assert said.speech.splitlines()[0] == "ben is one person with ada, whose facts these are"
    told = call(shop, "segment", "why", "email is known", "ben", "--json").json()
    assert (told["profile_id"], told["asked_for"], told["holds"]) == ("ada", "ben", True)


def test_kinds_are_listed_with_their_traits(shop: str) -> None:
    assert call(shop, "identity", "kind", "add", "club", "--trait", "club.number", "--form", "digits").status == 0
    rows = [line.split() for line in call(shop, "identity", "kind", "list").answer.splitlines()]
    assert ["club", "club.number", "digits", "True"] in rows
    assert call(shop, "identity", "kind", "add", "email", "--trait", "x", "--form", "text").status == 2
    assert call(shop, "identity", "reread").speech == "0 identifiers are new\n"
