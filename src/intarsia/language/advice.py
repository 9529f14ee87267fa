"""What to write instead, where something stands that the grammar does not take: from the words around it.

A rule looks at the place and answers with a sentence and what fills its gaps, or with None. The first answer counts.
"""

from __future__ import annotations

from collections.abc import Callable

from intarsia.language import advice_times
from intarsia.language.advice_place import NAMES, SIGNS, Place, Told
from intarsia.language.advice_words import BY_WORD
from intarsia.language.catalog import nearest
from intarsia.language.tokens import TokenKind
from intarsia.speech import mark


def advise(place: Place) -> Told | None:
    """What to write instead; None where nothing better can be said than what was expected."""
    return next((told for rule in RULES if (told := rule(place)) is not None), None)


# --- tests


def _test(place: Place) -> Told | None:
    """Something else than a test, or than a value, behind a name."""
    word, before = place.word(), place.word(-1)
    shown = place.written()
    if before == "is" or (before == "not" and place.word(-2) == "is"):
        sign = "=" if before == "is" else "!="
        if place.kind() in (TokenKind.NUMBER, TokenKind.TEXT, TokenKind.DATE) or word in ("true", "false"):
            return mark("write `{sign} {value}`"), {"sign": sign, "value": shown}
    if before in ("contains", "contain") and word in ("any", "all"):
        return mark("of a list, write `has {word} (..)`; of a text, one `contains` for each, joined with `or`"), {
            "word": word
        }
    if before == "in" and place.kind() is TokenKind.TEXT:
        return mark("a list stands in brackets: in ({value}); of one value write = {value}"), {"value": shown}
    if before in SIGNS and word == "(":
        return mark("one value stands without brackets; for several write `in (..)`"), {}
    if word == "in" and place.kind(1) is TokenKind.NUMBER and place.called() == "sequence":
        return mark("write `within {number} {unit}`"), {"number": place.written(1), "unit": place.word(2)}
    if before in ("starts", "ends"):
        return mark("write `{word} with`"), {"word": before}
    if before == "in" and word == ")":
        return mark("write at least one value"), {}
    return None


def _empty_list(place: Place) -> Told | None:
    if place.word() == ")" and place.word(-1) == "(" and place.word(-2) in ("in", "any", "all"):
        return mark("a list has at least one value"), {}
    return None


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
    if place.kind() is TokenKind.TEXT and place.word(1) in SIGNS:
        return mark('a name stands without quotes, or in double quotes: "{name}"'), {"name": place.at(0).value}
    if place.kind() in (TokenKind.TEXT, TokenKind.NUMBER):
        return mark("repeat the name that is tested, or write `in (.., {value})` for several values"), {
            "value": place.written()
        }
    return None


def _event(place: Place) -> Told | None:
    """Ways of saying that somebody did something."""
    before, shown = place.word(-1), place.written()
    if place.kind() in NAMES and before == "not" and place.word(-2) in ("did", "never"):
        return mark("write `never {event}`"), {"event": shown}
    if place.kind() in NAMES and before == "did" and place.word(-2) == "never":
        return mark("write `never {event}`"), {"event": shown}
    if place.kind() in NAMES and before == "has" and place.index == 1:
        return mark("write `did {event}`"), {"event": shown}
    if place.word() == "(" and place.word(-2) in ("did", "never", "first", "last", "no"):
        return mark("write `where` before the bracket"), {}
    if before == "where":
        return mark("put the condition in brackets: where (total > 50)"), {}
    if before == "had":
        return mark("the condition behind `had` stands in brackets: had (coupon = 'x')"), {}
    if place.kind() is TokenKind.END and _begins_with_end(place):
        return mark("for the time of the event write {which}(..); for what it was like, `had` and a condition"), {
            "which": place.word(-place.index)
        }
    return None


def _begins_with_end(place: Place) -> bool:
    return place.word(-place.index) in ("first", "last")


def _set(place: Place) -> Told | None:
    """Ways of saying that somebody is in a set of people."""
    before, word = place.word(-1), place.word()
    offset = -3 if place.word(-2) == "not" else -2
    is_begin = place.index + offset < 0 or place.word(offset) in ("and", "or", "(", "member")
    if before in ("in", "of") and place.kind() is TokenKind.TEXT and is_begin:
        return mark("write `in segment {name}`"), {"name": place.written()}
    if place.word() == "of" and before in ("member", "members", "part"):
        return mark("write `in segment '..'`"), {}
    if place.word(-2) in ("top", "bottom") and place.kind(-1) is TokenKind.NUMBER and word not in BY_WORD:
        return mark("write `by` before the value: top 10% by sum(order.total)"), {}
    if before in ("top", "bottom"):
        return mark("say how many, or which share: {word} 10% by sum(order.total)"), {"word": before}
    if before == "near":
        return mark("write near (50.08, 14.43) within 50 km: degrees north, then east, in brackets"), {}
    if before == "consent" or place.word(-2) == "consent":
        return mark("write consent email for marketing is given: channel, purpose, state"), {}
    if before == "," and place.called() == "lapsed":
        return mark("write lapsed(order, 90 days)"), {}
    if place.word() == ")" and place.called() in LACKING:
        return LACKING[place.called()], {}
    if before == "of" and place.called() == "active" and place.kind() is TokenKind.NUMBER:
        return mark("write `of last {number}`, or `of previous {number}` for whole calendar periods"), {
            "number": place.written()
        }
    return None


LACKING = {
    "lapsed": mark("say for how long not: lapsed(order, 90 days)"),
    "first_time": mark("say since when: first_time(order, last 30 days)"),
    "returned": mark("say since when, and after which pause: returned(order, last 30 days, after 90 days)"),
    "active": mark("say how often: active(order, 3 of last 6 months)"),
    "trend": mark("say over which time: trend(sum(order.total), last 3 months)"),
    "ratio": mark("two values are divided: ratio(count(order), count(view))"),
    "count": mark("name an event: count(order)"),
}
"""By function, what is missing before its bracket closes."""


# --- single words


def _by_word(place: Place) -> Told | None:
    told = BY_WORD.get(place.word())
    return None if told is None else (told, {"word": place.written()})


def _by_first_word(place: Place) -> Told | None:
    """A word that is none of the grammar, alone or before something else, and was read as a name."""
    if place.index != 1 or place.kind(-1) is not TokenKind.WORD:
        return None
    told = BY_WORD.get(place.word(-1))
    return None if told is None else (told, {"word": place.written(-1)})


def _likely(place: Place) -> Told | None:
    """A word of the grammar that looks like what is written."""
    if place.kind() is not TokenKind.WORD:
        return None
    close = nearest(place.written(), list(place.expected()), most=1)
    return (mark("the nearest word is `{word}`"), {"word": close[0]}) if close else None


def _what_is_asked(place: Place) -> Told | None:
    """A name alone, where a test has to follow."""
    if place.kind() is not TokenKind.END or place.kind(-1) not in NAMES:
        return None
    if place.word(-1) in ("by", "where", "had", "of", "among", "for", "at", "than", "did", "never", "is"):
        return mark("something is missing behind `{word}`"), {"word": place.word(-1)}
    name = place.at(-1).value
    if place.kind(-1) is TokenKind.QUOTED and any(sign in name for sign in "=<>'"):
        return mark("write the definition without double quotes around it; they are for names"), {}
    return mark("say what is asked of it: {name} = 'red', {name} = true or {name} is known"), {
        "name": place.written(-1)
    }


def _joint(place: Place) -> Told | None:
    """Two conditions side by side."""
    begins = place.kind() in NAMES or place.word() == "("
    return (mark("write `and` or `or` between two conditions"), {}) if begins and "and" in place.expected() else None


def _bracket(place: Place) -> Told | None:
    if place.word() not in (")", ",") or "and" not in place.expected():
        return None
    if place.word() == ")":
        return mark("leave it out: no bracket is open here"), {}
    if place.word() == ",":
        return mark("write `and` or `or` between two conditions"), {}
    return None


RULES: tuple[Callable[[Place], Told | None], ...] = (
    *advice_times.RULES,
    _set,
    advice_times.instead_of_a_date,
    _empty_list,
    _test,
    _event,
    _condition,
    _by_first_word,
    _by_word,
    _likely,
    _what_is_asked,
    _bracket,
    _joint,
)
"""Tried in this order."""
