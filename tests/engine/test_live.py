"""Who is in, kept up step by step, is who would be in if everything were asked anew: random people and rules."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.live import AT_ONCE, Live
from intarsia.errors import UserError
from intarsia.language import check, tree
from intarsia.language.checking.named import Named
from intarsia.language.meaning.facts import Person
from intarsia.profile.derived import derive, sources
from tests.engine.by_columns import when
from tests.engine.held_tables import HeldTables
from tests.engine.populations import Batch, Message, Population, random_population
from tests.engine.rules import Decks, Rules
from tests.engine.test_agreement import SEED
from tests.engine.world import Asked, World
from tests.thorough import so_many

LIVES = so_many(2, 400)
ENOUGH = 20
SEGMENTS = 10
STEPS = 8
"""Into so many steps the second half of each life is cut."""
DAY = 86_400_000
MOST_BY_OTHERS = 2
"""So many of a life's segments columns may not answer."""


def test_what_is_kept_up_is_what_is_asked_anew(tmp_path: Path) -> None:
    decks, met = Decks(), Counter[str]()
    for number in range(LIVES):
        life = Life(tmp_path / str(number), Random(SEED + number), decks)
        life.live(f"INTARSIA_SEED={SEED}, life {number}")
        met.update(life.met)
    print(dict(met))
    assert all(met[what] for what in ("added", "read again", "by definition"))
    if LIVES >= ENOUGH:  # of fewer, chance decides
        assert all(met[what] for what in ("by others", "by time", "cut short"))


class Life:
    """One population, recorded step by step, with its segments kept up."""

    def __init__(self, folder: Path, chance: Random, decks: Decks) -> None:
        whole = random_population(chance)
        self.chance, self.met = chance, Counter[str]()
        self.at = max(at for at, _ in whole.questions)
        messages = [message for batch in whole.batches for message in batch.messages]
        chance.shuffle(messages)
        half = len(messages) // 2
        self.rest = messages[half:]
        final = World(folder / "whole", whole, opens=HeldTables)
        self.segments = self._rules(final, whole, decks)
        final.close()
        first = Population((Batch(self.at, tuple(messages[:half])),), whole.settings, (), (), (), whole.pins)
        self.world = World(folder / "life", first, opens=HeldTables)
        self.world.catalog = final.catalog
        self.open = ExitStack()
        self.asked = self._ask()
        self.kept = self._begin()

    def _rules(self, world: World, whole: Population, decks: Decks) -> dict[str, Named]:
        """Segments that speak of what will have happened, some of others before them."""
        with world.ask(self.at, None) as asked:
            facts = [fact for person in asked.people for fact in person.facts]
            rules = Rules(
                self.chance,
                lambda: asked.catalog,
                facts=facts,
                values=asked.values,
                windows=whole.windows,
                at=self.at,
                decks=decks,
            )
            others = 0
            while len(asked.segments) < SEGMENTS:
                rule = rules.rule()
                is_others = not _is_in_columns(rule, asked)
                if not is_others or (others < MOST_BY_OTHERS and not _is_slow(rule)):
                    others += is_others
                    asked.define(f"s{len(asked.segments)}", rule)
            return {name: named for name, named in asked.segments.items() if isinstance(named, Named)}

    def _ask(self) -> Asked:
        """Both back ends, as of now."""
        self.open.close()
        asked = self.open.enter_context(self.world.ask(self.at, None))
        asked.segments.update(self.segments)
        return asked

    def _begin(self) -> Live:
        names = self.asked.names
        ids = [names.get(number) for number in range(max(names, default=-1) + 1)]
        self.columns = Grown(lambda: Builder(self.asked.evaluator), ids, Derivation(derive, sources), self.at)
        arrivals, places = Arrivals(), {name: number for number, name in names.items()}
        for person in self.asked.people:
            for one in person.ids:
                places[one] = places[person.id]
            arrivals.learn(places[person.id], person.facts)
        at_once = self.chance.choice((3, AT_ONCE))
        self.is_superseded = False
        live = Live(
            self.columns,
            places,
            {},
            answer=self._answer,
            arrivals=arrivals,
            at_once=at_once,
            is_superseded=lambda: self.is_superseded,
        )
        for person in self.asked.people:
            live.await_later(places[person.id], person)
        live.define(self.segments)
        return live

    def _answer(self, name: str) -> Array:
        """What is said of a segment that columns do not answer."""
        members = self.asked.by_interpreter(tree.InSegment(name))
        found = np.zeros(self.columns.size, np.bool_)
        found[[number for number, profile_id in self.asked.names.items() if profile_id in members]] = True
        return found

    def live(self, told: str) -> None:
        self._compare(told)
        for _ in range(STEPS):
            self.at += self.chance.choice((1, 1000, 3_600_000, DAY, 3 * DAY, self.chance.randrange(30 * DAY)))
            self.asked = self._ask()
            self.met["by time"] += len(self.kept.tick(self.at))
            self._read_again()
            self._compare(f"{told}, by time")
            self._edit()
            self._compare(f"{told}, by definition")
            some = self.chance.randrange(1, max(2, len(self.rest) // 3))
            self._learn(self.rest[:some])
            self.rest = self.rest[some:]
            self._compare(f"{told}, by data")
        self.open.close()
        self.world.close()

    def _edit(self) -> None:
        """Let a segment say what another one says, perhaps while an evaluation by the old definitions is cut short."""
        number = self.chance.randrange(1, SEGMENTS)
        name, other = f"s{number}", f"s{self.chance.randrange(number)}"
        self.segments = {**self.segments, name: self.segments[other]}
        self.asked = self._ask()
        self.is_superseded = self.chance.random() < 0.5
        found = self.kept.define(self.segments, {name})
        if self.kept.unfinished:
            self.met["cut short"] += 1
            self.is_superseded = False
            found += self.kept.define(self.segments, ())
        assert not self.kept.unfinished
        assert all(change.cause == "definition" for change in found)
        self.met["by definition"] += len(found)

    def _learn(self, messages: list[Message]) -> None:
        self.at += 1
        catalog = self.world.catalog
        self.world.record(messages, self.at)
        self.world.catalog = catalog
        self.asked = self._ask()
        new = [(person.id, fact) for person in self._alone() for fact in person.facts if fact.recorded_at == self.at]
        changes = self.kept.take(new, self.at)
        self.met["added"] += len(new)
        assert all(change.cause in ("data", "time") for change in changes)
        self._read_again()

    def _alone(self) -> list[Person]:
        """Everybody's facts, by profile: nobody is joined."""
        return list(self.asked.profiles)

    def _read_again(self) -> None:
        """Do what is left to whoever keeps it up: who is one person, and whom all facts are needed of."""
        numbers = {name: number for number, name in self.asked.names.items()}
        by_place = {numbers[person.id]: person for person in self.asked.people}
        for person in self.asked.people:
            for one in person.ids:
                self.kept.stand(one, numbers[person.id])
        self.met["read again"] += len(self.kept.unread)
        self.kept.read(
            {place: by_place.get(place, Person(self.asked.names[place], ())) for place in sorted(self.kept.unread)}
        )
        self.kept.refresh()
        self.met["by others"] += len(self.kept.by_others)
        self.met.update(f"- {reason}" for reason in self.kept.by_others.values())

    def _compare(self, told: str) -> None:
        for name in self.segments:
            try:
                expected = self.asked.by_interpreter(tree.InSegment(name))
            except UserError:
                continue
            found = {self.asked.names[place] for place in np.flatnonzero(self.kept.members[name]).tolist()}
            assert found == expected, f"{told}: {name}, {self.kept.by_others.get(name)}"


def _is_in_columns(rule: tree.Condition, asked: Asked) -> bool:
    """Whether columns answer a rule, and say when that may change."""

    def given(node: tree.Condition, answers: Answers) -> Array | None:
        is_named = isinstance(node, tree.InSegment) and node.at is None
        return np.zeros(answers.size, np.bool_) if is_named else None

    answers = Answers(Builder(asked.evaluator), when(asked), None, given)
    try:
        answers.members(check(rule, asked.catalog))
        answers.next_changes(rule)
    except NotInColumns:
        return False
    return True


def _is_slow(rule: tree.Condition) -> bool:
    return any(isinstance(node, tree.Moved) for node in rule.walk())
