"""Rates of exchange: what one unit of a currency is in the workspace's, day by day, and since when that was known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

DIGITS_MOST = 15
"""A rate has at most so many digits that count."""
DECIMALS_MOST = 18
"""A rate has at most so many decimals."""
LARGEST = Decimal(10) ** 9
"""A rate is smaller than this."""

_ROUNDED = Context(prec=DIGITS_MOST, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Quote:
    """The rate of one currency on one day.

    rate         of one unit in the workspace's currency, as `fitting_rate` makes them
    recorded_at  when we learned it, milliseconds since 1970 UTC
    """

    day: date
    rate: Decimal
    recorded_at: int = 0


class Rates:
    """What is known of rates; of a day with several quotes the last recorded counts, of one instant the last given.

    currencies  those of which there is any quote, three capital letters each; never the workspace's own
    quotes      gives those of a currency in the order in which they were recorded; asked for once each
    known_at    what was recorded later does not count, milliseconds UTC; None: everything counts
    """

    def __init__(
        self,
        currencies: Iterable[str] = (),
        quotes: Callable[[str], Iterable[Quote]] = lambda _: (),
        *,
        known_at: int | None = None,
    ) -> None:
        self.currencies = frozenset(currencies)
        self.known_at = known_at
        self._quotes = quotes
        self._given: dict[str, Sequence[Quote]] = {}
        self._by_day: dict[str, Mapping[date, Decimal]] = {}
        self._until: dict[int | None, Rates] = {}

    @classmethod
    def of(cls, quotes: Mapping[str, Iterable[Quote]]) -> Rates:
        """Rates that are all there, by currency, in the order in which they were recorded."""
        return cls(quotes, lambda currency: quotes[currency])

    def until(self, known_at: int | None) -> Rates:
        """What was known of them by then."""
        if known_at == self.known_at:
            return self
        if known_at not in self._until:
            self._until[known_at] = Rates(self.currencies, self.quotes, known_at=known_at)
        return self._until[known_at]

    def quotes(self, currency: str) -> Sequence[Quote]:
        """Every quote of a currency in the order of recording, also those of no account."""
        if currency not in self._given:
            found = self._quotes(currency) if currency in self.currencies else ()
            self._given[currency] = tuple(sorted(found, key=lambda quote: quote.recorded_at))
        return self._given[currency]

    def by_day(self, currency: str) -> Mapping[date, Decimal]:
        """The rates of a currency that count."""
        if currency not in self._by_day:
            self._by_day[currency] = {
                quote.day: quote.rate
                for quote in self.quotes(currency)
                if self.known_at is None or quote.recorded_at <= self.known_at
            }
        return self._by_day[currency]

    def rate(self, currency: str, day: date) -> Decimal | None:
        """What one unit of a currency was on a day, in the workspace's; None: nobody said."""
        return self.by_day(currency).get(day)

    def recorded_within(self, lower: int, upper: int) -> list[int]:
        """When rates were recorded, after `lower` and up to and with `upper`, in order."""
        found = {quote.recorded_at for currency in self.currencies for quote in self.quotes(currency)}
        return sorted(instant for instant in found if lower < instant <= upper)


def fitting_rate(rate: Decimal) -> Decimal | None:
    """The rate as it is kept, rounded half to even to `DIGITS_MOST` digits; None: it is none, or too large or small."""
    if not rate.is_finite() or not 0 < rate < LARGEST:
        return None
    rounded = _ROUNDED.plus(rate).normalize()
    exponent = rounded.as_tuple().exponent
    return rounded if isinstance(exponent, int) and exponent >= -DECIMALS_MOST else _shorter(rounded)


def _shorter(rate: Decimal) -> Decimal | None:
    """The rate with so many decimals as there may be; None where nothing is left of it."""
    shorter = rate.quantize(Decimal(1).scaleb(-DECIMALS_MOST), ROUND_HALF_EVEN).normalize()
    return shorter if shorter else None
