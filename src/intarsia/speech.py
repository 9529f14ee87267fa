"""What the product says, in five languages: gettext catalogues, and numbers and dates as the language writes them."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from intarsia.jalali import jalali

LANGUAGES = ("en", "ru", "pl", "cs", "fa")
_CATALOGUES = Path(__file__).parent / "locale"


def mark(text: str) -> str:
    """`text` itself; tells the extractor of messages that it is to be translated where it is shown."""
    return text


@cache
def translator(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English, and what is not translated, comes out as written."""
    return gettext.translation("intarsia", _CATALOGUES, [language], fallback=True)


@dataclass(frozen=True)
class Speech:
    """How one reader is spoken to: words, direction of writing, numbers, money and dates."""

    language: str = "en"

    @property
    def say(self) -> Callable[[str], str]:
        """A function that translates one sentence."""
        return translator(self.language).gettext

    def say_many(self, one: str, many: str, count: int, **gaps: object) -> str:
        """The form of a sentence that goes with `count`, with `{count}` and the other gaps filled in."""
        return translator(self.language).ngettext(one, many, count).format(count=self.number(count), **gaps)

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return "rtl" if self.language == "fa" else "ltr"

    def number(self, value: int | Decimal | float, places: int | None = None) -> str:
        """A number with the language's separators and digits, with `places` decimals if given."""
        from babel.numbers import format_decimal

        shape = None if places is None else "#,##0" + ("." + "0" * places if places else "")
        return self._digits(format_decimal(value, format=shape, locale=self.language, numbering_system="default"))

    def percent(self, share: float | Decimal, places: int = 1) -> str:
        """A share of 0 to 1 as a percentage; one so small that nothing would be left of it as less than the least."""
        from babel.numbers import format_percent

        # A fixed pattern would write the sign as English does; only the digits after the point are ours.
        shape = _percent_pattern(self.language, places)
        least = Decimal(1).scaleb(-places - 2)
        told = max(share, least) if share > 0 else share
        text = self._digits(format_percent(told, shape, self.language, numbering_system="default"))
        return f"< {text}" if 0 < share < least / 2 else text

    def money(self, minor: int, currency: str, digits: int = 2, *, is_rounded: bool = False) -> str:
        """An amount of `minor` units; with `is_rounded` without the fraction."""
        from babel.numbers import format_currency

        amount = Decimal(minor).scaleb(-digits)
        if not is_rounded:
            return self._digits(format_currency(amount, currency, locale=self.language, numbering_system="default"))
        whole, pattern = amount.quantize(Decimal(1), ROUND_HALF_UP), _rounded_pattern(self.language)
        text = format_currency(
            whole, currency, pattern, locale=self.language, currency_digits=False, numbering_system="default"
        )
        return self._digits(text)

    def month_end(self, day: date) -> str:
        """The last day of a month, as short as it fits below an axis: the month, in Persian day and month."""
        from babel.dates import format_date

        return jalali_text(day, with_year=False) if self.language == "fa" else format_date(day, "LLL", self.language)

    def date(self, day: date) -> str:
        """A calendar day in the middle length; in Persian by the Jalali calendar."""
        from babel.dates import format_date

        return jalali_text(day) if self.language == "fa" else format_date(day, format="medium", locale=self.language)

    def instant(self, moment: datetime, zone: tzinfo) -> str:
        """A day and time in a zone, with the zone's short name."""
        from babel.dates import format_time

        local = moment.astimezone(zone)
        name = format_time(local, "z", tzinfo=zone, locale=self.language)
        if name[:1] in "+-":
            name = format_time(local, "OOOO", tzinfo=zone, locale=self.language)
        comma = "،" if self.language == "fa" else ","
        return f"{self.date(local.date())}{comma} {self._digits(f'{local:%H:%M} {name}')}"

    def _digits(self, text: str) -> str:
        """The text with the language's own digits and percent sign, which Babel leaves as they are in English."""
        return text.translate(_PERSIAN) if self.language == "fa" else text


@cache
def _rounded_pattern(language: str) -> str:
    from babel import Locale

    pattern = str(Locale.parse(language).currency_formats["standard"].pattern)
    return pattern.replace("0.00", "0")


@cache
def _percent_pattern(language: str, places: int) -> str:
    from babel import Locale

    pattern = str(Locale.parse(language).percent_formats[None].pattern)
    return pattern.replace("#,##0", "#,##0." + "0" * places if places else "#,##0")


# --- the Jalali calendar

_PERSIAN = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
_JALALI_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()


def jalali_text(day: date, *, with_year: bool = True) -> str:
    """The Jalali day in Persian words and digits: "۱۱ دی ۱۳۹۶"."""
    year, month, number = jalali(day)
    text = f"{number} {_JALALI_MONTHS[month - 1]}" + (f" {year}" if with_year else "")
    return text.translate(_PERSIAN)
