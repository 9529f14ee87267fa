"""A rule that means others keeps its meaning when somebody is erased, and one that names only them is rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import intarsia
from intarsia.workspace import Workspace
from tests.profile.canaries import said, track

OFFICE, PHONE = "office@example.com", "+420 777 123 456"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    """Ada has the number of a house as her id, the address of an office, and a telephone that Ben has too."""
    with intarsia.create(tmp_path / "shop", timezone="Europe/Prague", currency="CZK", country="CZ") as ws:
        ada = {"email": OFFICE, "phone": PHONE, "house_number": 12, "first_name": "Ada", "card_number": "KNR-9911-77"}
        ws.record(
            [
                said("7", "1", **ada),
                said("71", "1", house_number=7, phone=PHONE, first_name="Ben"),
                said("72", "1", email=OFFICE, first_name="Dan", work="dan@example.com"),
                said("cyd", "1", city="Brno"),
                track("7", "v", "visit", "2026-01-01", {"card_number": "0"}),
            ],
            "2026-01-01",
        )
        yield ws


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("house_number = '7'", ["71"]),
        (f"email = '{OFFICE}'", ["72"]),
        (f"phone = '{PHONE}'", ["71"]),
        ("profile starts with '7'", ["71", "72"]),
        ("profile contains '7'", ["71", "72"]),
        ("profile matches '7.'", ["71", "72"]),
        (f"email = '{OFFICE.upper()}' ignoring case", ["72"]),
    ],
)
def test_a_rule_that_means_others_stays_as_it_is(shop: Workspace, rule: str, left: list[str]) -> None:
    shop.segments.add("some", rule)
    done = shop.profiles.erase(["7"], reason="asked")
    assert (shop.segments.get("some").text, shop.segments.members("some"), done.rewritten) == (rule, left, ())


@pytest.mark.parametrize(
    ("rule", "after"),
    [
        ("profile = '7'", "profile = '(erased)'"),
        ("profile != '7' or profile not in ('7', '71')", "profile != '(erased)' or profile not in ('(erased)', '71')"),
        ("profile in ('7', 'cyd') -- by hand", "profile in ('(erased)', 'cyd') -- by hand"),
        ("card_number = 'KNR-9911-77'", "card_number = '(erased)'"),
        ("did visit where (card_number in ('knr 991177', 'x'))", "did visit where (card_number in ('(erased)', 'x'))"),
    ],
)
def test_a_value_that_only_they_had_is_replaced_in_every_version(shop: Workspace, rule: str, after: str) -> None:
    shop.segments.add("some", rule)
    before = shop.segments.members("some")
    shop.segments.edit("some", "everyone")
    done = shop.profiles.erase(["7"], reason="asked")
    texts = [version.text for version in shop.segments.show("some").versions]
    assert (texts, done.rewritten) == ([after, "everyone"], ("some",))
    assert shop.segments.members(after) == [one for one in before if one != "7"]


def test_what_is_no_whole_value_is_told_and_stays(shop: Workspace) -> None:
    shop.record([said("7", "2", nickname="adalovelace", email="ada@example.com")], "2026-01-02")
    shop.segments.add("some", "email starts with 'ada@example.com'")
    done = shop.profiles.erase(["7"], reason="asked")
    assert shop.segments.get("some").text == "email starts with 'ada@example.com'"
    assert [mention.to_json() for mention in done.mentions] == [{"what": "segment", "name": "some"}]


def test_a_comment_that_names_them_goes_and_one_with_a_small_number_stays(shop: Workspace) -> None:
    shop.record([said("7", "2", email="ada@example.com")], "2026-01-02")
    shop.segments.add("one", "everyone -- ada@example.com asked")
    shop.segments.add("other", "everyone -- for 7 days")
    shop.profiles.erase(["7"], reason="asked")
    assert [definition.text for definition in shop.segments.all()] == ["everyone ", "everyone -- for 7 days"]


def test_an_export_shows_the_definitions_that_an_erasure_would_rewrite(shop: Workspace) -> None:
    shop.segments.add("hers", "profile = '7'")
    shop.segments.add("house", "house_number = '7'")
    assert [row["segment"] for row in shop.export("7").sections["definitions"]] == ["hers"]


def test_a_word_stays_only_where_a_rule_names_it_with_its_event(shop: Workspace) -> None:
    own = {"type": "track", "messageId": "m", "userId": "7", "timestamp": "2026-01-02", "properties": {"p": 1, "c": 2}}
    shop.record([{**own, "event": "Ada's Party"}, {**own, "messageId": "n", "event": "Visit"}], "2026-01-02")
    shop.segments.add("some", "did Visit where (c > 1) or did order where (lines.price > 3)")
    shop.profiles.erase(["7"], reason="asked")
    assert {word.label for word in shop.words() if word.scope == "event"} == {"Visit", "Visit.c"}
