"""Which features, columns and back ends each condition of some definitions needs, equal ones once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.plan.noted import Feature, NotedFeatures, PersonColumn
from intarsia.errors import Phrase, phrase
from intarsia.language import tree
from intarsia.language.checking.check import Checked
from intarsia.language.interpret.question import When
from intarsia.language.writing.show import show

By = Literal["columns", "segment", "map", "sql", "interpreter"]
"""What answers a condition: columns and passes; the members of a segment; distances on the map; SQL; plain Python."""


@dataclass(frozen=True)
class Part:
    """One condition of a definition, as it would be answered.

    reason    why columns do not answer it; None: they do, or need not
    features  what passes over events make for it; columns: what of people is looked at beside that
    """

    condition: tree.Condition
    by: By
    reason: Phrase | None = field(default=None, compare=False)
    features: tuple[Feature, ...] = ()
    columns: tuple[PersonColumn, ...] = ()

    @property
    def text(self) -> str:
        """The condition as text."""
        return show(self.condition)

    @property
    def falls_back(self) -> bool:
        """Whether columns were to answer it, and cannot."""
        return self.reason is not None


class Planner:
    """Plans definitions of one question, all over the same features.

    columns    those that would be asked; `Blank` ones tell what every record would make of a condition, others also
               what only the data decide: that a sum may be too large, that many numbers are all different
    is_ranked  whether a rank decides who is in a segment of a name
    """

    def __init__(self, columns: Columns, when: When, *, is_ranked: Callable[[str], bool]) -> None:
        self._features = NotedFeatures(columns, when)
        self._features.start()
        self._answers = Answers(columns, when, None, self._given, self._features)
        self._is_ranked = is_ranked
        self._size = columns.size
        self._parts: dict[tree.Condition, Part] = {}

    def parts(self, checked: Checked) -> tuple[Part, ...]:
        """The conditions of a definition in the order of its text, each once; what a rank is among stands before it."""
        return tuple(self._part(node, checked) for node in dict.fromkeys(_asked(checked.tree)))

    def _part(self, node: tree.Condition, checked: Checked) -> Part:
        if node not in self._parts:
            self._parts[node] = self._made(node, checked)
        return self._parts[node]

    def _made(self, node: tree.Condition, checked: Checked) -> Part:
        match node:
            case tree.InSegment(at=None):
                return Part(node, "segment")
            case tree.Near() | tree.InsideArea():
                return Part(node, "map")
            case tree.Moved(name=name) if not self._is_ranked(name):
                return Part(node, "interpreter", phrase("who entered or left a segment"))
        self._features.start()
        try:
            self._answers.members(replace(checked, tree=node))
        except NotInColumns as lacking:
            return Part(node, "sql", lacking.what)
        return Part(node, "columns", None, tuple(self._features.noted), tuple(self._features.columns))

    def _given(self, node: tree.Condition, _: Answers) -> Array | None:
        """What a rank is among is planned by itself, and who is in a segment by that segment's definition."""
        part = self._parts.get(node)
        is_elsewhere = part is not None or (isinstance(node, tree.InSegment) and node.at is None)
        return np.zeros(self._size, np.bool_) if is_elsewhere else None


def _asked(node: tree.Condition) -> Iterator[tree.Condition]:
    """What is asked of each person by itself."""
    match node:
        case tree.And(parts=parts) | tree.Or(parts=parts):
            for part in parts:
                yield from _asked(part)
        case tree.Not(part=part):
            yield from _asked(part)
        case tree.Rank(among=among):
            if among is not None:
                yield from _asked(among)
            yield node
        case tree.Everyone() | tree.Nobody():
            return
        case _:
            yield node
