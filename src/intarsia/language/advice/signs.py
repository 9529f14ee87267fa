"""What to write instead of signs that the language has not: of other keyboards, scripts and languages.

Looks at the text alone: these are met before there are tokens.
"""

from __future__ import annotations

import re
import unicodedata

from intarsia.language.advice.told import Told, write
from intarsia.speech import mark

_STRAIGHT = mark("texts stand in straight 'single quotes'")
_COMMENT = mark("a comment begins with -- and ends with its line")
_CURRENCY = mark("a currency is written behind the number, in three capital letters: 500 EUR")
_ROUND = mark("lists stand in round brackets: in ('a', 'b')")
_COMMA = mark("write a comma: ,")
_ONE = mark("a definition is one condition, without an end sign")
_ADVICE = {
    "&": mark("write `and`"),
    "|": mark("write `or`"),
    "!": mark("write `not`, or `!=`"),
    ";": _ONE,
    "`": mark("names with blanks stand in double quotes, texts in single quotes"),
    ":": mark("an instant is written 2026-01-31T10:00"),
    "~": mark("write `contains`, or `matches` for a pattern"),
    "#": _COMMENT,
    "/": _COMMENT,
    "\\": mark("there are no escapes: a quote inside quotes is written twice"),
    "؛": _ONE,
    "،": _COMMA,
    "٪": mark("write %"),
    "٬": mark("a number is written without signs between its digits"),
    **dict.fromkeys("[]{}", _ROUND),
    **dict.fromkeys("\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u00b4", _STRAIGHT),
    **dict.fromkeys("€$£¥₽₴₺﷼", _CURRENCY),
}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_SIGNS = {
    **dict.fromkeys("≥⩾", ">="),
    **dict.fromkeys("≤⩽", "<="),
    "≠": "!=",
    "٫": ".",
    **dict.fromkeys(_DASHES, "-"),
}
"""By sign, how the language writes it."""
_OTHER = mark('names have letters, digits and _; others stand in "double quotes"')
_QUERY = mark("a definition is the condition alone, without the rest of a query")
_INVISIBLE = mark("an invisible character: delete it")

_EDGE = r"[\d\u06f0-\u06f9\u0660-\u0669.-]+"
_RANGE_BEGUN = re.compile(rf"\bbetween\s+({_EDGE})\s*$", re.IGNORECASE)
_EDGE_BEHIND = re.compile(rf"\s*({_EDGE})")
_CALL_BEFORE, _CALL_BEHIND = re.compile(r"\b\w+\([^()]*\)\s*$"), re.compile(r"\s*\w+\([^()]*\)")
_AVERAGE = re.compile(r"sum\((\w+)\.([\w.]+)\) / count\((\w+)\)")
_TEXT_WANTED = re.compile(r"(\bwith|\bcontains|\bhas|=|[(,])\s*$", re.IGNORECASE)
_NAME_ALONE = re.compile(r"\[(\w+)\]")
_FULL_WIDTH = re.compile(r"[\uff01-\uff20\uff3b-\uff40\uff5b-\uff5e]+")
_LIST_BEFORE = re.compile(r"\b(in|any|all)\s*$", re.IGNORECASE)


AROUND = 200
"""So many characters before and behind a sign are looked at, so that a long text of signs is read in no time."""


def _around(text: str, position: int) -> tuple[str, str]:
    return text[max(0, position - AROUND) : position], text[position + 1 : position + 1 + AROUND]


def about_character(text: str, position: int, sign: str) -> Told:
    """Of a character, or two, that no word of the language has; `sign` begins at `position`."""
    if not sign.isprintable():
        return _INVISIBLE, {}
    before = _around(text, position)[0]
    if sign in ";؛" and before.count("(") > before.count(")"):
        return _COMMA, {}
    if sign in ";؛" and re.compile(r"\s*\S").match(text, position + 1):
        return mark("write `and` or `or` between two conditions"), {}
    name = _NAME_ALONE.match(text, position)
    if name is not None and not _LIST_BEFORE.search(before):
        return mark("a name stands without brackets: {name}"), {"name": name[1]}
    range_ = _range(text, position) if sign in _DASHES else None
    if range_ is not None:
        return range_
    plain = _SIGNS.get(sign) or unicodedata.normalize("NFKC", full_width(text, position))
    if plain:
        return write(plain)
    return _ADVICE.get(sign) or _ADVICE.get(sign[0], _OTHER), {}


def full_width(text: str, position: int) -> str:
    """The full-width signs and digits that begin there, as keyboards of East Asia make them; empty where none do."""
    found = _FULL_WIDTH.match(text, position)
    return found[0] if found else ""


def about_arithmetic(text: str, position: int) -> Told | None:
    """What else than arithmetic is likely to be meant by a sign of it; None where it is that."""
    sign, (before, behind) = text[position], _around(text, position)
    left, right = re.search(r"[^\W\d]\w*$", before), re.match(r"\w+", behind)
    if sign == "-" and left and right:
        return mark('if it is one name, write "{name}"'), {"name": f"{left[0]}-{right[0]}"}
    if sign == "-":
        return _range(text, position)
    digits = re.match(r"[\d ()-]*\d", behind)
    if sign == "+" and digits and _TEXT_WANTED.search(before):
        return write(f"'+{digits[0]}'")
    if sign == "*" and re.match(r"\s*select\b", text, re.IGNORECASE):
        return _QUERY, {}
    if sign == "*" and before.rstrip().endswith("("):
        return mark("name what is counted: count(order)"), {}
    if sign == "/" and before.rstrip().lower().endswith("matches"):
        return mark("a pattern stands in single quotes"), {}
    return _quotient(before, behind) if sign == "/" else None


def _range(text: str, position: int) -> Told | None:
    """`between 18 - 25`."""
    low, high = _RANGE_BEGUN.search(_around(text, position)[0]), _EDGE_BEHIND.match(text, position + 1)
    return write(f"between {low[1]} and {high[1]}") if low and high else None


def _quotient(before: str, behind: str) -> Told | None:
    """`sum(order.total) / count(order)`: an average, or a ratio."""
    top, bottom = _CALL_BEFORE.search(before), _CALL_BEHIND.match(behind)
    if top is None or bottom is None:
        return None
    above, below = top[0].strip(), bottom[0].strip()
    average = _AVERAGE.fullmatch(f"{above} / {below}")
    if average is not None and average[1] == average[3]:
        return write(f"avg({average[1]}.{average[2]})")
    return write(f"ratio({above}, {below})")


# --- quotes

_CURLY_END = re.compile(
    r"'([^'\n\u2018\u2019\u00b4`]*)([\u2018\u2019\u00b4`])(?=\s*(?:$|[),]|(?:and|or)\b))", re.IGNORECASE
)
"""A text that begins with a straight quote and ends with another."""


def about_open_quote(text: str, position: int) -> Told | None:
    """What is likely to be meant by a quote that nobody closes."""
    if text[position] != "'":
        return None
    if re.search(r"\b(is|are|was|does|do|did|has|have)n't\b", text[: position + 2], re.IGNORECASE):
        return mark("write `!=`, `not`, `is not` or `never`"), {}
    curly = _CURLY_END.search(text)
    if curly:
        return mark("the quote {quote} is not straight: write {quoted}"), {"quote": curly[2], "quoted": f"'{curly[1]}'"}
    is_inside = re.search(r"\w$", text[:position]) is not None
    return (mark("a quote inside a text is written twice: 'O''Brien'"), {}) if is_inside else None


_TEST_BEHIND = re.compile(r"\s*([=<>!.]|(is|in|has|not|between|contains|starts|ends|matches|before|after|on|since)\b)")


def straight(text: str, begin: int, end: int) -> str:
    """What stands between two places in quotes of another kind, in those of the language: a text, or a name."""
    inside = text[begin + 1 : end - 1].strip()
    is_name = _TEST_BEHIND.match(text, end) and not re.search(r"[=<>(,]\s*$", _around(text, begin)[0])
    if not is_name:
        return "'" + inside.replace("'", "''") + "'"
    return inside if re.fullmatch(r"[^\W\d]\w*", inside) else f'"{inside}"'
