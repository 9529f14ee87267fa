"""When will the answer about a person be another, if nothing happens? To the millisecond, or why that cannot be told.

Each condition is followed through the instants at which its own answer may change (see `moments`), asked of those facts
alone that it looks at. What is recorded already of later times counts: it is known to come. Of `and` and `or` only
those parts are followed that decide: where one part of an `and` never holds, it does not matter when the others do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from intarsia.clock import LAST, shift, to_iso
from intarsia.errors import Phrase, phrase
from intarsia.language import tree
from intarsia.language.interpret.conditions import meets
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.looked_at import looked_at, with_facts
from intarsia.language.interpret.moments import Moments
from intarsia.language.interpret.question import Question
from intarsia.language.interpret.settling import may_go_on_for_ever, settles
from intarsia.language.interpret.whole import Asked, ByHand, InBase, OnList, Whole, joined
from intarsia.language.meaning.facts import Person

YEARS_AHEAD = (1, 4, 12, 30)
"""So far ahead ages and anniversaries are followed, which never end, step by step; all else is followed to its end."""

LOOKS_MOST = 200_000
"""So many facts are looked at, over all instants together; what comes after is left open."""

Reason = Literal["others", "moves", "years", "work"]
"""Why it cannot be told: other people decide a rank; when somebody enters or leaves a segment is not worked out for
instants to come; it would be more years ahead than are followed; it would take more than `LOOKS_MOST` facts."""


BOUNDS = ("years", "work")
"""Beyond these nothing is followed."""


@dataclass(frozen=True)
class Ahead:
    """When an answer becomes another by time alone.

    at      the first instant at which it is another, milliseconds UTC; None: it never is
    reason  why that is not known: then the answer is the same before `at`, and what it is from there on is left open
    """

    at: int | None = None
    reason: Reason | None = None

    @property
    def until(self) -> int:
        """Before this instant the answer is the same."""
        return LAST + 1 if self.at is None else self.at

    def says(self, tell: Callable[[str], str], *, is_in: bool) -> Phrase:
        """The same as a sentence; `tell` makes an instant in ISO 8601 readable."""
        at = {"instant": "" if self.at is None else tell(to_iso(min(self.at, LAST)))}
        match self.reason:
            case "others":
                return phrase("how long that stays so cannot be told: others have a part in it, for it asks for a rank")
            case "moves":
                return phrase("how long that stays so cannot be told: it asks who enters or leaves a segment")
            case "years" | "work":
                return phrase("stays so until {instant} at least; what comes then was not worked out", **at)
        if self.at is None:
            stays, out = phrase("stays in unless something happens"), phrase("stays out unless something happens")
            return stays if is_in else out
        leaves, enters = (
            phrase("leaves on {instant} if nothing happens", **at),
            phrase("enters on {instant} if nothing happens", **at),
        )
        return leaves if is_in else enters

    def to_json(self) -> dict[str, str | None]:
        """The instant as `changes_at`; where it is not known, `same_before` and the reason."""
        at = None if self.at is None else to_iso(self.at)
        is_known = self.reason is None
        return {"changes_at": at if is_known else None, "same_before": None if is_known else at, "reason": self.reason}


NEVER = Ahead()


class Forward:
    """Answers about one person as of instants from a question on, by what is known as of that question."""

    def __init__(self, whole: Whole, *, looks_most: int = LOOKS_MOST) -> None:
        self.whole = whole
        self._at = whole.question.at
        self._looks, self._looks_most = 0, looks_most
        self._inside: dict[str, tree.And] = {}
        self._slim: dict[Asked, Person] = {}
        self._moments: dict[tuple[Asked, int, int], Sequence[int]] = {}
        self._values: dict[tuple[Asked, int], bool | None] = {}
        self._next: dict[tuple[Asked, int], Ahead] = {}

    def of(self, condition: tree.Condition) -> Ahead:
        """When the answer of the question becomes another: whether the person is in the base, and it holds."""
        return self.next_change(joined(InBase(), condition), self._at)

    def is_member(self, condition: tree.Condition, at: int) -> bool | None:
        """Whether the person is in the base and the condition holds as of an instant; None: it cannot be told."""
        return self.value(joined(InBase(), condition), at)

    def inside(self, name: str) -> tree.And:
        """What being in a segment is made of."""
        if name not in self._inside:
            self._inside[name] = self.whole.inside(name)
        return self._inside[name]

    # --- as of an instant

    def value(self, node: Asked, at: int) -> bool | None:
        """Whether a condition holds as of an instant, not before the question; None: it cannot be told."""
        match node:
            case tree.Not(part=part):
                inner = self.value(part, at)
                return None if inner is None else not inner
            case tree.And(parts=parts):
                return self._joined_value(parts, at, deciding=False)
            case tree.Or(parts=parts):
                return self._joined_value(parts, at, deciding=True)
        if (node, at) not in self._values:
            self._values[node, at] = self._alone(node, at)
        return self._values[node, at]

    def _joined_value(self, parts: Sequence[Asked], at: int, *, deciding: bool) -> bool | None:
        is_open = False
        for part in parts:
            found = self.value(part, at)
            if found is deciding:
                return deciding
            is_open = is_open or found is None
        return None if is_open else not deciding

    def _alone(self, node: Asked, at: int) -> bool | None:
        whole = self.whole
        match node:
            case tree.InSegment(name=name, at=None):
                return self.value(self.inside(name), at)
            case OnList(name=name):
                return whole.is_listed(name)
            case ByHand():
                return whole.is_by_hand(node, at)
            case tree.Rank() | tree.Moved() | tree.InSegment():
                return self._by_sets(node, at)
        slim = self.slim(node)
        self._looks += 1 + len(slim.facts)
        known = Known(slim, Question(at, whole.question.known_at), whole.catalog, whole.derive)
        return known.is_in_base if isinstance(node, InBase) else meets(node, known, whole.sets)

    def _by_sets(self, node: tree.Rank | tree.Moved | tree.InSegment, at: int) -> bool | None:
        """What was worked out over everybody as of the question, where it still says something."""
        if at != self._at and self._of_sets(node).until <= at:
            return None
        known = Known(self.whole.person, self.whole.question, self.whole.catalog, self.whole.derive)
        return meets(node, known, self.whole.sets)

    def slim(self, node: Asked) -> Person:
        """The person with those facts that a condition looks at, and that are known."""
        if node not in self._slim:
            known_at, person = self.whole.question.known_at, self.whole.person
            known = [fact for fact in person.facts if known_at is None or fact.recorded_at <= known_at]
            self._slim[node] = with_facts(person, looked_at(node, known, self.whole.catalog))
        return self._slim[node]

    # --- the next change

    def next_change(self, node: Asked, at: int) -> Ahead:
        """When what a condition says as of an instant, which is known, becomes another."""
        if (node, at) not in self._next:
            self._next[node, at] = self._worked_out(node, at)
        return self._next[node, at]

    def _worked_out(self, node: Asked, at: int) -> Ahead:
        match node:
            case tree.Not(part=part):
                return self.next_change(part, at)
            case tree.And(parts=parts):
                return self._of_joined(parts, at, deciding=False)
            case tree.Or(parts=parts):
                return self._of_joined(parts, at, deciding=True)
            case tree.InSegment(name=name, at=None):
                return self.next_change(self.inside(name), at)
            case tree.Everyone() | tree.Nobody() | OnList():
                return NEVER
            case tree.Rank() | tree.Moved() | tree.InSegment():
                return self._of_sets(node)
        return self._of_one(node, at)

    def _of_joined(self, parts: Sequence[Asked], at: int, *, deciding: bool) -> Ahead:
        """Of an `and`, where one part that fails decides; of an `or`, where one that holds does."""
        deciders = [part for part in parts if self.value(part, at) is deciding]
        if not deciders:
            # At one instant what is known goes before what is not.
            return min((self.next_change(part, at) for part in parts), key=lambda one: (one.until, one.reason or ""))
        while True:
            last = self._last_to_change(deciders, at)
            if last.at is None:
                return NEVER
            at = last.at
            if self._is_spent or last.reason in BOUNDS:
                return Ahead(at, last.reason or "work")
            values = [self.value(part, at) for part in parts]
            if deciding not in values:
                return Ahead(at, self._reason_in(parts, at)) if None in values else Ahead(at)
            deciders = [part for part, value in zip(parts, values, strict=True) if value is deciding]

    def _last_to_change(self, parts: Sequence[Asked], at: int) -> Ahead:
        """The latest of their next changes; none at all where one of them never changes."""
        last = Ahead(at)
        for part in parts:
            last = max(last, self.next_change(part, at), key=lambda one: one.until)
            if last.at is None:
                break
        return last

    def _reason_in(self, parts: Sequence[Asked], at: int) -> Reason:
        """Why it cannot be told which of some parts hold."""
        for part in parts:
            if self.value(part, at) is None:
                for node in part.walk():
                    if isinstance(node, tree.InSegment) and node.at is None:
                        if self.value(node, at) is None:
                            return self._reason_in([self.inside(node.name)], at)
                    elif isinstance(node, tree.Rank | tree.Moved | tree.InSegment) and self.value(node, at) is None:
                        return "others" if isinstance(node, tree.Rank) else "moves"
        return "work"

    @property
    def _is_spent(self) -> bool:
        return self._looks > self._looks_most

    def _of_sets(self, node: tree.Rank | tree.Moved | tree.InSegment) -> Ahead:
        """What is worked out over everybody holds as of the question, what speaks of fixed times for ever."""
        if isinstance(node, tree.Rank):
            return Ahead(self._at + 1, "others")
        if not self.value(InBase(), self._at):
            # Of somebody who is not in the base then, nobody has worked it out.
            return Ahead(self._at + 1, "moves")
        if isinstance(node, tree.InSegment):
            return NEVER
        known = Known(self.whole.person, self.whole.question, self.whole.catalog, self.whole.derive)
        if node.window is not None and not isinstance(node.window.period, tree.Point | tree.BetweenTimes):
            return Ahead(self._at + 1, "moves")
        if meets(node, known, self.whole.sets):
            return NEVER
        end = None if node.window is None else known.when.instants(node.window).end
        return NEVER if end is not None and end <= self._at else Ahead(self._at + 1, "moves")

    # --- one condition

    def _of_one(self, node: Asked, at: int) -> Ahead:
        before = self.value(node, at)
        if self._settles(node):
            return self._settled(node, self._moments_within(node, at, LAST), before)
        for lower, upper in pairwise(self._stretches(node, at)):
            for moment in self._moments_within(node, lower, upper):
                if self._is_spent:
                    return Ahead(moment, "work")
                if self.value(node, moment) is not before:
                    return Ahead(moment)
        return Ahead(max(self._after(YEARS_AHEAD[-1]), at + 1), "years") if self._is_endless(node) else NEVER

    def _stretches(self, node: Asked, at: int) -> list[int]:
        """The ends of the stretches of time in which it is looked for, one after the other."""
        ends = map(self._after, YEARS_AHEAD) if self._is_endless(node) else (LAST,)
        return [at, *(end for end in ends if end > at)]

    def _after(self, years: int) -> int:
        return shift(self._at, years, "year", ZoneInfo(self.whole.catalog.timezone))

    def _is_endless(self, node: Asked) -> bool:
        return may_go_on_for_ever(node, self.whole.catalog)

    def _settles(self, node: Asked) -> bool:
        return settles(node, self.whole.catalog) and all(fact.occurred_at <= self._at for fact in self.slim(node).facts)

    def _settled(self, node: Asked, moments: Sequence[int], before: bool | None) -> Ahead:
        """The same by halving, of what changes once at most."""
        if not moments or self.value(node, moments[-1]) is before:
            return NEVER
        place = bisect_left(moments, True, key=lambda moment: self.value(node, moment) is not before)
        return Ahead(moments[place])

    def _moments_within(self, node: Asked, lower: int, upper: int) -> Sequence[int]:
        """The instants after `lower`, up to `upper`, at which the answer of a condition alone may become another."""
        key = node, lower, upper
        if key not in self._moments:
            self._moments[key] = sorted(self._all_moments(node, lower, upper))
        return self._moments[key]

    def _all_moments(self, node: Asked, lower: int, upper: int) -> Iterable[int]:
        whole = self.whole
        if isinstance(node, ByHand):
            return (edge for edge in whole.edges_by_hand(node.name) if lower < edge <= upper)
        person = self.slim(node)
        if isinstance(node, InBase | OnList):
            return {fact.occurred_at for fact in person.facts if lower < fact.occurred_at <= upper}
        moments = Moments(whole.catalog, (person,), lambda *_: (), whole.derive, whole.question.known_at)
        return moments.of(node, lower, upper)
