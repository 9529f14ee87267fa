"""`for at least 30 days`: a test of a trait that has held without a break (rule 36)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from intarsia.clock import FIRST, anniversary, begin_of_day, day_holding
from intarsia.language import tree
from intarsia.language.interpret.known import Known
from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.values import written_day
from intarsia.language.meaning.windows import back

Passes = Callable[[Known], bool]
"""Whether the test alone passes for a person, as of the instant that they are known at."""


def is_held(held: tree.Held, known: Known, passes: Passes) -> bool:
    """Whether a test has been so, without a break, for at least or for less than a length of time.

    passes  the test without its `for`; with `of_negation` its negation is what has been so
    What is asked at each instant is asked by what is known now, of a person who was not known yet as of somebody of
    whom nothing is known.
    """
    if not _is_so(held, known, passes):
        return False
    begin = start(held, known)
    instants = (begin, *_changes(known, begin))
    is_unbroken = all(_is_so(held, _as_of(known, instant), passes) for instant in instants)
    return is_unbroken if held.how == "at least" else not is_unbroken


def start(held: tree.Held, known: Known) -> int:
    """The instant from which on a test must have been so: the start of the last so many days."""
    when = known.when
    return back(when.at, held.length, when.zone, when.calendar)


@dataclass(frozen=True)
class Lasting:
    """Whether a test, or its negation, is so now, and since when without a break.

    begin  the instant from which on it must have been so; since: None where it is not so, or has always been
    """

    is_so: bool
    begin: int
    since: int | None


def lasting(held: tree.Held, known: Known, passes: Passes) -> Lasting:
    """Why a test has been so for so long, or not."""
    begin = start(held, known)
    if not _is_so(held, known, passes):
        return Lasting(False, begin, None)
    changes = reversed(_changes(known, FIRST))
    since = (instant for instant in changes if not _is_so(held, _as_of(known, instant - 1), passes))
    return Lasting(True, begin, next(since, None))


def _is_so(held: tree.Held, known: Known, passes: Passes) -> bool:
    return passes(known) is not held.of_negation


def _as_of(known: Known, at: int) -> Known:
    return replace(known, question=replace(known.question, at=at))


# --- when what is said of a person may change


def _changes(known: Known, begin: int) -> list[int]:
    """The instants after `begin`, up to the question, at which a trait may become another, in order."""
    said = {_holds_from(fact) for fact in known.facts if fact.kind == "identify"}
    birthdays = {begin_of_day(day, known.when.zone) for day in _anniversaries(known, begin)}
    return sorted(instant for instant in said | birthdays if begin < instant <= known.when.at)


def _holds_from(fact: Fact) -> int:
    """When a statement may begin to hold; the first without a time always has, and then this is no change."""
    return fact.recorded_at if fact.is_undated else fact.occurred_at


def _anniversaries(known: Known, begin: int) -> Iterator[date]:
    """Each date that was ever said of a person and each of its anniversaries: on no other day do they grow older."""
    when = known.when
    first, last = day_holding(begin, when.zone), day_holding(when.at, when.zone)
    values = [value for fact in known.facts if fact.kind == "identify" for value in fact.properties.values()]
    for day in {day for value in values if (day := written_day(value)) is not None}:
        for years in count(max((first - day).days // 366, 0)):
            celebrated = anniversary(day, years, when.calendar)
            if celebrated is None or celebrated > last:
                break
            yield celebrated
