"""Amounts in other currencies: literals as numbers of the workspace's, and the relation `rates` (rule 29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import begin_of_day, day_holding, end_of_day
from intarsia.language import tree
from intarsia.language.meaning.rates import Rates

RELATION = "rates"
"""One row a currency and day: currency, begin_ms, end_ms, factor, divisor (see `rated_sales` in relations.sql)."""

MICRO_DIGITS = 6
"""Amounts come to the factor as so many decimals, in whole numbers."""

_WIDE = pa.decimal128(38, 0)


@dataclass(frozen=True)
class OwnCurrency:
    """The workspace's currency, and what others are in it. `rates`: as they were known."""

    code: str
    digits: int
    rates: Rates = field(default_factory=Rates)

    @property
    def has_rates(self) -> bool:
        """Whether any other currency has a rate at all."""
        return bool(self.rates.currencies)

    def number(self, literal: tree.Number, at: int, zone: ZoneInfo) -> Decimal | None:
        """The number that a literal is as of a question; None: its currency had no rate on that day."""
        if literal.currency in (None, self.code.upper()):
            return literal.value
        rate = self.rates.rate(str(literal.currency), day_holding(at, zone))
        if rate is None:
            return None
        # Python rounds a fraction half to even.
        minor = round(Fraction(literal.value) * Fraction(rate) * 10**self.digits)
        return Decimal(minor).scaleb(-self.digits)

    def table(self, currencies: Iterable[str], zone: ZoneInfo, since: int, until: int) -> pa.Table:
        """The relation `rates` of some currencies, for what happened from one instant up to and with another."""
        first, last = day_holding(since, zone), day_holding(until, zone)
        rows = [
            (currency, day, *self._ratio(rate))
            for currency in sorted(currencies)
            for day, rate in self.rates.by_day(currency).items()
            if first <= day <= last
        ]
        bounds = {day: (begin_of_day(day, zone), end_of_day(day, zone)) for day in {row[1] for row in rows}}
        # A day that a zone skipped is no time at all.
        rows = [row for row in rows if bounds[row[1]][0] < bounds[row[1]][1]]
        columns = {
            "currency": pa.array([row[0] for row in rows], pa.string()),
            "begin_ms": pa.array([bounds[row[1]][0] for row in rows], pa.int64()),
            "end_ms": pa.array([bounds[row[1]][1] for row in rows], pa.int64()),
            "factor": pa.array([Decimal(row[2]) for row in rows], _WIDE),
            "divisor": pa.array([Decimal(row[3]) for row in rows], _WIDE),
        }
        return pa.table(columns)

    def _ratio(self, rate: Decimal) -> tuple[int, int]:
        """By what to multiply and divide millionths of a currency for twice the minor units of the workspace's."""
        exact = 2 * Fraction(rate) * Fraction(10**self.digits, 10**MICRO_DIGITS)
        return exact.numerator, exact.denominator
