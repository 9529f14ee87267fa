"""Values that are easily read in two ways: what random data and random rules are made of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from intarsia.language.meaning.areas import AreaVersion, NamedArea
from intarsia.language.meaning.rates import Quote

TEXTS = (
    "", " ", "\u200c", "coats", "Coats", "COATS", "praha", "Praha", "Žluťoučký kůň", "ŽLUŤOUČKÝ KŮŇ", "cafe\u0301",
    "café", "علی", "علي", "كتاب", "کتاب", "می\u200cخواهم", "میخواهم", "İstanbul", "istanbul", "ISTANBUL", "ıstanbul",
    "Москва", "МОСКВА", "straße", "STRASSE", "STRAẞE", "ΟΔΟΣ", "οδος", "οδοσ", "ſki", "ski", "ﬁn", "fin", "true",
    "True", "false", "null", "it's", 'say "hi"', "back\\slash", "'; drop table events; --", "tab\there", "new\nline",
    "%", "_", "a%b", "$p1", "{}", "[]", "1 000", "1e3", "inf", "nan", "+7", "7.", ".5", " 7",
)  # fmt: skip
"""Texts of several scripts, in both cases, and with signs that mean something to SQL and JSON."""

NUMERALS = (
    "7", "7.0", "007", "042", "42", "۴۲", "٤٢", "-0", "0", "3.5", "٣.٥", "-5.5", "1250", "12.3456785", "12.3456775",
    "0.0000005", "0.0000015", "0.00049", "123456789012345678", "99999999999999999999999", "9" * 25, "9" * 31, "9" * 60,
)  # fmt: skip
"""Texts that read as numbers, and some that are too long to."""

NUMBERS = (0, 1, -1, 2, 3, 7, 42, 3.5, -5.5, 0.1, 0.2, 0.3, 0.000001, 0.00049, 1250, 1250.5, 12.3456785,
           99999999999.123456, 12345678901234567890, 123456789.123456)  # fmt: skip
"""Numbers as JSON has them."""

TIMES = (
    "2024-02-29", "2024-02-30", "2023-02-28", "2024-03-31", "0000-01-01", "2024-1-1", "۲۰۲۴-۰۲-۲۹", "2024-02-29T10:00",
    "2024-02-29 10:00:00", "2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-10-27T02:30:00+01:00",
    "2024-02-29T00:00:00Z", "2024-02-29T05:30:00+05:30", "2024-02-29T23:59:59.999999Z", "2024-02-29T24:00:00",
)  # fmt: skip
"""Texts that read as dates and times, and some that do not quite."""

LISTS: tuple[list[Any], ...] = (
    [], ["ski"], ["ski", "hiking"], ["Ski", "SKI"], ["7", 7, True], ["042", "۴۲"], [42, "7.0", None], ["علي", "کتاب"],
    ["true", False], [["ski"], {"a": 1}], ["2024-02-29"], ["", "\u200c"], ["İstanbul"],
    [0.0000005, 12345678901234567890],
)  # fmt: skip
"""Lists, some of several types, some with lists and objects inside."""

OBJECTS: tuple[dict[str, Any], ...] = (
    {}, {"city": "Praha", "geo": {"lat": 50.08}}, {"city": None}, {"city": "", "geo": None}, {"city": ["Brno"]},
    {"city": "تهران", "geo": {"lat": "35.69"}}, {"geo": {"lat": {"deep": 1}}}, {"city": {"name": "x"}},
)  # fmt: skip
"""Objects for paths that go inside."""

IDS = ("ada", "Ada", "ben", "علی", "علي", "Žofie", "ŽOFIE", "Иван", "o'neil", "7", "007", "2024-02-29", "İpek", "ıpek",
       "zoë", "zoe\u0308", "a b", "\U0001d49c", "\uff21")  # fmt: skip
"""Profile ids; the last two are ordered one way by bytes and another way by UTF-16."""

LATITUDES = (50.08, 50.05, "50.1", 50.049999, "۵۰.۰۷", 0, -17, "-16.9", 89.9, 90, 95, "north", None)
LONGITUDES = (14.43, 14.4, "14.5", 14.500001, "۱۴.۴۵", 0, 180, -180, "-179.9", 179.95, -90, 190, "", None)

_CENTRE = "[[[[14.4,50.05],[14.5,50.05],[14.5,50.1],[14.4,50.1],[14.4,50.05]]]]"
_TRIANGLES = "[[[[14.4,50.05],[14.5,50.05],[14.4,50.1],[14.4,50.05]]],[[[0,0],[1,0],[0,1],[0,0]]]]"
_PACIFIC = "[[[[170,-20],[190,-20],[190,20],[170,20],[170,-20]],[[179,-17],[181,-17],[180,-15],[179,-17]]]]"
AREAS = {
    "centre": NamedArea("centre", (AreaVersion(0, _CENTRE), AreaVersion(1_709_000_000_000, _TRIANGLES))),
    "گرم": NamedArea("گرم", (AreaVersion(0, _PACIFIC),)),
}
"""One that was drawn anew in February 2024, one across the antimeridian with a hole."""

CHANNELS = ("email", "E-MAIL", "e-mail", "SMS", "پیامک")
PURPOSES = ("marketing", "Zprávy", "zprávy", "İstanbul")

PATTERNS = ("a", "^coats$", "(?i)praha", "^[0-9]+$", r"\d{2}", "علی|علي", "^$", ".", "a.b", "e$", r"\s", r"^\w+$",
            "[ÁÉŽ]", "w.l", "'", r"\\")  # fmt: skip
"""Patterns of RE2."""

_DAYS = tuple(date(2022, 6, 1) + timedelta(days=number) for number in range(1100))
RATES: dict[str, tuple[Quote, ...]] = {
    "EUR": tuple(
        Quote(day, Decimal("24.123456") + day.day, 1_709_000_000_000 if day.day == 9 else 0)
        for day in _DAYS
        if day.day % 7
    ),
    "JPY": tuple(Quote(day, Decimal("0.155") + Decimal(day.month) / 1000) for day in _DAYS),
    "CZK": tuple(Quote(day, Decimal("6.45") + Decimal(day.day) / 64) for day in _DAYS if day.day != 5),
    "USD": (Quote(date(2024, 2, 29), Decimal("22.5")),),
}
"""In whichever currency the workspace counts; days are missing, some quotes were recorded late."""
