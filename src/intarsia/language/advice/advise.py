"""What to write instead, where something stands that the grammar does not take: from the words around it.

A rule looks at the place and answers with a sentence and what fills its gaps, or with None. The first answer counts.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable

from intarsia.language.advice import events, numbers, sets, times
from intarsia.language.advice.place import CONSTANTS, FOLDS, NAMES, SIGNS, Place
from intarsia.language.advice.told import Told, write
from intarsia.language.advice.words import BY_WORD, QUERY
from intarsia.language.catalog import nearest
from intarsia.language.words.spelling import spell_text
from intarsia.language.words.token import RESERVED, TokenKind
from intarsia.speech import mark


def advise(place: Place) -> Told | None:
    """What to write instead; None where nothing better can be said than what was expected."""
    return next((told for rule in RULES if (told := rule(place)) is not None), None)


# --- tests

_TESTS = frozenset({"in", "between", "contains", "starts", "ends", "matches", "has", "like", *SIGNS})


def _test(place: Place) -> Told | None:
    """Something else than a test, or than a value, behind a name."""
    word, before = place.word(), place.word(-1)
    if before == "is" or (before == "not" and place.word(-2) == "is"):
        return _behind_is(place)
    if before in ("contains", "contain") and word in ("any", "all"):
        return mark("of a list, write `has {word} (..)`; of a text, one `contains` for each, joined with `or`"), {
            "word": word
        }
    if before in SIGNS and word == "(":
        return mark("one value stands without brackets; for several write `in (..)`"), {}
    if before in ("starts", "ends"):
        return mark("write `{word} with`"), {"word": before}
    return _list(place)


def _behind_is(place: Place) -> Told | None:
    """`is 18`, `is one of ('a', 'b')`, `is in ('a', 'b')`."""
    word, shown = place.word(), place.written()
    not_ = "" if place.word(-1) == "is" else "not "
    if place.kind() in CONSTANTS or word in ("true", "false"):
        return mark("write `{sign} {value}`"), {"sign": "!=" if not_ else "=", "value": shown}
    if (word, place.word(1)) in (("one", "of"), ("any", "of")):
        listed = place.said(2, place.bracket_end(2)) if place.word(2) == "(" else "(..)"
        return write(f"{not_}in {listed}")
    return (mark("leave out `{word}`"), {"word": "is"}) if word in _TESTS else None


def _list(place: Place) -> Told | None:
    """A list without brackets, without values, or behind a bare `has`."""
    word, before = place.word(), place.word(-1)
    if word == ")" and before == "(" and place.word(-2) in ("in", "any", "all"):
        return mark("a list has at least one value"), {}
    if before == "in" and word == ")":
        return mark("write at least one value"), {}
    if before == "has" and word == "(":
        return write(f"has any {place.said(0, place.bracket_end(0))}")
    if place.kind() not in (TokenKind.TEXT, TokenKind.NUMBER):
        return None
    values = ", ".join(_values(place))
    if before in ("any", "all") and place.word(-2) == "has":
        return write(f"has {before} ({values})")
    if before == "in" and place.kind() is TokenKind.TEXT and values != place.written():
        return write(f"in ({values})")
    if before == "in" and place.kind() is TokenKind.TEXT:
        return mark("a list stands in brackets: in ({value}); of one value write = {value}"), {"value": values}
    return None


def _values(place: Place) -> list[str]:
    """The constants at a place with commas between them."""
    found, offset = [place.written()], 1
    while place.word(offset) == "," and place.kind(offset + 1) in CONSTANTS:
        found, offset = [*found, place.written(offset + 1)], offset + 2
    return found


def _text_in(place: Place) -> Told | None:
    """`city in Marseille`: a name behind `in` that is a text."""
    if place.word(-1) != "in" or place.kind() is not TokenKind.WORD or place.kind(1) is TokenKind.NUMBER:
        return None
    is_negated = place.word(-2) == "not"
    path_end = -2 if is_negated else -1
    begin, end = place.path_begin(path_end), 1
    if begin == path_end or not place.begins(begin):
        return None
    texts: list[str] = []
    last = 0
    while (place.kind(end) is TokenKind.WORD and place.word(end) not in RESERVED) or place.word(end) == ",":
        if place.word(end) == ",":
            texts, last = [*texts, spell_text(place.said(last, end))], end + 1
        end += 1
    texts = [*texts, spell_text(place.said(last, end))]
    if len(texts) > 1:
        return write(f"in ({', '.join(texts)})")
    return write(f"{place.said(begin, path_end)} {'!=' if is_negated else '='} {texts[0]}")


def _named_text_in(place: Place) -> Told | None:
    """The same with a capital letter, which is no misspelt word of the grammar."""
    return _text_in(place) if place.written()[:1].isupper() else None


# --- conditions


def _condition(place: Place) -> Told | None:
    """Something else than a condition where one begins."""
    before = place.word(-1)
    if place.index and before not in ("and", "or", "not", "("):
        return None
    if place.kind() is TokenKind.END and before:
        return mark("a condition is missing behind `{word}`"), {"word": before}
    if place.word() in ("and", "or") and not place.index:
        return mark("leave out `{word}`: nothing stands before it"), {"word": place.written()}
    if place.word() in ("and", "or", ")") and before:
        return mark("a condition is missing before `{word}`"), {"word": place.written()}
    if place.kind() is TokenKind.TEXT and place.word(1) in SIGNS and place.kind(2) not in NAMES:
        return mark('a name stands without quotes, or in double quotes: "{name}"'), {"name": place.at(0).value}
    if place.kind() in CONSTANTS and place.word(1) in SIGNS and place.kind(2) in NAMES:
        return _turned(place)
    if place.word() in SIGNS:
        return _repeat(place)
    if place.kind() in (TokenKind.TEXT, TokenKind.NUMBER) and place.called() not in (*FOLDS, *events.CALLS):
        return mark("repeat the name that is tested, or write `in (.., {value})` for several values"), {
            "value": place.written()
        }
    return None


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _turned(place: Place) -> Told:
    """`18 < age`, `18 < age < 30`: the value before the name."""
    sign, end = place.word(1), place.value_end(2)
    name = place.said(2, end)
    test = f"{name} {_MIRRORED.get(sign, sign)} {place.written()}"
    if place.word(end) in SIGNS and place.kind(end + 1) in CONSTANTS:
        test += f" and {name} {place.said(end, end + 2)}"
    return mark("the name goes first: `{instead}`"), {"instead": test}


def _repeat(place: Place) -> Told | None:
    """`age > 18 and < 30`: a test without its name."""
    joint = next((offset for offset in (-1, -2) if place.word(offset) in ("and", "or")), None)
    if joint is None or place.index + joint <= 0:
        return None
    begin = place.begin(joint)
    end = place.value_end(begin)
    if end == begin or end > joint:
        return None
    negation = "not " if place.word(-1) == "not" else ""
    test = f"{negation}{place.said(begin, end)} {place.said(0, place.end_of_part(0))}"
    return mark("repeat the name that is tested: `{instead}`"), {"instead": test}


# --- single words


def _query(place: Place) -> Told | None:
    """`order by age`, `group by city`: the rest of a query."""
    return (QUERY, {}) if place.word() in ("order", "group") and place.word(1) == "by" else None


def _by_word(place: Place) -> Told | None:
    """A word that is none of the grammar; `18 BUT` was read as an amount of money."""
    offset = -1 if place.kind(-1) is TokenKind.WORD and place.kind(-2) is TokenKind.NUMBER else 0
    told = BY_WORD.get(place.word()) or BY_WORD.get(place.word(offset))
    return None if told is None else (told, {"word": place.written()})


def _by_first_word(place: Place) -> Told | None:
    """A word that is none of the grammar, alone or before something else, and was read as a name."""
    if place.index != 1 or place.kind(-1) is not TokenKind.WORD:
        return None
    told = BY_WORD.get(place.word(-1))
    return None if told is None else (told, {"word": place.written(-1)})


LIKELY = 0.7
"""How alike a word and one of the grammar are at least, from 0 to 1."""
SHORTEST = 4
"""Shorter words are like too many others."""


def _likely(place: Place) -> Told | None:
    """A word of the grammar that looks like what is written."""
    word = place.written().casefold()
    if place.kind() is not TokenKind.WORD or len(word) < SHORTEST:
        return None
    close = nearest(word, list(place.expected()), most=1)
    if not close or difflib.SequenceMatcher(None, word, close[0]).ratio() < LIKELY:
        return None
    return mark("the nearest word is `{word}`"), {"word": close[0]}


# --- what is asked of a value

_BEFORE_MORE = frozenset({"by", "where", "had", "of", "among", "for", "at", "than", "did", "never", "is"})


def _what_is_asked(place: Place) -> Told | None:
    """A name or a function alone, where a test has to follow."""
    if place.kind() is not TokenKind.END and place.word() not in ("and", "or", ")", ","):
        return None
    if place.kind() is TokenKind.END and place.word(-1) in _BEFORE_MORE:
        return mark("something is missing behind `{word}`"), {"word": place.word(-1)}
    begin = place.begin()
    if not place.begins(begin) or place.value_end(begin) != 0:
        return None
    name = place.at(-1).value
    if place.kind(-1) is TokenKind.QUOTED and any(sign in name for sign in "=<>'"):
        return mark("write the definition without double quotes around it; they are for names"), {}
    if place.word(-1) == ")":
        return _of_function(place, begin)
    negated = place.word(-2) == "not"
    joint = -3 if negated else -2
    before = place.word(place.begin(joint)) if place.word(joint) in ("and", "or") else ""
    if begin == -1 and before in ("did", "never"):
        told = mark("write `never {event}`") if negated or before == "never" else mark("write `did {event}`")
        return told, {"event": place.written(-1)}
    gaps = {"name": place.said(begin, 0), "quoted": spell_text(name)}
    if begin < -1 or name.startswith(("is_", "has_")):
        return mark("say what is asked of it: {name} = 'red', {name} = true or {name} is known"), gaps
    return mark("say what is asked of it: {name} = 'red' or {name} is known; of a segment `in segment {quoted}`"), gaps


def _of_function(place: Place, begin: int) -> Told:
    """`count(order)` alone: its usual test."""
    value, is_path = place.said(begin, 0), place.path_end(begin + 2) - begin > 3
    if place.word(begin) == "anniversary":
        test = "in next 7 days"
    elif place.word(begin) in ("first", "last"):
        test = "is known" if is_path else "in last 30 days"
    else:
        test = {"bucket": "< 0.2", "trend": "> 0.2"}.get(place.word(begin), "> 1")
    return mark("say what is asked of it: `{instead}`"), {"instead": f"{value} {test}"}


def _joint(place: Place) -> Told | None:
    """Two conditions side by side."""
    begins = place.kind() in NAMES or place.word() == "("
    return (mark("write `and` or `or` between two conditions"), {}) if begins and "and" in place.expected() else None


def _bracket(place: Place) -> Told | None:
    if place.word() in SIGNS and place.called() in {*FOLDS, "ratio", "trend"}:
        return mark("close the bracket before `{word}`"), {"word": place.word()}
    if place.word() not in (")", ",") or "and" not in place.expected():
        return None
    if place.word() == ")":
        return mark("leave it out: no bracket is open here"), {}
    return mark("write `and` or `or` between two conditions"), {}


RULES: tuple[Callable[[Place], Told | None], ...] = (
    *events.RULES,
    *numbers.RULES,
    *times.RULES,
    *sets.RULES,
    times.instead_of_a_date,
    _test,
    _condition,
    *events.LATE,
    _query,
    _by_first_word,
    _by_word,
    _named_text_in,
    _likely,
    _text_in,
    _what_is_asked,
    _bracket,
    _joint,
)
"""Tried in this order."""
