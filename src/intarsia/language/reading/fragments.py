"""Reading texts that are less than a definition: a value or a condition, a length of time."""

from __future__ import annotations

from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.cursor import Cursor
from intarsia.language.reading.parse import check_size, cursor_over, parse
from intarsia.language.reading.tokens import tokens
from intarsia.language.reading.values import value
from intarsia.language.reading.windows import length
from intarsia.language.tree import Condition, Length, Path, Value
from intarsia.language.words.token import TokenKind
from intarsia.speech import mark

THE_END = mark("the end")
_CONDITIONS = (("everyone",), ("nobody",))


def value_or_condition(text: str) -> Value | Condition:
    """The value that a text names, `sum(order.total, last 30 days)`, else the condition that it is.

    Of a text that is neither, what is raised is what is wrong with it as a condition.
    """
    try:
        check_size(text)
        cursor = cursor_over(text, tokens(text), is_trial=True)
        found = value(cursor)
    except LanguageError:
        return parse(text)
    # A word alone is a trait, unless it is a condition such as `everyone`.
    if cursor.at_kind(TokenKind.END) and not (isinstance(found, Path) and found.names in _CONDITIONS):
        return found
    return parse(text)


def length_of_time(text: str) -> Length:
    """So many units, one or more: `1 month`; raises the LanguageError of what is no such length."""
    cursor = cursor_over(text, tokens(text))
    found = length(cursor, least=1)
    _want_end(cursor)
    return found


def _want_end(cursor: Cursor) -> None:
    if not cursor.at_kind(TokenKind.END):
        cursor.unexpected(THE_END)
