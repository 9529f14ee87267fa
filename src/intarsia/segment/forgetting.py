"""Definitions that name somebody who is erased: rewritten in every version, for they would keep the name for ever.

A definition that means anybody else keeps its meaning: only whole values of `=`, `!=` and `in` are replaced, an id
where the definition asks for `profile`, an address where nobody else has it. What else names them is told (`mentions`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from intarsia.errors import Span
from intarsia.language import parse, tree
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.tokens import tokens
from intarsia.language.words.token import Token, TokenKind
from intarsia.profile.owned import Quoted
from intarsia.store.forgetting import Read, Rule, rules_in

ERASED = "'(erased)'"
"""What a definition says in the place of an erased person's id or address; nobody has it, so it means the same."""

_PROFILE = ("profile",)
_COMMENT = re.compile(r"--[^\n]*")


def forget_definitions(connection: sqlite3.Connection, quoted: Quoted) -> list[Rule]:
    """Take people out of every version of every definition, inside a transaction of the store; those that changed."""
    changed = definitions_naming(connection.execute, quoted)
    for rule in changed:
        connection.execute(
            f'update "{rule.table}" set text = ? where rowid = ?',  # nosec B608
            (without(rule, quoted), rule.rowid),
        )
    return changed


def definitions_naming(read: Read, quoted: Quoted) -> list[Rule]:
    """The versions of definitions that `forget_definitions` would rewrite, by segment."""
    return [rule for rule in rules_in(read) if without(rule, quoted) != rule.text]


def without(rule: Rule, quoted: Quoted) -> str:
    """A definition without people: their ids and addresses become `ERASED`, comments that hold one go."""
    text = rule.text
    try:
        asked = list(_equalities(parse(text, rule.language_version)))
    except LanguageError:
        return text
    pieces, end = [], 0
    for token in tokens(text):
        between = text[end : token.span.start]
        pieces.append(_COMMENT.sub("", between) if quoted.is_named_in(between) else between)
        is_theirs = _means(_asked_of(token, asked), token.value, quoted)
        pieces.append(ERASED if is_theirs else text[token.span.start : token.span.end])
        end = token.span.end
    return "".join(pieces)


def _equalities(condition: tree.Condition) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Where a definition compares a trait or property with whole values, and which."""
    for node in condition.walk():
        if isinstance(node, tree.Test) and isinstance(node.value, tree.Path) and node.span is not None:
            match node.operator:
                case tree.Compare(operator="=") | tree.OneOf():
                    yield node.span, node.value.names


def _asked_of(token: Token, asked: list[tuple[Span, tuple[str, ...]]]) -> tuple[str, ...]:
    """The trait or property that a text is compared with; nothing: the token is no such text."""
    if token.kind is not TokenKind.TEXT:
        return ()
    return next((names for span, names in asked if span.start <= token.span.start and token.span.end <= span.end), ())


def _means(names: tuple[str, ...], value: str, quoted: Quoted) -> bool:
    if names == _PROFILE:
        return quoted.is_id(value)
    return bool(names) and quoted.is_theirs(names, value)
