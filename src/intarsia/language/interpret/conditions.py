"""Does a condition hold for a person? The definition of the segment language, one case for each kind of condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from intarsia.errors import Bug
from intarsia.ids import BUCKETS, bucket_number
from intarsia.language import tree
from intarsia.language.interpret.aggregates import answer_of, answers_of, events
from intarsia.language.interpret.anniversaries import has_anniversary, next_anniversary
from intarsia.language.interpret.boolean import decide
from intarsia.language.interpret.consents import agreed, counts_as
from intarsia.language.interpret.fractions import fraction_of
from intarsia.language.interpret.held import Lasting, is_held, lasting
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, as_number, passes, settled
from intarsia.language.interpret.patterns import fits_pattern
from intarsia.language.interpret.places import is_inside, is_near
from intarsia.language.interpret.sets import Sets
from intarsia.language.interpret.subjects import Subject, fits


def is_member(condition: tree.Condition, known: Known, sets: Sets) -> bool:
    """Whether a person is in the base and the condition holds (rule 1)."""
    return known.is_in_base and meets(condition, known, sets)


def meets(condition: tree.Condition, known: Known, sets: Sets) -> bool:
    """Whether the condition holds, whoever is in the base."""
    return decide(condition, lambda part: _holds(part, known, sets))


def _holds(condition: tree.Condition, known: Known, sets: Sets) -> bool:
    match condition:
        case tree.Test(held=tree.Held() as held):
            return is_held(held, known, _alone(condition, known, sets))
        case tree.Test(value=tree.Anniversary()):
            return has_anniversary(condition, known)
        case tree.Test(value=tree.Path(names=("profile",)), operator=tree.Is(what="identified")):
            return known.is_identified
        case tree.Test(value=tree.Path(names=("profile",)), operator=operator, ignoring_case=ignoring_case):
            # Who was made of several profiles is found by each of their ids.
            ids = known.person.ids
            return any(passes(one, operator, known.when, ignoring_case=ignoring_case) for one in ids)
        case tree.Test(value=value, operator=operator, ignoring_case=ignoring_case):
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
        case tree.InSegment():
            return known.id in sets.segment_at(condition)
        case tree.Moved():
            return known.id in sets.moved(condition)
        case tree.Sequence() | tree.Active() | tree.Lapsed() | tree.FirstTime() | tree.Returned():
            return fits_pattern(condition, known)
        case tree.Near():
            return is_near(condition, known)
        case tree.InsideArea():
            return is_inside(condition, known)
        case tree.Consent(channel=channel, purpose=purpose, state=state):
            return counts_as(agreed(known, channel, purpose)) == state
        case _:
            raise Bug(what=f"the condition {condition} came through the check")


def _alone(test: tree.Test, known: Known, sets: Sets) -> Callable[[Known], bool]:
    """The test without its `for`, to be asked as of earlier instants."""
    alone = replace(test, held=None, operator=settled(test.operator, known.when))
    return lambda earlier: _holds(alone, earlier, sets)


def so_long(test: tree.Test, held: tree.Held, known: Known, sets: Sets) -> Lasting:
    """Since when a test has been so."""
    return lasting(held, known, _alone(test, known, sets))


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
        case tree.Anniversary():
            return next_anniversary(value, known)
        case tree.Bucket(salt=salt):
            return Fraction(bucket_number(salt, known.id), BUCKETS)
        case tree.Ratio() | tree.Trend():
            return fraction_of(value, lambda part: as_number(answer(part, known)))
        case _:
            raise Bug(what=f"the value {value} came through the check")
