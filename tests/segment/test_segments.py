"""The segments of a workspace: refused when wrong, counted, listed, explained."""

from __future__ import annotations

import time

import pytest

from intarsia.errors import UserError
from intarsia.language.interpret import SegmentLoop
from intarsia.language.problems.whole import LanguageError
from intarsia.record.history import NoSuchProfile
from intarsia.segment.definitions import NoSuchSegment, ring
from tests.membership.simulated import Simulation


def test_nothing_is_kept_of_a_text_that_is_wrong(shop: Simulation) -> None:
    for text in ("did ordr", "citty = 'Brno'", "in segment 'gone'", "did order and", ""):
        with pytest.raises(UserError):
            shop.workspace.segments.add("wrong", text)
    assert shop.workspace.segments.all() == []


def test_an_edit_that_is_wrong_leaves_the_version_in_force(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    with pytest.raises(UserError):
        shop.workspace.segments.edit("buyers", "did ordr")
    assert shop.workspace.segments.get("buyers").version == 1


def test_an_edit_that_closes_a_ring_is_refused_and_the_ring_shown(shop: Simulation) -> None:
    segments = shop.workspace.segments
    shop.define("a", "did order")
    shop.define("b", "in segment 'a'")
    shop.define("c", "everyone and in segment 'b'")
    with pytest.raises(SegmentLoop, match="a → c → b → a"):
        segments.edit("a", "in segment 'c'")
    with pytest.raises(SegmentLoop, match="a → a"):
        segments.edit("a", "not in segment 'a'")
    assert segments.get("a").text == "did order"


def test_a_ring_is_looked_for_in_no_time_where_everything_names_everything() -> None:
    names = [f"s{number}" for number in range(60)]
    named = {name: names[number + 1 :] for number, name in enumerate(names)}
    begun = time.perf_counter()
    assert ring(named, "s0") == []
    named["s59"] = ["s0"]
    assert ring(named, "s0")[-1] == "s0"
    assert time.perf_counter() - begun < 5


def test_a_name_and_its_text_have_the_same_members(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    segments = shop.workspace.segments
    assert segments.members("recent") == segments.members("did order in last 30 days") == ["ada"]
    found = segments.count("recent")
    assert (found.size, found.base) == (1, 3)
    table = segments.members("recent", as_table=True)
    assert table.column_names == ["profile_id"]  # type: ignore[union-attr]


def test_members_are_asked_for_as_of_two_times(shop: Simulation) -> None:
    segments = shop.workspace.segments
    assert segments.members("did order in last 30 days", at="2023-05-10") == ["ben"]
    assert segments.members("did order", known_at="2024-02-28") == []
    as_of = segments.count("did order", at="2023-05-10").as_of.to_json()
    assert as_of == {"at": "2023-05-09T22:00:00.000Z", "known_at": "2024-02-29T23:00:00.000Z", "record_state": 4}


def test_a_segment_that_names_another_sees_its_members_at_the_same_instant(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    shop.define("others", "not in segment 'recent'")
    assert shop.workspace.segments.members("others") == ["ben", "eva"]
    assert shop.workspace.segments.members("others", at="2023-05-10") == ["eva"]


def test_why_names_the_condition_that_fails(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days and sum(order.total) > 120")
    why = shop.workspace.segments.why("recent", "ben")
    assert not why.holds
    assert [part.text for part in why.failing()] == ["did order in last 30 days"]
    assert shop.workspace.segments.why("recent", "ada").holds


def test_why_knows_who_is_in_ranks_and_named_segments(shop: Simulation) -> None:
    shop.define("recent", "did order in last 30 days")
    text = "top 1 by sum(order.total) and in segment 'recent'"
    assert [part.text for part in shop.workspace.segments.why(text, "ben").failing()] == ["in segment 'recent'"]
    failing = shop.workspace.segments.why(text, "ada").failing()
    assert [part.text for part in failing] == ["top 1 by sum(order.total)"]


def test_why_of_nobody_is_refused(shop: Simulation) -> None:
    with pytest.raises(NoSuchProfile):
        shop.workspace.segments.why("did order", "nobody")


def test_a_sentence_counts_the_members_of_whom_the_value_is_unknown(shop: Simulation) -> None:
    shop.define("not brno", "city != 'Brno'")
    shown = shop.workspace.segments.show("not brno")
    assert shown.count is not None
    assert shown.count.size == 2
    assert shown.sentence == "People whose city is not 'Brno' (includes 2 people whose city is unknown)"


def test_a_sentence_says_what_is_asked_of_lines(shop: Simulation) -> None:
    shop.order("ben", "2024-02-25T10:00", products=[{"sku": "A", "category": "coats", "quantity": 1, "price": 5}])
    shop.define("coats", "count(order.category) >= 1")
    said = "People whose number of lines of orders with a known category is at least 1"
    assert shop.workspace.segments.show("coats").sentence == said


def test_a_segment_is_shown_with_its_sentence_its_size_and_its_versions(shop: Simulation) -> None:
    shop.define("recent", "did order in last 60 days")
    shop.workspace.segments.edit("recent", "did order in last 30 days")
    shown = shop.workspace.segments.show("recent").to_json()
    assert (shown["size"], shown["base"], shown["version"]) == (1, 3, 2)
    assert [version["definition"] for version in shown["versions"]] == [  # type: ignore[attr-defined]
        "did order in last 60 days",
        "did order in last 30 days",
    ]
    assert "order" in str(shown["sentence"])


def test_an_event_that_is_sent_under_a_short_name_changes_no_definition(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    before = shop.workspace.segments.members("buyers")
    shop.record({"type": "track", "messageId": "x", "userId": "eva", "event": "order", "properties": {"total": 1}})
    assert shop.workspace.segments.members("buyers") == before == ["ada", "ben"]


@pytest.mark.parametrize("text", ["buyer", "Buyers", "buyers "])
def test_a_misspelt_name_of_a_segment_gets_the_nearest(shop: Simulation, text: str) -> None:
    shop.define("buyers", "did order")
    with pytest.raises(NoSuchSegment) as caught:
        shop.workspace.segments.count(text)
    assert "`buyers`" in str(caught.value.hint())


def test_a_definition_that_is_wrong_is_no_misspelt_name(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    with pytest.raises(LanguageError):
        shop.workspace.segments.count("did ordr")


def test_a_name_that_is_like_no_other_gets_a_next_step_too(shop: Simulation) -> None:
    shop.define("buyers", "did order")
    with pytest.raises(NoSuchSegment) as caught:
        shop.workspace.segments.get("xyz")
    assert caught.value.hint() == "`intarsia segment list` shows those that there are"
