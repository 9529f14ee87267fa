"""Random patterns over short histories: both back ends answer what trying every choice of events answers.

`INTARSIA_CASES` is how many patterns are asked, `INTARSIA_SEED` where the random numbers begin.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from intarsia.clock import CalendarName, shift, to_instant, to_iso
from intarsia.language import show, tree
from tests.engine.brute_force import Deed, Pattern, Told
from tests.engine.populations import Batch, Population
from tests.engine.shop import message
from tests.engine.windows import random_window
from tests.engine.world import World

CASES = int(os.environ.get("INTARSIA_CASES", "240"))
SEED = int(os.environ.get("INTARSIA_SEED", "20261121"))
PATTERNS_PER_POPULATION = 20
PEOPLE = 24
TELLING_SHARE = 0.3
"""At least so many answers are neither nobody nor everybody."""

SENT = {"order": "Order Completed", "view": "Product Viewed", "cart": "Product Added"}
PATHS = ("a", "b")
ATS = (
    *("2024-02-29T12:00", "2024-03-31T02:30", "2024-03-31T23:59:59.999", "2024-10-27T02:30", "2024-05-15T12:00"),
    *("2024-03-01T00:00", "2024-12-31T23:00", "2024-09-22T00:00", "2024-03-20T10:00"),
)
ODD_TIMES = (
    *("2023-10-29T02:30", "2023-10-29T02:30+01:00", "2023-10-28T02:30", "2024-03-30T02:30", "2024-01-30T23:00"),
    *("2024-01-31T10:00", "2023-12-31T10:00", "2023-11-30T12:00", "2023-03-31T12:00", "2023-01-29T12:00"),
)
"""Before a clock changes, or at the end of a month longer than the next."""
ZONES = ("Europe/Prague", "Europe/Prague", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran")
LENGTHS: tuple[tree.Length, ...] = (
    *(tree.Length(1, "hour"), tree.Length(2, "hour"), tree.Length(1, "day"), tree.Length(1, "day")),
    *(tree.Length(2, "day"), tree.Length(1, "week"), tree.Length(1, "month"), tree.Length(1, "month")),
    *(tree.Length(3, "month"), tree.Length(1, "quarter"), tree.Length(1, "year"), tree.Length(90, "minute")),
)


class Patterns:
    """Makes patterns."""

    def __init__(self, chance: Random, at: int) -> None:
        self._chance = chance
        self._at = at

    def pattern(self) -> Pattern:
        """One of any kind, half of them sequences."""
        chance = self._chance
        event, where = self._event(), self._where()
        match chance.choice(("sequence",) * 4 + ("active", "lapsed", "first time", "returned")):
            case "sequence":
                return self._sequence()
            case "active":
                return self._active(event, where)
            case "lapsed":
                return tree.Lapsed(event, where, chance.choice(LENGTHS))
            case "first time":
                return tree.FirstTime(event, where, chance.choice(LENGTHS))
            case _:
                return tree.Returned(event, where, chance.choice(LENGTHS), chance.choice(LENGTHS))

    def _event(self) -> tree.Event:
        return tree.Event((self._chance.choice(tuple(SENT)),))

    def _where(self) -> tree.Condition | None:
        if self._chance.random() < 0.5:
            return None
        return tree.Test(tree.Path(("path",)), tree.Compare("=", tree.Text(self._chance.choice(PATHS))))

    def _within(self) -> tree.Length | None:
        return self._chance.choice(LENGTHS) if self._chance.random() < 0.6 else None

    def _sequence(self) -> tree.Sequence:
        chance = self._chance
        steps = [tree.Step(self._event(), self._where())]
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
            if chance.random() < 0.4:
                steps.append(tree.Step(self._event(), self._where(), self._within(), is_absent=True))
            steps.append(tree.Step(self._event(), self._where(), self._within()))
        if chance.random() < 0.3:
            steps.append(tree.Step(self._event(), self._where(), self._within(), is_absent=True))
        return tree.Sequence(tuple(steps), self._window() if chance.random() < 0.3 else None)

    def _window(self) -> tree.Window:
        window = random_window(self._chance, self._at)
        # A window whose end is said to come first is refused, and tells nothing.
        return self._window() if isinstance(window.period, tree.BetweenTimes) else window

    def _active(self, event: tree.Event, where: tree.Condition | None) -> tree.Active:
        chance = self._chance
        is_calendar = chance.random() < 0.4
        period = chance.choice(
            [length for length in LENGTHS if not is_calendar or length.unit not in ("hour", "minute")]
        )
        periods = chance.choice((1, 2, 3, 5))
        hits = chance.randint(1, min(periods, 2))
        return tree.Active(event, where, chance.choice((1, 1, 2)), hits, periods, period, is_calendar)


class History:
    """Makes short histories that come near to patterns: on the edges of their gaps, and a millisecond beside."""

    def __init__(self, chance: Random, at: int, zone: ZoneInfo, calendar: CalendarName) -> None:
        self._chance = chance
        self._at = at
        self._zone = zone
        self._calendar = calendar
        self._deeds: list[Deed] = []

    def enacted(self, patterns: Sequence[Pattern]) -> list[Deed]:
        """What somebody did who nearly did what some of the patterns ask for; at most nine events."""
        for _ in range(self._chance.choice((0, 1, 1, 2, 2, 3))):
            pattern = self._chance.choice(patterns)
            if isinstance(pattern, tree.Sequence):
                self._enact(pattern)
            else:
                self._put_around(pattern)
        return self._chance.sample(self._deeds, min(len(self._deeds), 9))

    def _do(self, node: tree.Step | Pattern, instant: int) -> None:
        """One event that fits a step, mostly."""
        assert not isinstance(node, tree.Sequence)
        path = self._chance.choice(PATHS)
        if isinstance(node.where, tree.Test) and self._chance.random() < 0.9:
            assert isinstance(node.where.operator, tree.Compare)
            path = str(node.where.operator.constant.value)
        self._deeds.append(Deed(node.event.names[0], min(instant, self._at + 1), path))

    def _moved(self, instant: int, length: tree.Length, direction: int = 1) -> int:
        moved = shift(instant, direction * length.count, length.unit, self._zone, self._calendar)
        return moved + self._chance.choice((0, 0, 0, 1, -1))

    def _origin(self) -> int:
        chance = self._chance
        if chance.random() < 0.25:
            return self._moved(self._at, chance.choice(LENGTHS), -1)
        if chance.random() < 0.5:
            return self._at - chance.randrange(100 * 86_400_000)
        odd = (to_instant(text, self._zone) for text in ODD_TIMES)
        return chance.choice([instant for instant in odd if instant <= self._at])

    def _enact(self, sequence: tree.Sequence) -> None:
        """Events for the steps, each at the edge of its gap or before; where something must not happen, its edges."""
        chance, before = self._chance, self._origin()
        absent: tree.Step | None = None
        previous = sequence.steps[0]
        for number, step in enumerate(sequence.steps):
            if step.is_absent:
                absent = step
                continue
            instant = before if number == 0 else self._moved(before, step.within or chance.choice(LENGTHS))
            if number and chance.random() < 0.3:
                instant = before + chance.randrange(max(1, instant - before))
            if absent is not None and chance.random() < 0.6:
                edge = self._moved(before, absent.within) if absent.within else chance.choice((before, instant))
                self._do(absent, chance.choice((edge, edge, instant, before + 1)))
            if absent is not None and chance.random() < 0.5:
                self._mislead(previous, absent, before, instant)
            self._do(step, instant)
            before, previous, absent = instant, step, None
        if absent is not None and chance.random() < 0.6:
            self._do(absent, self._moved(before, absent.within) if absent.within else before + chance.randrange(2))

    def _mislead(self, previous: tree.Step, absent: tree.Step, before: int, instant: int) -> None:
        """The step before once more, nearer to the next one, and followed by what must not happen."""
        end = before if absent.within is None else self._moved(before, absent.within)
        if instant - end > 3:
            nearer = self._chance.randrange(end + 1, instant - 1)
            self._do(previous, nearer)
            self._do(absent, nearer + 1)

    def _put_around(self, pattern: tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned) -> None:
        if isinstance(pattern, tree.Active):
            for number in self._chance.sample(range(pattern.periods + 1), min(3, pattern.periods)):
                period = tree.Length(number * pattern.period.count, pattern.period.unit)
                self._do(pattern, self._moved(self._at, period, -1) if number else self._at)
            return
        instant = self._moved(self._at, pattern.length, -1)
        self._do(pattern, instant)
        if isinstance(pattern, tree.Returned):
            self._do(pattern, self._moved(instant, pattern.after, -1))


def recorded(people: dict[str, list[Deed]], zone: ZoneInfo, calendar: CalendarName) -> Population:
    """The histories as messages; everybody is known by a visit that no pattern asks for."""
    messages = [message(who, "page", "2000-01-01T00:00:00Z", name="home") for who in people]
    messages += [
        message(who, "track", to_iso(deed.at), event=SENT[deed.name], properties={"path": deed.path})
        for who, done in people.items()
        for deed in done
    ]
    settings = {"timezone": zone.key, "calendar": calendar, "currency": "CZK", "threads": 1}
    return Population((Batch(to_instant("2030-01-01", zone), tuple(messages)),), settings, (), ())


def populations(folder: Path) -> Iterator[tuple[int, World, dict[str, Told], list[Pattern], int]]:
    """Populations in their worlds, each with what a third road knows of them, and patterns to ask."""
    for number in range(-(-CASES // PATTERNS_PER_POPULATION)):
        chance = Random(SEED + number)
        zone = ZoneInfo(chance.choice(ZONES))
        calendar: CalendarName = chance.choice(("gregorian", "gregorian", "jalali"))
        at = to_instant(chance.choice(ATS), zone) + chance.choice((0, 0, 1, -1))
        maker = Patterns(chance, at)
        patterns = [maker.pattern() for _ in range(PATTERNS_PER_POPULATION)]
        seeds = patterns[: PEOPLE // 2]
        people = {f"p{name:02}": History(chance, at, zone, calendar).enacted(seeds) for name in range(PEOPLE)}
        world = World(folder / str(number), recorded(people, zone, calendar))
        yield number, world, {who: Told(done, at, zone, calendar) for who, done in people.items()}, patterns, at
        world.close()


@pytest.mark.parametrize("road", ["by_engine", "by_interpreter"])
def test_a_pattern_holds_for_those_for_whom_some_choice_of_events_fits(tmp_path: Path, road: str) -> None:
    sizes: Counter[str] = Counter()
    for number, world, told, patterns, at in populations(tmp_path):
        with world.ask(at, None) as asked:
            for pattern in patterns:
                expected = {who for who, one in told.items() if one.holds(pattern)}
                found = getattr(asked, road)(pattern)
                place = f"INTARSIA_SEED={SEED}, population {number}, {told['p00'].zone}, at {to_iso(at)}"
                differing = sorted(expected ^ found)
                assert not differing, f"{place}\n{show(pattern)}\n{differing[0]}: {told[differing[0]].deeds}"
                sizes["nobody" if not expected else "everybody" if len(expected) == PEOPLE else "some"] += 1
    assert sizes["some"] >= TELLING_SHARE * sum(sizes.values()), sizes
