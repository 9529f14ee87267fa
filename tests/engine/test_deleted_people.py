"""Who was deleted is out of the base from then on, and still there in questions about the time before (rule 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.engine.populations import Batch, Message, Population
from tests.engine.shop import instant, message, order, said, track
from tests.engine.world import World


@contextmanager
def asked_of(folder: Path, *batches: tuple[str, Sequence[Message]]) -> Iterator[World]:
    """A world of messages, each batch recorded at a time of its own."""
    made = tuple(Batch(instant(when), tuple(messages)) for when, messages in batches)
    world = World(folder, Population(made, {"timezone": "Europe/Prague", "currency": "CZK", "threads": 1}, (), ()))
    yield world
    world.close()


def who(world: World, text: str, at: str, known_at: str | None = None) -> set[str]:
    """Who is in, by both back ends."""
    from intarsia.language import parse

    with world.ask(instant(at), None if known_at is None else instant(known_at)) as asked:
        rule = parse(text)
        found, expected = asked.by_engine(rule), asked.by_interpreter(rule)
        assert found == expected
        assert asked.evaluator.everyone() == len(asked.crowd.base)
    return set(found)


def deleted(name: str, at: str) -> Message:
    return track(name, "Profile Deleted", at, reason="asked")


def restored(name: str, at: str) -> Message:
    return track(name, "Profile Restored", at)


def test_a_deleted_person_is_nowhere_from_that_instant_on_and_everywhere_before(tmp_path: Path) -> None:
    messages = [said("ada", "2024-01-01"), said("ben", "2024-01-01"), deleted("ada", "2024-03-01T12:00:00")]
    with asked_of(tmp_path, ("2024-03-02", messages)) as world:
        assert who(world, "everyone", "2024-03-01T11:59:59.999") == {"ada", "ben"}
        assert who(world, "everyone", "2024-03-01T12:00:00") == {"ben"}
        assert who(world, "not nobody", "2024-03-01T12:00:00") == {"ben"}
        assert who(world, "profile = 'ada'", "2024-03-01T12:00:00") == set()


def test_what_comes_after_a_deletion_does_not_bring_the_person_back(tmp_path: Path) -> None:
    messages = [said("ada", "2024-01-01"), deleted("ada", "2024-03-01"), order("ada", "2024-04-01", order_id="1")]
    with asked_of(tmp_path, ("2024-04-02", messages)) as world:
        assert who(world, "did order", "2024-05-01") == set()


def test_a_restored_person_is_back_with_everything_from_that_instant_on(tmp_path: Path) -> None:
    messages = [
        order("ada", "2024-02-01", order_id="1"),
        deleted("ada", "2024-03-01"),
        restored("ada", "2024-04-01"),
    ]
    with asked_of(tmp_path, ("2024-04-02", messages)) as world:
        assert who(world, "did order", "2024-02-15") == {"ada"}
        assert who(world, "did order", "2024-03-15") == set()
        assert who(world, "did order", "2024-04-01") == {"ada"}


def test_a_deletion_counts_once_it_was_recorded(tmp_path: Path) -> None:
    first = ("2024-02-01", [said("ada", "2024-01-01")])
    with asked_of(tmp_path, first, ("2024-04-01", [deleted("ada", "2024-03-01")])) as world:
        assert who(world, "everyone", "2024-03-15", known_at="2024-03-31") == {"ada"}
        assert who(world, "everyone", "2024-03-15", known_at="2024-04-01") == set()


def test_of_a_deletion_and_a_restoration_at_one_instant_the_greater_message_id_counts(tmp_path: Path) -> None:
    at = "2024-03-01"
    one = [
        said("ada", "2024-01-01"),
        {**deleted("ada", at), "messageId": "b"},
        {**restored("ada", at), "messageId": "a"},
    ]
    other = [
        said("ben", "2024-01-01"),
        {**deleted("ben", at), "messageId": "c"},
        {**restored("ben", at), "messageId": "d"},
    ]
    with asked_of(tmp_path, ("2024-03-02", [*one, *other])) as world:
        assert who(world, "everyone", "2024-03-02") == {"ben"}


def test_a_rank_and_its_shares_are_of_those_who_are_left(tmp_path: Path) -> None:
    orders = [
        order(name, "2024-02-01", order_id=name, total=total) for name, total in (("ada", 9), ("ben", 8), ("cyd", 7))
    ]
    with asked_of(tmp_path, ("2024-03-02", [*orders, deleted("ada", "2024-03-01")])) as world:
        assert who(world, "top 1 by sum(order.total)", "2024-02-20") == {"ada"}
        assert who(world, "top 1 by sum(order.total)", "2024-03-01") == {"ben"}
        assert who(world, "top 50% by sum(order.total)", "2024-03-01") == {"ben"}


def test_an_event_of_that_name_that_is_no_track_or_a_guests_deletes_nobody(tmp_path: Path) -> None:
    guest = {**deleted("ada", "2024-03-01"), "context": {"guest": True}}
    del guest["userId"]
    page = message("ben", "page", "2024-03-01", properties={"name": "Profile Deleted"})
    with asked_of(tmp_path, ("2024-03-02", [said("ada", "2024-01-01"), page, guest])) as world:
        assert who(world, "everyone", "2024-04-01") == {"ada", "ben"}


def test_a_rule_may_name_both_events(tmp_path: Path) -> None:
    messages = [said("ada", "2024-01-01"), deleted("ada", "2024-02-01"), restored("ada", "2024-03-01")]
    with asked_of(tmp_path, ("2024-03-02", [*messages, said("ben", "2024-01-01")])) as world:
        assert who(world, "did \"Profile Deleted\" where (reason = 'asked')", "2024-03-02") == {"ada"}
        assert who(world, 'never "Profile Restored"', "2024-03-02") == {"ben"}
