"""Random walks of messages and decisions, made both of the lake's identities and of the naive ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language import parse, show, tree
from tests.engine.populations import Population
from tests.engine.rules import Rules
from tests.engine.shop import instant
from tests.engine.windows import random_window
from tests.engine.world import Asked, World
from tests.identity.naive import FOR_EVER, Naive

Message = dict[str, Any]

BEGIN = instant("2024-01-01")
DAY = 86_400_000
AT = BEGIN + 400 * DAY
SETTINGS: dict[str, Any] = {"timezone": "Europe/Prague", "currency": "CZK", "country": "CZ", "threads": 1}

IDS = ("ada", "ben", "cyd", "dan", "eve", "d-1", "d-2")
EMAILS = ("x@a.cz", "y@a.cz", "info@a.cz")
PHONES = ("+420777123456", "+420777123457")
NAMES = ("ada", "a.", "ben")

RANDOM_RULES = 8
RULES = (
    "everyone",
    "profile is identified",
    "profile in ('ada', 'd-1')",
    "not profile = 'ben'",
    "count(order) = 1",
    "sum(order.total) >= 200",
    "first_name is known",
    "email = 'x@a.cz'",
    "bucket('s') < 0.5",
    "top 2 by sum(order.total)",
    "bottom 1 by count(any event)",
)


class Walk:
    """A workspace and its naive twin."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.world = World(folder, Population((), {**SETTINGS, **settings}, (), ()), is_loose=True)
        self.naive = Naive(most=settings.get("identity_most", 3))
        self._numbers = count(1)

    def record(self, message: Message, at: int) -> None:
        """Record a message in both."""
        full = {"messageId": f"m{next(self._numbers):05}", "timestamp": to_iso(at), **message}
        receipt = self.world.record([full], at)
        assert receipt.statuses == ["accepted"], receipt
        self.naive.record(full, at)

    def merge(self, one: str, other: str, at: int) -> None:
        """Merge in both, unless the two are one."""
        try:
            self.world.merge(one, other, at)
        except UserError:
            return
        self.naive.merge(one, other, at)

    def unmerge(self, profile: str, at: int) -> None:
        """Unmerge in both, unless the profile is alone."""
        try:
            self.world.unmerge(profile, at)
        except UserError:
            return
        self.naive.unmerge(profile, at)

    def groups(self, known_at: int) -> set[frozenset[str]]:
        """Who is one person, by the engine."""
        with self.world.ask(AT, known_at) as asked:
            profiles_of = asked.evaluator.persons.profiles_of
            return {
                frozenset(asked.names[one] for one in profiles_of(number))
                for number, name in asked.names.items()
                if name in self.naive.known(known_at)
            }

    def check(self, known_at: int, chance: Random | None = None) -> None:
        """Both agree on who is one person, under which id, and both back ends on who is in, by random rules too."""
        groups = self.naive.groups(known_at)
        assert self.groups(known_at) == groups, known_at
        with self.world.ask(AT, known_at) as asked:
            assert asked.base() == {self.naive.survivor(group) for group in groups}
            rules = [parse(text) for text in RULES]
            if chance is not None and any(person.facts for person in asked.people):
                rules += random_rules(chance, asked)
            for rule in rules:
                assert asked.by_engine(rule) == asked.by_interpreter(rule), (show(rule), known_at)


def random_rules(chance: Random, asked: Asked) -> list[tree.Condition]:
    """Rules of every kind about what people have."""
    facts = [fact for person in asked.people for fact in person.facts]
    windows = [random_window(chance, AT) for _ in range(6)]
    rules = Rules(chance, lambda: asked.catalog, facts=facts, values=asked.values, windows=windows, at=AT)
    return [rules.rule() for _ in range(RANDOM_RULES)]


@dataclass
class Steps:
    """What a random walk does, and when; recorded out of order now and then."""

    chance: Random
    now: int = BEGIN
    instants: list[int] = field(default_factory=list)

    def take(self, walk: Walk, most: int) -> None:
        """So many steps."""
        for _ in range(most):
            self.now += self.chance.choice((0, 1, DAY))
            self.instants.append(self.now)
            self._step(walk)

    def _step(self, walk: Walk) -> None:
        chance, known = self.chance, sorted({p for g in walk.naive.groups(FOR_EVER) for p in g})
        match chance.randrange(12):
            case 0 | 1 if len(known) > 1:
                one, other = chance.sample(known, 2)
                walk.merge(one, other, self.now)
            case 2 | 3 if known:
                walk.unmerge(chance.choice(known), self.now)
            case _:
                # Somebody may say that it was recorded earlier.
                walk.record(self._message(), self.now - chance.choice((0, 0, 0, 5 * DAY)))

    def _message(self) -> Message:
        chance = self.chance
        who: Message = {"userId": chance.choice(IDS[:5])}
        match chance.randrange(8):
            case 0 | 1:
                who["anonymousId"] = chance.choice(IDS[5:])
            case 2 | 3:
                who = {"anonymousId": chance.choice(IDS[5:])}
            case 4:
                return {"type": "alias", **who, "previousId": chance.choice(IDS)}
        if chance.random() < 0.3:
            order = {"order_id": chance.choice("12345"), "total": chance.choice((50, 100, 200))}
            return {"type": "track", "event": "Order Completed", **who, "properties": order}
        pools = {"email": EMAILS, "phone": PHONES, "card_number": ("AB1234",), "first_name": NAMES}
        traits = {name: chance.choice(pool) for name, pool in pools.items() if chance.random() < 0.3}
        return {"type": "identify", **who, "traits": traits}


@contextmanager
def walk(folder: Path, **settings: Any) -> Iterator[Walk]:
    """An empty workspace and its twin."""
    made = Walk(folder, **settings)
    try:
        yield made
    finally:
        made.world.close()
