"""The nearest change that would flip an answer: the fewest conditions that would have to turn, and what turns each.

What is proposed is tried before it is said: the facts are added to the person's, and the whole definition is asked
anew. Where a condition has no facts that are known exactly, or where a rank or a segment's moves might answer to them
in ways that one person's facts do not tell, the change is named and nothing is promised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intarsia.errors import Phrase, phrase
from intarsia.language import tree
from intarsia.language.interpret.ahead import Forward
from intarsia.language.interpret.crowd import places_of
from intarsia.language.interpret.explain import Plain
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.looked_at import with_facts
from intarsia.language.interpret.steps import Step, of_person
from intarsia.language.interpret.steps_of_events import of_events
from intarsia.language.interpret.whole import Asked, InBase, joined
from intarsia.language.meaning.facts import Fact


@dataclass(frozen=True)
class Nearest:
    """The nearest change by which an answer would be another.

    would_be   what it would be: in, or out
    steps      the conditions that would have to turn, all of them; what each needs
    is_tried   with the facts that they name, or at the instant at which they turn by themselves, the answer was asked
               anew and was another; else nothing is promised
    """

    would_be: bool
    steps: tuple[Step, ...]
    is_tried: bool

    @property
    def is_possible(self) -> bool:
        """Whether anything that happens, or time, turns every one of them."""
        return all(step.can_change or step.turns_at is not None for step in self.steps)

    @property
    def says(self) -> Phrase:
        """What stands above the steps."""
        if not self.is_possible:
            into = phrase("no change is known that puts this person in:")
            out = phrase("no change is known that takes this person out:")
        elif self.is_tried:
            into = phrase("the nearest change that puts this person in:")
            out = phrase("the nearest change that takes this person out:")
        else:
            into = phrase("what keeps this person out; whether that is all of it was not tried:")
            out = phrase("what keeps this person in; whether that is all of it was not tried:")
        return into if self.would_be else out

    def to_json(self) -> dict[str, Plain]:
        """What the answer would be, whether it was tried, whether it is possible, and the steps."""
        steps: list[Plain] = [step.to_json() for step in self.steps]
        return {"would_be": self.would_be, "is_tried": self.is_tried, "is_possible": self.is_possible, "steps": steps}


def nearest(condition: tree.Condition, forward: Forward) -> Nearest:
    """The fewest conditions that would have to turn for an answer to be another; of several ways the surest."""
    whole = joined(InBase(), condition)
    at = forward.whole.question.at
    before = forward.value(whole, at)
    steps = _Search(forward).to(whole, not before)
    return Nearest(not before, steps, _is_tried(whole, steps, forward))


class _Search:
    """Goes through `and`, `or`, `not` and named segments for the cheapest way."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._at = forward.whole.question.at
        self._alone: dict[Asked, Step] = {}
        self._found: dict[tuple[Asked, bool], tuple[Step, ...]] = {}

    def to(self, node: Asked, becomes: bool) -> tuple[Step, ...]:
        """The steps by which a condition holds, or does not; none where it is so."""
        if self._forward.value(node, self._at) is becomes:
            return ()
        key = node, becomes
        if key not in self._found:
            self._found[key] = self._worked_out(node, becomes)
        return self._found[key]

    def _worked_out(self, node: Asked, becomes: bool) -> tuple[Step, ...]:
        match node:
            case tree.Not(part=part):
                return self.to(part, not becomes)
            case tree.And(parts=parts) | tree.Or(parts=parts):
                ways = [self.to(part, becomes) for part in parts]
                if isinstance(node, tree.And) is becomes:
                    return tuple({step.condition: step for way in ways for step in way}.values())
                return min(ways, key=_cost)
            case tree.InSegment(name=name, at=None):
                return self.to(self._forward.inside(name), becomes)
            case _:
                return (self._step(node, becomes),)

    def _step(self, node: Asked, becomes: bool) -> Step:
        if node not in self._alone:
            whole = self._forward.whole
            known = Known(whole.person, whole.question, whole.catalog, whole.derive)
            step = of_person(node, becomes, known, whole.sets) or of_events(node, becomes, known)
            if step.adds and self._with(step.adds).value(node, self._at) is not becomes:
                step = replace(step, adds=(), says=step.otherwise or step.says)
            if not step.adds:
                ahead = self._forward.next_change(node, self._at)
                step = replace(step, turns_at=ahead.at if ahead.reason is None else None)
            self._alone[node] = step
        return self._alone[node]

    def _with(self, adds: Sequence[Fact]) -> Forward:
        return with_added(self._forward, adds)


def _cost(steps: Sequence[Step]) -> tuple[int, int, int]:
    """How many nothing changes, how many there are, and how many are not known exactly."""
    impossible = sum(not step.can_change and step.turns_at is None for step in steps)
    unsure = sum(not step.adds and step.turns_at is None for step in steps)
    return impossible, len(steps), unsure


# --- trying


def with_added(forward: Forward, adds: Sequence[Fact]) -> Forward:
    """The same question about the person with some facts more."""
    whole = forward.whole
    person = with_facts(whole.person, (*whole.person.facts, *adds))
    return Forward(replace(whole, person=person))


def _is_tried(condition: tree.And, steps: Sequence[Step], forward: Forward) -> bool:
    """Whether the answer is another with what the steps propose."""
    at = forward.whole.question.at
    before = forward.value(condition, at)
    if all(step.adds for step in steps):
        adds = [replace(fact, id=f"{fact.id}-{n}") for n, step in enumerate(steps) for fact in step.adds]
        changed = with_added(forward, adds)
        return _sets_stay(condition, forward, changed) and changed.value(condition, at) is not before
    if all(not step.adds and step.turns_at is not None for step in steps):
        later = max(step.turns_at for step in steps if step.turns_at is not None)
        found = forward.value(condition, later)
        return found is not None and found is not before
    return False


def _sets_stay(condition: tree.And, before: Forward, after: Forward) -> bool:
    """Whether what was worked out over everybody still holds: the person has the same place in every rank.

    Moves may be others; of somebody who was not in the base nothing of the sort was worked out.
    """
    at = before.whole.question.at
    is_new = not before.value(InBase(), at)
    for node in _reached(condition, before):
        is_earlier = isinstance(node, tree.InSegment) and node.at is not None
        if isinstance(node, tree.Moved) or (is_new and (is_earlier or isinstance(node, tree.Rank))):
            return False
        if isinstance(node, tree.Rank):
            places = [list(places_of(node.by, _known(forward))) for forward in (before, after)]
            among = [node.among is None or forward.value(node.among, at) for forward in (before, after)]
            if places[0] != places[1] or among[0] is not among[1]:
                return False
    return True


def _known(forward: Forward) -> Known:
    whole = forward.whole
    return Known(whole.person, whole.question, whole.catalog, whole.derive)


def _reached(condition: tree.And, forward: Forward) -> Iterator[tree.Node]:
    """The nodes of a condition, and of all segments that it rests on."""
    waiting: list[Asked] = [condition]
    met: set[str] = set()
    while waiting:
        for node in waiting.pop().walk():
            yield node
            if isinstance(node, tree.InSegment) and node.at is None and node.name not in met:
                met.add(node.name)
                waiting.append(forward.inside(node.name))
