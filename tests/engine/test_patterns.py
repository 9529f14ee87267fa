"""Sequences, activity, lifecycle by hand: each expectation counted out, asked of both back ends (rules 32 to 35)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.populations import Message
from tests.engine.shop import Shop, cancelled, message, order, refund, track


def view(who: str, at: str, path: str = "/") -> Message:
    return track(who, "Product Viewed", at, path=path)


def cart(who: str, at: str) -> Message:
    return track(who, "Product Added", at, sku="C-17")


# --- sequences


def test_the_next_step_comes_strictly_later_and_the_edge_of_its_gap_is_inside(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            *(view("edge", "2024-05-01T10:00"), order("edge", "2024-05-08T10:00")),
            *(view("late", "2024-05-01T10:00"), order("late", "2024-05-08T10:00:00.001")),
            *(view("same", "2024-05-01T10:00"), order("same", "2024-05-01T10:00")),
            *(view("next", "2024-05-01T10:00"), order("next", "2024-05-01T10:00:00.001")),
            *(order("back", "2024-05-01T10:00"), view("back", "2024-05-02T10:00")),
        ],
    )
    assert shop.who("sequence(view, order within 7 days)") == {"edge", "next"}
    assert shop.who("sequence(view, order)") == {"edge", "late", "next"}
    assert shop.who("not sequence(view, order within 7 days)") == {"late", "same", "back"}


@pytest.mark.parametrize(
    ("within", "first", "last_inside"),
    [
        # Prague's clock skips from 02:00 to 03:00 on 31 March 2024 and shows 02:00 to 03:00 twice on 27 October.
        ("1 day", "2024-03-30T02:30", "2024-03-31T03:00"),
        ("24 hours", "2024-03-30T02:30", "2024-03-31T03:30"),
        ("1 day", "2023-10-28T02:30", "2023-10-29T02:30+02:00"),
        ("1 month", "2024-01-31T10:00", "2024-03-01T00:00"),
        ("1 month", "2024-02-29T10:00", "2024-03-29T10:00"),
        ("1 year", "2020-02-29T10:00", "2021-03-01T00:00"),
        ("2 weeks", "2024-03-25T10:00", "2024-04-08T10:00"),
        ("1 quarter", "2023-11-30T10:00", "2024-03-01T00:00"),
    ],
)
def test_gaps_are_steps_through_the_calendar_of_the_workspace(
    tmp_path: Path, within: str, first: str, last_inside: str
) -> None:
    stamp = last_inside if len(last_inside) > 16 else f"{last_inside}:00"
    after = stamp.replace(":00+", ":00.001+") if "+" in stamp else f"{stamp}.001"
    if "+" in stamp:
        after = "2023-10-29T02:30:00.001+02:00"
    people = [view(who, first) for who in ("inside", "outside")]
    shop = Shop(tmp_path, [*people, order("inside", stamp), order("outside", after)])
    assert shop.who(f"sequence(view, order within {within})") == {"inside"}


def test_gaps_go_by_the_workspaces_calendar(tmp_path: Path) -> None:
    # 31 Farvardin 1403 is 19 April 2024; a month later it is 31 Ordibehesht, 20 May.
    people = [view("a", "2024-04-19T10:00"), view("b", "2024-04-19T10:00")]
    people += [order("a", "2024-05-20T10:00"), order("b", "2024-05-20T10:00:00.001")]
    iranian = Shop(tmp_path / "iranian", people, timezone="Europe/Prague", calendar="jalali")
    assert iranian.who("sequence(view, order within 1 month)", at="2024-06-01") == {"a"}
    assert Shop(tmp_path / "czech", people).who("sequence(view, order within 1 month)", at="2024-06-01") == set()


def test_the_window_holds_the_first_step_and_the_others_may_follow_until_now(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            *(view("april", "2024-04-30T23:59:59.999"), order("april", "2024-05-15T12:00")),
            *(view("march", "2024-03-31"), order("march", "2024-04-10")),
            *(view("may", "2024-05-01"), order("may", "2024-05-02")),
            *(view("future", "2024-04-10"), order("future", "2024-05-15T12:00:00.001")),
        ],
    )
    assert shop.who("sequence(view, order, in previous month)") == {"april"}
    assert shop.who("sequence(view, order, last 30 days)") == {"april", "may"}


def test_any_choice_of_events_will_do_not_only_the_first_or_the_nearest(tmp_path: Path) -> None:
    early = [view("early", "2024-05-01"), cart("early", "2024-05-01T12:00"), order("early", "2024-05-02")]
    early += [view("early", "2024-05-05"), cart("early", "2024-05-05T12:00")]
    late = [view("late", "2024-04-01"), cart("late", "2024-05-05T12:00"), view("late", "2024-05-05")]
    late += [order("late", "2024-05-06")]
    never = [view("never", "2024-05-01"), cart("never", "2024-05-01T12:00")]
    never += [cart("never", "2024-05-05T12:00"), order("never", "2024-05-06")]
    shop = Shop(tmp_path, [*early, *late, *never])
    assert shop.who("sequence(view, cart within 1 day, order within 1 day)") == {"early", "late"}
    assert shop.who("sequence(view, cart within 1 day, order within 7 days)") == {"early", "late", "never"}


def test_a_step_back_to_an_earlier_event_is_right_where_the_nearest_is_followed_by_what_must_not_be(
    tmp_path: Path,
) -> None:
    # After the second view comes a cart within the hour; after the first none did, and the order still follows it.
    first = [view("first", "2024-05-01T10:00"), view("first", "2024-05-03T10:00"), cart("first", "2024-05-03T10:30")]
    first += [order("first", "2024-05-04")]
    both = [view("both", "2024-05-01T10:00"), cart("both", "2024-05-01T10:30"), *[
        {**one, "userId": "both", "messageId": one["messageId"] + "b"} for one in first[1:]
    ]]  # fmt: skip
    shop = Shop(tmp_path, [*first, *both])
    assert shop.who("sequence(view, no cart within 1 hour, order)") == {"first"}
    assert shop.who("sequence(view, no cart within 1 hour, order within 2 days)") == set()
    assert shop.who("sequence(view, no cart, order)") == set()
    assert shop.who("sequence(view, no cart within 29 minutes, order)") == {"first", "both"}


def test_an_absence_begins_after_its_step_and_has_its_end_inside(tmp_path: Path) -> None:
    times = {"with": "10:00:00.000", "just after": "10:00:00.001", "end": "11:00:00.000", "past": "11:00:00.001"}
    people = [cart(who, "2024-05-01T10:00") for who in times]
    people += [view(who, f"2024-05-01T{time}") for who, time in times.items()]
    shop = Shop(tmp_path, [*people, *(order(who, "2024-05-02") for who in times)])
    assert shop.who("sequence(cart, no view within 1 hour, order)") == {"with", "past"}
    assert shop.who("sequence(cart, no view, order)") == {"with"}
    assert shop.who("sequence(cart, no view within 1 hour)") == {"with", "past"}


def test_an_absence_is_cut_at_the_next_step_whose_own_instant_is_outside(tmp_path: Path) -> None:
    people = [cart(who, "2024-05-01T10:00") for who in ("with", "before", "after")]
    people += [order(who, "2024-05-01T12:00") for who in ("with", "before", "after")]
    people += [view("with", "2024-05-01T12:00"), view("before", "2024-05-01T11:59:59.999")]
    shop = Shop(tmp_path, [*people, view("after", "2024-05-01T12:00:00.001")])
    assert shop.who("sequence(cart, no view within 5 hours, order)") == {"with", "after"}
    assert shop.who("sequence(cart, no view, order)") == {"with", "after"}


def test_an_absence_of_the_next_steps_own_kind_speaks_of_the_events_before_it(tmp_path: Path) -> None:
    # Two orders in a row, nothing cheap between them: the second is no reason against itself.
    shop = Shop(
        tmp_path,
        [
            *(order("a", "2024-05-01", total=90), order("a", "2024-05-03", total=80)),
            *(
                order("b", "2024-05-01", total=90),
                order("b", "2024-05-02", total=5),
                order("b", "2024-05-03", total=80),
            ),
        ],
    )
    assert shop.who("sequence(order where total > 50, no order, order where total > 50)") == {"a"}
    assert shop.who("sequence(order where total > 50, order where total > 50)") == {"a", "b"}


def test_at_the_end_an_absence_holds_once_its_whole_gap_has_passed(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            cart("passed", "2024-05-14T12:00"),
            cart("not yet", "2024-05-14T12:00:00.001"),
            *(cart("bought", "2024-05-10T12:00"), order("bought", "2024-05-11T12:00")),
            *(cart("too late", "2024-05-10T12:00"), order("too late", "2024-05-11T12:00:00.001")),
            *(cart("twice", "2024-05-01T12:00"), order("twice", "2024-05-01T13:00"), cart("twice", "2024-05-05")),
        ],
    )
    assert shop.who("sequence(cart, no order within 24 hours)") == {"passed", "too late", "twice"}
    assert shop.who("sequence(cart, no order within 1 day)") == {"passed", "too late", "twice"}
    assert shop.who("sequence(cart, no order)") == {"passed", "not yet", "twice"}
    assert shop.who("sequence(cart, no order within 24 hours)", at="2024-05-14T12:00:00.001") == {"too late", "twice"}


def test_every_step_has_a_filter_of_its_own_also_on_lines(tmp_path: Path) -> None:
    coat, hat = {"sku": "C-17", "quantity": 2}, {"sku": "H-1", "quantity": 1}
    shop = Shop(
        tmp_path,
        [
            *(view("a", "2024-05-01", "/coats/1"), order("a", "2024-05-02", hat, coat)),
            *(view("b", "2024-05-01", "/hats"), order("b", "2024-05-02", coat)),
            *(view("c", "2024-05-01", "/coats"), order("c", "2024-05-02", {**coat, "quantity": 1}, hat)),
        ],
    )
    text = "sequence(view where path starts with '/coats', order where has line (sku = 'C-17' and quantity >= 2))"
    assert shop.who(text) == {"a"}
    assert shop.who("sequence(view where path starts with '/coats', order where sku = 'C-17')") == {"a", "c"}
    assert shop.who("sequence(view where path starts with '/coats', no order where quantity > 1)") == {"c"}


def test_an_order_is_one_event_at_its_earliest_time_with_its_latest_content(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            order("ada", "2024-05-01", order_id="1", total=10),
            track("ada", "Order Updated", "2024-05-03", order_id="1", total=90),
            *(order("ben", "2024-05-01", order_id="2"), cancelled("ben", "2024-05-04", order_id="2")),
            order("ben", "2024-05-05", order_id="3"),
            *(order("cyd", "2024-05-01", order_id="4", total=9), refund("cyd", "2024-05-03", order_id="4", total=9)),
        ],
    )
    assert shop.who("sequence(order, order)") == set()
    assert shop.who("sequence(order, order)", at="2024-05-03T12:00") == set()
    assert shop.who("sequence(order where total = 90)") == {"ada"}
    assert shop.who("sequence(order, refund within 2 days)") == {"cyd"}
    assert shop.who("sequence(order, no order within 3 days)") == {"ada", "ben", "cyd"}
    assert shop.who("sequence(order, no refund within 1 month)", at="2024-06-20") == {"ada", "ben"}


def test_ten_steps_are_followed(tmp_path: Path) -> None:
    days = [f"2024-05-{day:02}" for day in range(1, 11)]
    people = [view(who, day, str(number)) for who in ("all", "nine") for number, day in enumerate(days)]
    people = [one for one in people if (one["userId"], one["properties"]["path"]) != ("nine", "4")]
    shop = Shop(tmp_path, people)
    steps = ", ".join(f"view where path = '{number}'" + (" within 1 day" if number else "") for number in range(10))
    assert shop.who(f"sequence({steps})") == {"all"}


def test_the_first_step_may_be_asked_for_in_the_persons_own_day(tmp_path: Path) -> None:
    # At noon in Prague it is six in the morning in New York, where 04:30 of Prague was still yesterday.
    people = [message(who, "identify", "2024-01-01", traits=traits) for who, traits in
              {"here": {}, "there": {"timezone": "America/New_York"}}.items()]  # fmt: skip
    for who in ("here", "there"):
        people += [view(who, "2024-05-15T04:30"), order(who, "2024-05-15T11:00")]
    shop = Shop(tmp_path, people)
    assert shop.who("sequence(view, order, in today)") == {"here", "there"}
    assert shop.who("sequence(view, order, in today in local time)") == {"here"}


# --- active


def test_each_period_has_its_older_edge_inside_and_only_the_newest_includes_now(tmp_path: Path) -> None:
    # Edges at 15 May, 15 April, 15 March .. at noon.
    shop = Shop(
        tmp_path,
        [
            *(
                order("three", "2024-05-15T12:00"),
                order("three", "2024-04-15T11:59:59.999"),
                order("three", "2024-03-01"),
            ),
            *(order("two", "2024-05-15T12:00"), order("two", "2024-04-15T12:00"), order("two", "2024-03-15T12:00")),
            *(order("old", "2023-11-15T11:59:59.999"), order("old", "2024-05-01"), order("old", "2024-04-01")),
            *(order("oldest", "2023-11-15T12:00"), order("oldest", "2024-05-01"), order("oldest", "2024-04-01")),
        ],
    )
    assert shop.who("active(order, 3 of last 6 months)") == {"three", "oldest"}
    assert shop.who("active(order, 2 of last 6 months)") == {"three", "two", "old", "oldest"}
    assert shop.who("active(order, 1 of last 1 day)") == {"three", "two"}


def test_periods_meet_without_a_gap_where_a_month_is_too_short(tmp_path: Path) -> None:
    # Seen from 31 March, the month begins with the end of February, the one before on 31 January.
    shop = Shop(
        tmp_path,
        [
            *(order("both", "2024-03-01T00:00"), order("both", "2024-02-29T23:59:59.999")),
            *(order("one", "2024-03-01T00:00"), order("one", "2024-03-30")),
            *(order("edge", "2024-01-31T12:00"), order("edge", "2024-03-31T12:00")),
            *(order("before", "2024-01-31T11:59:59.999"), order("before", "2024-03-31T12:00")),
        ],
    )
    assert shop.who("active(order, 2 of last 2 months)", at="2024-03-31T12:00") == {"both", "edge"}


def test_a_period_is_a_hit_with_so_many_events(tmp_path: Path) -> None:
    ada = [order("ada", f"2024-0{month}-01", order_id=f"{month}{number}") for month in (3, 4) for number in (1, 2)]
    ben = [order("ben", f"2024-0{month}-01", order_id=f"b{month}{number}") for month in (3, 4) for number in (1, 1)]
    shop = Shop(tmp_path, [*ada, *ben])
    assert shop.who("active(order, 2 times, 2 of last 6 months)") == {"ada"}
    assert shop.who("active(order where order_id ends with '1', 2 of last 6 months)") == {"ada", "ben"}


def test_periods_may_have_any_length(tmp_path: Path) -> None:
    # Edges at 15 May, 5 May, 25 April, 15 April at noon.
    shop = Shop(
        tmp_path,
        [
            *(view("two", "2024-05-05T12:00"), view("two", "2024-05-05T11:59:59.999")),
            *(view("one", "2024-05-05T12:00"), view("one", "2024-05-15T12:00")),
            *(view("far", "2024-05-14"), view("far", "2024-04-05T12:00")),
        ],
    )
    assert shop.who("active(view, 2 of last 4 periods of 10 days)") == {"two", "far"}
    assert shop.who("active(view, 2 of last 3 periods of 10 days)") == {"two"}
    assert shop.who("active(view, 2 of last 40 days)") == {"one", "two", "far"}


def test_calendar_periods_are_whole_ones_before_the_present_one(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            *(order("april", "2024-04-01T00:00"), order("april", "2024-03-31T23:59:59.999")),
            *(order("may", "2024-05-01T00:00"), order("may", "2024-03-31")),
            *(order("old", "2024-01-31T23:59:59.999"), order("old", "2024-02-01")),
        ],
    )
    assert shop.who("active(order, 2 of previous 3 months)") == {"april"}
    assert shop.who("active(order, 1 of previous 3 months)") == {"april", "may", "old"}
    assert shop.who("active(order, 2 of previous 2 periods of 2 months)") == set()
    assert shop.who("active(order, 2 times, 1 of previous 2 periods of 2 months)") == {"april", "old"}


def test_calendar_periods_go_by_the_first_weekday_and_the_calendar_of_the_workspace(tmp_path: Path) -> None:
    # 15 May 2024 is a Wednesday, and 26 Ordibehesht 1403; Farvardin went from 20 March to 19 April.
    people = [view("sunday", "2024-05-12T12:00"), view("19 april", "2024-04-19T12:00"), view("april", "2024-04-30")]
    monday = Shop(tmp_path / "monday", people)
    sunday = Shop(tmp_path / "sunday", people, first_weekday="sunday", calendar="jalali")
    assert monday.who("active(view, 1 of previous 1 week)") == {"sunday"}
    assert sunday.who("active(view, 1 of previous 1 week)") == set()
    assert monday.who("active(view, 1 of previous 1 month)") == {"19 april", "april"}
    assert sunday.who("active(view, 1 of previous 1 month)") == {"19 april"}


# --- lifecycle


def test_lapsed_is_who_once_did_and_not_in_the_window(tmp_path: Path) -> None:
    # 90 days before 15 May at noon is 15 February at noon.
    shop = Shop(
        tmp_path,
        [
            order("edge", "2024-02-15T12:00"),
            order("lapsed", "2024-02-15T11:59:59.999"),
            *(order("back", "2023-01-01"), order("back", "2024-05-15T12:00")),
            *(order("cancelled", "2024-01-01", order_id="1"), cancelled("cancelled", "2024-01-02", order_id="1")),
            view("never", "2024-01-01"),
        ],
    )
    assert shop.who("lapsed(order, 90 days)") == {"lapsed"}
    assert shop.who("lapsed(order, 2160 hours)") == set(), "an hour of them was skipped in March"
    assert shop.who("not lapsed(order, 90 days)") == {"edge", "back", "cancelled", "never"}


def test_first_time_is_the_first_ever_that_meets_the_filter_in_the_window(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            order("new", "2024-04-15T12:00", total=5),
            order("older", "2024-04-15T11:59:59.999", total=90),
            *(order("grown", "2024-01-01", total=5), order("grown", "2024-05-01", total=90)),
        ],
    )
    assert shop.who("first_time(order, last 30 days)") == {"new"}
    assert shop.who("first_time(order where total > 50, last 30 days)") == {"grown"}
    assert shop.who("first_time(order, last 1 year)") == {"new", "older", "grown"}


def test_returned_is_an_event_in_the_window_whose_nearest_one_before_is_long_ago(tmp_path: Path) -> None:
    # 90 days before 1 May at ten is 1 February at ten.
    shop = Shop(
        tmp_path,
        [
            *(order("edge", "2024-05-01T10:00"), order("edge", "2024-02-01T10:00")),
            *(order("short", "2024-05-01T10:00"), order("short", "2024-02-01T10:00:00.001")),
            *(order("new", "2024-05-01T10:00"), order("new", "2024-05-01T10:00")),
            *(order("pair", "2024-05-01T10:00"), order("pair", "2024-05-01T10:00"), order("pair", "2023-05-01")),
            *(order("kept", "2024-05-01"), order("kept", "2024-04-01"), order("kept", "2023-01-01")),
            *(order("again", "2024-05-02"), order("again", "2024-04-20"), order("again", "2023-01-01")),
            *(order("before", "2024-04-15T11:59:59.999"), order("before", "2023-01-01")),
        ],
    )
    assert shop.who("returned(order, last 30 days, after 90 days)") == {"edge", "pair", "again"}
    assert shop.who("returned(order, last 30 days, after 3 months)") == {"edge", "pair", "again"}
    assert shop.who("returned(order, last 30 days, after 2160 hours)") == {"pair", "again"}
    assert shop.who("returned(order, last 30 days, after 1 year)") == {"pair", "again"}


def test_a_break_of_a_month_ends_where_the_earlier_month_ends(tmp_path: Path) -> None:
    # A month before 31 March is the end of February; so the earlier event may lie up to there, and no later.
    shop = Shop(
        tmp_path,
        [
            *(order("end", "2024-03-31T10:00"), order("end", "2024-03-01T00:00")),
            *(order("after", "2024-03-31T10:00"), order("after", "2024-03-01T00:00:00.001")),
        ],
    )
    assert shop.who("returned(order, last 90 days, after 1 month)") == {"end"}


def test_patterns_are_conditions_like_others(tmp_path: Path) -> None:
    people = [view("ada", "2024-05-01"), order("ada", "2024-05-02", total=9), order("ben", "2024-05-02", total=5)]
    shop = Shop(tmp_path, people)
    assert shop.who("not (sequence(view, order) or lapsed(order, 1 day))") == set()
    assert shop.who("sequence(view, order) and active(order, 1 of last 2 weeks)") == {"ada"}
    assert shop.who("top 1 by sum(order.total) among (not sequence(view, order))") == {"ben"}
    assert shop.who("in segment 'x' and did order", segments={"x": "sequence(order, no order within 1 day)"}) == {
        "ada",
        "ben",
    }


def test_events_of_centuries_ago_move_by_the_calendar_too(tmp_path: Path) -> None:
    # What a file says of 1700 is taken at its word, and Prague had then no hours that were skipped.
    people = [
        order("old", "1700-01-31"),
        view("old", "1700-03-01"),
        view("odd", "1700-01-01"),
        order("odd", "1700-01-31"),
    ]
    shop = Shop(tmp_path, [*people, order("new", "2024-05-01"), view("new", "2024-05-02")])
    assert shop.who("sequence(order, view within 1 month)") == {"old", "new"}
    assert shop.who("sequence(order, no view within 1 month)") == {"odd"}
