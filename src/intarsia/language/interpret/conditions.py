"""Does a condition hold for a person? The definition of the segment language, one case for each kind of condition."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from intarsia.errors import Bug
from intarsia.ids import BUCKETS, bucket_number
from intarsia.language import tree
from intarsia.language.interpret.aggregates import answer_of, answers_of, events
from intarsia.language.interpret.boolean import decide
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, passes
from intarsia.language.interpret.subjects import Subject, fits


@dataclass(frozen=True)
class Ranking:
    """Who a rank condition takes.

    members  profile ids
    ranked   how many people had a place; None: not kept
    edge     the value of the last one taken; None: not kept, or nobody was taken
    """

    members: Container[str]
    ranked: int | None = None
    edge: Answer = None


class Sets(Protocol):
    """The sets of people that a condition on one person can name."""

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes."""
        ...

    def segment(self, name: str) -> Container[str]:
        """The members of a segment."""
        ...


@dataclass(frozen=True)
class GivenSets:
    """Sets of people that were worked out before, by whatever engine."""

    rankings: Mapping[tree.Rank, Ranking] = field(default_factory=dict)
    segments: Mapping[str, Container[str]] = field(default_factory=dict)

    def ranking(self, rank: tree.Rank) -> Ranking:
        """Who a rank condition takes."""
        if rank not in self.rankings:
            raise Bug(what=f"nobody handed in who is in {rank}")
        return self.rankings[rank]

    def segment(self, name: str) -> Container[str]:
        """The members of a segment."""
        if name not in self.segments:
            raise Bug(what=f"nobody handed in who is in the segment {name}")
        return self.segments[name]


def is_member(condition: tree.Condition, known: Known, sets: Sets) -> bool:
    """Whether a person is in the base and the condition holds (rule 1)."""
    return known.is_in_base and decide(condition, lambda part: _holds(part, known, sets))


def _holds(condition: tree.Condition, known: Known, sets: Sets) -> bool:
    match condition:
        case tree.Test(value=value, operator=operator, ignoring_case=ignoring_case, held=None):
            found = answers_of(value, known) if isinstance(value, tree.Aggregate) else [answer(value, known)]
            return any(passes(one, operator, known.when, ignoring_case=ignoring_case) for one in found)
        case tree.Did(event=event, where=where, window=window):
            return bool(events(event, where, window, known))
        case tree.Had(condition=inner):
            chosen = chosen_event(condition, known)
            return chosen is not None and fits(inner, chosen)
        case tree.Rank():
            return known.id in sets.ranking(condition).members
        case tree.InSegment(name=name, at=None):
            return known.id in sets.segment(name)
        case _:
            raise Bug(what=f"the condition {condition} came through the check")


def chosen_event(had: tree.Had, known: Known) -> Subject | None:
    """The first or last event that `had` speaks of."""
    found = events(had.event, had.where, had.window, known)
    if not found:
        return None
    return found[0] if had.which == "first" else found[-1]


def answer(value: tree.Value, known: Known) -> Answer:
    """What a value of the language is for a person; None is unknown."""
    match value:
        case tree.Path(names=names):
            return known.trait(names).value
        case tree.Aggregate():
            return answer_of(value, known)
        case tree.Bucket(salt=salt):
            return Fraction(bucket_number(salt, known.id), BUCKETS)
        case _:
            raise Bug(what=f"the value {value} came through the check")
