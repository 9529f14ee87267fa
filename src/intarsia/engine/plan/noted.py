"""Features that write down which of them were asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from intarsia.engine.columns.rows import Names
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.features import Features, Selection
from intarsia.engine.kernel.pattern_passes import Chosen
from intarsia.language import tree
from intarsia.language.catalog import EventType, Property
from intarsia.language.meaning.orders import ORDER
from intarsia.language.meaning.windows import WindowBefore
from intarsia.language.writing.show import show

T = TypeVar("T")

Made = Literal["count", "sum", "min", "max", "distinct", "first", "last", "order"]
"""What a pass makes of a person's rows; `order`: it looks at all of them, one behind the other."""


@dataclass(frozen=True)
class Feature:
    """One pass over the rows of one type: a number of each person.

    event, is_any  the type as it is sent, and whether it is orders of any status, or whatever happened; name: in rules
    taken          the property whose values are looked at; of_lines: the rows are lines of such events
    of_refunds     the rows are what was refunded of such orders
    """

    made: Made
    event: str
    name: str
    is_any: bool = False
    taken: Names | None = None
    where: tree.Condition | None = None
    window: tree.Window | None = None
    of_lines: bool = False
    of_refunds: bool = False

    @property
    def is_before(self) -> bool:
        """Whether the window is the equally long one just before that which it names, as in a trend."""
        return isinstance(self.window, WindowBefore)

    @property
    def text(self) -> str:
        """As it would be written in a definition; what a pattern looks at as the events that it names."""
        names = (self.name, *(("lines",) if self.of_lines else ()), *(self.taken or ()))
        event = tree.Event(names, self.is_any)
        if self.made == "order":
            return show(tree.Did(event, self.where, self.window)).removeprefix("did ")
        return show(tree.Aggregate(self.made, event, self.where, self.window))


@dataclass(frozen=True)
class PersonColumn:
    """A column with one value a person: a trait, a consent, the buckets of a salt."""

    kind: Literal["trait", "consent", "bucket"]
    name: str


class NotedFeatures(Features):
    """Features that note what is asked of them; `noted` and `columns` may be emptied at any time."""

    noted: dict[Feature, None]
    columns: dict[PersonColumn, None]

    def start(self) -> None:
        """Forget what was noted."""
        self.noted, self.columns = {}, {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key."""
        match key:
            case ("trait", tuple(names)):
                self.columns[PersonColumn("trait", show(tree.Path(names)))] = None
            case "identified":
                self.columns[PersonColumn("trait", "profile")] = None
            case ("consent", str(channel), str(purpose)):
                self.columns[PersonColumn("consent", f"{channel} {purpose}")] = None
            case ("bucket", str(salt)):
                self.columns[PersonColumn("bucket", salt)] = None
        return super().once(key, make)

    def count(self, selection: Selection) -> Array:
        """How many rows there are."""
        self._note("count", selection)
        return super().count(selection)

    def count_known(self, selection: Selection, taken: Property) -> Array:
        """In how many rows a property is known."""
        found = super().count_known(selection, taken)
        self._note("count", selection, taken)
        return found

    def end(self, which: str, selection: Selection) -> Array:
        """The first or the last row."""
        found = super().end(which, selection)
        self._note("first" if which == "first" else "last", selection)
        return found

    def total(self, selection: Selection, taken: Property) -> tuple[Array, Array]:
        """The sum of a property, and how many numbers are in it."""
        found = super().total(selection, taken)
        self._note("sum", selection, taken)
        return found

    def extreme(self, which: str, selection: Selection, taken: Property) -> Array:
        """The least or greatest number of a property."""
        found = super().extreme(which, selection, taken)
        self._note("min" if which == "min" else "max", selection, taken)
        return found

    def distinct(self, selection: Selection, taken: Property) -> Array:
        """How many different values a property has."""
        found = super().distinct(selection, taken)
        self._note("distinct", selection, taken)
        return found

    def chosen(self, selection: Selection) -> Chosen:
        """The rows of a selection as patterns take them."""
        found = super().chosen(selection)
        self._note("order", selection)
        return found

    def _note(self, made: Made, selection: Selection, taken: Property | None = None) -> None:
        goal = selection.goal
        found = Feature(
            made,
            goal.type.name,
            _name(goal.type),
            goal.type.is_any,
            None if taken is None else taken.path,
            selection.where,
            selection.window,
            goal.is_over_lines,
            selection.of_refunds is not None,
        )
        self.noted[found if taken is None or not taken.is_of_line or found.of_lines else _of_some_line(found)] = None


def _of_some_line(found: Feature) -> Feature:
    """A property of lines that a whole event is asked for."""
    return replace(found, taken=("lines", *(found.taken or ())))


def _name(event: EventType) -> str:
    """How a type is called in rules."""
    if event.is_any:
        return "order" if event.name == ORDER else "event"
    return event.short or event.name
