"""The rates of exchange of a workspace: taken from files, never changed, each with when it was learned (rule 29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from intarsia.clock import local_date, to_iso
from intarsia.engine.sql.missing import MissingRate
from intarsia.errors import UserError
from intarsia.language.meaning.rates import Quote, Rates, fitting_rate
from intarsia.language.meaning.values import shortest
from intarsia.record.rate_files import FileRates, Meaning, Rate, read_rates
from intarsia.speech import mark
from intarsia.store.store import Store

FILL_MOST = 31
"""A gap of more days is not filled."""

_DAY = timedelta(days=1)
_CURRENCIES = """
with recursive known(currency) as (
    select min(currency) from rate where base = ?1
    union all
    select (select min(currency) from rate where base = ?1 and currency > known.currency) from known
    where known.currency is not null
)
select currency from known where currency is not null
"""
_QUOTES = "select day, rate, recorded_at from rate where base = ? and currency = ? order by recorded_at, rate_no"
_IN_FORCE = """
select day, currency, rate, source, recorded_at from (
    select *, row_number() over (partition by currency, day order by recorded_at desc, rate_no desc) as place
    from rate where base = ?1 and (?2 is null or currency = ?2)
) where place = 1 order by currency, day
"""


class BadCurrency(UserError):
    """What should be the code of a currency is none."""

    code = "record.bad-currency"
    says = mark("`{currency}` is no currency")
    advises = mark("write its code of three capital letters, such as EUR")


class BadRate(UserError):
    """A rate that is handed in is none."""

    code = "record.bad-rate"
    says = mark("{rate} is no rate of {currency} on {day}; nothing was recorded")
    advises = mark("a rate is above zero, below 1,000,000,000, and of a currency other than the workspace's own")


@dataclass(frozen=True)
class KnownRate:
    """The rate of a currency on a day that counts now.

    rate    of one unit in the workspace's currency; source: who said so
    recorded_at  when we learned it, milliseconds since 1970 UTC
    """

    day: date
    currency: str
    rate: Decimal
    source: str
    recorded_at: int

    def to_json(self) -> dict[str, object]:
        """Day, currency, rate (an exact decimal as text), source, and when it was recorded."""
        return {
            "day": self.day.isoformat(),
            "currency": self.currency,
            "rate": shortest(self.rate),
            "source": self.source,
            "recorded_at": to_iso(self.recorded_at),
        }


@dataclass(frozen=True)
class Taken:
    """What was taken in.

    recorded   rates that are new, or other than before; changed: how many of these replace one
    unchanged  rates that were known already
    filled     rates that a gap was filled with
    left_out   numbers of days on which the file does not say what the workspace's currency was
    """

    recorded: int
    changed: int
    unchanged: int
    filled: int
    left_out: int
    currencies: tuple[str, ...]
    first_day: date | None
    last_day: date | None

    def to_json(self) -> dict[str, object]:
        """The counts, the currencies, the first and the last day."""
        return {
            "recorded": self.recorded,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "filled": self.filled,
            "left_out": self.left_out,
            "currencies": list(self.currencies),
            "first_day": None if self.first_day is None else self.first_day.isoformat(),
            "last_day": None if self.last_day is None else self.last_day.isoformat(),
        }


def stored_rates(store: Store, base: str) -> Rates:
    """All rates of a workspace, each currency read when it is first asked for, in whatever thread that is.

    base  the workspace's currency
    """
    own, path = base.upper(), store.path
    currencies = [row["currency"] for row in store.rows(_CURRENCIES, own)]

    def quotes(currency: str) -> list[Quote]:
        with Store(path) as opened:
            rows = opened.rows(_QUOTES, own, currency)
        return [Quote(date.fromisoformat(row["day"]), Decimal(row["rate"]), row["recorded_at"]) for row in rows]

    return Rates(currencies, quotes)


class RateBook:
    """The rates of one workspace.

    base  the workspace's currency; zone: of its days
    now   the present, milliseconds UTC
    look  which rates are missing for what the record holds
    """

    def __init__(
        self,
        store: Store,
        *,
        base: str,
        zone: ZoneInfo,
        now: Callable[[], int],
        look: Callable[[], Sequence[MissingRate]],
    ) -> None:
        self._store = store
        self._base = base.upper()
        self._zone = zone
        self._now = now
        self._look = look

    def load(
        self, path: str | Path, *, source: str, per: str | None = None, per_unit: bool = False, fill: int = 0
    ) -> Taken:
        """Take the rates of a file; all of them or, where one cannot be read, none.

        source    who says so, as in `ECB`
        per       one unit of this currency is so much of each, as the ECB writes with EUR; None: one unit of each is
                  so much of the workspace's. With one column a currency `per` or `per_unit` has to be said
        fill      gaps of up to so many days are filled with the rate of the day before
        Raises `BadRateFile`, `RateDirection`, `BadCurrency`.
        """
        if per is not None and not _is_code(per):
            raise BadCurrency(currency=per)
        meaning = Meaning(self._base, per, is_said=per is not None or per_unit)
        return self._take(read_rates(Path(path), meaning), source, fill)

    def record(self, rates: Iterable[tuple[date, str, Decimal | int | str]], *, source: str, fill: int = 0) -> Taken:
        """Take rates: day, currency, and what one unit is in the workspace's currency.

        Raises `BadCurrency`, `BadRate`.
        """
        found: dict[tuple[date, str], Rate] = {}
        for day, currency, given in rates:
            if not _is_code(currency):
                raise BadCurrency(currency=currency)
            rate = fitting_rate(Decimal(given))
            if rate is None or currency == self._base:
                raise BadRate(rate=given, currency=currency, day=day)
            found[(day, currency)] = Rate(day, currency, rate)
        return self._take(FileRates(tuple(found.values())), source, fill)

    def all(self, currency: str | None = None) -> list[KnownRate]:
        """Every rate that counts now, by currency and day."""
        rows = self._store.rows(_IN_FORCE, self._base, currency)
        return [
            KnownRate(
                date.fromisoformat(row["day"]), row["currency"], Decimal(row["rate"]), row["source"], row["recorded_at"]
            )
            for row in rows
        ]

    def missing(self) -> list[MissingRate]:
        """The days and currencies of recorded amounts that have no rate, with how many events and people they touch."""
        return list(self._look())

    # --- taking in

    def _take(self, read: FileRates, source: str, fill: int) -> Taken:
        rates = read.rates
        with self._store.change() as connection:
            now = self._now()
            known = {
                (date.fromisoformat(row["day"]), row["currency"]): (Decimal(row["rate"]), row["source"])
                for currency in {rate.currency for rate in rates}
                for row in connection.execute(_IN_FORCE, (self._base, currency))
            }
            new = [rate for rate in rates if known.get((rate.day, rate.currency)) != (rate.rate, source)]
            filling = list(self._filling(rates, {place: rate for place, (rate, _) in known.items()}, fill))
            rows = [(rate, source) for rate in new]
            rows += [(rate, f"{source}, filled from {day}") for rate, day in filling]
            connection.executemany(
                "insert into rate (base, currency, day, rate, source, recorded_at) values (?, ?, ?, ?, ?, ?)",
                [
                    (self._base, rate.currency, rate.day.isoformat(), shortest(rate.rate), said, now)
                    for rate, said in rows
                ],
            )
        changed = sum((rate.day, rate.currency) in known for rate in new)
        days = sorted(rate.day for rate in rates)
        return Taken(
            recorded=len(new),
            changed=changed,
            unchanged=len(rates) - len(new),
            filled=len(filling),
            left_out=read.left_out,
            currencies=tuple(sorted({rate.currency for rate in rates})),
            first_day=days[0] if days else None,
            last_day=days[-1] if days else None,
        )

    def _filling(
        self, rates: Iterable[Rate], known: Mapping[tuple[date, str], Decimal], fill: int
    ) -> Iterator[tuple[Rate, date]]:
        """The rates of the days of short gaps, each with the day that it is of; the last gap reaches up to today."""
        by_currency: dict[str, dict[date, Decimal]] = {}
        for (day, currency), rate in known.items():
            by_currency.setdefault(currency, {})[day] = rate
        for found in rates:
            by_currency.setdefault(found.currency, {})[found.day] = found.rate
        after_today = local_date(self._now(), self._zone) + _DAY
        for currency, by_day in sorted(by_currency.items()):
            days = sorted(by_day)
            for day, following in zip(days, [*days[1:], after_today], strict=True):
                gap = (following - day).days - 1
                for offset in range(1, gap + 1 if gap <= min(fill, FILL_MOST) else 0):
                    yield Rate(day + offset * _DAY, currency, by_day[day]), day


def _is_code(currency: str) -> bool:
    return len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
