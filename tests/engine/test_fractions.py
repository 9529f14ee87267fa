"""Ratios and trends: exact fractions in plain Python and in SQL (rules 28, 30, 31, 37)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intarsia.engine.sql.exact import NumbersTooLarge
from intarsia.errors import UserError
from intarsia.language import check, parse, show
from tests.engine.populations import Message
from tests.engine.shop import Shop, instant, order, refund, said, track

SEED = 20_240_515
EVERYBODY = {"ada", "ben", "cyd", "dan"}


def visit(who: str) -> dict[str, Any]:
    """Something that makes somebody known, and nothing else."""
    return track(who, "Seen", "2024-05-01")


def ordered(who: str, *totals: float, at: str = "2024-05-01", **properties: Any) -> list[dict[str, Any]]:
    """One order for each total."""
    return [order(who, at, total=total, **properties) for total in totals]


# --- ratio


def test_a_ratio_is_exact_and_a_third_is_no_decimal(tmp_path: Path) -> None:
    messages = [
        *ordered("ada", 1, 2, coupon="A"),
        *ordered("ada", 3),
        *ordered("ben", 1, coupon="A"),
        *ordered("ben", 2, 3),
        *ordered("cyd", 5),
        visit("dan"),
    ]
    shop = Shop(tmp_path, messages)
    ratio = "ratio(count(order where coupon is known), count(order))"
    assert shop.who(f"{ratio} > 0.5") == {"ada"}
    assert shop.who(f"{ratio} between 0.333333 and 0.333334") == {"ben"}
    assert shop.who(f"{ratio} = 0.333333 or {ratio} in (0.666667, '0.333333')") == set()
    assert shop.who(f"{ratio} <= 0.333333") == {"cyd"}
    assert shop.who(f"{ratio} < 0.333334") == {"ben", "cyd"}
    assert shop.who(f"{ratio} = 0") == {"cyd"}


def test_a_ratio_of_nothing_is_unknown_and_its_negation_takes_everybody_in(tmp_path: Path) -> None:
    shop = Shop(tmp_path, [*ordered("ada", 10), visit("ben"), order("cyd", total=0), visit("dan")])
    ratio = "ratio(sum(order.total), sum(order.total))"
    assert shop.who(f"{ratio} is known") == {"ada"}
    assert shop.who(f"{ratio} is unknown") == {"ben", "cyd", "dan"}
    assert shop.who(f"{ratio} is empty") == {"ben", "cyd", "dan"}
    assert shop.who(f"{ratio} > 0") == {"ada"}
    assert shop.who(f"not {ratio} > 0") == {"ben", "cyd", "dan"}
    assert shop.who(f"{ratio} != 1") == {"ben", "cyd", "dan"}
    assert shop.who(f"{ratio} not in (1, 2)") == {"ben", "cyd", "dan"}
    assert shop.who(f"{ratio} not between 0 and 9") == {"ben", "cyd", "dan"}
    assert shop.who("ratio(max(order.total), count(order)) is unknown") == {"ben", "dan"}


def test_a_divisor_below_zero_turns_the_sign(tmp_path: Path) -> None:
    messages = [
        *ordered("ada", 10, order_id="1"),
        refund("ada", order_id="1", total=40),
        *ordered("ben", 10, order_id="2"),
        refund("cyd", order_id="3", total=5),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("sum(order.total) = -30") == {"ada"}
    # 10 / -30 is -1/3, and -30 / 10 is -3.
    assert shop.who("ratio(max(order.total), sum(order.total)) < -0.333333") == {"ada"}
    assert shop.who("ratio(max(order.total), sum(order.total)) > -0.333334") == {"ada", "ben"}
    assert shop.who("ratio(sum(order.total), max(order.total)) = -3") == {"ada"}
    assert shop.who("ratio(sum(order.total), sum(order.total)) = 1") == {"ada", "ben", "cyd"}
    assert shop.who("ratio(count(order), sum(order.total)) = 0") == {"cyd"}


def test_an_average_of_money_is_rounded_before_it_is_divided(tmp_path: Path) -> None:
    # 0.01 and 0.02 are 0.015 on average, rounded half up to 0.02; points are no money, and 1.5 on average.
    messages = [order("ada", total=0.01, points=1), order("ada", total=0.02, points=2), visit("ben")]
    shop = Shop(tmp_path, messages)
    assert shop.who("ratio(avg(order.total), max(order.total)) = 1") == {"ada"}
    assert shop.who("ratio(avg(order.points), max(order.points)) = 0.75") == {"ada"}
    assert shop.who("ratio(avg(order.total), avg(order.points)) > 0.013333") == {"ada"}
    assert shop.who("ratio(avg(order.total), avg(order.points)) < 0.013334") == {"ada"}


def test_traits_ratios_and_shares_can_be_divided(tmp_path: Path) -> None:
    messages = [
        said("ada", visits=3, logins="4"),
        said("ben", visits=3, logins=0),
        said("cyd", visits="many", logins=2),
        said("dan", visits=-3, logins=-8),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("ratio(visits, logins) = 0.75") == {"ada"}
    assert shop.who("ratio(visits, logins) is known") == {"ada", "dan"}
    assert shop.who("ratio(ratio(visits, logins), ratio(logins, visits)) = 0.5625") == {"ada"}
    # 0.375 / (8/3) = 0.140625
    assert shop.who("ratio(ratio(visits, logins), ratio(logins, visits)) = 0.140625") == {"dan"}
    assert shop.who("ratio(bucket('x'), bucket('x')) = 1") == EVERYBODY
    assert shop.who("ratio(visits, bucket('x')) < 0") == {"dan"}


# --- trend


def test_a_trend_compares_with_the_equally_long_window_just_before(tmp_path: Path) -> None:
    # Asked on 15 May at noon: the last 3 months begin on 15 February at noon, those before on 15 November.
    messages = [
        *ordered("ada", 50, at="2024-03-01"),
        *ordered("ada", 100, at="2024-02-15T11:59:59.999"),
        *ordered("ben", 50, at="2024-02-15T12:00"),
        *ordered("ben", 100, at="2023-11-15T12:00"),
        *ordered("cyd", 50, at="2024-05-15T12:00"),
        *ordered("cyd", 100, at="2023-11-15T11:59:59.999"),
        *ordered("dan", 75, at="2024-01-01"),
    ]
    shop = Shop(tmp_path, messages)
    trend = "trend(sum(order.total), last 3 months)"
    assert shop.who(f"{trend} = -0.5") == {"ada", "ben"}
    assert shop.who(f"{trend} = -1") == {"dan"}
    assert shop.who(f"{trend} is unknown") == {"cyd"}
    assert shop.who(f"{trend} < -0.5") == {"dan"}
    assert shop.who(f"{trend} >= -0.5") == {"ada", "ben"}
    assert shop.who(f"not {trend} >= -0.5") == {"cyd", "dan"}


@pytest.mark.parametrize(
    ("window", "now", "before", "outside"),
    [
        ("this month", "2024-05-01", "2024-04-01", "2024-03-31T23:59:59.999"),
        ("previous 2 months", "2024-03-01", "2024-01-01", "2023-12-31T23:59"),
        ("previous quarter", "2024-01-01", "2023-10-01", "2023-09-30T23:59"),
        ("today", "2024-05-15", "2024-05-14", "2024-05-13T23:59"),
        ("yesterday", "2024-05-14", "2024-05-13", "2024-05-12T23:59"),
        ("on 2024-03-01", "2024-03-01", "2024-02-29", "2024-02-28T23:59"),
        ("between 2024-03-01 and 2024-03-31", "2024-03-31", "2024-01-30", "2024-01-29T23:59"),
        ("between 2024-05-01T10:00 and 2024-05-01T11:00", "2024-05-01T11:00", "2024-05-01T08:59:59.999",
         "2024-05-01T08:59:59.998"),
        ("between 10 and 30 days ago", "2024-04-15T12:00", "2024-03-26T12:00", "2024-03-26T11:59"),
        ("last 6 hours", "2024-05-15T06:00", "2024-05-15T00:00", "2024-05-14T23:59:59.999"),
        ("last 1 year by jalali calendar", "2023-05-17", "2022-05-17", "2022-05-15T13:00"),
    ],
)  # fmt: skip
def test_every_window_with_two_ends_has_one_before(
    tmp_path: Path, window: str, now: str, before: str, outside: str
) -> None:
    shop = Shop(
        tmp_path,
        [
            *(order("ada", now, total=20), order("ada", before, total=10)),
            *(order("ben", now, total=20), order("ben", outside, total=10)),
            *(order("cyd", now, total=20), order("cyd", before, total=5), order("cyd", before, total=5)),
        ],
    )
    assert shop.who(f"trend(sum(order.total), {window}) = 1") == {"ada", "cyd"}
    assert shop.who(f"trend(count(order), {window}) = 0") == {"ada"}
    assert shop.who(f"trend(count(order), {window}) is unknown") == {"ben"}


def test_a_trend_takes_refunds_by_their_own_time(tmp_path: Path) -> None:
    messages = [
        *ordered("ada", 100, at="2024-04-10", order_id="1"),
        refund("ada", "2024-05-02", order_id="1", total=150),
        *ordered("ada", 100, at="2024-05-01"),
    ]
    # In this month 100 - 150, in the month before 100: -50 / 100 - 1.
    assert Shop(tmp_path, messages).who("trend(sum(order.total), this month) = -1.5") == {"ada"}


def test_a_trend_of_a_ratio_and_a_trend_in_local_time(tmp_path: Path) -> None:
    messages = [
        *ordered("ada", 10, 10, at="2024-05-02", coupon="A"),
        *ordered("ada", 10, at="2024-04-02", coupon="A"),
        *ordered("ada", 10, 10, 10, at="2024-04-03"),
        said("ben", timezone="Asia/Tokyo"),
        # In Tokyo it is 7 hours later: the first of May there, the last of April in Prague.
        *ordered("ben", 10, 10, at="2024-04-30T20:00", coupon="A"),
        *ordered("ben", 10, at="2024-04-02", coupon="A"),
    ]
    shop = Shop(tmp_path, messages)
    share = "ratio(count(order where coupon is known), count(order))"
    # The share of orders with a coupon went from a quarter to one.
    assert shop.who(f"trend({share}, this month) = 3") == {"ada"}
    assert shop.who("trend(count(order), this month in local time) = 1") == {"ben"}
    assert shop.who("trend(count(order), this month) = -1") == {"ben"}


# --- ranks


def test_people_are_ranked_by_exact_fractions_and_then_by_id(tmp_path: Path) -> None:
    # 1/3, 333333/1000000, 2/6 and -1/3: the first and third are equal, and ids decide.
    counts = {"ben": (1, 3), "ada": (333_333, 1_000_000), "cyd": (2, 6), "dan": (-1, 3), "eve": (5, 0)}
    shop = Shop(tmp_path, [said(who, visits=top, logins=bottom) for who, (top, bottom) in counts.items()])
    ranking = ["ben", "cyd", "ada", "dan"]
    for count in range(1, 6):
        assert shop.who(f"top {count} by ratio(visits, logins)") == set(ranking[:count])
    assert shop.who("bottom 2 by ratio(visits, logins)") == {"dan", "ada"}
    assert shop.who("bottom 50% by ratio(visits, logins)") == {"dan", "ada"}


def test_of_ratios_of_events_only_those_with_an_event_have_a_place(tmp_path: Path) -> None:
    messages = [
        *(said(who, visits=10) for who in EVERYBODY),
        *ordered("ada", 1, 2),
        *ordered("ben", 1),
        order("cyd", "2024-05-01", status="cancelled", total=5),
        refund("dan", total=5),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("bottom 10 by ratio(count(order), visits)") == {"ada", "ben"}
    assert shop.who("top 1 by ratio(count(order), visits)") == {"ada"}
    assert shop.who("top 50% by ratio(count(order), visits)") == {"ada"}
    assert shop.who("bottom 10 by sum(order.total)") == {"ada", "ben"}
    assert shop.who("bottom 10 by ratio(sum(order.total), visits)") == {"ada", "ben"}


def test_people_are_ranked_by_trends(tmp_path: Path) -> None:
    messages = [
        *ordered("ada", 10, at="2024-04-10"),
        *ordered("ada", 20, at="2024-05-10"),
        *ordered("ben", 10, at="2024-04-10"),
        *ordered("cyd", 10, at="2024-05-10"),
        *ordered("dan", 30, at="2024-04-10"),
        *ordered("dan", 40, at="2024-05-10"),
    ]
    shop = Shop(tmp_path, messages)
    assert shop.who("top 1 by trend(sum(order.total), this month)") == {"ada"}
    assert shop.who("top 2 by trend(sum(order.total), this month)") == {"ada", "dan"}
    assert shop.who("bottom 34% by trend(sum(order.total), this month)") == {"ben", "dan"}


def test_fractions_that_differ_by_a_hair_and_very_large_ones_are_ranked(tmp_path: Path) -> None:
    huge = 10**17
    pairs = {
        "ada": (huge, huge - 1),
        "ben": (huge + 1, huge),
        "cyd": (-huge, huge + 1),
        "dan": (-huge - 1, huge + 2),
        "eve": (1, 999_999_999_999),
        "fay": (1, 999_999_999_998),
    }
    shop = Shop(tmp_path, [said(who, visits=top, logins=bottom) for who, (top, bottom) in pairs.items()])
    ranking = sorted(pairs, key=lambda who: Fraction(*pairs[who]), reverse=True)
    for count in range(1, 7):
        assert shop.who(f"top {count} by ratio(visits, logins)") == set(ranking[:count])
        assert shop.who(f"bottom {count} by ratio(visits, logins)") == set(ranking[-count:])
    assert shop.who("ratio(visits, logins) > 1.000000") == {"ada", "ben"}
    assert shop.who("ratio(visits, logins) < -1") == set()


def test_what_needs_more_than_128_bits_is_refused_and_never_answered_wrongly(tmp_path: Path) -> None:
    messages = [said("ada", visits=10**23 + 1, logins=10**23 - 1), said("ben", visits=10**22 + 3, logins=7)]
    shop = Shop(tmp_path, messages)
    rule = parse("ratio(ratio(visits, logins), ratio(logins, visits)) > 2")
    with shop.world.ask(instant("2024-05-15"), None) as asked:
        assert asked.by_interpreter(rule) == {"ben"}
        with pytest.raises(NumbersTooLarge, match="could not be exact"):
            asked.by_engine(rule)


# --- refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("trend(sum(order.total, last 1 year), last 3 months) > 0", "language.two-windows"),
        ("trend(ratio(count(order, today), count(order)), last 3 months) > 0", "language.two-windows"),
        ("trend(visits, last 3 months) > 0", "language.trend-of-nothing"),
        ("trend(ratio(count(order), visits), last 3 months) > 0", "language.trend-of-nothing"),
        ("trend(trend(count(order), today), last 3 months) > 0", "language.trend-of-nothing"),
        ("trend(count(order), since 2024-01-01) > 0", "language.nothing-before"),
        ("trend(count(order), more than 3 days ago) > 0", "language.nothing-before"),
        ("trend(count(order), on 2024-01-01T10:00) > 0", "language.nothing-before"),
        ("trend(count(order), next 3 days) > 0", "language.nothing-before"),
        ("trend(count(order), next month) > 0", "language.nothing-before"),
        ("trend(count(order), tomorrow) > 0", "language.nothing-before"),
        ("trend(count(order), this hour) > 0", "language.no-such-period"),
        ("trend(last(order), last 3 days) > 0", "language.not-a-number"),
        ("ratio(last(order), count(order)) > 0", "language.not-a-number"),
        ("ratio(count(order), tier) > 0", "language.not-a-number"),
        ("ratio(anniversary(born), visits) > 0", "language.not-a-number"),
        ("ratio(count(order), 'x') > 0", "language.unexpected-word"),
        ("ratio(count(order), count(order)) contains '1'", "language.wrong-test"),
        ("ratio(count(order), count(order)) in last 3 days", "language.wrong-test"),
        ("ratio(count(order), count(order)) > 5 CZK", "language.money-and-other"),
        ("did order where (ratio(total, 2) > 1)", "language.unexpected-word"),
        ("did order where (ratio(total, total) > 1)", "language.not-in-where"),
    ],
)
def test_what_makes_no_fraction_is_refused(tmp_path: Path, text: str, code: str) -> None:
    shop = Shop(tmp_path, [said("ada", visits=1, tier="gold", born="2000-01-01"), *ordered("ada", 1)], is_loose=False)
    with pytest.raises(UserError) as refused:
        check(parse(text), shop.world.catalog, text)
    assert refused.value.code == code


# --- at random


def test_random_fractions_are_the_same_in_python_and_in_sql(tmp_path: Path) -> None:
    chance = Random(SEED)
    shop = Shop(tmp_path, list(random_messages(chance)))
    values = (
        "ratio(sum(order.total), count(order))",
        "ratio(avg(order.points), avg(order.total))",
        "ratio(visits, logins)",
        "ratio(sum(order.total), visits)",
        "ratio(ratio(visits, logins), avg(order.points))",
        "trend(sum(order.total), last 1 month)",
        "trend(avg(order.points), last 30 days)",
        "trend(ratio(sum(order.points), sum(order.total)), last 2 months)",
    )
    tests = ("> 1", "<= 0.333333", "= 2", "in (0, 1, 1.5)", "between -1 and 0", "is known", "< -0.5")
    ranks = ("top 7", "bottom 5", "top 33.3%", "bottom 50%")
    rules = [f"{value} {test}" for value in values for test in tests]
    rules += [f"{rank} by {value}" for value in values for rank in ranks]
    found = []
    with shop.world.ask(instant("2024-05-15T12:00:00"), None) as asked:
        for rule in map(parse, rules):
            found.append(asked.by_engine(rule))
            assert found[-1] == asked.by_interpreter(rule), f"{show(rule)}, seed {SEED}"
    assert sum(0 < len(members) < 60 for members in found) > 0.8 * len(rules)


def random_messages(chance: Random) -> Iterator[Message]:
    """Sixty people with traits, orders and refunds of small numbers, so that fractions meet."""
    days = ("2024-05-10", "2024-05-01", "2024-04-20", "2024-04-01", "2024-03-20", "2024-02-10")
    for number in range(60):
        who = f"p{number:02}"
        visits = chance.choice((0, 1, 2, 3, 7, -3, 0.5, "6", None))
        yield said(who, visits=visits, logins=chance.choice((1, 3)))
        for _ in range(chance.randrange(8)):
            total, points = chance.choice((0, 1, 2, 3, 10, 0.03)), chance.choice((1, 2, 7, None))
            yield order(who, chance.choice(days), total=total, points=points, order_id=str(chance.randrange(6)))
        if chance.random() < 0.4:
            yield refund(who, chance.choice(days), total=chance.choice((1, 3, 20)), order_id="1")
