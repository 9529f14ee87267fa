"""What groups of people bought in a window: orders, revenue and gross profit, in whole minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from intarsia.analysis.days import DaysBack
from intarsia.lake.statements import statements
from intarsia.language.meaning.money import average_minor
from intarsia.segment.asking import Asking


@dataclass(frozen=True)
class Worth:
    """What a group bought in the window; sums may be added and taken apart.

    people, buyers     people of the group; those of them with an order in the window
    orders             orders that count; refunds are none
    revenue_minor      their totals less refunds, minor units of the workspace's currency
    priced_minor       the same by order lines, where there are lines
    costed_minor, cost_minor  of the lines whose cost is known: what they brought, and what they cost the seller
    costed_lines       how many lines those are
    recency_days_sum   calendar days since the last order of the window, over all buyers
    unrated_sales      orders and refunds in a currency whose rate is not known; they are in no sum
    has_people         the group is of people; guests are not, nor is everything together with guests
    """

    people: int = 0
    buyers: int = 0
    orders: int = 0
    revenue_minor: int = 0
    priced_minor: int = 0
    costed_minor: int = 0
    cost_minor: int = 0
    costed_lines: int = 0
    recency_days_sum: int = 0
    unrated_sales: int = 0
    has_people: bool = True

    def __add__(self, other: Worth) -> Worth:
        sums = {name: getattr(self, name) + getattr(other, name) for name in SUMS}
        return Worth(**sums, has_people=self.has_people and other.has_people)

    def __sub__(self, other: Worth) -> Worth:
        return Worth(**{name: getattr(self, name) - getattr(other, name) for name in SUMS}, has_people=self.has_people)

    @property
    def gross_profit_minor(self) -> int | None:
        """Of the lines whose cost is known: what they brought less what they cost. None: no cost is known."""
        return self.costed_minor - self.cost_minor if self.costed_lines else None

    @property
    def cost_coverage(self) -> float | None:
        """The share of the goods' revenue whose cost is known, 0 to 1; None where that says nothing."""
        if not self.costed_lines or self.priced_minor <= 0 or self.costed_minor < 0:
            return None
        return min(1.0, self.costed_minor / self.priced_minor)

    @property
    def revenue_per_head_minor(self) -> int | None:
        """Revenue by person of the group, rounded half up; None: nobody is in it."""
        return average_minor(self.revenue_minor, self.people) if self.people else None

    @property
    def gross_profit_per_head_minor(self) -> int | None:
        """Known gross profit by person of the group, rounded half up."""
        profit = self.gross_profit_minor
        return average_minor(profit, self.people) if profit is not None and self.people else None

    @property
    def orders_per_buyer(self) -> float | None:
        """The mean number of orders of those who bought."""
        return self.orders / self.buyers if self.buyers else None

    @property
    def recency_days(self) -> float | None:
        """The mean of the calendar days since the last order, over those who bought in the window."""
        return self.recency_days_sum / self.buyers if self.buyers else None

    def to_json(self) -> dict[str, object]:
        """Sums in minor units, and what follows from them."""
        return {
            "people": self.people,
            "buyers": self.buyers,
            "orders": self.orders,
            "revenue_minor": self.revenue_minor,
            "revenue_per_head_minor": self.revenue_per_head_minor,
            "gross_profit_minor": self.gross_profit_minor,
            "gross_profit_per_head_minor": self.gross_profit_per_head_minor,
            "cost_coverage": _rounded(self.cost_coverage),
            "orders_per_buyer": _rounded(self.orders_per_buyer),
            "recency_days": _rounded(self.recency_days),
            "unrated_sales": self.unrated_sales,
        }


SUMS = tuple(item.name for item in fields(Worth) if item.name != "has_people")


@dataclass(frozen=True)
class Worths:
    """The worth of every segment (by its place), of everybody who is known, and of guests, who have no profile."""

    segments: list[Worth]
    everyone: Worth
    guests: Worth

    @property
    def total(self) -> Worth:
        """Everything that was sold."""
        return self.everyone + self.guests


def offer_members(asking: Asking, members: Sequence[pa.Table]) -> None:
    """The relation `report_members`: one row a person and segment, `segment_no` is the segment's place."""
    asking.session.register("report_members", _members(members))


def _members(members: Sequence[pa.Table]) -> pa.Table:
    empty = pa.table({"segment_no": pa.array([], pa.int64()), "profile_no": pa.array([], pa.int64())})
    parts = [
        pa.table({"segment_no": pa.array([place] * table.num_rows, pa.int64()), "profile_no": table["profile_no"]})
        for place, table in enumerate(members)
    ]
    return pa.concat_tables([empty, *parts])


def worths(asking: Asking, count: int, window: DaysBack) -> Worths:
    """The worth of the first `count` segments of `report_members`, of everybody, and of guests.

    Makes the relation `report_worth` (one row a person who bought) in the question's session; `days_back` is there.
    """
    for relation in ("own_sales", "lines"):
        asking.evaluator.relation(relation)
    session = asking.session
    session.execute(blocks()["report_worth"], window.bounds())
    found = {row["place"]: row for row in session.execute(blocks()["worths"]).to_pylist()}
    segments = [_worth(found.get(str(place))) for place in range(count)]
    return Worths(segments, _worth(found.get("everyone")), _worth(found.get("guests"), has_people=False))


def _worth(row: Mapping[str, Any] | None, *, has_people: bool = True) -> Worth:
    sums = {} if row is None else {name: int(row[name]) for name in SUMS}
    return Worth(**sums, has_people=has_people)


def blocks() -> Mapping[str, str]:
    """The SQL of worth.sql, by name."""
    return statements(Path(__file__).with_name("worth.sql"))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
