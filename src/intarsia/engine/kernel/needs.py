"""What conditions ask of events, before any is answered: each type is then read once, its windows found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from intarsia.engine.kernel.wheres import needed
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Property
from intarsia.language.interpret.aggregates import Target, target
from intarsia.language.meaning.trends import aggregates_of


@dataclass(frozen=True)
class Need:
    """Events that are looked at; `fold`: what an aggregate makes of them."""

    event: tree.Event
    where: tree.Condition | None = None
    window: tree.Window | None = None
    fold: tree.Fold | None = None


def needs(condition: tree.Node) -> Iterator[Need]:
    """What a condition asks of events; not what the segments ask that it names."""
    for node in condition.walk():
        match node:
            case tree.Did(event=event, where=where, window=window):
                yield Need(event, where, window)
            case tree.Had(event=event, where=where, window=window, condition=inner):
                yield Need(event, where, window)
                yield Need(event, inner)
            case tree.Aggregate(event=event, where=where, window=window, fold=fold):
                yield Need(event, where, window, fold)
            case tree.Trend():
                yield from (need for value in aggregates_of(node) for need in needs(value))
            case tree.Lapsed(event=event, where=where, length=length):
                yield Need(event, where, tree.Window(tree.Rolling("last", length)))
            case tree.FirstTime(event=event, where=where) | tree.Returned(event=event, where=where):
                yield Need(event, where)
            case tree.Active(event=event, where=where) | tree.Step(event=event, where=where):
                yield Need(event, where)


@dataclass
class OfType:
    """What is asked of one type: properties, windows that are the same for everybody, and whether of its lines."""

    type: EventType
    properties: set[Property] = field(default_factory=set)
    windows: set[tree.Window] = field(default_factory=set)
    with_lines: bool = False

    def add(self, goal: Target, need: Need) -> None:
        """Ask for this, too."""
        own = [] if goal.property is None else [goal.property.own, goal.property.otherwise]
        asked = [] if need.where is None else list(needed(need.where, goal.type))
        self.properties |= {one for one in (*own, *asked) if one is not None}
        has_line = need.where is not None and any(isinstance(node, tree.HasLine) for node in need.where.walk())
        self.with_lines |= goal.is_over_lines or has_line
        if need.window is not None and not need.window.local and not goal.is_over_lines:
            self.windows.add(need.window)


def by_type(conditions: Iterable[tree.Condition], catalog: Catalog) -> list[OfType]:
    """What conditions ask of events, type by type."""
    found: dict[tuple[str, bool], OfType] = {}
    for condition in conditions:
        for need in needs(condition):
            goal = target(need.event, catalog, need.fold)
            found.setdefault((goal.type.name, goal.type.is_any), OfType(goal.type)).add(goal, need)
    return list(found.values())
