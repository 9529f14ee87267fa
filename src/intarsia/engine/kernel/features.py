"""Features: one number a person, from one pass over the rows of one type; equal ones are worked out once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.event_rows import GIVEN_BACK
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import UNKNOWN, Array, Coded, Values
from intarsia.engine.kernel import passes
from intarsia.engine.kernel.keys import Keys
from intarsia.engine.kernel.lookups import is_known, truth_key, truths
from intarsia.engine.kernel.needs import OfType
from intarsia.engine.kernel.passes import Held, Span
from intarsia.engine.kernel.pattern_passes import Chosen
from intarsia.engine.kernel.wheres import needed, which_lines, which_rows
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import ANY_EVENT, EventType, Property
from intarsia.language.interpret.aggregates import Target, target
from intarsia.language.interpret.question import When
from intarsia.language.meaning.values import distinct_key

THREADS = 2
WORTH_SHARING = 20_000
"""Fewer people than this are left to one thread."""
LARGEST_SUM = 2**62
ALWAYS = (UNKNOWN, np.iinfo(np.int64).max)
"""The bounds of no window."""

_ITSELF = np.array([False, True])
"""The truth table of a truth."""

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """The rows that a feature goes over: of a type, or of its lines, inside a window, those that meet a condition.

    of_refunds  not the orders, but their refunds, and what they give back of this property
    """

    goal: Target
    where: tree.Condition | None = None
    window: tree.Window | None = None
    of_refunds: Property | None = None


class Features:
    """The features of everybody as of one question; `keys`: numbers of trees, which may outlive it."""

    def __init__(self, columns: Columns, when: When, keys: Keys | None = None) -> None:
        self.when = when
        self.size = columns.size
        self.keys = keys or Keys()
        self._columns = columns
        self._kept: dict[Hashable, object] = {}
        self._rows: dict[tuple[str, bool], tuple[frozenset[Names], frozenset[Names], Rows]] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key, made at its first use."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    def key(self, selection: Selection) -> tuple[Hashable, ...]:
        """What tells a selection from others."""
        event, refunded = selection.goal.type, selection.of_refunds
        back = None if refunded is None else refunded.path
        where, window = self.keys.of(selection.where), self.keys.of(selection.window)
        return event.name, event.is_any, selection.goal.is_over_lines, where, window, back

    def of(self, event: tree.Event, where: tree.Condition | None, window: tree.Window | None = None) -> Selection:
        """The events, or lines, that a condition speaks of."""
        return Selection(self.goal(event), where, window)

    def goal(self, event: tree.Event, fold: tree.Fold | None = None) -> Target:
        """What an event stands for; a name that events and their lines have is the event's own where all have it.

        An event that lacks it counts by its lines: one that has lines then is not for columns.
        """
        key = ("target", self.keys.of(event), fold)
        found = self.keys.once(key, lambda: target(event, self._columns.catalog, fold))
        taken = found.property
        if taken is None or taken.otherwise is None:
            return found
        if not self._has_itself(found.type, taken):
            raise NotInColumns(phrase("a name that only some events have themselves"))
        return Target(found.type, taken.own, is_over_lines=False)

    def _has_itself(self, event: EventType, found: Property) -> bool:
        """Whether all events of a type that have lines have a property themselves too."""

        def make() -> bool:
            rows = self._typed(event, [one for one in (found.own, found.otherwise) if one is not None])
            if rows.lines is None:
                return True
            has_lines = np.diff(rows.lines.first) > 0
            return not (has_lines & ~is_known(rows.columns[found.path])).any()

        return self.once(("itself", event.name, event.is_any, found.path), make)

    def prepare(self, asked: Iterable[OfType]) -> None:
        """Read the rows of all types that are asked for, each once, and find all windows of each in one pass."""
        for of_type in asked:
            try:
                rows = self._typed(of_type.type, of_type.properties, with_lines=of_type.with_lines)
            except NotInColumns:
                continue  # Not all of it together; each condition says itself what it lacks.
            instants = {instant for window in of_type.windows for instant in self._bounds(window)}
            self._find_edges(of_type.type, rows, sorted(instants - set(ALWAYS)))

    def _find_edges(self, event: EventType, rows: Rows, instants: Sequence[int]) -> None:
        if not instants:
            return
        out = np.zeros((len(instants), self.size), rows.first.dtype)
        asked = np.array(instants, np.int64)
        self.shared(lambda low, high: passes.edges(rows.first, rows.at, asked, low, high, out))
        for number, instant in enumerate(instants):
            self._kept["edge", event.name, event.is_any, False, None, instant] = out[number]

    # --- rows

    def rows(self, selection: Selection, taken: Property | None = None) -> Rows:
        """The rows that a selection is made from, with the column of a property."""
        goal = selection.goal
        if selection.of_refunds is not None:
            return self._refunds(selection)
        if taken is not None and taken.is_name and goal.type.name != ANY_EVENT:
            raise NotInColumns(phrase("the name of events of one name"))
        rows = self._typed(goal.type, () if taken is None else (taken,), with_lines=goal.is_over_lines)
        if not goal.is_over_lines:
            return rows
        own, of_lines, _ = self._rows[goal.type.name, goal.type.is_any]
        return self.once(("lines", goal.type.name, goal.type.is_any, own, of_lines), rows.by_lines)

    def values(self, selection: Selection, taken: Property) -> Values:
        """What a property is in each row of a selection."""
        rows = self.rows(selection, taken)
        if selection.of_refunds is not None:
            return rows.columns[GIVEN_BACK]
        if selection.goal.is_over_lines and not taken.is_of_line:
            raise NotInColumns(phrase("the event's own property of each line"))
        return rows.columns[taken.path]

    def _refunds(self, selection: Selection) -> Rows:
        """The refunds, with the columns that the condition asks for."""
        goal, taken = selection.goal, selection.of_refunds
        assert taken is not None
        asked = () if selection.where is None else tuple(needed(selection.where, goal.type))
        if goal.is_over_lines or any(one.is_of_line or one.is_name for one in (taken, *asked)):
            raise NotInColumns(phrase("lines of refunds"))
        paths = tuple(sorted({one.path for one in asked}))
        key = ("refunds", goal.type.is_any, taken.path, paths)
        return self.once(key, lambda: self._columns.refunds(goal.type, taken.path, paths))

    def _typed(self, event: EventType, taken: Collection[Property], *, with_lines: bool = False) -> Rows:
        """The rows of a type with the columns of some properties among others."""
        if not taken and not with_lines and (event.name, event.is_any) in self._rows:
            return self._rows[event.name, event.is_any][2]
        taken = [one for one in taken if not one.is_name or event.name == ANY_EVENT]
        own = frozenset(one.path for one in taken if not one.is_of_line)
        of_lines = frozenset(one.path for one in taken if one.is_of_line)
        key = (event.name, event.is_any)
        had_own, had_of_lines, rows = self._rows.get(key, (frozenset[Names](), frozenset[Names](), None))
        needs_lines = (with_lines or of_lines) and (rows is None or rows.lines is None)
        if rows is None or needs_lines or not (own <= had_own and of_lines <= had_of_lines):
            own, of_lines = own | had_own, of_lines | had_of_lines
            rows = self._columns.rows(event, own, of_lines, with_lines=bool(with_lines or of_lines))
            self._rows[key] = own, of_lines, rows
        return rows

    def where(self, selection: Selection, where: tree.Condition) -> Array:
        """Of each row of a selection, whether it meets a condition."""
        goal = selection.goal

        if selection.of_refunds is not None:
            return which_rows(where, self._refunds(selection), goal.type, self.when)

        def make() -> Array:
            properties = list(needed(where, goal.type))
            with_lines = goal.is_over_lines or any(isinstance(node, tree.HasLine) for node in where.walk())
            rows = self._typed(goal.type, properties, with_lines=with_lines)
            which = which_lines if goal.is_over_lines else which_rows
            return which(where, rows, goal.type, self.when)

        key = ("where", goal.type.name, goal.type.is_any, goal.is_over_lines, self.keys.of(where))
        return self.once(key, make)

    def chosen(self, selection: Selection) -> Chosen:
        """The rows of a selection as patterns take them."""
        rows, where = self.rows(selection), selection.where
        counts = None if where is None else self.where(selection, where)
        return Chosen(rows.first, rows.at, rows.earliest, *self._bounds(selection.window), counts)

    def span(self, selection: Selection, also: Array | None = None) -> Span:
        """The rows of a selection as passes take them; `also`: of each row, whether it counts at all."""
        begin, end = self._in_window(selection)
        where = selection.where
        if also is not None:
            counts = also if where is None else also & self.where(selection, where)
            return Span(begin, end, counts.view(np.uint8), _ITSELF)
        if where is None:
            return Span(begin, end, None, None)
        if (plain := self._plain(selection, where)) is not None:
            return Span(begin, end, *plain)
        return Span(begin, end, self.where(selection, where).view(np.uint8), _ITSELF)

    def _plain(self, selection: Selection, where: tree.Condition) -> tuple[Array, Array] | None:
        """The codes of a condition that is one test of an event's own value, and which of them pass; None: it is not.

        Then only rows inside the window are looked at.
        """
        match where:
            case tree.Test(value=tree.Path(names=names), operator=operator, ignoring_case=ignoring_case):
                pass
            case _:
                return None
        event = selection.goal.type
        found = event.property(names) or Property(names)
        if selection.of_refunds is not None or selection.goal.is_over_lines or found.is_of_line or found.is_name:
            return None
        if found.otherwise is not None and not self._has_itself(event, found):
            return None
        values = self._typed(event, (found.own,)).columns[found.path]
        if not isinstance(values, Coded):
            return None
        key = truth_key(operator, self.when, ignoring_case=ignoring_case)
        if values.has_few(key):
            return None
        return values.codes, truths(values, operator, self.when, ignoring_case=ignoring_case)

    def _in_window(self, selection: Selection) -> tuple[Array, Array]:
        """Where each person's rows begin to lie in the window, and where they end."""
        rows, (begin, end) = self.rows(selection), self._bounds(selection.window)
        first, last = ALWAYS
        return (
            rows.first[:-1] if begin == first else self._edge(selection, rows, begin),
            rows.first[1:] if end == last else self._edge(selection, rows, end),
        )

    def _edge(self, selection: Selection, rows: Rows, instant: int) -> Array:
        """Each person's first row that is not before an instant."""

        def make() -> Array:
            out = np.zeros((1, self.size), rows.first.dtype)
            instants = np.array([instant], np.int64)
            self.shared(lambda low, high: passes.edges(rows.first, rows.at, instants, low, high, out))
            return out[0]

        event = selection.goal.type
        back = None if selection.of_refunds is None else self.key(selection)
        return self.once(("edge", event.name, event.is_any, selection.goal.is_over_lines, back, instant), make)

    def _bounds(self, window: tree.Window | None) -> tuple[int, int]:
        if window is None:
            return ALWAYS
        if window.local:
            raise NotInColumns(phrase("a window in local time"))

        def make() -> tuple[int, int]:
            span, (first, last) = self.when.instants(window), ALWAYS
            return first if span.begin is None else span.begin, last if span.end is None else span.end

        return self.once(("bounds", self.keys.of(window)), make)

    # --- passes

    def shared(self, part: Callable[[int, int], None]) -> None:
        """Let each thread do its share of the people; a few of them are done sooner than shared."""
        if self.size < WORTH_SHARING:
            part(0, self.size)
            return
        edges = [self.size * number // THREADS for number in range(THREADS + 1)]
        list(_pool().map(part, edges[:-1], edges[1:]))

    def count(self, selection: Selection) -> Array:
        """How many rows there are."""
        return self.once(("count", self.key(selection)), lambda: self._counted(self.span(selection)))

    def count_known(self, selection: Selection, taken: Property) -> Array:
        """In how many rows a property is known."""
        known = is_known(self.values(selection, taken))
        key = ("count", self.key(selection), taken.path)
        return self.once(key, lambda: self._counted(self.span(selection, also=known)))

    def _counted(self, span: Span) -> Array:
        if span.codes is None:
            # A window that ends before it begins holds nothing.
            return np.maximum(span.end - span.begin, 0)
        out = np.zeros(self.size, np.int32)
        self.shared(lambda low, high: passes.count(span, low, high, out))
        return out

    def end(self, which: str, selection: Selection) -> Array:
        """The first or the last row; `passes.NO_ROW` of who has none."""
        fold = passes.oldest if which == "first" else passes.newest

        def make() -> Array:
            span, out = self.span(selection), np.zeros(self.size, np.int64)
            self.shared(lambda low, high: fold(span, low, high, out))
            return out

        return self.once((which, self.key(selection)), make)

    def taken(self, of_rows: Array, row: Array) -> Array:
        """What lies in each person's row; of who has none, anything."""
        return of_rows[row] if len(of_rows) else np.zeros(self.size, of_rows.dtype)

    def total(self, selection: Selection, taken: Property) -> tuple[Array, Array]:
        """The sum of a property, and how many numbers are in it."""
        values = self.values(selection, taken)
        self._be_small(values, self.rows(selection))

        def make() -> tuple[Array, Array]:
            span, held = self.span(selection), _held(values)
            out, known = np.zeros(self.size, np.int64), np.zeros(self.size, np.int32)
            self.shared(lambda low, high: passes.total(span, held, low, high, out, known))
            return out, known

        return self.once(("total", self.key(selection), taken.path), make)

    def _be_small(self, values: Values, rows: Rows) -> None:
        """Raise `NotInColumns` where a sum could be too large."""
        if values.largest * (int(np.diff(rows.first).max()) if self.size else 0) > LARGEST_SUM:
            raise NotInColumns(phrase("a sum that may be too large"))

    def extreme(self, which: str, selection: Selection, taken: Property) -> Array:
        """The least or greatest number of a property; `UNKNOWN` of none."""
        fold = passes.least if which == "min" else passes.greatest

        def make() -> Array:
            span, held = self.span(selection), _held(self.values(selection, taken))
            out = np.zeros(self.size, np.int64)
            self.shared(lambda low, high: fold(span, held, low, high, out))
            return out

        return self.once((which, self.key(selection), taken.path), make)

    def distinct(self, selection: Selection, taken: Property) -> Array:
        """How many different values a property has."""
        values = self.values(selection, taken)
        if not isinstance(values, Coded):
            raise NotInColumns(phrase("distinct values of so many"))
        codes = values.codes

        def make() -> Array:
            span, (classes, count) = self.span(selection), _classes(values)
            out = np.zeros(self.size, np.int32)
            self.shared(lambda low, high: passes.distinct(span, classes, codes, count, low, high, out))
            return out

        return self.once(("distinct", self.key(selection), taken.path), make)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS)


def _held(values: Values) -> Held:
    return Held(values.numbers, values.codes if isinstance(values, Coded) else None)


def _classes(values: Coded) -> tuple[Array, int]:
    """Of each code the number of its class of equal values, 0: none; and how many numbers there are."""
    numbers: dict[object, int] = {}
    classes = np.zeros(len(values.dictionary), np.int64)
    for code, value in enumerate(values.dictionary.values):
        key = None if value is None else distinct_key(value)
        if key is not None:
            classes[code] = numbers.setdefault(key, len(numbers) + 1)
    return classes, len(numbers) + 1
