"""`where`: which rows, or lines of them, meet a condition (rules 15 and 27)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Lines, Names, Rows
from intarsia.engine.columns.values import Array, Values
from intarsia.engine.kernel.lookups import is_known, which_pass
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import ANY_EVENT, EventType, Property
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.writing.show import show


def needed(where: tree.Condition, event: EventType) -> Iterator[Property]:
    """The properties that a condition asks of."""
    for node in where.walk():
        if isinstance(node, tree.Path):
            found = event.property(node.names) or Property(node.names)
            yield found.own
            if found.otherwise is not None:
                yield found.otherwise


def which_rows(where: tree.Condition, rows: Rows, event: EventType, when: When) -> Array:
    """Of each row, whether it meets the condition."""
    return _Where(rows, event, when).of_events(where)


def which_lines(where: tree.Condition, rows: Rows, event: EventType, when: When) -> Array:
    """Of each line, whether it does, seen with its event."""
    return _Where(rows, event, when).of_lines(where)


class _Where:
    def __init__(self, rows: Rows, event: EventType, when: When) -> None:
        self._rows = rows
        self._event = event
        self._when = when

    @property
    def _lines(self) -> Lines:
        if self._rows.lines is None:
            raise NotInColumns(phrase("lines that no event of the type has"))
        return self._rows.lines

    def of_events(self, node: tree.Condition) -> Array:
        match node:
            case tree.HasLine(condition=inner):
                return self._any_line(self.of_lines(inner))
            case tree.Test(value=tree.Path()):
                found = self._property(node)
                if found.otherwise is not None:
                    lines = self._of_some_line(found.otherwise, node)
                    return np.where(self._is_known(found.own), self._of_event(found.own, node), lines)
                return self._of_some_line(found, node) if found.is_of_line else self._of_event(found, node)
            case _:
                return self._joined(node, self._rows.count, self.of_events)

    def of_lines(self, node: tree.Condition) -> Array:
        match node:
            case tree.HasLine(condition=inner):
                return self.of_lines(inner)
            case tree.Test(value=tree.Path()):
                found = self._property(node)
                if found.is_of_line:
                    return self._test(self._lines.columns, found, node)
                own = self._lines.of_events(self._of_event(found.own, node))
                if found.otherwise is None:
                    return own
                lines = self._test(self._lines.columns, found.otherwise, node)
                return np.where(self._lines.of_events(self._is_known(found.own)), own, lines)
            case _:
                return self._joined(node, self._lines.count, self.of_lines)

    def _joined(self, node: tree.Condition, count: int, inner: Callable[[tree.Condition], Array]) -> Array:
        match node:
            case tree.Everyone():
                return np.ones(count, np.bool_)
            case tree.Nobody():
                return np.zeros(count, np.bool_)
            case tree.And(parts=parts):
                return np.logical_and.reduce([inner(part) for part in parts])
            case tree.Or(parts=parts):
                return np.logical_or.reduce([inner(part) for part in parts])
            case tree.Not(part=part):
                return ~inner(part)
            case _:
                raise NotInColumns(phrase("`{condition}` inside `where`", condition=show(node)))

    def _property(self, node: tree.Test) -> Property:
        assert isinstance(node.value, tree.Path)
        return self._event.property(node.value.names) or Property(node.value.names)

    def _of_some_line(self, found: Property, node: tree.Test) -> Array:
        """Of each event, whether one of its lines passes; one without lines has the unknown value alone."""
        some = self._any_line(self._test(self._lines.columns, found, node))
        of_none = passes(None, node.operator, self._when, ignoring_case=node.ignoring_case)
        return some | (np.diff(self._lines.first) == 0) if of_none else some

    def _is_known(self, found: Property) -> Array:
        return is_known(self._rows.columns[found.path])

    def _of_event(self, found: Property, node: tree.Test) -> Array:
        if found.is_name and self._event.name != ANY_EVENT:
            is_so = passes(self._event.name, node.operator, self._when, ignoring_case=node.ignoring_case)
            return np.full(self._rows.count, is_so)
        return self._test(self._rows.columns, found, node)

    def _test(self, columns: Mapping[Names, Values], found: Property, node: tree.Test) -> Array:
        return which_pass(columns[found.path], node.operator, self._when, ignoring_case=node.ignoring_case)

    def _any_line(self, of_line: Array) -> Array:
        """Of each event, whether one of its lines is so."""
        before = np.zeros(len(of_line) + 1, np.int64)
        np.cumsum(of_line, out=before[1:])
        return before[self._lines.first[1:]] > before[self._lines.first[:-1]]
