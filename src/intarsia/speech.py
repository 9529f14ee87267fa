"""What the product says, in five languages: gettext catalogues, and numbers and dates as the language writes them."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path

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

    def say_many(self, one: str, many: str, count: int) -> str:
        """The form of a sentence that goes with `count`, with `{count}` filled in."""
        return translator(self.language).ngettext(one, many, count).format(count=self.number(count))

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return "rtl" if self.language == "fa" else "ltr"

    def number(self, value: int | Decimal | float, places: int | None = None) -> str:
        """A number with the language's separators and digits, with `places` decimals if given."""
        from babel.numbers import format_decimal

        shape = None if places is None else "#,##0" + ("." + "0" * places if places else "")
        return str(format_decimal(value, format=shape, locale=self.language, numbering_system="default"))

    def percent(self, share: float | Decimal, places: int = 1) -> str:
        """A share of 0 to 1 as a percentage."""
        from babel.numbers import format_percent

        shape = "#,##0" + ("." + "0" * places if places else "") + "%"
        return str(format_percent(share, format=shape, locale=self.language, numbering_system="default"))

    def money(self, minor: int, currency: str, digits: int = 2, *, is_rounded: bool = False) -> str:
        """An amount of `minor` units; with `is_rounded` without the fraction."""
        from babel.numbers import format_currency

        amount = Decimal(minor).scaleb(-digits)
        return str(
            format_currency(
                amount.quantize(Decimal(1)) if is_rounded else amount,
                currency,
                locale=self.language,
                currency_digits=not is_rounded,
                format_type="standard",
                numbering_system="default",
                decimal_quantization=is_rounded is False,
                **({"format": _rounded_pattern(self.language)} if is_rounded else {}),
            )
        )

    def date(self, day: date) -> str:
        """A calendar day in the middle length."""
        from babel.dates import format_date

        return str(format_date(day, format="medium", locale=self.language))

    def instant(self, moment: datetime, zone: tzinfo) -> str:
        """A day and time in a zone, with the zone's short name."""
        from babel.dates import format_datetime

        return str(format_datetime(moment.astimezone(zone), format="d MMM y HH:mm z", locale=self.language))


@cache
def _rounded_pattern(language: str) -> str:
    from babel import Locale

    pattern = str(Locale.parse(language).currency_formats["standard"].pattern)
    return pattern.replace("0.00", "0")
