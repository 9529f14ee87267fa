"""Back-tests are held against plain Python over the messages, and their members against what the product answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import mean, variance

import pytest

from intarsia import Workspace
from intarsia.analysis.backtest import Backtest, BacktestDate
from intarsia.analysis.comparing import Comparison, Group
from tests.analysis.by_plain_python import (
    DATES,
    PRESENT,
    TICK,
    ZONE,
    Sent,
    buyers,
    end_of,
    frequent,
    known_people,
    later,
    random_sales,
    recorded_shop,
    spent,
)
from tests.thorough import so_many

DAYS = 28
FREQUENT = "count(order) >= 2"


def asked(workspace: Workspace, outcome: str, who: str = FREQUENT, **more: str) -> Backtest:
    times = {"begin": "2026-01-01", "end": "2026-05-01", "every": "1 month", **more}
    return workspace.backtest(who, outcome, **times)


def compared(date: BacktestDate) -> Comparison:
    assert date.comparison is not None
    return date.comparison


def counted(group: Group) -> tuple[int, Decimal | None]:
    return group.people, group.total


@pytest.fixture(scope="module")
def sales() -> list[Sent]:
    return random_sales(14, DAYS)


@pytest.fixture(scope="module")
def shop(sales: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """What questions are put to that change nothing."""
    with recorded_shop(tmp_path_factory.mktemp("sales") / "shop", sales) as workspace:
        yield workspace


@pytest.mark.parametrize("seed", range(so_many(1, 6)))
def test_members_and_what_they_spent_next_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    sent = random_sales(seed, DAYS, with_refunds=True)
    with recorded_shop(tmp_path / "shop", sent) as workspace:
        found = asked(workspace, f"sum(order.total) in next {DAYS} days")
        people = [set(workspace.segments.members(FREQUENT, date.isoformat(), date.isoformat())) for date in DATES]
    assert [date.state for date in found.dates] == ["over"] * len(DATES), seed
    for date, row, members in zip(DATES, found.dates, people, strict=True):
        base = known_people(sent, date, date)
        assert members == frequent(sent, date, date), seed
        assert (row.size, row.base) == (len(members), len(base)), seed
        amounts = spent(sent, date, end_of(date, DAYS))
        for group, who in ((compared(row).members, members), (compared(row).rest, base - members)):
            values = [amounts.get(one, Decimal(0)) for one in sorted(who)]
            assert (group.people, group.known, group.total) == (len(who), len(who), sum(values)), seed
            assert group.mean == pytest.approx(float(mean(values)) if values else None)
            assert group.variance == pytest.approx(float(variance(values)) if len(values) > 1 else 0.0)


@pytest.mark.parametrize("seed", range(6, so_many(7, 10)))
def test_who_bought_next_is_who_plain_python_says(seed: int, tmp_path: Path) -> None:
    sent = random_sales(seed, DAYS)
    with recorded_shop(tmp_path / "shop", sent) as workspace:
        bought = asked(workspace, f"did order in next {DAYS} days")
        left = asked(workspace, f"never order in next {DAYS} days")
    for date, row, other in zip(DATES, bought.dates, left.dates, strict=True):
        members, base = frequent(sent, date, date), known_people(sent, date, date)
        yes = buyers(sent, date, end_of(date, DAYS))
        for group, who in ((compared(row).members, members), (compared(row).rest, base - members)):
            assert (group.people, group.total) == (len(who), len(who & yes) if who else None), seed
        assert compared(other).members.total == len(members - yes), seed


def test_what_happens_at_the_date_is_known_and_no_outcome_and_the_last_instant_is_one(tmp_path: Path) -> None:
    """Rule 16 has both edges inside; the date's own instant was seen when the members were asked."""
    date, end = DATES[2], end_of(DATES[2], 31)
    assert end - date == timedelta(days=31), "by the wall clock: an hour is missing in between"
    edges = {
        "before": later(date, -TICK),
        "at": date,
        "first": later(date, TICK),
        "last": end,
        "after": later(end, TICK),
    }
    sent = [Sent("Order Completed", who, who, when, max(when, date), Decimal(10)) for who, when in edges.items()]
    known = [Sent("Order Completed", who, f"known-{who}", DATES[0], DATES[0], Decimal(1)) for who in edges]
    with recorded_shop(tmp_path / "shop", [*known, *sent]) as workspace:
        times = {"begin": "2026-03-01", "end": "2026-03-01"}
        [money] = asked(workspace, "sum(order.total) in next 31 days", **times).dates
        # The calendar's next month begins with its first instant, which lies after the date, and ends a moment earlier.
        [march] = asked(workspace, "count(order) in next month", begin="2026-02-28", end="2026-02-28").dates
    assert (money.size, money.base) == (2, 5)
    assert compared(money).members.total == 0
    assert compared(money).rest.total == 20
    assert compared(march).rest.total == 2
    assert march.end == money.end - 1


def test_late_and_repeated_messages_change_nobodys_membership_of_then(tmp_path: Path) -> None:
    sent = random_sales(11, DAYS, with_refunds=True)
    newcomer = Sent("Order Completed", "zoe", "z1", DATES[0], PRESENT, Decimal(700))
    with recorded_shop(tmp_path / "shop", sent) as workspace:
        before = asked(workspace, f"did order in next {DAYS} days")
        frequent_then = workspace.segments.members(FREQUENT, DATES[2].isoformat(), DATES[2].isoformat())
        late = [
            Sent("Order Completed", who, f"late-{who}-{number}", later(DATES[0], -timedelta(days=3 + number)), PRESENT)
            for who in sorted({one.who for one in sent})
            for number in range(2)
        ]
        workspace.record([one.message() for one in [*late, newcomer]], PRESENT)
        again = workspace.record([one.message() for one in sent], PRESENT)
        assert again.count("duplicate") == len(sent)
        after = asked(workspace, f"did order in next {DAYS} days")
        assert workspace.segments.members(FREQUENT, DATES[2].isoformat(), DATES[2].isoformat()) == frequent_then
        hindsight = workspace.backtest_in_hindsight(
            FREQUENT, f"did order in next {DAYS} days", begin="2026-01-01", end="2026-05-01", every="1 month"
        )
    assert [(date.size, date.base, date.comparison) for date in after.dates] == [
        (date.size, date.base, date.comparison) for date in before.dates
    ]
    everybody = len({one.who for one in sent})
    assert [(date.size, date.base) for date in hindsight.dates] == [(everybody, everybody + 1)] * 5


def test_in_hindsight_members_are_by_what_had_happened_whenever_it_was_learned(
    shop: Workspace, sales: list[Sent]
) -> None:
    found = shop.backtest_in_hindsight(
        FREQUENT, "count(order) in next 2 weeks", begin="2026-01-01", end="2026-05-01", every="1 month"
    )
    expected = [(len(frequent(sales, date, None)), len(known_people(sales, date, None))) for date in DATES]
    assert [(date.size, date.base) for date in found.dates] == expected
    assert found.knowledge == "hindsight"


def test_sizes_are_those_that_evaluations_wrote_into_the_ledger_then(tmp_path: Path) -> None:
    sent = random_sales(13, DAYS, with_refunds=True)
    instants = sorted({one.recorded for one in sent})
    sizes = []
    with recorded_shop(tmp_path / "shop", [one for one in sent if one.recorded == instants[0]]) as workspace:
        workspace.segments.add("frequent", FREQUENT)
        for date in DATES:
            new = [one for one in sent if instants[0] < one.recorded <= date]
            for instant in sorted({one.recorded for one in new}):
                workspace.record([one.message() for one in new if one.recorded == instant], instant)
            workspace.evaluate(date.isoformat(), date.isoformat())
            sizes.append(len(workspace.memberships.current("frequent")))
        rest = [one for one in sent if one.recorded > DATES[-1]]
        for instant in sorted({one.recorded for one in rest}):
            workspace.record([one.message() for one in rest if one.recorded == instant], instant)
        found = asked(workspace, "did order in next 3 days", "frequent")
    assert [date.size for date in found.dates] == sizes
    assert len(set(sizes)) > 1


def test_a_window_that_is_not_over_has_no_outcome_never_a_part_of_one(shop: Workspace) -> None:
    found = asked(shop, "sum(order.total) in next 31 days", end="2026-06-01")
    exactly = asked(shop, "did order in next 31 days", begin="2026-05-01", at="2026-06-01T00:00")
    a_moment_less = asked(shop, "did order in next 31 days", begin="2026-05-01", at="2026-05-31T23:59:59.999")
    by_then = asked(shop, "did order in next 10 days", known_at="2026-05-10")
    assert [date.state for date in found.dates] == ["over"] * 5 + ["not over yet"]
    assert (found.dates[5].comparison, found.dates[5].size > 0) == (None, True)
    assert [date.state for one in (exactly, a_moment_less) for date in one.dates] == ["over", "not over yet"]
    assert [date.state for date in by_then.dates] == ["over"] * 4 + ["not over yet"]
    assert found.overall.compared == 5


def test_an_average_is_of_those_who_have_one(tmp_path: Path) -> None:
    known = [Sent("Order Completed", who, f"k-{who}", DATES[0], DATES[0], Decimal(1)) for who in "abcd"]
    orders = [("a", 10), ("a", 21), ("b", 30), ("c", 7)]
    bought = [
        Sent("Order Completed", who, f"o{total}", later(DATES[0], TICK), DATES[1], Decimal(total))
        for who, total in orders
    ]
    with recorded_shop(tmp_path / "shop", [*known, *bought]) as workspace:
        times = {"begin": "2026-01-01", "end": "2026-01-01"}
        who = "profile in ('a', 'b', 'd')"
        [average] = asked(workspace, "avg(order.total) in next 10 days", who, **times).dates
        [ratio] = asked(workspace, "ratio(sum(order.total), count(order)) in next 10 days", who, **times).dates
        [largest] = asked(workspace, "max(order.total, next 10 days)", who, **times).dates
    for date in (average, ratio):
        members = compared(date).members
        assert (members.people, members.known, members.total) == (3, 2, None)
        assert members.mean == pytest.approx((15.5 + 30) / 2)
    assert compared(largest).members.mean == pytest.approx((21 + 30) / 2)
    assert compared(largest).rest.mean == 7


def test_the_definition_is_that_of_today_with_the_segments_that_it_names(tmp_path: Path) -> None:
    sent = random_sales(15, DAYS)
    with recorded_shop(tmp_path / "shop", sent) as workspace:
        workspace.segments.add("frequent", "nobody")
        workspace.segments.edit("frequent", FREQUENT)
        workspace.segments.add("others", "not in segment 'frequent'")
        found = asked(workspace, "did order in next 3 days", "others")
        plain = asked(workspace, "did order in next 3 days")
    assert [date.size for date in found.dates] == [date.base - date.size for date in plain.dates]
    assert found.definition == "not in segment 'frequent'"


def test_people_who_became_one_since_are_one_and_members_if_a_part_of_them_was(tmp_path: Path) -> None:
    orders = [Sent("Order Completed", who, f"k-{who}", DATES[0], DATES[0], Decimal(1)) for who in ("a", "b", "c")]
    bought = Sent("Order Completed", "b", "next", later(DATES[0], TICK), DATES[1], Decimal(50))
    with recorded_shop(tmp_path / "shop", [*orders, bought]) as workspace:
        workspace.identity.merge("a", "b", reason="the same household")
        [date] = asked(workspace, "sum(order.total) in next 3 days", "profile = 'a'", end="2026-01-01").dates
    assert (date.size, date.base) == (1, 3)
    assert counted(compared(date).members) == (1, Decimal(50))
    assert counted(compared(date).rest) == (1, Decimal(0))


def test_who_was_deleted_since_is_still_one_of_those_who_were_there(tmp_path: Path) -> None:
    orders = [Sent("Order Completed", who, f"k-{who}", DATES[0], DATES[0], Decimal(1)) for who in ("a", "b")]
    bought = Sent("Order Completed", "a", "next", later(DATES[0], TICK), DATES[1], Decimal(50))
    with recorded_shop(tmp_path / "shop", [*orders, bought]) as workspace:
        workspace.profiles.delete(["a"], at="2026-01-02")
        times = {"begin": "2026-01-01", "end": "2026-02-01", "every": "1 month"}
        money = workspace.backtest_in_hindsight("profile = 'a'", "sum(order.total) in next 3 days", **times).dates
        [never, _] = asked(workspace, "never order in next 3 days", "everyone", **times).dates
    assert compared(money[0]).members.total == 50
    assert (money[1].size, money[1].base) == (0, 1)
    assert counted(compared(never).members) == (2, Decimal(1))


def test_what_a_reader_should_know_is_said(tmp_path: Path) -> None:
    sent = [one for one in random_sales(16, DAYS) if one.happened < DATES[3]]
    with recorded_shop(tmp_path / "shop", sent) as workspace:
        workspace.segments.add("frequent", FREQUENT)
        plain = asked(workspace, f"did order in next {DAYS} days", "frequent")
        moved = asked(
            workspace, "did order in next 3 days", "entered segment 'frequent' in last 7 days", end="2026-02-01"
        )
        early = asked(workspace, "did order in next 3 days", begin="2025-12-01", end="2026-01-01")
    assert [str(note).split(":")[0].split(" is of ")[0] for note in plain.notes] == ["the last event of the record"]
    assert str(moved.notes[0]).startswith("who entered or left `frequent` is known from ")
    assert str(early.notes[0]).startswith("dates at which nobody was known yet: ")
    assert early.dates[0].state == "nobody known"


def test_of_a_list_it_is_said_that_it_was_made_later(tmp_path: Path) -> None:
    known = [Sent("Order Completed", who, f"k-{who}", DATES[0], DATES[0], Decimal(1)) for who in ("a", "b")]
    (tmp_path / "vip.csv").write_text("a\n", encoding="utf-8")
    with recorded_shop(tmp_path / "shop", known) as workspace:
        workspace.lists.add("vip", tmp_path / "vip.csv")
        found = asked(workspace, "did order in next 3 days", "vip", end="2026-01-01")
        named = asked(workspace, "did order in next 3 days", "not in segment 'vip'", end="2026-01-01")
    assert (found.dates[0].size, found.dates[0].base, found.definition) == (1, 2, "vip")
    for one in (found, named):
        assert [str(note)[:20] for note in one.notes if "is a list" in str(note)] == ["`vip` is a list of 2"]


def test_several_dates_are_not_pooled(shop: Workspace) -> None:
    found = asked(shop, f"sum(order.total) in next {DAYS} days")
    lifts = sorted(one.lift.value for date in found.dates if (one := compared(date)).lift is not None)
    apart = [gap for date in found.dates if (gap := compared(date).difference) is not None]
    overall = found.overall
    half = len(lifts) // 2
    assert overall.lift == (lifts[half] if len(lifts) % 2 else (lifts[half - 1] + lifts[half]) / 2)
    assert len(lifts) >= 3
    assert overall.above == sum(gap.low is not None and gap.low > 0 for gap in apart)
    assert overall.below == sum(gap.high is not None and gap.high < 0 for gap in apart)


def test_an_instant_may_be_a_datetime(shop: Workspace) -> None:
    found = shop.backtest(
        FREQUENT,
        "did order in tomorrow",
        begin=datetime(2026, 1, 1, 12, tzinfo=ZONE),
        end=datetime(2026, 1, 2, 12, tzinfo=ZONE),
        every="1 day",
    )
    assert [date.end - date.at for date in found.dates] == [36 * 3_600_000 - 1] * 2
