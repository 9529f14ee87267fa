"""`in segment .. at`, versions, lists, pins, `entered` and `left`: hand-made pasts, asked by both back ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intarsia.engine.sql import moves
from intarsia.errors import UserError
from intarsia.language import parse
from intarsia.language.interpret import SegmentLoop
from intarsia.language.problems.checking import SegmentInvalid, SegmentNotYetThere, TooManyMoves
from tests.engine.past import PastShop, pin
from tests.engine.shop import instant, order, said, track

Make = Callable[..., PastShop]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(*given: Any, **more: Any) -> PastShop:
        return PastShop(tmp_path / "shop", *given, **more)

    return build


RECENT = "did order in last 30 days"


def buyers() -> dict[str, list[dict[str, Any]]]:
    """Ada orders on 3 March and 1 May, of which we learn on the 2nd; ben is known since January, cyd on 12 May."""
    return {
        "2024-01-01": [said("ben", "2024-01-01")],
        "2024-03-03T10:00": [order("ada", "2024-03-03T10:00", total=5)],
        "2024-05-02T11:00": [order("ada", "2024-05-01T10:00", total=7)],
        "2024-05-12T08:00": [order("cyd", "2024-05-12T08:00", total=100)],
    }


# --- as it was


def test_membership_at_an_instant_is_what_was_right_when_it_was_asked(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    assert shop.who("in segment 'recent' at 2024-03-03T10:00", "2024-05-15") == {"ada"}
    assert shop.who("in segment 'recent' at 2024-03-03T09:59:59.999", "2024-05-15") == set()
    # Of the order of 1 May we learn the day after.
    assert shop.who("in segment 'recent' at 2024-05-02T10:59", "2024-05-15") == set()
    assert shop.who("in segment 'recent' at 2024-05-02T11:00", "2024-05-15") == {"ada"}
    assert shop.who("not in segment 'recent' at 2024-05-02T11:00", "2024-05-15") == {"ben", "cyd"}


def test_a_date_is_the_begin_of_its_day_in_the_zone(make: Make) -> None:
    shop = make({"2024-05-02": [order("ada", "2024-05-02")]}, {"recent": RECENT})
    assert shop.who("in segment 'recent' at 2024-05-02", "2024-05-15") == {"ada"}
    shop.segments["recent"] = "never order"
    assert shop.who("in segment 'recent' at 2024-05-01", "2024-05-15") == set()


def test_what_the_question_does_not_know_it_did_not_know_then(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    assert shop.who("in segment 'recent' at 2024-05-10", "2024-05-15", known_at="2024-05-02T11:00") == {"ada"}
    assert shop.who("in segment 'recent' at 2024-05-10", "2024-05-15", known_at="2024-05-02T10:59") == set()


def test_an_instant_ahead_is_asked_by_what_is_known_now(make: Make) -> None:
    shop = make(buyers(), {"quiet": "never order in last 30 days"})
    assert shop.who("in segment 'quiet' at 2024-06-05", "2024-05-15") == {"ada", "ben"}
    assert shop.who("in segment 'quiet' at 2024-07-05", "2024-05-15") == {"ada", "ben", "cyd"}


def test_the_definition_is_the_one_in_force_then(make: Make) -> None:
    rules = [("2024-04-01", "sum(order.total) < 10"), ("2024-05-10", "sum(order.total) > 10")]
    shop = make(buyers(), {"sum": rules})
    assert shop.who("in segment 'sum'", "2024-05-15") == {"ada", "cyd"}
    assert shop.who("in segment 'sum'", "2024-05-15", known_at="2024-05-09") == {"ben"}
    assert shop.who("in segment 'sum' at 2024-05-09", "2024-05-15") == {"ben"}
    assert shop.who("in segment 'sum' at 2024-05-10", "2024-05-15") == {"ada"}
    assert shop.who("in segment 'sum' at 2024-04-01", "2024-05-15") == {"ada", "ben"}


def test_before_a_segment_was_there_it_is_refused_and_plainly_it_has_its_first_version(make: Make) -> None:
    shop = make(buyers(), {"recent": [("2024-04-01", RECENT), ("2024-05-01", "never order")]})
    with pytest.raises(SegmentNotYetThere, match=r"2024-03-31T21:59:59\.999Z"):
        shop.who("in segment 'recent' at 2024-03-31T23:59:59.999", "2024-05-15")
    assert shop.who("in segment 'recent' at 2024-04-01", "2024-05-15") == {"ada"}
    assert shop.who("in segment 'recent'", "2024-03-10", known_at="2024-03-10") == {"ada"}


def test_segments_that_are_named_go_by_the_same_past(make: Make) -> None:
    base = [("2024-01-01", "did order"), ("2024-05-11", "never order")]
    shop = make(buyers(), {"base": base, "other": "not in segment 'base'"})
    assert shop.who("in segment 'other'", "2024-05-15") == {"ada", "cyd"}
    assert shop.who("in segment 'other' at 2024-05-10", "2024-05-15") == {"ben"}


def test_who_is_ranked_then_may_not_be_now(make: Make) -> None:
    shop = make(buyers(), {"best": "top 1 by sum(order.total)"})
    assert shop.who("in segment 'best' at 2024-05-11 and not in segment 'best'", "2024-05-15") == {"ada"}


# --- entered, left


def test_entering_and_leaving_are_exact_to_the_millisecond(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    at = "2024-03-10T10:00"
    assert shop.who("entered segment 'recent' in last 7 days", at) == {"ada"}
    assert shop.who("entered segment 'recent' in last 7 days", "2024-03-10T10:00:00.001") == set()
    # The window holds the order up to and with 2 April, 10:00 in summer time.
    assert shop.who("left segment 'recent' since 2024-04-02T10:00:00.001", "2024-05-15") == {"ada"}
    assert shop.who("left segment 'recent' since 2024-04-02T10:00:00.002", "2024-05-15") == set()
    assert shop.who("left segment 'recent'", "2024-04-02T10:00") == set()
    assert shop.who("left segment 'recent'", "2024-04-02T10:00:00.001") == {"ada"}


def test_who_learns_late_enters_late(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    assert shop.who("entered segment 'recent' on 2024-05-01", "2024-05-15") == set()
    assert shop.who("entered segment 'recent' between 2024-05-02T11:00 and 2024-05-02T11:00", "2024-05-15") == {"ada"}
    # By what was known before, she never came back.
    assert shop.who("entered segment 'recent' in last 30 days", "2024-05-15", known_at="2024-05-02T10:59") == set()


def test_entering_can_come_and_go_inside_a_window(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    assert shop.who("entered segment 'recent' in last 3 months and not in segment 'recent'", "2024-04-30") == {"ada"}
    assert shop.who("left segment 'recent' in last 3 months and in segment 'recent'", "2024-05-15") == {"ada"}


def test_who_is_in_from_the_first_moment_known_has_entered_then(make: Make) -> None:
    shop = make(buyers(), {"quiet": "never order", "all": "everyone"})
    assert shop.who("entered segment 'quiet' on 2024-01-01", "2024-05-15") == {"ben"}
    assert shop.who("entered segment 'all' in last 7 days", "2024-05-15") == {"cyd"}
    assert shop.who("left segment 'quiet'", "2024-05-15") == set()


def test_a_person_who_is_deleted_leaves_and_enters_when_restored(make: Make) -> None:
    batches = {
        **buyers(),
        "2024-05-13": [track("ada", "Profile Deleted", "2024-05-13")],
        "2024-05-14": [track("ada", "Profile Restored", "2024-05-14")],
    }
    shop = make(batches, {"all": "everyone"})
    assert shop.who("left segment 'all' on 2024-05-13", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'all' on 2024-05-14", "2024-05-15") == {"ada"}
    assert shop.who("left segment 'all'", "2024-05-13") == set()


def test_an_edit_moves_nobody(make: Make) -> None:
    rules = [("2024-01-01", "nobody"), ("2024-05-10", "everyone"), ("2024-05-14", "nobody")]
    shop = make(buyers(), {"x": rules, "y": "not in segment 'x'"})
    assert shop.who("entered segment 'x'", "2024-05-15") == {"cyd"}
    assert shop.who("left segment 'x'", "2024-05-15") == set()
    # Before 10 May `y` is everyone, of whom ben and ada become known then.
    assert shop.who("entered segment 'y'", "2024-05-15") == {"ben", "ada"}


def test_what_happens_as_an_edit_is_made_is_a_move(make: Make) -> None:
    rules = [("2024-01-01", "nobody"), ("2024-05-12T08:00", "did order")]
    shop = make(buyers(), {"x": rules})
    # Ada was meant by the new definition before; cyd orders at its first millisecond.
    assert shop.who("entered segment 'x'", "2024-05-15") == {"cyd"}


def test_nothing_moved_before_the_segment_was_there(make: Make) -> None:
    shop = make(buyers(), {"recent": [("2024-03-03T10:00:00.001", RECENT)]})
    assert shop.who("entered segment 'recent'", "2024-05-15") == {"ada", "cyd"}
    assert shop.who("entered segment 'recent'", "2024-04-30") == set()
    assert shop.who("left segment 'recent'", "2024-04-30") == {"ada"}


def test_moves_of_a_window_that_lies_ahead_are_none(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT})
    assert shop.who("entered segment 'recent' in next 7 days", "2024-05-11") == set()


@pytest.mark.parametrize("few", [0, moves.ANSWERS_FEW], ids=["in SQL", "in Python"])
def test_a_rank_moves_people_by_what_others_do(make: Make, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(moves, "ANSWERS_FEW", few)
    shop = make(buyers(), {"best": "top 1 by sum(order.total)", "chosen": "in segment 'best' and did order"})
    assert shop.who("left segment 'best' in last 7 days", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'chosen' on 2024-05-12", "2024-05-15") == {"cyd"}
    assert shop.who("entered segment 'best' before 2024-05-01", "2024-05-15") == {"ada"}


def test_too_many_instants_of_a_rank_are_refused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "ANSWERS_FEW", 0)
    monkeypatch.setattr(moves, "LOOKS_MOST", 2)
    shop = make(buyers(), {"best": "top 1 by sum(order.total)"})
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        asked.define("best", parse("top 1 by sum(order.total)"))
        with pytest.raises(TooManyMoves):
            asked.by_engine(parse("entered segment 'best'"))


def test_moves_may_be_asked_of_moves(make: Make) -> None:
    shop = make(buyers(), {"recent": RECENT, "fresh": "entered segment 'recent' in last 2 days"})
    assert shop.who("in segment 'fresh'", "2024-03-05T10:00") == {"ada"}
    assert shop.who("left segment 'fresh' since 2024-03-05T10:00:00.001", "2024-04-01") == {"ada"}
    assert shop.who("left segment 'fresh' since 2024-03-05T10:00:00.002", "2024-04-01") == set()


@pytest.mark.parametrize("few", [0, moves.ANSWERS_FEW], ids=["in SQL", "in Python"])
def test_windows_in_local_time_are_each_persons_own(make: Make, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(moves, "ANSWERS_FEW", few)
    batches = {
        "2024-05-01": [said("ada", "2024-05-01", timezone="Asia/Tehran"), said("ben", "2024-05-01")],
        "2024-05-13T22:45": [order("ada", "2024-05-13T22:45"), order("ben", "2024-05-13T22:45")],
    }
    shop = make(batches, {"recent": RECENT, "best": "top 2 by count(order)"})
    # In Tehran it is 14 May by then.
    for name in ("recent", "best"):
        assert shop.who(f"entered segment '{name}' in today in local time", "2024-05-14T12:00") == {"ada"}
        assert shop.who(f"entered segment '{name}' in yesterday in local time", "2024-05-14T12:00") == {"ben"}


# --- lists


def test_a_list_holds_whom_it_names_once_they_are_known(make: Make) -> None:
    shop = make(buyers(), {"vip": "-- cyd ben nobody"})
    assert shop.who("in segment 'vip'", "2024-05-15") == {"ben", "cyd"}
    assert shop.who("in segment 'vip'", "2024-05-11") == {"ben"}
    assert shop.who("entered segment 'vip' on 2024-05-12", "2024-05-15") == {"cyd"}


def test_a_list_has_versions(make: Make) -> None:
    shop = make(buyers(), {"vip": [("2024-04-01", "-- ada"), ("2024-05-10", "-- ben")]})
    assert shop.who("in segment 'vip'", "2024-05-15") == {"ben"}
    assert shop.who("in segment 'vip' at 2024-05-09", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'vip' or left segment 'vip'", "2024-05-15") == set()


# --- by hand


def test_who_is_pinned_is_in_and_who_is_excluded_is_out(make: Make) -> None:
    pins = [pin("ben", "2024-05-01"), pin("ada", "2024-05-01", out=True), pin("cyd", "2024-05-01")]
    shop = make(buyers(), {"recent": RECENT}, pins={"recent": [*pins, pin("cyd", "2024-05-02", out=True)]})
    assert shop.who("in segment 'recent'", "2024-05-15") == {"ben"}
    assert shop.who("not in segment 'recent'", "2024-05-15") == {"ada", "cyd"}


def test_a_pin_counts_from_when_it_is_made_until_it_expires_or_is_taken_back(make: Make) -> None:
    pins = [pin("ben", "2024-05-01", until="2024-05-10"), pin("ada", "2024-04-15", removed="2024-05-12")]
    shop = make(buyers(), {"x": "nobody"}, pins={"x": pins})
    assert shop.who("in segment 'x'", "2024-05-09T23:59:59.999") == {"ada", "ben"}
    assert shop.who("in segment 'x'", "2024-05-10") == {"ada"}
    assert shop.who("in segment 'x'", "2024-05-12") == set()
    assert shop.who("in segment 'x'", "2024-05-15", known_at="2024-05-11") == {"ada"}
    assert shop.who("in segment 'x' at 2024-05-05", "2024-05-15") == {"ada", "ben"}
    assert shop.who("in segment 'x' at 2024-04-14", "2024-05-15") == set()


def test_pins_and_their_ends_are_moves(make: Make) -> None:
    pins = [pin("ben", "2024-05-01", until="2024-05-10"), pin("ada", "2024-05-05", out=True, removed="2024-05-08")]
    shop = make(buyers(), {"recent": RECENT}, pins={"recent": pins})
    assert shop.who("entered segment 'recent' on 2024-05-01", "2024-05-15") == {"ben"}
    assert shop.who("left segment 'recent' on 2024-05-10", "2024-05-15") == {"ben"}
    assert shop.who("left segment 'recent' on 2024-05-05", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'recent' on 2024-05-08", "2024-05-15") == {"ada"}


def test_nobody_outside_the_base_is_pinned(make: Make) -> None:
    shop = make(buyers(), {"x": "nobody"}, pins={"x": [pin("cyd", "2024-05-01"), pin("ghost", "2024-05-01")]})
    assert shop.who("in segment 'x'", "2024-05-11") == set()
    assert shop.who("entered segment 'x' on 2024-05-12", "2024-05-15") == {"cyd"}


# --- merges


def test_a_merge_makes_people_enter_and_leave_when_it_is_recorded(make: Make) -> None:
    merge = ("ada", "cyd", "2024-05-13T09:00", "2024-05-14T09:00")
    shop = make(buyers(), {"rich": "sum(order.total) > 105", "poor": "sum(order.total) < 50"}, merges=[merge])
    joined = "2024-05-13T10:00"
    assert shop.who("in segment 'rich' at 2024-05-13T09:00", joined, known_at=joined) == {"ada"}
    assert shop.who("entered segment 'rich' on 2024-05-13", joined, known_at=joined) == {"ada"}
    # Undone, both were in while they were one person.
    assert shop.who("in segment 'rich'", "2024-05-15") == set()
    assert shop.who("in segment 'rich' at 2024-05-13T09:00", "2024-05-15") == {"ada", "cyd"}
    assert shop.who("entered segment 'rich' on 2024-05-13", "2024-05-15") == {"ada", "cyd"}
    assert shop.who("left segment 'rich' on 2024-05-14", "2024-05-15") == {"ada", "cyd"}
    # Ada alone spent little, and does again.
    assert shop.who("left segment 'poor' on 2024-05-13", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'poor' on 2024-05-14", "2024-05-15") == {"ada"}


def test_one_of_whose_profiles_was_in_was_in(make: Make) -> None:
    merge = ("ada", "cyd", "2024-05-14", None)
    shop = make(buyers(), {"vip": "-- cyd", "rich": "sum(order.total) > 50"}, merges=[merge])
    assert shop.who("in segment 'vip'", "2024-05-15") == {"ada"}
    assert shop.who("in segment 'rich' at 2024-05-13", "2024-05-15") == {"ada"}
    assert shop.who("entered segment 'rich'", "2024-05-15") == {"ada"}
    shop.pins["vip"] = [pin("ada", "2024-05-01", out=True)]
    assert shop.who("in segment 'vip'", "2024-05-15") == set()
    assert shop.who("in segment 'vip' at 2024-05-13", "2024-05-15") == {"ada"}


@pytest.mark.parametrize("few", [0, moves.ANSWERS_FEW], ids=["in SQL", "in Python"])
def test_a_rank_sees_merges_too(make: Make, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(moves, "ANSWERS_FEW", few)
    merge = ("ben", "cyd", "2024-05-14", None)
    shop = make(buyers(), {"best": "top 1 by sum(order.total)"}, merges=[merge])
    assert shop.who("entered segment 'best'", "2024-05-15") == {"ada", "ben"}
    assert shop.who("left segment 'best'", "2024-05-15") == {"ada"}


# --- refusals


@pytest.mark.parametrize(
    "text", ["in segment 'x' at 2024-05-01", "entered segment 'x'", "not left segment 'x' in last 7 days"]
)
def test_a_segment_that_asks_itself_about_the_past_is_refused(make: Make, text: str) -> None:
    shop = make(buyers(), {"x": text, "y": "in segment 'x' and did order"})
    for asked in ("in segment 'x'", "in segment 'y'"):
        with pytest.raises(SegmentLoop, match="x → x"):
            shop.who(asked, "2024-05-15")


def test_an_invalid_segment_is_refused_by_its_name_with_the_reason(make: Make) -> None:
    rules = [("2024-01-01", "did order"), ("2024-05-10", "shoe_size > 40")]
    shop = make(buyers(), {"x": rules, "y": "not in segment 'x'"})
    with pytest.raises(SegmentInvalid) as caught:
        shop.who("in segment 'y'", "2024-05-15")
    assert caught.value.message() == "the segment `x` is invalid: no trait is called `shoe_size`"
    assert shop.who("in segment 'y' at 2024-05-09", "2024-05-15") == {"ben"}
    with pytest.raises(UserError, match="`x` is invalid"):
        shop.who("entered segment 'x'", "2024-05-15")
    assert shop.who("entered segment 'x' before 2024-05-10", "2024-05-15") == {"ada"}
