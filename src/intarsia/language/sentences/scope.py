"""Of what a name in a `where` or `had` speaks, as far as a catalog tells: of the event, or of its lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from intarsia.language import tree as t
from intarsia.language.catalog import Catalog, EventType, Property

LINES = "lines"
ENDS = ("first", "last")


@dataclass(frozen=True)
class Scope:
    """What a condition on events speaks of: one event, or one line of it.

    type  None: unknown, and so is what its names mean
    """

    type: EventType | None = None
    is_line: bool = False

    @property
    def of_line(self) -> Scope:
        """One line of the event."""
        return replace(self, is_line=True)

    def property(self, names: tuple[str, ...]) -> Property | None:
        """What a name means; None: unknown."""
        return None if self.type is None else self.type.property(names) or Property(names)

    def asks_lines(self, node: t.Condition) -> bool:
        """Whether a condition on an event asks its lines: one is enough, or of a negation none may be so."""
        part = node.part if isinstance(node, t.Not) else node
        if isinstance(part, t.HasLine):
            return True
        found = self.property(part.value.names) if isinstance(part, t.Test) and isinstance(part.value, t.Path) else None
        return found is not None and found.is_of_line and not self.is_line


@dataclass(frozen=True)
class Taken:
    """What a function over events takes.

    names          of the property, below the event or its line; empty: no property
    meant          what they mean; None: unknown, or there is none
    is_over_lines  it goes over the lines of the events
    """

    scope: Scope
    names: tuple[str, ...]
    meant: Property | None
    is_over_lines: bool

    @property
    def is_of_either(self) -> bool:
        """Whether some of the events may have it themselves, and of others the lines."""
        return self.meant is not None and self.meant.otherwise is not None

    @property
    def is_of_chosen_lines(self) -> bool:
        """Whether a first or last event is chosen, and its lines are asked."""
        return self.meant is not None and self.meant.is_of_line and not self.is_over_lines


def taken(node: t.Aggregate, catalog: Catalog | None) -> Taken:
    """What a function over events takes; `first` and `last` choose an event unless the path names its lines."""
    scope = scope_of(node.event, catalog)
    names = node.event.names[1:]
    found = scope.property(names) if names else None
    if names[:1] == (LINES,) and (scope.type is None or scope.type.lines):
        return Taken(scope.of_line, names[1:], found, is_over_lines=True)
    if found is None:
        return Taken(scope, names, None, is_over_lines=False)
    if found.otherwise is not None and node.fold not in ENDS:
        # Of some events it is they themselves that are asked, of others each line: nothing is said of either.
        return Taken(Scope(), names, found, is_over_lines=False)
    is_over_lines = found.is_of_line and node.fold not in ENDS
    return Taken(replace(scope, is_line=is_over_lines), found.path, found, is_over_lines)


def scope_of(event: t.Event, catalog: Catalog | None) -> Scope:
    """What conditions on an event speak of."""
    return Scope(None if catalog is None else catalog.event_of(event))
