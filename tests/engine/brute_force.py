"""Patterns over events by trying every choice of events: a third road beside the two back ends, for short histories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from intarsia.clock import CalendarName, begin_of_day, local_date, shift, step
from intarsia.language import tree
from intarsia.language.meaning.windows import interval

Pattern = tree.Sequence | tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned


@dataclass(frozen=True)
class Deed:
    """One event: its short name, when it happened (milliseconds UTC), and its property `path`."""

    name: str
    at: int
    path: str


@dataclass(frozen=True)
class Told:
    """What one person did up to `at`, and by whose clock and calendar it is seen; weeks begin on Monday."""

    deeds: Sequence[Deed]
    at: int
    zone: ZoneInfo
    calendar: CalendarName

    def holds(self, pattern: Pattern) -> bool:
        """Whether the person did what is asked for."""
        match pattern:
            case tree.Sequence():
                return any(self._is_valid(pattern, chosen) for chosen in self._choices(pattern))
            case tree.Active(times=times, hits=hits):
                found = self._times(pattern)
                counts = [sum(self._is_in(time, period) for time in found) for period in self._periods(pattern)]
                return sum(count >= times for count in counts) >= hits
            case tree.Lapsed(length=length):
                found, begin = self._times(pattern), self._shifted(self.at, length, -1)
                return found != [] and all(time < begin for time in found)
            case tree.FirstTime(length=length):
                found, begin = self._times(pattern), self._shifted(self.at, length, -1)
                return found != [] and min(found) >= begin
            case tree.Returned(length=length, after=after):
                found, begin = self._times(pattern), self._shifted(self.at, length, -1)
                pairs = [(max((one for one in found if one < time), default=None), time) for time in found]
                return any(
                    earlier is not None and time >= begin and earlier <= self._shifted(time, after, -1)
                    for earlier, time in pairs
                )

    def _shifted(self, instant: int, length: tree.Length, direction: int = 1) -> int:
        return shift(instant, direction * length.count, length.unit, self.zone, self.calendar)

    def _times(self, node: Pattern | tree.Step) -> list[int]:
        assert not isinstance(node, tree.Sequence)
        return [deed.at for deed in self._fitting(node.event, node.where)]

    def _fitting(self, event: tree.Event, where: tree.Condition | None) -> list[Deed]:
        """The deeds of a kind, up to `at`; a filter is `path = 'x'`."""
        found = [deed for deed in self.deeds if deed.name == event.names[0] and deed.at <= self.at]
        if where is None:
            return found
        assert isinstance(where, tree.Test)
        assert isinstance(where.operator, tree.Compare)
        wanted = where.operator.constant
        assert isinstance(wanted, tree.Text)
        return [deed for deed in found if deed.path == wanted.value]

    # --- sequences

    def _choices(self, sequence: tree.Sequence) -> Iterator[tuple[Deed, ...]]:
        present = [step for step in sequence.steps if not step.is_absent]
        yield from product(*(self._fitting(step.event, step.where) for step in present))

    def _is_valid(self, sequence: tree.Sequence, chosen: tuple[Deed, ...]) -> bool:
        """Whether each event of a choice is strictly later than the one before, and all filters and gaps fit."""
        if any(after.at <= before.at for before, after in pairwise(chosen)):
            return False
        if sequence.window is not None:
            seen = interval(sequence.window, self.at, self.zone, 0, self.calendar)
            if not seen.holds(chosen[0].at):
                return False
        place = -1
        for asked in sequence.steps:
            if asked.is_absent:
                after = chosen[place + 1].at if place + 1 < len(chosen) else None
                if not self._is_absent(asked, chosen[place].at, after):
                    return False
                continue
            place += 1
            is_bounded = place > 0 and asked.within is not None
            if is_bounded and chosen[place].at > self._shifted(chosen[place - 1].at, asked.within):  # type: ignore[arg-type]
                return False
        return True

    def _is_absent(self, asked: tree.Step, before: int, after: int | None) -> bool:
        """Whether nothing of the kind happened in (t, t+G], cut at the next present step; at the end it has passed."""
        end = None if asked.within is None else self._shifted(before, asked.within)
        if after is None and end is not None and end > self.at:
            return False
        times = [time for time in self._times(asked) if before < time]
        times = [time for time in times if end is None or time <= end]
        return not [time for time in times if after is None or time < after]

    # --- active

    def _periods(self, active: tree.Active) -> list[tuple[int, int]]:
        """First instant and first after of each period."""
        count, unit = active.period.count, active.period.unit
        numbers = range(active.periods + 1)
        if not active.is_calendar:
            edges = [shift(self.at, -count * number, unit, self.zone, self.calendar) for number in numbers]
            edges[0] = self.at + 1
        else:
            this = interval(tree.Window(tree.Calendar("this", unit)), self.at, self.zone, 0, self.calendar)
            assert this.begin is not None
            today = local_date(this.begin, self.zone)
            days = [step(today, -count * number, unit, self.calendar)[0] for number in numbers]
            edges = [begin_of_day(day, self.zone) for day in days]
        return [(older, newer) for newer, older in pairwise(edges)]

    def _is_in(self, time: int, period: tuple[int, int]) -> bool:
        return period[0] <= time < period[1]
