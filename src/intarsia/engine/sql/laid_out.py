"""A statement of ours laid out to be read: only blanks and breaks are put in, so that it stays what is run."""

from __future__ import annotations

import re

INDENT = "  "
WIDTH = 100
"""A bracket that ends before this column stays on its line."""
DEEPEST = 3
"""Brackets of a value inside each other beyond so many stay on their line, however long it gets."""

_TOKEN = re.compile(r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | [(),] | \s+ | [^\s(),'"]+""", re.VERBOSE)
_CLAUSES = tuple(
    tuple(re.split(r"(?= )|(?<= )", clause))
    for clause in (
        *("asof left join", "left join", "asof join", "union all", "group by", "order by"),
        *("with", "select", "from", "join", "where", "having", "qualify", "union"),
    )
)


def laid_out(sql: str) -> str:
    """The statement with a line for each clause, and for what is joined by `and`, further in with each bracket.

    >>> print(laid_out("select a from (select b from t where c = '(x)') as s where a = 1"))
    select a
    from (select b from t where c = '(x)') as s
    where a = 1
    """
    return _Layout(sql).text()


class _Layout:
    def __init__(self, sql: str) -> None:
        self._tokens = [" " if token.isspace() else token for token in _TOKEN.findall(sql)]
        self._lines: list[str] = []
        self._line, self._depth = "", 0

    def text(self) -> str:
        """All lines."""
        self._write(0, len(self._tokens), 0, 0)
        self._break(0)
        return "\n".join(self._lines)

    def _write(self, begin: int, end: int, depth: int, inside: int) -> None:
        """The tokens of a query or a value; `inside`: how many brackets of a value it lies in."""
        place, clause = begin, ""
        while place < end:
            token = self._tokens[place]
            if token == "(":  # nosec B105
                place = self._bracket(place, end, inside)
                continue
            if words := self._clause(place, end):
                self._break(depth)
                clause = "".join(words)
                self._line += clause
                place += len(words)
                continue
            further = depth + (clause not in ("", "with"))
            if token in ("and", "or") and len(self._line) > WIDTH // 2:
                self._break(further)
            self._line += token
            if token == "," and (clause == "with" or len(self._line) > WIDTH // 2):  # nosec B105
                self._break(further)
            place += 1

    def _bracket(self, place: int, end: int, inside: int) -> int:
        """A bracket; returns the place behind it."""
        depth = self._depth
        close = self._close(place, end)
        text = "".join(self._tokens[place : close + 1])
        is_query = self._tokens[place + 1 : place + 2] == ["select"]
        if len(self._line) + len(text) + len(INDENT) * self._depth <= WIDTH or (inside == DEEPEST and not is_query):
            self._line += text
            return close + 1
        self._line += "("
        self._break(depth + 1)
        self._write(place + 1, close, depth + 1, 0 if is_query else inside + 1)
        self._break(depth)
        self._line += ")"
        return close + 1

    def _break(self, depth: int) -> None:
        """End the line; the next one is so far in."""
        if self._line.strip():
            self._lines.append(INDENT * self._depth + self._line.strip())
        self._line, self._depth = "", depth

    def _clause(self, place: int, end: int) -> tuple[str, ...]:
        """The words of the clause that begins at a place, if one does."""
        for words in _CLAUSES:
            if tuple(self._tokens[place : min(end, place + len(words))]) == words:
                return words
        return ()

    def _close(self, place: int, end: int) -> int:
        """Where the bracket closes that opens at a place."""
        depth = 0
        for at in range(place, end):
            depth += {"(": 1, ")": -1}.get(self._tokens[at], 0)
            if not depth:
                return at
        return end
