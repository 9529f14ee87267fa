"""Rules that are too deep, too wide, too long, or of patterns that never end; each has a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intarsia.language.limits import CONDITIONS, LIST_LITERALS, NESTING

DEEP = 10_000
WIDE = 5_000
LONG = 100_000
MANY = 50
"""As many conditions with a query of their own. Of 250 DuckDB looks for an order of joins for two minutes."""

CHAIN = 24
"""So many segments name the one before twice: written out they would be sixteen million."""

ENDLESS = "^(a+)+$"


def _joined(word: str, count: int, one: Callable[[int], str]) -> str:
    return f" {word} ".join(one(number) for number in range(count))


def _values(count: int) -> str:
    return ", ".join(f"'v{number}'" for number in range(count))


def _numbers(count: int) -> str:
    return ", ".join(str(number) for number in range(count))


SEGMENTS = {
    "n0": "score > 3",
    **{f"n{number}": f"in segment 'n{number - 1}' and not in segment 'n{number - 1}'" for number in range(1, CHAIN)},
}

RULES = {
    "10,000 brackets": "(" * DEEP + "score > 3" + ")" * DEEP,
    "10,000 brackets without an end": "(" * DEEP,
    "10,000 brackets and a wrong end": "(" * DEEP + "score > 3" + "]" * DEEP,
    "10,000 nots": "not " * DEEP + "score > 3",
    "10,000 nots in brackets": "not (" * DEEP + "score > 3" + ")" * DEEP,
    "10,000 ands in brackets": "score > 3 and (" * DEEP + "score > 4" + ")" * DEEP,
    "10,000 conditions of events in one another": "did order where (" * DEEP + "total > 1" + ")" * DEEP,
    "as deep as may be": "not (" * (NESTING - 1) + "score > 3" + ")" * (NESTING - 1),
    "5,000 ors": _joined("or", WIDE, lambda n: f"score = {n}"),
    "5,000 ands of words": _joined("and", WIDE, lambda n: f"note != 'v{n}'"),
    "as many as may be, of words": _joined("and", CONDITIONS, lambda n: f"note != 'v{n}'"),
    "as many as may be, not like": _joined("and", CONDITIONS, lambda n: f"not note contains 'v{n}'"),
    "as many as may be, or": _joined("or", CONDITIONS, lambda n: f"score = {n}"),
    "as many as may be, of patterns": _joined("or", CONDITIONS, lambda n: f"note matches '^(a+)+{n}$'"),
    "as many as may be, of windows": _joined("and", CONDITIONS, lambda n: f"count(order, last {n + 1} days) >= 0"),
    "as many as may be, of windows that exclude": _joined(
        "or", CONDITIONS, lambda n: f"never order in last {n + 1} days"
    ),
    "many ranks": _joined("or", MANY, lambda n: f"top {n + 1} by sum(order.total)"),
    "many values for so long": _joined("and", MANY, lambda n: f"score > {n} for at least {n + 1} days"),
    "a list of 100,000 words": f"note in ({_values(LONG)})",
    "a list of 100,000 numbers": f"score in ({_numbers(LONG)})",
    "a list of 100,000 without an end": f"note in ({_values(LONG)}",
    "a list as long as may be": f"score in ({_numbers(LIST_LITERALS)})",
    "a pattern that runs away": f"note matches '{ENDLESS}'",
    "a pattern that runs away, of a property": f"did order where (coupon matches '{ENDLESS}')",
    "a pattern a million long": "note matches '((a{1000}){1000})'",
    "a pattern of many ways": f"note matches '^{'(a|a)*' * 60}$'",
    "a pattern of many options": f"note matches '^{'a?' * 200}{'a' * 200}$'",
    "a pattern that refers back": r"note matches '(a*)\1'",
    "a pattern that looks ahead": "note matches '(?=a)(?!b)a'",
    "a pattern of 100,000 signs": f"note matches '{'a' * LONG}'",
    "a pattern that is not one": "note matches '((('",
    "a text of many signs of like": f"note contains '{'%a' * 500}%'",
    "a word of 100,000 signs": f"note = '{'a' * LONG}'",
    "a word without an end": f"note = '{'a' * LONG}",
    "a name of 100,000 signs": f"{'a' * LONG} > 3",
    "a number of 100,000 digits": f"score > {'9' * LONG}",
    "a number of many places": f"score > 0.{'0' * LONG}1",
    "a power of ten": "score > 1e999999999",
    "a path of 10,000 steps": ".".join(["note"] * DEEP) + " = 'a'",
    "a window of a thousand million years": "did order in last 999999999 years",
    "a window of more years than there are": f"did order in last {'9' * 300} years",
    "an active of many periods": f"active(order, {MANY} of last {6 * MANY} days)",
    "an active that is too long": f"active(order, 1 of last {'9' * 30} days)",
    "a sequence as long as may be": "sequence(" + ", ".join(["order"] * 10) + ")",
    "a sequence that is too long": "sequence(" + ", ".join(["order"] * WIDE) + ")",
    "a segment that names others sixteen million times": f"in segment 'n{CHAIN - 1}'",
    "a million blanks": " " * 10**6 + "score > 3",
    "a million line ends": "\n" * 10**6 + "score >",
    "a hundred thousand mistakes": "? " * LONG,
    "a hundred thousand quotation marks": "'\"" * LONG,
    "a hundred thousand comments": "-- no\n" * LONG + "score > 3",
    "signs that stand on each other": "note = 'a" + "\u0301" * LONG + "'",
    "signs that nobody sees": "\u200b\u2060\ufeff" * 10_000 + "score > 3",
    "half a character": "note = '\udc80'",
    "a sign that ends texts": "note = '\0'",
}
"""By name; those that are within the limits are answered, the others refused."""

HEAVY = {
    "as many as may be, of words": (10, 1000),
    "as many as may be, not like": (10, 600),
    "as many as may be, or": (10, 200),
    "as many as may be, of patterns": (10, 500),
    "as many as may be, of windows": (20, 250),
    "as many as may be, of windows that exclude": (20, 250),
    "many ranks": (10, 250),
    "many values for so long": (10, 200),
    "a list as long as may be": (10, 100),
    "an active of many periods": (20, 100),
}
"""What SQL does not answer in 2 s and 100 MB yet: seconds and megabytes that it may take, so that it grows no worse.

`why` of an `active` works out its periods anew at each instant that may change them: of a thousand, for half a minute.
"""


def _nested(depth: int) -> dict[str, Any]:
    form: dict[str, Any] = {"everyone": True}
    for _ in range(depth):
        form = {"not": form}
    return form


JSON_BOMBS: dict[str, Callable[[], Any]] = {
    "JSON 10,000 deep": lambda: _nested(DEEP),
    "JSON 100,000 deep": lambda: _nested(LONG),
    "JSON of 5,000 conditions": lambda: {"or": [_nested(0)] * WIDE},
    "JSON that is a list": lambda: [[]] * LONG,
}
