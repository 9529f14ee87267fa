"""The text of a segment tree: one segment a line, what is below it indented, the more important one first.

A text of names was chosen over one of rules: what a segment means has one home, its own definition, and a tree can be
read aloud, compared line by line and kept in version control like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from intarsia.errors import Phrase, Span, UserError, phrase
from intarsia.speech import mark

SEGMENTS_MOST = 500
LEVELS_MOST = 12
"""Of one tree."""

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<name>'(?:[^']|'')*'?|(?:(?!(?:^|\s)--).)*)(?P<rest>.*)")


class MalformedTree(UserError):
    """The text of a segment tree that cannot be read."""

    code = "tree.malformed"
    says = mark("this is no tree of segments: {reason}")
    advises = mark("write one segment a line, and those below it with two blanks more in front; comments begin with --")

    def __init__(self, reason: Phrase, text: str, span: Span) -> None:
        super().__init__(reason=reason, text=text, span=span)


@dataclass(frozen=True)
class Branch:
    """One segment of a tree with what is below it, in the order in which people are placed.

    span  where its name stands in the text; not compared
    """

    name: str
    branches: tuple[Branch, ...] = ()
    span: Span | None = field(default=None, compare=False)

    def walk(self) -> Iterator[Branch]:
        """This one, and all below it, line by line."""
        yield self
        for branch in self.branches:
            yield from branch.walk()


@dataclass(frozen=True)
class _Line:
    indent: int
    name: str
    span: Span


def read_branches(text: str) -> tuple[Branch, ...]:
    """The branches of a text; raises `MalformedTree` with the place."""
    lines = list(_lines(text))
    if not lines:
        raise MalformedTree(phrase("it names no segment"), text, Span(0, len(text)))
    if len(lines) > SEGMENTS_MOST:
        raise MalformedTree(phrase("more than {most} segments", most=SEGMENTS_MOST), text, lines[SEGMENTS_MOST].span)
    if lines[0].indent:
        raise MalformedTree(phrase("its first line is indented"), text, lines[0].span)
    branches, end = _below(text, lines, 0, ())
    if end < len(lines):
        raise MalformedTree(phrase("this line is indented like none above it"), text, lines[end].span)
    return branches


def _below(text: str, lines: list[_Line], begin: int, above: tuple[str, ...]) -> tuple[tuple[Branch, ...], int]:
    """The branches from a line on that are indented like it, and the number of the first line behind them."""
    found: dict[str, Branch] = {}
    place, indent = begin, lines[begin].indent
    while place < len(lines) and lines[place].indent == indent:
        line = lines[place]
        _refuse_repeated(text, line, found, above)
        below: tuple[Branch, ...] = ()
        place += 1
        if place < len(lines) and lines[place].indent > indent:
            below, place = _below(text, lines, place, (*above, line.name))
        found[line.name] = Branch(line.name, below, line.span)
    return tuple(found.values()), place


def _refuse_repeated(text: str, line: _Line, beside: Iterable[str], above: tuple[str, ...]) -> None:
    if line.name in beside:
        reason = phrase("`{name}` stands here for the second time, when nobody is left for it", name=line.name)
        raise MalformedTree(reason, text, line.span)
    if line.name in above:
        reason = phrase("`{name}` stands below itself, where it would have everybody", name=line.name)
        raise MalformedTree(reason, text, line.span)
    if len(above) >= LEVELS_MOST:
        raise MalformedTree(phrase("more than {most} levels", most=LEVELS_MOST), text, line.span)


def _lines(text: str) -> Iterator[_Line]:
    """The lines that name a segment."""
    start = 0
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.rstrip("\r"))
        assert found is not None  # what is behind the name may be anything
        name, begin = found["name"].rstrip(), start + len(found["indent"])
        if name:
            yield _Line(len(found["indent"]), _unquoted(text, found, begin), Span(begin, begin + len(name)))
        start += len(line) + 1


def _unquoted(text: str, found: re.Match[str], begin: int) -> str:
    """The name that a line says, with or without quotes."""
    name, span = found["name"].rstrip(), Span(begin, begin + len(found[0].strip()))
    if "\t" in found["indent"]:
        raise MalformedTree(phrase("lines are indented with blanks, and this one with a tab"), text, span)
    if not name.startswith("'"):
        return name
    if len(name) < 2 or not name.endswith("'"):
        raise MalformedTree(phrase("a quote is not closed"), text, span)
    behind = found["rest"].strip()
    if behind and not behind.startswith("--"):
        raise MalformedTree(phrase("something stands behind the name"), text, span)
    return name[1:-1].replace("''", "'")


def write_branches(branches: Iterable[Branch]) -> str:
    """The text of branches, two blanks a level; `read_branches` reads it back."""

    def written(several: Iterable[Branch], level: int) -> Iterator[str]:
        for branch in several:
            yield "  " * level + _quoted(branch.name)
            yield from written(branch.branches, level + 1)

    return "\n".join(written(branches, 0))


def _quoted(name: str) -> str:
    is_plain = "--" not in name and not name.startswith("'")
    return name if is_plain else "'" + name.replace("'", "''") + "'"


def renamed(branches: Iterable[Branch], name_of: Callable[[str], str]) -> tuple[Branch, ...]:
    """The same branches under other names."""
    return tuple(Branch(name_of(one.name), renamed(one.branches, name_of), one.span) for one in branches)


def with_names(text: str, branches: Iterable[Branch]) -> str:
    """The text that branches were read from with the names that they have now; comments and blanks stay."""
    lines = [one for branch in branches for one in branch.walk()]
    for one in sorted(lines, key=lambda line: line.span.start if line.span else 0, reverse=True):
        if one.span is not None:
            text = text[: one.span.start] + _quoted(one.name) + text[one.span.end :]
    return text
