"""What is asked of one text by the fuzzer: only errors that have a code may come out, and nothing of it in the SQL."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from intarsia.engine.sql.compile import compile_members
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.rates import OwnCurrency
from intarsia.engine.sql.words import Bindings
from intarsia.errors import UserError
from intarsia.language import Checked, check, from_json, parse, sentence, show, to_json
from intarsia.language import tree as t
from intarsia.language.assist.check_at import check_at
from intarsia.language.assist.complete import complete
from intarsia.language.problems.whole import LanguageError
from scripts.fuzz.planted import CANARY, CATALOG, LOOSE, planted

AT = 1_767_222_000_000
"""The instant that is asked about: 2026-01-01 in Prague, milliseconds UTC."""
LOOKED_AT = 120
"""Texts of so many characters are completed as well, which takes longer than reading."""


class Broken(AssertionError):
    """Something that must hold of every text does not hold of this one."""


def probe(text: str) -> str:
    """Read, check, print and compile a text; how far it came: "refused", "read", "checked" or "compiled".

    Raises `Broken`, or whatever else than a `UserError` comes out of it.
    """
    try:
        tree = parse(text)
    except LanguageError as error:
        _must(error.span is None or 0 <= error.span.start <= error.span.end <= len(text), "a place outside the text")
        _must(bool(error.to_json()["message"]), "an error without a message")
        tree = None
    if len(text) <= LOOKED_AT:
        _look_at(text, is_right=tree is not None)
    if tree is None:
        return "refused"
    _say(tree)
    return _compile(tree)


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


def _look_at(text: str, *, is_right: bool) -> None:
    """Completion and the check at the cursor answer whatever the text is."""
    place = len(text) // 2
    for suggestion in complete(text, place, CATALOG):
        _must(bool(suggestion.text) and suggestion.span.start <= place, "a suggestion that replaces what is behind")
    look = check_at(text, place, CATALOG)
    _must(is_right or bool(look.problems), "a text that cannot be read and has no problem")


def _say(tree: t.Condition) -> None:
    """Text, JSON and sentence say the same."""
    _must(parse(show(tree)) == tree, "the printed text reads as another tree")
    _must(from_json(json.loads(json.dumps(to_json(tree)))) == tree, "the JSON form reads as another tree")
    _must(bool(sentence(tree)), "a definition without a sentence")


def _checked(tree: t.Condition) -> Checked | None:
    """The definition checked against the kinds of its names, else as if nobody knew their kinds."""
    for catalog in (CATALOG, LOOSE):
        try:
            return check(tree, catalog)
        except UserError as error:
            _must(bool(error.to_json()["message"]), "an error without a message")
    return None


def _compile(tree: t.Condition) -> str:
    """Compile the definition over names that make sense; no text of it may reach the SQL."""
    checked = _checked(planted(tree))
    if checked is None:
        return "read"
    try:
        own = OwnCurrency(CATALOG.currency, CATALOG.currency_digits, CATALOG.rates)
        operators = Operators(Bindings(), AT, ZoneInfo(CATALOG.timezone), CATALOG.first_weekday, CATALOG.calendar, own)
        compiled = compile_members(checked, operators)
    except UserError:
        return "checked"
    _must(CANARY not in compiled.sql.lower(), "a text or a name of the definition stands in the SQL")
    return "compiled"
