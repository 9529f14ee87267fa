"""Definitions that name somebody who is erased: rewritten in every version, for they would keep the name for ever."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace

from intarsia.errors import Span
from intarsia.language import parse, tree
from intarsia.language.tokens import Token, TokenKind, tokens
from intarsia.language.values import fold_case
from intarsia.profile.traces import Traces
from intarsia.store.store import Store

ERASED = "'(erased)'"
"""What a definition says in the place of an erased person's id or address; nobody has it, so it means the same."""

_RULES = "select v.*, s.name from segment_version v join segment s using (segment_id) where s.kind = 'rule'"
_COMMENT = re.compile(r"--[^\n]*")


def forget_definitions(connection: sqlite3.Connection, ids: Collection[str], traces: Traces) -> int:
    """Take people out of every version of every definition, inside a transaction of the store; how many changed.

    ids  of their profiles, which are looked for where a definition asks for an id; their addresses and numbers are
         everywhere
    """
    changed = 0
    for row in connection.execute(_RULES).fetchall():
        text = without(row["text"], row["language_version"], ids, traces)
        if text != row["text"]:
            changed += 1
            connection.execute(
                "update segment_version set text = ? where segment_id = ? and version = ?",
                (text, row["segment_id"], row["version"]),
            )
    return changed


def definitions_naming(store: Store, ids: Collection[str], traces: Traces) -> list[dict[str, object]]:
    """The versions of definitions that name people, by segment: what `forget_definitions` would rewrite."""
    return [
        {"segment": row["name"], "version": row["version"], "definition": row["text"]}
        for row in store.rows(f"{_RULES} order by name, version")
        if without(row["text"], row["language_version"], ids, traces) != row["text"]
    ]


def without(text: str, language_version: int, ids: Collection[str], traces: Traces) -> str:
    """A definition without people: their ids and addresses become `ERASED`, comments that hold one go."""
    asked = _spans_of_ids(parse(text, language_version))
    named = {fold_case(profile_id) for profile_id in ids}
    reachable = replace(traces, ids=frozenset())
    pieces, end = [], 0
    for token in tokens(text):
        between = text[end : token.span.start]
        pieces.append(_COMMENT.sub("", between) if traces.are_in(between) else between)
        is_theirs = token.kind is TokenKind.TEXT and (
            (fold_case(token.value) in named and _is_inside(token, asked)) or reachable.are_in(token.value)
        )
        pieces.append(ERASED if is_theirs else text[token.span.start : token.span.end])
        end = token.span.end
    return "".join(pieces)


def _spans_of_ids(condition: tree.Condition) -> list[Span]:
    """Where a definition compares an id: the profile's own, or a trait or property that is called one."""
    tests = [node for node in condition.walk() if isinstance(node, tree.Test) and isinstance(node.value, tree.Path)]
    return [test.span for test in tests if test.span is not None and _is_an_id(test.value)]


def _is_an_id(value: tree.Value) -> bool:
    if not isinstance(value, tree.Path):
        return False
    name = value.names[-1].lower()
    return name in ("profile", "id") or name.endswith(("_id", " id", "userid", "_no", "number"))


def _is_inside(token: Token, spans: Sequence[Span]) -> bool:
    return any(span.start <= token.span.start and token.span.end <= span.end for span in spans)
