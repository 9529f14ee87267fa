"""Random people, segments, delays, edits and evaluations: what must be true of the ledger after every one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from intarsia.language import Checked, check, parse, tree
from intarsia.language.interpret import Question, members
from intarsia.membership.memberships import Change
from intarsia.membership.runs import Look
from intarsia.profile.derived import derive
from intarsia.record.history import people
from tests.membership.simulated import Simulation, instant, simulation
from tests.thorough import so_many

HOUR = 3_600_000
DAY = 24 * HOUR
WHO = [f"p{number}" for number in range(12)]
SEGMENTS = {
    "recent": "did order in last 10 days",
    "quiet": "never order in last 1 month and profile is known",
    "often": "count(order where total > 50, last 3 weeks) >= 2",
    "spenders": "sum(order.total, last 15 days) > 120 or city = 'a'",
    "month": "did order in this month and not did order in previous month",
    "renewing": "renewal in next 5 days or renewal in last 3 days",
    "grown": "age >= 18",
    "best": "top 3 by sum(order.total, last 20 days)",
    "both": "in segment 'recent' and not in segment 'best'",
    "lost": "not in segment 'recent' and did order",
    "settled": "city = 'a' for at least 5 days or city != 'b' for less than 3 days",
    "steady": "active(order, 2 of last 3 weeks) and trend(count(order), last 10 days) >= 0",
    "patient": "sequence(order, no order within 10 days)",
    "celebrating": "anniversary(birth_date) in next 5 days or lapsed(order, 15 days)",
}
EDITS = {
    "recent": "did order in last 12 days",
    "often": "count(order, last 3 weeks) >= 2",
    "month": "did order in this month",
    "grown": "age >= 18 and profile is known",
}
SAMPLES = 12
"""How many instants between a change and the run are looked at."""


def live(shop: Simulation, dice: random.Random, now: int) -> None:
    """A few messages, some of them late, one perhaps of the future."""
    for _ in range(dice.randint(0, 8)):
        who, at = dice.choice(WHO), now - dice.choice((0, 1, 3, 9, 25)) * DAY - dice.randint(0, 20) * HOUR
        match dice.randint(0, 5):
            case 0:
                shop.say(who, at, city=dice.choice("ab"))
            case 1:
                shop.say(who, None, renewal=f"2024-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}")
            case 2:
                shop.say(who, at, birth_date=f"2006-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}")
            case _:
                shop.order(who, at + dice.choice((0, 0, 0, 2)) * DAY, total=dice.choice((20, 60, 90)))


class Observer:
    """What the ledger should be, worked out from the record by plain Python."""

    def __init__(self, shop: Simulation) -> None:
        workspace = shop.workspace
        catalog = workspace.catalog()
        definitions = workspace.segments.all()
        self.segments: dict[str, Checked] = {
            definition.name: check(parse(definition.text), catalog) for definition in definitions
        }
        self.created = {definition.name: definition.created_at for definition in definitions}
        with workspace.session() as session:
            numbers = session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
            self.people = {person.id: person for person in people(session, numbers, "CZK")}

    def members(self, name: str, at: int, known_at: int) -> set[str]:
        """Who is in, as of any question."""
        asked = Question(at, known_at)
        everybody = self.people.values()
        return set(members(self.segments[name], everybody, asked, segments=self.segments, derive=derive))

    def is_in(self, name: str, who: str, at: int, known_at: int) -> bool:
        """Whether one person is in, where nobody else decides."""
        return bool(members(self.segments[name], [self.people[who]], Question(at, known_at), derive=derive))

    def is_of_one_person(self, name: str) -> bool:
        """Whether nobody else's facts and no ledger decide."""
        return not any(isinstance(node, tree.Rank | tree.InSegment) for node in self.segments[name].tree.walk())


def replayed(changes: list[Change]) -> set[str]:
    found: set[str] = set()
    for change in changes:
        assert (change.profile_id in found) is not change.entered, change
        (found.add if change.entered else found.discard)(change.profile_id)
    return found


def counted(changes: list[Change]) -> list[tuple[int, int]]:
    """The size at each instant of a change: of each person the latest of what was written of that instant counts."""
    found: list[tuple[int, int]] = []
    for at in sorted({change.valid_at for change in changes}):
        said = {change.profile_id: change.entered for change in changes if change.valid_at <= at}
        found.append((at, sum(said.values())))
    return found


def is_dated_right(change: Change, observer: Observer, look: Look, dice: random.Random) -> None:
    """It is so from its instant up to the run, and was not just before, unless the segment was defined then."""
    name, who, known_at = change.segment, change.profile_id, look.known_at
    instants = [change.valid_at, look.at, *(dice.randint(change.valid_at, look.at) for _ in range(SAMPLES))]
    assert {observer.is_in(name, who, at, known_at) for at in instants} == {change.entered}, change
    was_in = observer.is_in(name, who, change.valid_at - 1, known_at)
    assert was_in is not change.entered or change.valid_at == observer.created[name], change


def observe(shop: Simulation, before: int, previous: Look | None, edited: set[str], dice: random.Random) -> Look:
    """Hold the last run against the record; before: how many changes there were."""
    observer, last = Observer(shop), shop.workspace.memberships.last_run()
    assert last is not None
    look, history = last.look, shop.history()
    for name in observer.segments:
        own = [change for change in history if change.segment == name]
        assert replayed(own) == set(shop.current(name)) == observer.members(name, look.at, look.known_at)
        shown = [(size.at, size.size) for size in shop.workspace.memberships.sizes(name)]
        assert sizes_differ(shown) == sizes_differ(counted(own))
    as_known = (
        {}
        if previous is None
        else {name: observer.members(name, look.at, previous.known_at) for name in observer.segments}
    )
    for change in history[before:]:
        if previous is None or change.segment in edited:
            assert change.cause == "definition"
            assert change.valid_at == observer.created[change.segment] or change.segment in ("both", "lost")
        else:
            was_known = (change.profile_id in as_known[change.segment]) is change.entered
            assert change.cause == ("time" if was_known else "data"), change
            if observer.is_of_one_person(change.segment):
                is_dated_right(change, observer, look, dice)
    return look


def sizes_differ(sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sizes that are another than the one before."""
    before = [0, *(size for _, size in sizes)]
    return [item for item, previous in zip(sizes, before, strict=False) if item[1] != previous]


def a_life(folder: Path, seed: int, runs: int) -> None:
    """A shop with some evaluations."""
    dice = random.Random(seed)
    now = instant("2024-02-20")
    with simulation(folder, "2024-02-20") as shop:
        known = {"city": "c", "renewal": "2024-03-01", "birth_date": "2006-03-31"}
        shop.record(*(shop.said(who, now - 60 * DAY, **known) for who in WHO))
        live(shop, dice, now)
        for name, text in SEGMENTS.items():
            shop.define(name, text)
        previous: Look | None = None
        for _ in range(runs):
            now += dice.choice((1, 5, 30, 24 * 7, 24 * 20)) * HOUR + dice.randint(0, HOUR)
            shop.now(now)
            edited = edit(shop, dice)
            now += dice.randint(1, 1000)
            shop.now(now)
            live(shop, dice, now)
            now += dice.randint(1, HOUR)
            before = len(shop.history())
            shop.evaluate(now)
            previous = observe(shop, before, previous, edited, dice)


def edit(shop: Simulation, dice: random.Random) -> set[str]:
    """Now and then a definition is changed; those that name it say something else then too."""
    if dice.random() > 0.3:
        return set()
    name = dice.choice(sorted(EDITS))
    definition = shop.workspace.segments.get(name)
    if definition.text == EDITS[name]:
        return set()
    shop.workspace.segments.edit(name, EDITS[name])
    return {name, *({"both", "lost"} if name == "recent" else ())}


LIVES = [(1, 3), *((seed, 12) for seed in range(100, 100 + so_many(0, 6)))]


@pytest.mark.parametrize(("seed", "runs"), LIVES)
def test_the_ledger_is_what_the_record_says(tmp_path: Path, seed: int, runs: int) -> None:
    a_life(tmp_path / "shop", seed, runs)
