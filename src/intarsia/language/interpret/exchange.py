"""Amounts in other currencies, said in the workspace's (rule 29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.money import currency_named
from intarsia.language.meaning.rates import Rates

_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Exchange:
    """What converts amounts. `currency`: the workspace's, with so many `digits`; rates: as they were known."""

    currency: str
    digits: int
    rates: Rates

    def foreign(self, named: Json) -> str | None:
        """The currency that a value names, in capital letters; None: none, or the workspace's."""
        currency = currency_named(named)
        return currency if currency != currency_named(self.currency) else None

    def converted(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """An amount by the rate of a day, rounded half to even to the minor unit; None: there is no such rate."""
        rate = self.rates.rate(currency, day)
        if rate is None:
            return None
        return _EXACT.multiply(amount, rate).quantize(Decimal(1).scaleb(-self.digits), context=_EXACT)
