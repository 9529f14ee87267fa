"""Two profiles that are one person, in questions of both back ends (rule 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intarsia.ids import BUCKETS, bucket_number
from intarsia.language import parse
from intarsia.language.meaning.facts import Person
from tests.engine.populations import Batch, Population
from tests.engine.shop import cancelled, instant, order, refund, said, track
from tests.engine.world import World

SETTINGS = {"timezone": "Europe/Prague", "currency": "CZK", "threads": 1}
NOW = "2024-06-01"
MERGED = "2024-05-20"

# ada was recorded in January, ben in February, cyd in March.
MESSAGES = {
    "2024-01-10": [
        said("ada", "2024-01-02", city="Praha", tier="gold", n=1),
        order("ada", "2024-01-05", order_id="A1", total=100, coupon="x"),
    ],
    "2024-02-10": [
        said("ben", "2024-02-01", city="Brno", first_seen="web"),
        order("ben", "2024-02-05", order_id="B1", total=200),
        order("ben", "2024-01-07", order_id="A1", total=150, status="completed"),
        track("ben", "Product Viewed", "2024-02-06", sku="s"),
        refund("ben", "2024-02-20", order_id="A1", total=30),
    ],
    "2024-03-10": [said("cyd", "2024-03-01", city="Plzeň"), order("cyd", "2024-03-02", order_id="C1", total=50)],
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Ada, Ben and Cyd; Ben is found to be Ada on 20 May."""
    batches = tuple(Batch(instant(when), tuple(messages)) for when, messages in MESSAGES.items())
    made = World(tmp_path, Population(batches, SETTINGS, (), ()))
    made.merge("ben", "ada", instant(MERGED))
    yield made
    made.close()


def who(world: World, text: str, at: str = NOW, known_at: str | None = None) -> set[str]:
    """Who is in, by both back ends."""
    with world.ask(instant(at), None if known_at is None else instant(known_at)) as asked:
        rule = parse(text)
        found, expected = asked.by_engine(rule), asked.by_interpreter(rule)
        assert found == expected, text
    return set(found)


def people(world: World, known_at: str | None = None) -> dict[str, Person]:
    """Everybody as both back ends' facts have them."""
    with world.ask(instant(NOW), None if known_at is None else instant(known_at)) as asked:
        return {person.id: person for person in asked.people}


def test_from_the_merge_on_they_are_one_and_before_it_two(world: World) -> None:
    assert who(world, "everyone") == {"ada", "cyd"}
    assert who(world, "everyone", known_at=MERGED) == {"ada", "cyd"}
    assert who(world, "everyone", known_at="2024-05-19T23:59:59.999") == {"ada", "ben", "cyd"}
    assert who(world, "everyone", known_at="2024-02-01") == {"ada"}


def test_they_are_one_for_every_instant_that_is_asked_about(world: World) -> None:
    assert who(world, "everyone", at="2024-02-03") == {"ada"}
    assert who(world, "count(order) = 2", at="2024-02-10") == {"ada"}
    assert who(world, "count(order) = 2", at="2024-02-10", known_at="2024-04-01") == {"ben"}


def test_the_one_of_whom_a_fact_was_recorded_first_survives_whatever_happened_first(tmp_path: Path) -> None:
    late, early = [said("zoe", "2020-01-01")], [said("ada", "2024-01-01"), said("bob", "2023-01-01")]
    batches = (Batch(instant("2024-02-01"), tuple(late)), Batch(instant("2024-01-15"), tuple(early)))
    world = World(tmp_path, Population(batches, SETTINGS, (), ()))
    world.merge("zoe", "bob", instant("2024-03-01"))
    assert who(world, "everyone") == {"ada", "bob"}
    world.merge("bob", "ada", instant("2024-03-02"))
    assert who(world, "everyone") == {"ada"}, "of one instant the smaller id"
    world.close()


def test_orders_with_one_id_become_one_and_nothing_is_summed_twice(world: World) -> None:
    """A1 is of 5 January by its earliest version and of 150 crowns by its latest; B1 of 200; 30 were given back."""
    assert who(world, "count(order) = 2") == {"ada"}
    assert who(world, "sum(order.total) = 320") == {"ada"}
    assert who(world, "sum(order.gross) = 350") == {"ada"}
    assert who(world, "first(order) on 2024-01-05") == {"ada"}
    assert who(world, "sum(order.total) = 320", known_at="2024-05-01") == {"ben"}
    assert who(world, "sum(order.total) = 100", known_at="2024-05-01") == {"ada"}


def test_a_cancellation_of_one_ends_the_order_of_the_other(tmp_path: Path) -> None:
    messages = (order("ada", "2024-01-05", order_id="A1", total=9), cancelled("ben", "2024-01-08", order_id="A1"))
    world = World(tmp_path, Population((Batch(instant("2024-02-01"), messages),), SETTINGS, (), ()))
    assert who(world, "did order") == {"ada"}
    world.merge("ada", "ben", instant(MERGED))
    assert who(world, "did order") == set()
    assert who(world, "did order", at="2024-01-07") == {"ada"}
    world.close()


def test_the_later_statement_about_a_trait_counts_whosever_it_is(world: World) -> None:
    assert who(world, "city = 'Brno'") == {"ada"}
    assert who(world, "city = 'Praha'", at="2024-01-20") == {"ada"}
    assert who(world, "tier = 'gold' and first_seen = 'web' and n = 1") == {"ada"}


def test_of_undated_statements_of_both_the_first_that_was_recorded_holds_since_always(tmp_path: Path) -> None:
    batches = (
        Batch(instant("2024-02-01"), (said("ada", None, city="Praha"),)),
        Batch(instant("2024-03-01"), (said("ben", None, city="Brno"),)),
    )
    world = World(tmp_path, Population(batches, SETTINGS, (), ()))
    world.merge("ada", "ben", instant(MERGED))
    assert who(world, "city = 'Praha'", at="2024-01-01") == {"ada"}
    assert who(world, "city = 'Brno'", at="2024-03-01") == {"ada"}
    assert who(world, "city = 'Brno'", at="2024-01-01", known_at=MERGED) == set()
    world.close()


def test_somebody_is_found_by_every_id_that_became_theirs(world: World) -> None:
    assert who(world, "profile = 'ben'") == {"ada"}
    assert who(world, "profile in ('ben', 'cyd')") == {"ada", "cyd"}
    assert who(world, "profile starts with 'be'") == {"ada"}
    assert who(world, "profile != 'ben'") == {"cyd"}
    assert who(world, "profile not in ('ada', 'nobody')") == {"cyd"}
    assert who(world, "profile = 'ben'", known_at="2024-05-01") == {"ben"}
    assert who(world, "profile = 'ada'", known_at="2024-05-01") == {"ada"}


def test_ids_that_sql_reads_otherwise_are_found_after_a_merge_too(tmp_path: Path) -> None:
    ids = ("0042", "کاربر", "2024-02-29")
    world = World(tmp_path, Population((Batch(instant("2024-01-10"), tuple(map(said, ids))),), SETTINGS, (), ()))
    for one in ids[1:]:
        world.merge(ids[0], one, instant(MERGED))
    for text in ("profile = 42", "profile = 'كاربر'", "profile = 2024-02-29", "profile before 2025-01-01"):
        assert who(world, text) == {"0042"}, text
    world.close()


def test_bucket_and_rank_go_by_the_survivors_id(world: World) -> None:
    share = bucket_number("s", "ada") / BUCKETS
    assert who(world, f"bucket('s') >= {share - 0.000001:.6f} and bucket('s') < {share + 0.000002:.6f}") == {"ada"}
    assert who(world, "top 1 by sum(order.total)") == {"ada"}
    assert who(world, "top 1 by sum(order.total)", known_at="2024-05-01") == {"ben"}
    assert who(world, "top 50% by count(order)") == {"ada"}


def test_a_person_is_identified_by_any_of_their_messages(tmp_path: Path) -> None:
    anonymous = {"type": "page", "messageId": "p", "anonymousId": "d-1", "timestamp": "2024-01-02"}
    other = {**anonymous, "messageId": "q", "anonymousId": "d-2"}
    batch = Batch(instant("2024-01-10"), (anonymous, other, said("ada", "2024-01-05")))
    world = World(tmp_path, Population((batch,), SETTINGS, (), ()))
    world.merge("ada", "d-1", instant(MERGED))
    assert who(world, "profile is identified") == {"ada"}
    assert who(world, "profile is not identified") == {"d-2"}
    assert who(world, "profile is not identified", at="2024-01-03") == {"ada", "d-2"}
    assert who(world, "profile is not identified", known_at="2024-05-01") == {"d-1", "d-2"}
    with world.ask(instant(NOW), None) as asked:
        assert asked.evaluator.anonymous() == 1
        assert asked.evaluator.anonymous(asked.evaluator.with_one_of(["ada"])) == 0
    world.close()


def test_a_deletion_of_one_profile_is_of_the_person(tmp_path: Path) -> None:
    batch = Batch(instant("2024-01-10"), (said("ada"), said("ben"), track("ben", "Profile Deleted", "2024-01-05")))
    world = World(tmp_path, Population((batch,), SETTINGS, (), ()))
    assert who(world, "everyone") == {"ada"}
    world.merge("ada", "ben", instant(MERGED))
    assert who(world, "everyone") == set()
    assert who(world, "everyone", at="2024-01-04") == {"ada"}
    world.close()


def test_a_merge_keeps_every_trait_and_unmerging_restores_both(world: World) -> None:
    apart, together = people(world, known_at="2024-05-01"), people(world)
    assert names(together["ada"]) == names(apart["ada"]) | names(apart["ben"])
    facts = {fact.id for person in (apart["ada"], apart["ben"]) for fact in person.facts}
    assert {fact.id for fact in together["ada"].facts} == facts
    world.unmerge("ben", instant("2024-05-25"))
    assert people(world) == apart
    assert who(world, "everyone") == {"ada", "ben", "cyd"}
    assert who(world, "everyone", known_at=MERGED) == {"ada", "cyd"}
    assert who(world, "everyone", known_at="2024-05-25") == {"ada", "ben", "cyd"}


def names(person: Person) -> set[str]:
    return {name for fact in person.facts for name in fact.properties}


def test_in_segment_at_and_entered_go_by_who_was_one_then(world: World) -> None:
    with world.ask(instant(NOW), None) as asked:
        asked.define("many", parse("count(order) >= 2"))
        found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        for text in (
            "in segment 'many'",
            "in segment 'many' at 2024-05-19",
            "in segment 'many' at 2024-05-20",
            "entered segment 'many' in last 15 days",
        ):
            rule = parse(text)
            found[text] = asked.by_engine(rule), asked.by_interpreter(rule)
    assert all(one == other for one, other in found.values()), found
    assert found["in segment 'many'"][0] == {"ada"}
    assert found["in segment 'many' at 2024-05-19"][0] == {"ada"}, "by Ben, who was in with A1 and B1"
