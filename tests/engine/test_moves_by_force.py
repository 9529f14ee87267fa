"""Who entered and left, held against SQL that is asked at every instant at which anything could change, and around it.

Nothing of what lists such instants or decides moves is used for the comparison: only the answer as of one instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intarsia.clock import begin_of_day, local_date, shift, to_iso
from intarsia.language import parse, tree
from intarsia.language.meaning.windows import Interval, interval
from tests.engine.past import PastShop, Versions, named, pin, with_segments
from tests.engine.populations import Message
from tests.engine.shop import PRAGUE, instant, order, said, track
from tests.engine.world import Asked
from tests.thorough import THOROUGH, so_many

HOUR = 3_600_000
BEGIN, NOW = "2024-03-29T12:00", "2024-04-02T12:00"
"""Four days with the change to summer time in them."""

WHO = ("ada", "ben", "cyd")
LENGTHS = ((2, "hour"), (12, "hour"), (1, "day"), (2, "day"))
SEGMENTS: dict[str, Versions] = {
    "recent": "did order in last 12 hours",
    "often": "count(order where total > 50, last 2 days) >= 2 or city = 'b'",
    "quiet": "never order in last 1 day",
    "today": "did order in today and not city = 'a'",
    "renewing": "renewal in tomorrow or renewal in last 2 hours",
    "best": "top 1 by sum(order.total, last 1 day)",
    "hidden": "not in segment 'best' and did order in last 2 days",
    "held": "city = 'a' for at least 12 hours",
    "waiting": "sequence(order, no order within 12 hours)",
    "fresh": "entered segment 'recent' in last 2 hours",
    "was": "in segment 'recent' at 2024-03-31 and did order in last 12 hours",
    "edited": [("2024-03-30T06:00", "did order"), ("2024-03-31", "in segment 'quiet'"), ("2024-04-01", "everyone")],
    "vip": [("2024-03-30", "-- ada cyd"), ("2024-03-31", "-- ben cyd nobody")],
    "buying": "active(order, 1 of last 2 days) and trend(sum(order.total), last 1 day) > -1",
}  # fmt: skip
IN_CHECK = ("best", "vip")
"""Of these alone are the moves worked out in `make check`."""
WINDOWS = ("", " in last 1 day", " in today", " since 2024-03-31", " between 30 and 60 hours ago", " in last 10 hours")


def life(chance: Random) -> dict[str, list[Message]]:
    """Messages by when they were recorded: some at once, some late."""
    begin, hours = instant(BEGIN), (instant(NOW) - instant(BEGIN)) // HOUR
    batches: dict[int, list[Message]] = {}
    for who in WHO:
        for _ in range(chance.randrange(2, 4)):
            at = begin + HOUR * chance.randrange(-12, hours)
            late = chance.choice((0, 0, 0, HOUR * 5, HOUR * 30))
            batches.setdefault(at + late, []).append(_message(chance, who, at))
    return {str(recorded): batches[recorded] for recorded in sorted(batches)}


def _message(chance: Random, who: str, at: int) -> Message:
    when = to_iso(at)
    day = str(local_date(at + 24 * HOUR * chance.randrange(3), PRAGUE))
    found: list[Message] = [order(who, when, total=chance.choice((30, 60, 90)))] * 4
    found += [said(who, when, city=chance.choice("ab")), said(who, None, renewal=day)]
    return chance.choice([*found, track(who, chance.choice(("Profile Deleted", "Profile Restored")), when)])


class Force:
    """Answers of SQL as of one instant each."""

    def __init__(self, shop: PastShop, asked: Asked) -> None:
        self._evaluator = asked.evaluator
        self._named = {
            name: named(asked.catalog, said, shop.pins.get(name, ())) for name, said in shop.segments.items()
        }
        self._edits = sorted({version.created_at for one in self._named.values() for version in one.versions})
        self._kept: dict[tuple[str, int, int], frozenset[str]] = {}

    def members(self, name: str, at: int, defined_at: int) -> frozenset[str]:
        """The profile ids in a segment as it was asked at an instant, by the definitions of perhaps another."""
        life = sum(edit <= defined_at for edit in self._edits)
        if (name, at, life) not in self._kept:
            with self._evaluator.as_asked(at, defined_at) as earlier:
                found = earlier.members_by(name, self._named[name].in_force(defined_at))
                self._kept[name, at, life] = earlier.ids_of(found)
        return self._kept[name, at, life]

    def moves(self, name: str, instants: Sequence[int]) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
        """Each of the instants with who was in just before and then, by the definitions in force then."""
        for at in instants:
            if at >= self._named[name].created_at:
                yield at, self.members(name, at - 1, at), self.members(name, at, at)


def candidates(shop: PastShop, asked: Asked, name: str) -> list[int]:
    """Every instant at which something happens, is learned, begins or ends, so long after, midnights; and the next."""
    profiles = [fact for person in asked.people for fact in person.facts]
    found = {instant for fact in profiles for instant in (fact.occurred_at, fact.recorded_at)}
    found |= {edge for pins in shop.pins.values() for one in pins for edge in one.edges()}
    found |= {instant(when) for _, _, *ends in shop.merges for when in ends if when is not None}
    found |= {edit for said in shop.segments.values() if not isinstance(said, str) for edit in map(instant, dict(said))}
    begin = min(found)
    midnights = {begin_of_day(local_date(begin + 24 * HOUR * day, PRAGUE), PRAGUE) for day in range(7)}
    found |= midnights
    asked_for = rules(shop, name)
    for count, unit in LENGTHS:
        if f"{count} {unit}" in asked_for:
            found |= {shift(at, count, unit, PRAGUE) for at in found}  # type: ignore[arg-type]
    return sorted(at + step for at in found for step in (0, 1) if at + step <= asked.question.at)


def rules(shop: PastShop, name: str) -> str:
    """What a segment and those that it names say."""
    own = shop.segments[name]
    said = own if isinstance(own, str) else " ".join(text for _, text in own)
    return " ".join([said, *(rules(shop, other) for other in shop.segments if f"'{other}'" in said)])


def compare(shop: PastShop, names: Sequence[str], seed: int) -> None:
    """Hold both back ends against force, for some segments and all windows."""
    with shop.world.ask(instant(NOW), None) as asked:
        asked.catalog = with_segments(asked.catalog, shop.segments)
        for name, rules in shop.segments.items():
            asked.segments[name] = named(asked.catalog, rules, shop.pins.get(name, ()))
        force = Force(shop, asked)
        ids = {person.id: frozenset(person.ids) for person in asked.people}
        base = asked.base()
        for name in names:
            moves = list(force.moves(name, candidates(shop, asked, name)))
            for how in ("entered", "left"):
                for window in WINDOWS:
                    text = f"{how} segment '{name}'{window}"
                    expected = set(_expected(asked, text, moves, {who: ids[who] for who in base}))
                    rule = parse(text)
                    told = f"{text}, seed {seed}"
                    assert asked.by_interpreter(rule) == expected, told
                    assert asked.by_engine(rule) == expected, told


def _expected(asked: Asked, text: str, moves: list[Any], ids: dict[str, frozenset[str]]) -> Iterator[str]:
    node = parse(text)
    assert isinstance(node, tree.Moved)
    span = Interval() if node.window is None else interval(node.window, asked.question.at, PRAGUE)
    for who, theirs in ids.items():
        for at, before, after in moves:
            was_in, is_in = bool(theirs & before), bool(theirs & after)
            if span.holds(at) and (was_in, is_in) == ((False, True) if node.how == "entered" else (True, False)):
                yield who
                break


def shop_of(folder: Path, seed: int) -> PastShop:
    chance = Random(seed)
    pins = {
        "recent": [pin("ada", "2024-03-30T08:00", until="2024-03-31T08:00"), pin("cyd", "2024-03-31", out=True)],
        "best": [pin("ben", "2024-03-30T20:00", removed="2024-04-01T03:00")],
    }
    merges = [("ben", "cyd", "2024-03-31T10:00", chance.choice((None, "2024-04-01T15:00")))]
    return PastShop(folder, life(chance), SEGMENTS, pins=pins, merges=merges if seed % 2 else [])


def test_moves_are_those_that_sql_finds_at_every_instant(tmp_path: Path) -> None:
    compare(shop_of(tmp_path / "shop", 1), ("recent",), 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", SEGMENTS if THOROUGH else IN_CHECK)
@pytest.mark.parametrize("seed", range(10, 10 + so_many(1, 4)))
def test_moves_of_every_sort_of_segment_are_those_that_sql_finds(tmp_path: Path, seed: int, name: str) -> None:
    compare(shop_of(tmp_path / "shop", seed), (name,), seed)
