"""Sequences, activity and lifecycle in the interpreter, and why they hold or not (rules 32 to 35)."""

from __future__ import annotations

import json
from typing import cast

import pytest

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language import check, limits, parse, tree
from intarsia.language.interpret.explain import PERIODS_SHOWN
from intarsia.language.meaning.periods import periods, stretches
from intarsia.language.meaning.windows import interval
from tests.language.asking import CATALOG, PRAGUE, instant, is_in, order, refund, said, view, who, why


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as found:
        check(parse(text), CATALOG, text)
    return found.value


def names(shown: object, name: str) -> list[object]:
    """One field of each thing that an explanation shows."""
    return [one[name] for one in cast(list[dict[str, object]], shown)]


# --- meaning


def test_a_sequence_takes_its_steps_in_order_and_strictly_one_after_the_other() -> None:
    text = "sequence(view, order within 7 days)"
    assert is_in(text, view("2024-05-01T10:00"), order("2024-05-08T10:00"))
    assert not is_in(text, view("2024-05-01T10:00"), order("2024-05-08T10:00:00.001"))
    assert not is_in(text, view("2024-05-01T10:00"), order("2024-05-01T10:00"))
    assert not is_in(text, order("2024-05-01T10:00"), view("2024-05-02T10:00"))
    assert not is_in(text)


def test_one_event_is_not_two_steps() -> None:
    assert not is_in("sequence(view, view)", view("2024-05-01"), view("2024-05-01"))
    assert is_in("sequence(view, view)", view("2024-05-01"), view("2024-05-02"))


def test_a_choice_may_leave_out_the_first_and_the_nearest_event() -> None:
    seen = [view("2024-05-01", path="a"), view("2024-05-02", path="b"), view("2024-05-03", path="a")]
    assert is_in(
        "sequence(view where path = 'a', view where path = 'b' within 1 day, order)", *seen, order("2024-05-09")
    )
    assert is_in("sequence(view where path = 'b', order within 7 days)", *seen, order("2024-05-09"))
    assert not is_in("sequence(view where path = 'a', order within 5 days)", *seen, order("2024-05-09"))


def test_what_happens_at_the_instant_of_the_next_step_is_not_between() -> None:
    bought = order("2024-05-01T10:00"), order("2024-05-03T10:00")
    assert is_in("sequence(order, no view, order)", *bought, view("2024-05-03T10:00"), view("2024-05-01T10:00"))
    assert not is_in("sequence(order, no view, order)", *bought, view("2024-05-03T09:59:59.999"))
    assert is_in("sequence(order, no order, order)", *bought)
    assert is_in("sequence(order, no order within 2 days, order)", *bought)


def test_the_end_of_an_absence_is_inside() -> None:
    bought = order("2024-05-01T10:00"), order("2024-05-03T10:00")
    assert not is_in("sequence(order, no view within 1 day, order)", *bought, view("2024-05-02T10:00"))
    assert is_in("sequence(order, no view within 1 day, order)", *bought, view("2024-05-02T10:00:00.001"))


def test_an_absence_at_the_end_waits_until_its_gap_has_passed() -> None:
    text = "sequence(order, no view within 1 day)"
    assert is_in(text, order("2024-05-14T12:00"))
    assert not is_in(text, order("2024-05-14T12:00:00.001"))
    assert not is_in(text, order("2024-05-01T12:00"), view("2024-05-02T12:00"))
    assert is_in(text, order("2024-05-01T12:00"), view("2024-05-02T12:00"), order("2024-05-10"))


def test_what_is_not_known_yet_breaks_no_absence() -> None:
    people = {"ada": [order("2024-05-01"), view("2024-05-02", id="v")]}
    later = {"ada": [order("2024-05-01"), view("2024-05-16", id="v")]}
    assert who("sequence(order, no view)", people) == set()
    assert who("sequence(order, no view)", later) == {"ada"}


def test_refunds_are_no_orders_of_a_pattern() -> None:
    facts = order("2024-05-01", order_id="1"), refund("2024-05-05", order_id="1")
    assert not is_in("sequence(order, order)", *facts)
    assert not is_in("active(order, 2 of last 2 weeks)", *facts)
    assert is_in("sequence(order, refund within 4 days)", *facts)


def test_active_counts_back_from_now() -> None:
    edges = order("2024-05-15T12:00"), order("2024-04-15T12:00"), order("2024-04-15T11:59:59.999")
    assert is_in("active(order, 2 of last 2 months)", *edges)
    assert not is_in("active(order, 2 of last 2 months)", *edges[:2])
    assert is_in("active(order, 2 times, 1 of last 2 months)", *edges[:2])


def test_the_periods_of_active_meet() -> None:
    seen = tree.Active(tree.Event(("order",)), None, 1, 1, 4, tree.Length(1, "month"))
    at = instant("2024-03-31T12:00")
    found = periods(seen, lambda window: interval(window, at, PRAGUE))
    begins = [to_iso(period.begin or 0) for period in found]
    expected = ("2024-03-01T00:00", "2024-01-31T12:00", "2023-12-31T12:00", "2023-12-01T00:00")
    assert begins == [to_iso(instant(text)) for text in expected]
    assert [period.end for period in found] == [at + 1, *(period.begin for period in found[:-1])]
    assert stretches(seen)[2] == tree.Window(tree.Rolling("last", tree.Length(3, "month")))


def test_lifecycle_verbs() -> None:
    old, new = order("2023-01-01"), order("2024-05-01")
    assert is_in("lapsed(order, 90 days)", old)
    assert not is_in("lapsed(order, 90 days)", old, new)
    assert not is_in("lapsed(order, 90 days)")
    assert is_in("first_time(order, last 30 days)", new)
    assert not is_in("first_time(order, last 30 days)", old, new)
    assert is_in("returned(order, last 30 days, after 90 days)", old, new)
    assert not is_in("returned(order, last 30 days, after 90 days)", new)
    assert not is_in("returned(order, last 30 days, after 90 days)", old, order("2024-04-01"), new)


# --- why


def test_a_sequence_shows_how_far_it_can_be_followed() -> None:
    facts = view("2024-05-01", id="v1"), view("2024-05-03", id="v2"), order("2024-05-04", id="o1")
    found = why("sequence(view, order within 2 days, in last 30 days)", *facts).facts
    assert (found["steps_met"], found["step_count"]) == (2, 2)
    assert names(found["events"], "id") == ["v2", "o1"]
    assert found["window_begin"] == to_iso(instant("2024-04-15T12:00"))
    missing = why("sequence(view, order within 2 days, order)", *facts)
    assert not missing.holds
    assert (missing.facts["steps_met"], missing.facts["step_count"]) == (2, 3)
    assert why("sequence(order where coupon = 'X', view)", *facts).facts["steps_met"] == 0


def test_an_absence_that_is_broken_is_a_step_that_is_not_met() -> None:
    facts = view("2024-05-01", id="v"), order("2024-05-02", id="o")
    assert why("sequence(view, no order within 2 days)", *facts).facts["steps_met"] == 1
    assert why("sequence(view, no order within 2 days)", facts[0]).facts["steps_met"] == 2
    assert why("sequence(view, no order, view)", *facts, view("2024-05-03")).facts["steps_met"] == 1


def test_active_shows_its_periods_the_newest_first() -> None:
    found = why(
        "active(order, 2 of last 3 months)", order("2024-05-01"), order("2024-05-02"), order("2024-03-20")
    ).facts
    assert found["hit_count"] == 2
    assert names(found["periods"], "event_count") == [2, 1, 0]
    days = why("active(order, 2 of last 300 days)", said()).facts["periods"]
    assert isinstance(days, list)
    assert len(days) == PERIODS_SHOWN


def test_lifecycle_verbs_show_the_events_that_decide() -> None:
    facts = order("2023-01-01", id="a"), order("2024-04-20", id="b"), order("2024-05-01", id="c")
    assert names([why("lapsed(order, 90 days)", *facts).facts["event"]], "id") == ["c"]
    assert names([why("first_time(order, last 90 days)", *facts).facts["event"]], "id") == ["a"]
    found = why("returned(order, last 30 days, after 90 days)", *facts)
    assert found.holds
    assert found.facts["event"] == {"id": "b", "name": "Order Completed", "occurred_at": to_iso(instant("2024-04-20"))}
    assert names([found.facts["earlier"]], "id") == ["a"]
    assert why("returned(order, last 30 days, after 90 days)", facts[0]).facts["earlier"] is None
    assert why("first_time(order, last 90 days)", said()).facts["event"] is None


def test_what_is_shown_of_patterns_is_plain_json() -> None:
    text = "sequence(view, order) or active(view, 1 of previous 2 weeks) or returned(view, last 1 day, after 1 hour)"
    found = why(text, view("2024-05-14"), order("2024-05-15")).to_json()
    assert json.loads(json.dumps(found)) == found


# --- what makes no sense


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("sequence(no order within 2 days, view)", "language.absence-first", "no order within 2 days"),
        ("sequence(order within 2 days, view)", "language.first-within", "2 days"),
        ("sequence(view, no order, no refund)", "language.absences-together", "no refund"),
        ("sequence(view, no order within 1 day, no refund, order)", "language.absences-together", "no refund"),
        ("sequence(view, orders)", "language.unknown-event", "orders"),
        ("sequence(view where coupon = 'x', order)", "language.unknown-property", "coupon"),
        ("sequence(view, order.total)", "language.not-an-event", "order.total"),
        ("active(order where country = 'CZ', 1 of last 2 weeks)", "language.trait-in-where", "country"),
        ("active(order, 1 of previous 3 hours)", "language.no-such-period", "active(order, 1 of previous 3 hours)"),
        ("active(order, 1 of last 1001 days)", "language.too-large", "active(order, 1 of last 1001 days)"),
        ("lapsed(nothing, 3 days)", "language.unknown-event", "nothing"),
        ("did order where (sequence(view, order))", "language.not-in-where", "sequence(view, order)"),
        ("returned(order where has line (returned(order, last 1 day, after 1 day)), last 1 day, after 1 day)",
         "language.not-in-where", "returned(order, last 1 day, after 1 day)"),
    ],
)  # fmt: skip
def test_a_pattern_that_makes_no_sense_is_refused_at_its_place(text: str, code: str, place: str) -> None:
    error = refused(text)
    assert error.code == code
    assert error.span is not None
    assert text[error.span.start : error.span.end] == place


def test_the_limits_of_patterns_can_be_reached() -> None:
    steps = ", ".join(["view"] * limits.SEQUENCE_STEPS)
    check(parse(f"sequence({steps})"), CATALOG)
    check(parse(f"active(order, 1 of last {limits.ACTIVE_PERIODS} days)"), CATALOG)
    too_long = tree.Sequence((tree.Step(tree.Event(("view",))),) * (limits.SEQUENCE_STEPS + 1))
    with pytest.raises(UserError, match="steps of a sequence"):
        check(too_long, CATALOG)


def test_what_a_pattern_rests_on_is_told() -> None:
    found = check(parse("sequence(view, no refund, order) and lapsed(page, 3 days)"), CATALOG)
    assert found.events == {"Product Viewed", "Order Refunded", "Order Completed", "page"}
