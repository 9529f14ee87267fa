"""Ranks, buckets and segments that name segments (rules 37-41)."""

from __future__ import annotations

import pytest

from intarsia.ids import BUCKETS, bucket_number
from intarsia.language import tree
from intarsia.language.interpret import Crowd, GivenSets, Ranking, SegmentLoop, explain, holds
from intarsia.language.meaning.facts import Fact, Person
from tests.language.asking import CATALOG, defined, order, question, refund, said, who


def rank_of(text: str) -> tree.Rank:
    rank = defined(text).tree
    assert isinstance(rank, tree.Rank)
    return rank


def spenders(**totals: int) -> dict[str, list[Fact]]:
    return {name: [order(total=total)] for name, total in totals.items()}


SHOP = {**spenders(ada=50, ben=40, cyd=40, dan=30, eva=10), "quiet": [said(score=99)]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top 1 by sum(order.total)", "ada"),
        ("top 2 by sum(order.total)", "ada ben"),
        ("top 3 by sum(order.total)", "ada ben cyd"),
        ("bottom 1 by sum(order.total)", "eva"),
        ("bottom 3 by sum(order.total)", "eva dan ben"),
        ("top 99 by sum(order.total)", "ada ben cyd dan eva"),
        ("top 20% by sum(order.total)", "ada"),
        ("top 20.01% by sum(order.total)", "ada ben"),
        ("top 100% by sum(order.total)", "ada ben cyd dan eva"),
        ("top 0.01% by sum(order.total)", "ada"),
        ("top 50% by sum(order.total, last 1 day)", ""),
        ("top 1 by score", "quiet"),
        ("top 1 by count(order)", "ada"),
        ("bottom 50% by avg(order.total)", "eva dan ben"),
        ("top 1 by min(order.points)", ""),
    ],
)
def test_a_rank_takes_so_many_of_those_with_a_value_and_an_event(text: str, expected: str) -> None:
    assert who(text, SHOP) == set(expected.split())


def test_equal_values_go_by_profile_id_in_bytes() -> None:
    people = spenders(**{"b": 1, "é": 1, "Z": 1, "\U0001f600": 1, "\uffee": 1})
    taken = [who(f"top {amount} by sum(order.total)", people) for amount in range(1, 6)]
    order_taken = [min(now - before) for before, now in zip([set(), *taken], taken, strict=False)]
    assert order_taken == ["Z", "b", "é", "\uffee", "\U0001f600"]
    assert who("bottom 1 by sum(order.total)", people) == {"Z"}


def test_refunds_alone_give_no_place_but_lower_one() -> None:
    people = {"a": [refund(total=5)], "b": [order(order_id="1", total=9), refund(order_id="1", total=8)]}
    assert who("bottom 100% by sum(order.total)", people) == {"b"}
    assert who("bottom 1 by sum(order.total)", {**people, "c": [order(total=2)]}) == {"b"}


def test_an_order_without_a_value_still_gives_a_place_in_a_sum() -> None:
    assert who("bottom 1 by sum(order.total)", {"a": [order()], "b": [order(total=5)]}) == {"a"}
    assert who("bottom 1 by avg(order.total)", {"a": [order()], "b": [order(total=5)]}) == {"b"}


def test_over_lines_a_place_needs_a_line() -> None:
    people = {"a": [order()], "b": [order(lines=[{"quantity": 1}])]}
    assert who("bottom 100% by sum(order.lines.quantity)", people) == {"b"}


def test_times_can_be_ranked_and_texts_not() -> None:
    people = {"old": [order("2023-01-01", note="9")], "new": [order("2024-05-01", note="many")]}
    assert who("top 1 by last(order)", people) == {"new"}
    assert who("bottom 1 by first(order)", people) == {"old"}
    assert who("top 100% by last(order.note)", people) == {"old"}


def test_a_rank_by_a_trait_takes_what_reads_as_a_number() -> None:
    people = {"a": [said(score="12")], "b": [said(score=9)], "c": [said(score="many")], "d": [said(score=True)]}
    assert who("top 1 by score", people) == {"a"}
    assert who("top 100% by score", people) == {"a", "b"}


def test_among_ranks_within_and_and_takes_from_the_rank() -> None:
    people = {
        "a": [order(total=9), said(country="PL")],
        "b": [order(total=5), said(country="CZ")],
        "c": [order(total=1), said(country="CZ")],
    }
    assert who("top 1 by sum(order.total) and country = 'CZ'", people) == set()
    assert who("top 1 by sum(order.total) among (country = 'CZ')", people) == {"b"}
    assert who("not top 1 by sum(order.total) among (country = 'CZ')", people) == {"a", "c"}
    assert who("top 50% by sum(order.total) among (top 2 by sum(order.total))", people) == {"a"}


def test_people_not_known_yet_have_no_place() -> None:
    people = {**spenders(a=5, b=4), "late": [order("2024-06-01", total=99)]}
    assert who("top 50% by sum(order.total)", people) == {"a"}


def test_a_bucket_is_a_stable_half_open_share() -> None:
    people = {f"p{number}": [said(score=number)] for number in range(200)}
    fifth = who("bucket('spring-2026') < 0.2", people)
    rest = who("bucket('spring-2026') >= 0.2", people)
    assert fifth | rest == set(people)
    assert not fifth & rest
    assert fifth == {name for name in people if bucket_number("spring-2026", name) * 5 < BUCKETS}
    assert fifth != who("bucket('summer-2026') < 0.2", people)
    assert who("bucket('s') >= 0 and bucket('s') < 1", people) == set(people)


SEGMENTS = {"loyal": "count(order) >= 2", "czech": "country = 'CZ'", "a": "in segment 'loyal' and in segment 'czech'"}


def test_a_segment_can_name_segments_that_name_segments() -> None:
    people = {
        "both": [order(), order(), said(country="CZ")],
        "loyal": [order(), order()],
        "czech": [said(country="CZ")],
    }
    assert who("in segment 'a'", people, segments=SEGMENTS) == {"both"}
    assert who("not in segment 'a'", people, segments=SEGMENTS) == {"loyal", "czech"}
    assert who("top 1 by count(order) among (in segment 'czech')", people, segments=SEGMENTS) == {"both"}


def test_a_circle_of_segments_is_refused_and_shown() -> None:
    circle = {"a": "in segment 'b'", "b": "top 1 by score among (in segment 'c')", "c": "not in segment 'b'"}
    with pytest.raises(SegmentLoop) as caught:
        who("in segment 'a'", {"ada": [said(score=1)]}, segments=circle)
    assert "b → c → b" in str(caught.value)


def test_one_person_can_be_asked_about_with_sets_from_elsewhere() -> None:
    text = "top 1 by sum(order.total) and in segment 'loyal'"
    definition, rank = defined(text), rank_of("top 1 by sum(order.total)")
    ada, ben = (Person(name, (order(total=5),)) for name in ("ada", "ben"))
    sets = GivenSets({rank: Ranking({"ada"})}, {"loyal": {"ada", "ben"}})
    assert holds(definition, ada, question(), sets=sets)
    assert not holds(definition, ben, question(), sets=sets)
    assert [part.text for part in explain(definition, ben, question(), sets=sets).failing()] == [
        "top 1 by sum(order.total)"
    ]


def test_the_crowd_tells_how_a_rank_was_cut() -> None:
    people = [Person(name, tuple(facts)) for name, facts in SHOP.items()]
    crowd = Crowd(CATALOG, people, question())
    found = crowd.ranking(rank_of("top 40% by sum(order.total)"))
    assert (found.members, found.ranked, found.edge) == ({"ada", "ben"}, 5, 40)
