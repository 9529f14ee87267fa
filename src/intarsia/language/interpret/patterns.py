"""What speaks of several events in time: `sequence`, `active`, `lapsed`, `first_time`, `returned` (rules 32 to 35)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from intarsia.clock import shift
from intarsia.language import tree
from intarsia.language.interpret.aggregates import events
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.subjects import Subject
from intarsia.language.meaning.periods import periods
from intarsia.language.meaning.windows import Interval

Pattern = tree.Sequence | tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned


def fits_pattern(node: Pattern, known: Known) -> bool:
    """Whether what a person did has the form that is asked for."""
    match node:
        case tree.Sequence():
            return choice(node, known).is_whole
        case tree.Active(hits=hits):
            return sum(period.is_hit for period in activity(node, known)) >= hits
        case tree.Lapsed(event=event, where=where, length=length):
            is_recent = bool(events(event, where, last(length), known))
            return not is_recent and bool(events(event, where, None, known))
        case tree.FirstTime(event=event, where=where, length=length):
            first = events(event, where, None, known)[:1]
            return bool(first) and known.when.instants(last(length)).holds(first[0].fact.occurred_at)
        case tree.Returned():
            return any(found.is_after_a_break for found in comebacks(node, known))


def last(length: tree.Length) -> tree.Window:
    """The window `last ..`, by the workspace's clock and calendar."""
    return tree.Window(tree.Rolling("last", length))


def _shifted(instant: int, length: tree.Length, known: Known, *, direction: int = 1) -> int:
    """The instant so long after another one, or with direction -1 before it."""
    return shift(instant, direction * length.count, length.unit, known.when.zone, known.when.calendar)


# --- sequences


@dataclass(frozen=True)
class Link:
    """One event of a choice, and the one that was chosen for the step before."""

    event: Subject
    before: Link | None = None

    @property
    def at(self) -> int:
        """When it happened."""
        return self.event.fact.occurred_at

    def chain(self) -> tuple[Subject, ...]:
        """The events of the choice so far, the first step's first."""
        return (*(self.before.chain() if self.before else ()), self.event)


@dataclass(frozen=True)
class Choice:
    """How far a sequence can be followed, and one choice of events that leads there.

    steps_met  how many steps it meets, from the first on, absences counted too
    events     what was chosen for the present ones of them, in their order
    """

    steps_met: int
    events: tuple[Subject, ...]
    is_whole: bool


@dataclass(frozen=True)
class Absence:
    """`no E within G`: nothing of the kind in (t, t+G], where t is the present step before.

    times  when such events happened, in order
    The span is cut at the next present step, whose own instant is outside: what happened at that instant did not
    happen between the two.
    """

    times: tuple[int, ...]
    within: tree.Length | None

    def broken_at(self, before: int, known: Known) -> int | None:
        """When something of the kind first happened in the span after `before`, were it not cut; None: it did not."""
        place = bisect_right(self.times, before)
        first = self.times[place] if place < len(self.times) else None
        if first is None or self.within is None:
            return first
        return first if first <= _shifted(before, self.within, known) else None

    def holds_to_the_end(self, before: int, known: Known) -> bool:
        """Whether the whole span after the last present step has passed without one; without a length, up to `at`."""
        has_passed = self.within is None or _shifted(before, self.within, known) <= known.question.at
        return has_passed and self.broken_at(before, known) is None


def choice(node: tree.Sequence, known: Known) -> Choice:
    """A choice of events that meets as many steps as any does; of several, one whose last event is the latest.

    Every event that can end a valid choice is carried on from step to step, not only the first or the nearest: the
    next step may fit only one of them.
    """
    links: list[Link] = []
    absence: Absence | None = None
    best = Choice(0, (), is_whole=False)
    for number, step in enumerate(node.steps):
        found = events(step.event, step.where, None if number else node.window, known)
        if step.is_absent:
            absence = Absence(tuple(event.fact.occurred_at for event in found), step.within)
            continue
        links = _linked(links, found, step, absence, known) if number else [Link(event) for event in found]
        absence = None
        if not links:
            return best
        best = Choice(number + 1, links[-1].chain(), is_whole=number + 1 == len(node.steps))
    if absence is not None:
        links = [link for link in links if absence.holds_to_the_end(link.at, known)]
    return Choice(len(node.steps), links[-1].chain(), is_whole=True) if links else best


def _linked(
    links: list[Link], found: tuple[Subject, ...], step: tree.Step, absence: Absence | None, known: Known
) -> list[Link]:
    """Each event of a step that can follow one of the links, with the latest that it can follow."""
    ends = [_last_follower(link.at, step, absence, known) for link in links]
    chosen = []
    for event in found:
        at = event.fact.occurred_at
        before = (link for link, end in zip(reversed(links), reversed(ends), strict=True) if link.at < at <= end)
        link = next(before, None)
        if link is not None:
            chosen.append(Link(event, link))
    return chosen


def _last_follower(before: int, step: tree.Step, absence: Absence | None, known: Known) -> int:
    """The last instant at which a step may follow an event at `before`: within its gap, with nothing between."""
    end = known.question.at if step.within is None else _shifted(before, step.within, known)
    broken_at = absence.broken_at(before, known) if absence is not None else None
    return end if broken_at is None else min(end, broken_at)


# --- activity


@dataclass(frozen=True)
class Activity:
    """One period of `active` with the events in it; a hit has at least so many as are asked for."""

    span: Interval
    event_count: int
    is_hit: bool


def activity(node: tree.Active, known: Known) -> tuple[Activity, ...]:
    """The periods with what happened in them, the newest first."""
    times = [event.fact.occurred_at for event in events(node.event, node.where, None, known)]
    found = []
    for span in periods(node, known.when.instants):
        count = sum(span.holds(time) for time in times)
        found.append(Activity(span, count, count >= node.times))
    return tuple(found)


# --- comebacks


@dataclass(frozen=True)
class Comeback:
    """An event in the window and the nearest one strictly before it; a break lies between if that is long ago."""

    event: Subject
    earlier: Subject
    is_after_a_break: bool


def comebacks(node: tree.Returned, known: Known) -> Iterator[Comeback]:
    """Each event in the window that has an earlier one, by time."""
    found = events(node.event, node.where, None, known)
    times = [event.fact.occurred_at for event in found]
    window = known.when.instants(last(node.length))
    for event in found:
        at = event.fact.occurred_at
        earlier = bisect_left(times, at) - 1
        if window.holds(at) and earlier >= 0:
            has_break = times[earlier] <= _shifted(at, node.after, known, direction=-1)
            yield Comeback(event, found[earlier], has_break)
