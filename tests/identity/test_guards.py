"""Who is joined by what they share, and what joins nobody: shared mailboxes and devices, names that do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intarsia.identity.guards import Name, first_name, fits, is_role
from tests.identity.walks import BEGIN, DAY, Walk, walk


@pytest.fixture
def one_walk(tmp_path: Path) -> Iterator[Walk]:
    with walk(tmp_path) as made:
        yield made


def says(who: str, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": who, "traits": traits}


def view(**ids: str) -> dict[str, Any]:
    return {"type": "track", "event": "Product Viewed", **ids}


def several(walked: Walk, day: int = 999) -> list[list[str]]:
    """The persons who are made of several profiles, by what was recorded up to a day."""
    known_at = BEGIN + day * DAY
    groups = walked.groups(known_at)
    assert groups == walked.naive.groups(known_at)
    return sorted(sorted(group) for group in groups if len(group) > 1)


def record(walked: Walk, *messages: dict[str, Any]) -> None:
    """One message a day, from the first on."""
    for day, message in enumerate(messages):
        walked.record(message, BEGIN + day * DAY)


@pytest.mark.parametrize(
    ("trait", "value"), [("email", "x@a.cz"), ("phone", "+420777123456"), ("card_number", "AB1234")]
)
def test_an_address_a_number_and_a_card_join_those_who_have_them(one_walk: Walk, trait: str, value: str) -> None:
    record(one_walk, says("ada", **{trait: value}), says("ben", **{trait: value}), says("cyd", **{trait: value + "9"}))
    assert several(one_walk, 0) == []
    assert several(one_walk, 1) == [["ada", "ben"]]


def test_more_than_three_share_a_mailbox_with_nobody(one_walk: Walk) -> None:
    record(one_walk, *(says(who, email="x@a.cz") for who in ("ada", "ben", "cyd", "dan", "eve")))
    assert several(one_walk, 2) == [["ada", "ben", "cyd"]]
    assert several(one_walk, 3) == []
    assert several(one_walk, 4) == []


def test_how_many_may_share_is_a_setting(tmp_path: Path) -> None:
    with walk(tmp_path, identity_most=1) as walked:
        record(walked, says("ada", email="x@a.cz"), says("ben", email="x@a.cz"))
        assert several(walked) == []


def test_which_kinds_join_is_a_setting_and_merges_always_do(tmp_path: Path) -> None:
    with walk(tmp_path, identity_joins=("phone",)) as walked:
        for message in (says("ada", email="x@a.cz"), says("ben", email="x@a.cz"), view(userId="ben", anonymousId="d")):
            walked.world.record([{"messageId": str(message), **message}], BEGIN)
        walked.world.record([{"messageId": "d", **view(anonymousId="d")}], BEGIN)
        assert profiles_of(walked, "ada") == ("ada",)
        walked.world.merge("ada", "d", BEGIN)
        assert profiles_of(walked, "ada") == ("ada", "d")


def profiles_of(walked: Walk, profile_id: str) -> tuple[str, ...]:
    with walked.world.session() as session:
        [person] = walked.world.identities.people_of(session, [profile_id])
    return person


def test_a_role_mailbox_joins_nobody(one_walk: Walk) -> None:
    record(one_walk, says("ada", email="info@a.cz"), says("ben", email="info@a.cz"))
    assert several(one_walk) == []


def test_a_device_belongs_to_the_one_person_who_used_it(one_walk: Walk) -> None:
    record(one_walk, view(anonymousId="d-1"), view(userId="ada", anonymousId="d-1"), view(userId="ada"))
    assert several(one_walk, 0) == []
    assert several(one_walk, 1) == [["ada", "d-1"]]


def test_a_device_that_two_people_used_belongs_to_nobody(one_walk: Walk) -> None:
    record(
        one_walk,
        view(anonymousId="d-1"),
        view(userId="ada", anonymousId="d-1"),
        view(userId="ben", anonymousId="d-1"),
    )
    assert several(one_walk, 1) == [["ada", "d-1"]]
    assert several(one_walk, 2) == []


def test_a_device_is_joined_once_it_is_known_itself(one_walk: Walk) -> None:
    record(one_walk, view(userId="ada", anonymousId="d-1"), view(anonymousId="d-1"))
    assert several(one_walk, 0) == []
    assert several(one_walk, 1) == [["ada", "d-1"]]


def test_an_alias_joins_whatever_the_names_are(one_walk: Walk) -> None:
    record(
        one_walk,
        says("ada", first_name="ada"),
        says("ben", first_name="ben"),
        {"type": "alias", "userId": "ben", "previousId": "ada"},
        {"type": "alias", "userId": "cyd", "previousId": "ben"},
    )
    assert several(one_walk, 1) == []
    assert several(one_walk, 2) == [["ada", "ben"]]
    assert several(one_walk, 3) == [["ada", "ben", "cyd"]]


def test_first_names_that_do_not_fit_keep_people_apart_once_they_are_known(one_walk: Walk) -> None:
    record(
        one_walk,
        says("ada", email="x@a.cz", first_name="ada"),
        says("ben", email="x@a.cz"),
        says("ben", first_name="ben"),
        says("ben", first_name="a."),
    )
    assert several(one_walk, 1) == [["ada", "ben"]]
    assert several(one_walk, 2) == []
    assert several(one_walk, 3) == [["ada", "ben"]]


def test_people_are_joined_by_a_detour(one_walk: Walk) -> None:
    record(
        one_walk,
        says("ada", email="x@a.cz"),
        says("ben", email="x@a.cz", phone="+420777123456"),
        says("cyd", phone="+420777123456"),
    )
    assert several(one_walk, 1) == [["ada", "ben"]]
    assert several(one_walk, 2) == [["ada", "ben", "cyd"]]


# --- decisions


def test_what_was_unmerged_stays_apart_for_good_and_a_later_merge_joins_again(one_walk: Walk) -> None:
    record(one_walk, says("ada", email="x@a.cz"), says("ben", email="x@a.cz"))
    one_walk.unmerge("ben", BEGIN + 5 * DAY)
    one_walk.record(says("ben", email="x@a.cz", note="again"), BEGIN + 6 * DAY)
    one_walk.merge("ben", "ada", BEGIN + 7 * DAY)
    one_walk.unmerge("ada", BEGIN + 8 * DAY)
    found = [several(one_walk, day) for day in (0, 1, 4, 5, 6, 7, 8)]
    assert found == [[], [["ada", "ben"]], [["ada", "ben"]], [], [], [["ada", "ben"]], []]


def test_new_evidence_joins_after_an_unmerge(one_walk: Walk) -> None:
    record(one_walk, says("ada", email="x@a.cz"), says("ben", email="x@a.cz"))
    one_walk.unmerge("ben", BEGIN + 2 * DAY)
    one_walk.record(says("ada", phone="+420777123456"), BEGIN + 3 * DAY)
    one_walk.record(says("ben", phone="+420777123456"), BEGIN + 4 * DAY)
    assert several(one_walk, 3) == []
    assert several(one_walk, 4) == [["ada", "ben"]]


def test_taking_one_out_of_the_middle_leaves_two_apart(one_walk: Walk) -> None:
    record(
        one_walk,
        says("ada", email="x@a.cz"),
        says("ben", email="x@a.cz", phone="+420777123456"),
        says("cyd", phone="+420777123456"),
    )
    one_walk.unmerge("ben", BEGIN + 3 * DAY)
    assert several(one_walk) == []


def test_an_unmerge_does_not_make_a_shared_mailbox_of_fewer(one_walk: Walk) -> None:
    """Four claim the address, so it joins nobody; taking one of them out of another person must not change that."""
    record(one_walk, *(says(who, email="x@a.cz") for who in ("ada", "ben", "cyd", "dan")))
    one_walk.merge("ada", "ben", BEGIN + 4 * DAY)
    one_walk.unmerge("ada", BEGIN + 5 * DAY)
    assert several(one_walk, 4) == [["ada", "ben"]]
    assert several(one_walk, 5) == []


def test_a_device_can_be_taken_away_from_its_user(one_walk: Walk) -> None:
    record(one_walk, view(anonymousId="d-1"), view(userId="ada", anonymousId="d-1"))
    one_walk.unmerge("d-1", BEGIN + 3 * DAY)
    assert several(one_walk, 2) == [["ada", "d-1"]]
    assert several(one_walk, 3) == []


# --- names and roles


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("ada",), ("ada",), True),
        (("a",), ("ada",), True),
        (("b",), ("ada",), False),
        (("ada", "m"), ("ada",), True),
        (("ada", "marie"), ("ada", "m"), True),
        (("ada", "marie"), ("ada", "jana"), False),
        (("jan",), ("jana",), False),
        ((), ("ada",), True),
    ],
)
def test_first_names_fit_word_by_word_or_as_initials(one: Name, other: Name, expected: bool) -> None:
    assert fits(one, other) is expected
    assert fits(other, one) is expected


@pytest.mark.parametrize(
    ("first", "full", "expected"),
    [
        ("Zoë", None, ("zoe",)),
        ("J.-P.", "Sartre Jean", ("j", "p")),
        (None, "Ada Lovelace", ("ada",)),
        ("", "Ada Lovelace", ("ada",)),
        ("امیر علی", None, ("امیر", "علی")),
        (None, None, ()),
        (True, 7, ()),
    ],
)
def test_a_first_name_is_what_is_said_or_the_first_word_of_the_whole(first: Any, full: Any, expected: Name) -> None:
    assert first_name(first, full) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("info@a.cz", True),
        ("no-reply@a.cz", True),
        ("no.reply+7@a.cz", True),
        ("sales2@a.cz", True),
        ("ada@a.cz", False),
        ("ada.info@a.cz", False),
        ("infos.ada@a.cz", False),
    ],
)
def test_a_role_is_known_by_its_local_part(address: str, expected: bool) -> None:
    assert is_role(address) is expected
