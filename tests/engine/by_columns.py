"""What columns and kernel answer to one question: of everybody, of every other person, and out of plain facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.slices import Slice
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.engine.kernel.needs import by_type
from intarsia.language import Checked, check, tree
from intarsia.language.catalog import EventType
from intarsia.language.interpret.question import When
from intarsia.profile.derived import derive, sources
from tests.engine.world import Asked

IN_COLUMNS = frozenset(
    (
        "Test",
        "Did",
        "Had",
        "Lapsed",
        "FirstTime",
        "Sequence",
        "Active",
        "Returned",
        "Rank",
        "InSegment",
        "Consent",
        "Near",
        "InsideArea",
    )
)
"""What is answered from columns at least now and then."""
BY_OTHERS = (tree.Rank, tree.InSegment)
"""Who is in by these depends on more people than those who are asked about."""


def everybody(asked: Asked) -> tuple[Answers, Builder]:
    """The answers from columns of everybody."""
    columns = Builder(asked.evaluator)
    return Answers(columns, when(asked), Fallback(lambda: asked.evaluator, columns.size)), columns


def when(asked: Asked) -> When:
    """What the question is seen from."""
    return seen_from(asked.catalog, asked.evaluator.at, asked.evaluator.known_at)


class Once:
    """Something that is asked each question once; the answer, or that there is none in columns, is kept."""

    def __init__(self, asked: object, names: frozenset[str]) -> None:
        self._asked = asked
        self._names = names
        self._kept: dict[Hashable, Any] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._asked, name)
        if name not in self._names:
            return found
        return lambda *asked, **also: self._once(found, (name, *map(_key, asked), *also.items()), *asked, **also)

    def _once(self, ask: Callable[..., Any], key: Hashable, *asked: Any, **also: Any) -> Any:
        if key not in self._kept:
            try:
                self._kept[key] = ask(*asked, **also)
            except NotInColumns as reason:
                self._kept[key] = reason
        if isinstance(self._kept[key], NotInColumns):
            raise self._kept[key]
        return self._kept[key]


def _key(argument: object) -> Hashable:
    match argument:
        case Checked(tree=rule):
            return rule
        case EventType(name=name, is_any=is_any):
            return name, is_any
        case _:
            return argument


def once_asked(asked: Asked) -> Asked:
    """The same question, of which SQL answers each condition once, though columns ask for it again."""
    evaluator = Once(asked.evaluator, frozenset(("members", "people_of", "with_one_of")))
    return replace(asked, evaluator=evaluator)  # type: ignore[arg-type]


class ByColumns:
    """The three ways for one question.

    prepared_for  what will be asked; none: each rule reads what it needs when it is asked
    """

    def __init__(self, asked: Asked, prepared_for: Iterable[tree.Condition] = ()) -> None:
        self._asked = asked
        self._counted: tuple[Counter[str], int] = Counter(), 0
        numbers = {name: number for number, name in asked.names.items()}
        columns = Once(Builder(asked.evaluator), frozenset(("rows", "refunds")))
        self._half = np.arange(0, columns.size, 2)
        self._of_facts = np.array([numbers[person.id] for person in asked.people], np.int64)
        by_facts = FactColumns(asked.people, asked.question, asked.catalog, Derivation(derive, sources))

        def fallback(people: Array | None) -> Fallback:
            return Fallback(lambda: asked.evaluator, columns.size, people)

        self.whole = Answers(columns, when(asked), fallback(None))
        self.half = Answers(Slice(columns, self._half), when(asked), fallback(self._half))
        self.by_facts = Answers(by_facts, when(asked), fallback(self._of_facts))
        if asked_of_events := by_type(prepared_for, asked.catalog):
            for answers in (self.whole, self.half, self.by_facts):
                answers.prepare(asked_of_events)

    def members(self, rule: tree.Condition) -> dict[str, frozenset[str]]:
        """The members by each way that can be asked, by its name; the half with the others of the whole."""
        checked = check(rule, self._asked.catalog)
        whole = self.whole.members(checked)
        found = {"columns": self._named(np.flatnonzero(whole))}
        if not any(isinstance(node, BY_OTHERS) for node in rule.walk()):
            mixed = whole.copy()
            mixed[self._half] = self.half.members(checked)
            found["half of columns"] = self._named(np.flatnonzero(mixed))
            found["columns of facts"] = self._named(self._of_facts[self.by_facts.members(checked)])
        return found

    def newly_asked(self) -> Counter[str]:
        """What columns of everybody were asked since this was called; nothing, if SQL had to answer any of it."""
        (asked, fallen_back), whole = self._counted, self.whole
        self._counted = Counter(whole.asked), sum(whole.fallen_back.values())
        return self._counted[0] - asked if self._counted[1] == fallen_back else Counter()

    def _named(self, numbers: Array) -> frozenset[str]:
        return frozenset(self._asked.names[number] for number in numbers.tolist())
