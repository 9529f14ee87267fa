"""Ten definitions, each asked three ways: in the segment language, in SQL by hand, in pandas by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Frames = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """One definition. sql: a query that gives its number of people; pandas: the same from frames."""

    text: str
    sql: str
    pandas: Callable[[Frames], int]


TEN_CONDITIONS = (
    "country in ('CZ', 'PL') and age between 25 and 34 and did order in last 6 months "
    "and sum(order.total, last 1 year) > 500 and count(order where total > 50, last 1 year) >= 2 "
    "and never order where (category = 'coats') in last 90 days and city = 'Praha' "
    "and distinct(order.lines.category) >= 3 and first(order) in last 900 days and last(order) more than 3 days ago"
)
"""What reading, checking and compiling are measured with."""

YEAR_AGO, HALF_YEAR_AGO, DAYS_90_AGO, DAYS_30_AGO, TODAY = (
    "2025-07-01",
    "2026-01-01",
    "2026-04-02",
    "2026-06-01",
    "2026-07-01",
)
"""Where the windows begin when it is asked on 1 July 2026, 0:00; both edges inside."""


def _since(frame: Any, day: str) -> Any:
    return frame[(frame.day >= day) & (frame.day <= TODAY)]


def _buyers_who(frame: Any, keep: Callable[[Any], Any]) -> int:
    return int(keep(frame.groupby("customer_id")).sum())


def _lapsed_czechs(frames: Frames) -> int:
    last = frames["orders"].groupby("customer_id").day.max()
    people = frames["people"]
    return int((people[people.country == "CZ"].id.map(last) < DAYS_90_AGO).sum())


def _best_tenth(frames: Frames) -> int:
    spent = _since(frames["orders"], YEAR_AGO).groupby("customer_id").total_minor.sum().reset_index()
    ordered = spent.sort_values(["total_minor", "customer_id"], ascending=[False, True])
    return len(ordered.head(-(-len(ordered) // 10)))


def _never_since(frames: Frames) -> int:
    return int((~frames["people"].id.isin(_since(frames["orders"], DAYS_90_AGO).customer_id)).sum())


def _coats_twice(frames: Frames) -> int:
    lines = _since(frames["lines"], YEAR_AGO)
    return int((lines[lines.category == "coats"].groupby("customer_id").order_id.nunique() >= 2).sum())


def _three_coats_in_a_line(frames: Frames) -> int:
    lines = _since(frames["lines"], HALF_YEAR_AGO)
    return int(lines[(lines.category == "coats") & (lines.quantity >= 3)].customer_id.nunique())


RULES = (
    Rule(
        "country in ('CZ', 'PL')",
        "SELECT count(*) FROM people WHERE country IN ('CZ', 'PL')",
        lambda frames: int(frames["people"].country.isin(["CZ", "PL"]).sum()),
    ),
    Rule(
        "age between 25 and 34",
        "SELECT count(*) FROM people WHERE birth_date > DATE '1991-07-01' AND birth_date <= DATE '2001-07-01'",
        lambda frames: int(frames["people"].birth_date.between("1991-07-02", "2001-07-01").sum()),
    ),
    Rule(
        "did order in last 6 months",
        f"SELECT count(DISTINCT customer_id) FROM orders WHERE day BETWEEN '{HALF_YEAR_AGO}' AND '{TODAY}'",
        lambda frames: int(_since(frames["orders"], HALF_YEAR_AGO).customer_id.nunique()),
    ),
    Rule(
        "never order in last 90 days",
        f"SELECT count(*) FROM people p WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = p.id "
        f"AND o.day BETWEEN '{DAYS_90_AGO}' AND '{TODAY}')",
        _never_since,
    ),
    Rule(
        "count(order where category = 'coats', last 1 year) >= 2",
        f"SELECT count(*) FROM (SELECT customer_id FROM lines WHERE category = 'coats' "
        f"AND day BETWEEN '{YEAR_AGO}' AND '{TODAY}' GROUP BY ALL HAVING count(DISTINCT order_id) >= 2)",
        _coats_twice,
    ),
    Rule(
        "sum(order.total, last 1 year) > 20000",
        f"SELECT count(*) FROM (SELECT customer_id FROM orders WHERE day BETWEEN '{YEAR_AGO}' AND '{TODAY}' "
        f"GROUP BY ALL HAVING sum(total_minor) > 2000000)",
        lambda frames: _buyers_who(
            _since(frames["orders"], YEAR_AGO), lambda group: group.total_minor.sum() > 2_000_000
        ),
    ),
    Rule(
        "distinct(order.lines.category) >= 6",
        "SELECT count(*) FROM (SELECT customer_id FROM lines GROUP BY ALL HAVING count(DISTINCT category) >= 6)",
        lambda frames: _buyers_who(frames["lines"], lambda group: group.category.nunique() >= 6),
    ),
    Rule(
        "last(order) more than 90 days ago and country = 'CZ'",
        f"SELECT count(*) FROM people JOIN (SELECT customer_id, max(day) AS last FROM orders GROUP BY ALL) o "
        f"ON o.customer_id = id WHERE country = 'CZ' AND last < '{DAYS_90_AGO}'",
        _lapsed_czechs,
    ),
    Rule(
        "top 10% by sum(order.total, last 1 year)",
        f"WITH spent AS (SELECT customer_id, sum(total_minor) AS spent FROM orders "
        f"WHERE day BETWEEN '{YEAR_AGO}' AND '{TODAY}' GROUP BY ALL), "
        f"ranked AS (SELECT row_number() OVER (ORDER BY spent DESC, customer_id) AS place FROM spent) "
        f"SELECT count(*) FROM ranked WHERE place <= (SELECT (count(*) + 9) // 10 FROM spent)",
        _best_tenth,
    ),
    Rule(
        "did order where (has line (category = 'coats' and quantity >= 3)) in last 6 months",
        f"SELECT count(DISTINCT customer_id) FROM lines WHERE category = 'coats' AND quantity >= 3 "
        f"AND day BETWEEN '{HALF_YEAR_AGO}' AND '{TODAY}'",
        _three_coats_in_a_line,
    ),
)
