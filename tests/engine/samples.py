"""Values that are easily read in two ways: what random data and random rules are made of."""

from __future__ import annotations

from typing import Any

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

PATTERNS = ("a", "^coats$", "(?i)praha", "^[0-9]+$", r"\d{2}", "علی|علي", "^$", ".", "a.b", "e$", r"\s", r"^\w+$",
            "[ÁÉŽ]", "w.l", "'", r"\\")  # fmt: skip
"""Patterns of RE2."""
