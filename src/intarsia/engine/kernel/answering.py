"""Who meets a condition, of everybody or of some: features from their rows, then predicates on plain arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.rows import Names
from intarsia.engine.columns.values import Array, Values
from intarsia.engine.kernel.changes import Changes
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.engine.kernel.features import Features, Selection
from intarsia.engine.kernel.ids import ids_pass
from intarsia.engine.kernel.keys import Keys
from intarsia.engine.kernel.lookups import anniversaries, instants_pass, numbers_pass, which_pass
from intarsia.engine.kernel.needs import OfType
from intarsia.engine.kernel.numbers import ENDS, numbers_of
from intarsia.engine.kernel.passes import NO_ROW
from intarsia.engine.kernel.patterns import fits_pattern, last
from intarsia.engine.kernel.points import placed
from intarsia.engine.kernel.quotients import quotients_of
from intarsia.engine.kernel.sets import consents, places, ranked, segment
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.errors import Phrase, phrase
from intarsia.language import tree
from intarsia.language.catalog import Catalog, Kind
from intarsia.language.checking.check import Checked
from intarsia.language.interpret.operators import passes as value_passes
from intarsia.language.interpret.question import When
from intarsia.language.writing.show import show

Given = Callable[[tree.Condition, "Answers"], Array | None]
"""What is known already of a condition: a truth for each of the people; None: it is to be answered."""


class Answers:
    """People as of one question.

    fallback  answers what columns do not; None: then `NotInColumns` is raised
    given     answers first
    features  of the same columns; None: its own
    keys      numbers of trees, from questions before
    asked, fallen_back  kinds of conditions that were asked, and those of them that SQL had to answer, with the reason
    """

    def __init__(
        self,
        columns: Columns,
        when: When,
        fallback: Fallback | None,
        given: Given | None = None,
        features: Features | None = None,
        keys: Keys | None = None,
    ) -> None:
        self._columns = columns
        self._fallback = fallback
        self._given = given
        self._features = Features(columns, when, keys) if features is None else features
        self._changes = Changes(self._features, columns, names_are_given=given is not None)
        self._names: Catalog = columns.catalog
        self.size = self._features.size
        self.base = self._columns.base()
        self.asked: Counter[str] = Counter()
        self.fallen_back: Counter[str] = Counter()

    def prepare(self, asked: Iterable[OfType]) -> None:
        """Read what many conditions need (see `by_type`), before they are asked one by one: it takes less so."""
        self._features.prepare(asked)

    def members(self, checked: Checked) -> Array:
        """Who is in: a truth for each, in the order of the columns."""
        self._names = checked.catalog
        found: Array = self._condition(checked.tree) & self.base
        return found

    def next_changes(self, condition: tree.Condition) -> Array:
        """The next instant at which each answer may be another though nothing new is known, or `NEVER`.

        Raises `NotInColumns` where that cannot be said.
        """
        return self._changes.of(condition)

    def lower(self, next_change: Array, condition: tree.Condition, done: set[int]) -> None:
        """Let no entry of `next_change` lie behind the next change of that person's answer.

        done  what the entries are lowered by already, of this question; grows
        Raises `NotInColumns` where that cannot be said; then some entries may be lower than they had to be.
        """
        self._changes.lower(next_change, condition, done)

    def places(self, rank: tree.Rank) -> tuple[Array, Array]:
        """The number by which a rank puts each person in order, in whole units, and who has a place in it."""
        value, has_place = places(rank.by, self._features, self._columns)
        among = self.base if rank.among is None else self.base & self._condition(rank.among)
        return value, has_place & among

    def _condition(self, node: tree.Condition) -> Array:
        match node:
            case tree.Everyone():
                return np.ones(self.size, np.bool_)
            case tree.Nobody():
                return np.zeros(self.size, np.bool_)
            case tree.And(parts=parts):
                return np.logical_and.reduce([self._condition(part) for part in parts])
            case tree.Or(parts=parts):
                return np.logical_or.reduce([self._condition(part) for part in parts])
            case tree.Not(part=part):
                return np.logical_not(self._condition(part))
            case _:
                return self._features.once(self._features.keys.of(node), lambda: self._alone(node))

    def _alone(self, node: tree.Condition) -> Array:
        """A condition from columns or, where they do not have what it asks for, by SQL."""
        given = None if self._given is None else self._given(node, self)
        if given is not None:
            return given
        kind = type(node).__name__
        self.asked[kind] += 1
        try:
            return self._in_columns(node)
        except NotInColumns as reason:
            if self._fallback is None:
                raise
            self.fallen_back[f"{kind}: {reason}"] += 1
            return self._fallback.members(node, self._names)

    def _in_columns(self, node: tree.Condition) -> Array:
        features = self._features
        match node:
            case tree.Test():
                return self._test(node)
            case tree.Did(event=event, where=where, window=window):
                return features.count(features.of(event, where, window)) > 0
            case tree.Had():
                return self._had(node)
            case tree.Lapsed(event=event, where=where, length=length):
                ever, recently = features.of(event, where), features.of(event, where, last(length))
                return (features.count(ever) > 0) & (features.count(recently) == 0)
            case tree.FirstTime(event=event, where=where, length=length):
                row, at = self._end("first", features.of(event, where))
                return instants_pass(at, row != NO_ROW, tree.During(last(length)), features.when)
            case tree.Sequence() | tree.Active() | tree.Returned():
                return fits_pattern(node, features)
            case tree.Rank():
                order = lambda: features.once("order of ids", lambda: self._columns.order_of_ids())  # noqa: E731
                return ranked(node, *self.places(node), order)
            case tree.InSegment(name=name, at=None) if self._fallback is not None:
                return segment(name, self._fallback, self._condition)
            case tree.Consent():
                return consents(node, features, self._columns)
            case tree.Near() | tree.InsideArea():
                return placed(node, features, self._columns)
            case _:
                raise NotInColumns(_lacking(node))

    def _end(self, which: str, selection: Selection) -> tuple[Array, Array]:
        """The first or last row of everybody, and when it happened."""
        row = self._features.end(which, selection)
        return row, self._features.taken(self._features.rows(selection).at, row)

    def _had(self, node: tree.Had) -> Array:
        selection = self._features.of(node.event, node.where, node.window)
        row = self._features.end(node.which, selection)
        meets = self._features.where(selection, node.condition)
        return (row != NO_ROW) & self._features.taken(meets, row)

    # --- tests

    def _test(self, node: tree.Test) -> Array:
        when = self._features.when
        match node.value:
            case _ if node.held is not None:
                raise NotInColumns(phrase("how long a trait has been so"))
            case tree.Path(names=("profile",)):
                return self._of_profile(node)
            case tree.Path(names=names):
                return which_pass(self._trait(names), node.operator, when, ignoring_case=node.ignoring_case)
            case tree.Aggregate(fold=fold) as value if fold in ENDS:
                return self._of_end(node, value)
            case tree.Aggregate() as value if not self._is_mean_of_numbers(value):
                found = numbers_of(value, self._features, self._columns)
                return numbers_pass(found.numbers, found.is_known, node.operator, when, digits=found.digits)
            case tree.Anniversary(path=path):
                return anniversaries(node, self._trait(path.names), when)
            case value:
                return quotients_of(value, self._features, self._columns).passes(node.operator, when)

    def _is_mean_of_numbers(self, value: tree.Aggregate) -> bool:
        """Whether a value is a mean that is not rounded to cents."""
        taken = self._features.goal(value.event, value.fold).property
        return value.fold == "avg" and taken is not None and taken.kind is not Kind.MONEY

    def _trait(self, names: Names) -> Values:
        return self._features.once(("trait", names), lambda: self._columns.trait(names))

    def _of_profile(self, node: tree.Test) -> Array:
        """A test of somebody's profile ids, or of whether a name is known."""
        if node.operator == tree.Is("identified"):
            return self._features.once("identified", lambda: self._columns.identified())
        ids = self._features.once(("trait", ("profile",)), lambda: self._columns.profile_ids())
        return ids_pass(ids, node, self._features.when)

    def _of_end(self, node: tree.Test, value: tree.Aggregate) -> Array:
        """A test of when the first or last event was, or of what it was like."""
        features = self._features
        goal = self._features.goal(value.event, value.fold)
        selection, taken = Selection(goal, value.where, value.window), goal.property
        if taken is None:
            row, at = self._end(value.fold, selection)
            return instants_pass(at, row != NO_ROW, node.operator, features.when)
        if taken.is_of_line and not goal.is_over_lines:
            raise NotInColumns(phrase("any line of a first or last event"))
        values, row = features.values(selection, taken), features.end(value.fold, selection)
        of_each = values.taken(row) if features.rows(selection).count else values
        passed = which_pass(of_each, node.operator, features.when, ignoring_case=node.ignoring_case)
        of_nobody = value_passes(None, node.operator, features.when, ignoring_case=node.ignoring_case)
        return np.where(row != NO_ROW, passed, of_nobody) if len(passed) else np.full(self.size, of_nobody)


def _lacking(node: tree.Condition) -> Phrase:
    """What columns lack for a condition that is not theirs."""
    match node:
        case tree.Moved():
            return phrase("who entered or left a segment")
        case tree.InSegment():
            return phrase("who was in a segment at another instant")
        case _:
            return phrase("`{condition}`", condition=show(node))


def from_columns(evaluator: Evaluator) -> Answers:
    """Everybody, from columns that are read out of a question of the SQL back end."""
    columns = Builder(evaluator)
    when = seen_from(evaluator.catalog, evaluator.at, evaluator.known_at)
    return Answers(columns, when, Fallback(lambda: evaluator, columns.size))
