"""What conditions ask of events, before any is answered: each type is then read once, its windows found in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intarsia.language import tree
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
