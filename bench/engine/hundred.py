"""The hundred segments, by kind; each is said in the segment language and, for the peers, as a rule by hand."""

from __future__ import annotations

from engine.on_events import ONE_AGGREGATE
from engine.on_order import FIRST_AND_LAST, RECENCY, SEQUENCES
from engine.on_others import NESTED, RANKS
from engine.on_several import NEVER, SEVERAL_AGGREGATES
from engine.on_traits import TRAITS
from engine.shape import And, Member, Not, Or, Rule, Segment

KINDS: dict[str, tuple[Segment, ...]] = {
    "traits only": TRAITS,
    "one aggregate": ONE_AGGREGATE,
    "several aggregates": SEVERAL_AGGREGATES,
    "never": NEVER,
    "first and last": FIRST_AND_LAST,
    "recency": RECENCY,
    "sequences": SEQUENCES,
    "ranks": RANKS,
    "other segments": NESTED,
}

SEGMENTS: tuple[Segment, ...] = tuple(segment for segments in KINDS.values() for segment in segments)

KIND_OF: tuple[str, ...] = tuple(kind for kind, segments in KINDS.items() for _ in segments)
"""Of each of the hundred."""


def name_of(place: int) -> str:
    """What the segment is called in the workspace."""
    return f"s{place}"


def written_out(rule: Rule) -> Rule:
    """A rule with the rules of other segments in the place of their names, as peers without segments must ask it."""
    match rule:
        case Member(place):
            return written_out(SEGMENTS[place].rule)
        case And(parts):
            return And(tuple(map(written_out, parts)))
        case Or(parts):
            return Or(tuple(map(written_out, parts)))
        case Not(part):
            return Not(written_out(part))
        case _:
            return rule
