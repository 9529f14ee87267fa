"""A stored evaluation is what is found when it is asked later, whatever was learned since: late, twice, corrected."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from intarsia.clock import to_iso
from intarsia.errors import UserError
from intarsia.language import tree
from intarsia.language.interpret import Crowd, Question
from intarsia.membership.runs import Run
from intarsia.profile.derived import derive
from intarsia.record.history import people
from intarsia.segment.asking import Asking
from tests.membership.simulated import Simulation, instant, simulation
from tests.thorough import so_many

HOUR = 3_600_000
DAY = 24 * HOUR
WHO = [f"p{number}" for number in range(9)]
RUNS = so_many(2, 6)
SEGMENTS = {
    "recent": "did order in last 10 days",
    "spenders": "sum(order.total, last 30 days) > 100 or city = 'a'",
    "best": "top 3 by sum(order.total, last 60 days)",
    "both": "in segment 'recent' and not in segment 'best'",
    "settled": "city = 'a' for at least 5 days",
    "patient": "sequence(order, no order within 10 days)",
    "foreign": "max(order.total) >= 40 EUR",
    "reachable": "consent email for marketing is given",
    "everybody": "everyone",
    "moved": "entered segment 'recent' in last 20 days",
}
EDITS = {
    "recent": "did order in last 12 days",
    "spenders": "sum(order.total, last 25 days) > 90",
    "settled": "city = 'b'",
}
ASKED = {"channel": "email", "purpose": "marketing"}
VIEWS = {
    "revenue": "select profile_id, sum(total_minor) as total, count(*) as n from purchases group by all order by all",
    "orders": "select profile_id, order_id, occurred_at, kind, total_minor from purchases order by all",
    "events": "select event_id, profile_id, occurred_at, recorded_at from events order by all",
    "ledger": "select segment, profile_id, entered, valid_at, cause from memberships order by change_no",
    "people": "select profile_id, traits from profiles order by all",
}


@dataclass
class Stored:
    """What was found at a run; members: by the ledger, replayed up to it; texts: the definitions in force."""

    run: Run
    members: dict[str, frozenset[str]]
    texts: dict[str, str]
    views: dict[str, list[dict[str, Any]]]


@dataclass
class Life:
    """A shop to which things happen, and what was stored of it."""

    shop: Simulation
    dice: random.Random
    now: int
    messages: list[dict[str, Any]] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)

    def later(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds
        self.shop.now(self.now)

    def record(self, **message: Any) -> None:
        """Record a message of a new id, and now and then another one once more, or with other content."""
        self.later(self.dice.randint(1, HOUR))
        self.messages.append({"messageId": f"m{len(self.messages) * 7919 % 1000:03}-{len(self.messages)}", **message})
        self.recorded.append(self.now)
        self.shop.record(self.messages[-1])
        again = self.dice.choice(self.messages)
        match self.dice.randint(0, 5):
            case 0:
                assert self.shop.workspace.record([again]).count("duplicate") == 1
            case 1:
                changed = {**again, "timestamp": to_iso(self.now - 400 * DAY)}
                assert self.shop.workspace.record([changed]).count("conflicting") == 1

    def happen(self) -> None:
        """Something, some of it long ago or ahead."""
        dice, who = self.dice, self.dice.choice(WHO)
        at = self.now - dice.choice((0, 1, 3, 9, 25, 60, -2)) * DAY - dice.randint(0, 20) * HOUR
        said: dict[str, Any] = {"userId": who, "timestamp": to_iso(at)}
        order_id = dice.choice([f"{who}-{number}" for number in range(4)])
        sale = {"order_id": order_id, "total": dice.choice((20, 60, 90)), "currency": dice.choice((None, None, "EUR"))}
        match dice.randint(0, 9):
            case 0:
                self.record(type="identify", **said, traits={"city": dice.choice("ab")})
            case 1:
                self.record(type="identify", userId=who, traits={"city": dice.choice("ab")})
            case 2:
                name = dice.choice(("Order Updated", "Order Cancelled", "Order Refunded"))
                self.record(type="track", event=name, **said, properties=sale)
            case 3:
                name = dice.choice(("Consent Given", "Consent Withdrawn"))
                self.record(type="track", event=name, **said, properties=ASKED)
            case 4:
                name = dice.choice(("Profile Deleted", "Profile Restored", "Profile Restored"))
                self.record(type="track", event=name, **said, properties={})
            case _:
                self.record(type="track", event="Order Completed", **said, properties=sale)

    def decide(self) -> None:
        """Perhaps something is decided: another definition, who is one person, who is in by hand, a rate."""
        dice, workspace = self.dice, self.shop.workspace
        self.later(dice.randint(1, HOUR))
        try:
            match dice.randint(0, 5):
                case 0:
                    name = dice.choice(sorted(EDITS))
                    workspace.segments.edit(name, dice.choice((EDITS[name], SEGMENTS[name])))
                case 1:
                    one, other = dice.sample(WHO, 2)
                    workspace.identity.merge(one, other, reason="they told us")
                case 2:
                    workspace.identity.unmerge(dice.choice(WHO), reason="they told us")
                case 3:
                    put = dice.choice((workspace.segments.pin, workspace.segments.exclude))
                    put(dice.choice(("recent", "best")), [dice.choice(WHO)], reason="by hand")
                case 4:
                    day = date(2024, dice.randint(1, 3), dice.randint(1, 28))
                    workspace.rates.record([(day, "EUR", Decimal(dice.choice(("24.5", "25.1"))))], source="a test")
        except UserError:
            return

    def evaluate(self) -> None:
        """Store an evaluation, and what was seen beside it."""
        self.later(self.dice.randint(1, DAY))
        run = self.shop.evaluate()
        replayed: dict[str, set[str]] = {name: set() for name in SEGMENTS}
        for change in self.shop.history():
            (replayed[change.segment].add if change.entered else replayed[change.segment].discard)(change.profile_id)
        texts = {definition.name: definition.text for definition in self.shop.workspace.segments.all()}
        views = {name: self.shop.workspace.query(sql).to_pylist() for name, sql in VIEWS.items()}
        members = {name: frozenset(found) for name, found in replayed.items()}
        self.stored.append(Stored(run, members, texts, views))


def in_python(asking: Asking) -> dict[str, frozenset[str]]:
    """Who is in, by plain Python."""
    numbers = asking.session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
    crowd = Crowd(
        asking.evaluator.catalog,
        people(asking.session, numbers, asking.catalog.currency),
        Question(asking.as_of.at, asking.as_of.known_at),
        segments=asking.register.named(asking.catalog),
        derive=derive,
        joins=asking.evaluator.joins,
    )
    return {name: crowd.members(tree.InSegment(name)) for name in SEGMENTS}


def by_hand(life: Life, stored: Stored) -> list[str]:
    """The ids of all messages that had been recorded, and had happened, by the run."""
    at, known_at = stored.run.as_of.at, stored.run.as_of.known_at
    told = zip(life.messages, life.recorded, strict=True)
    known = ((found, when) for found, when in told if when <= known_at)
    return sorted(
        found["messageId"] for found, when in known if "timestamp" not in found or instant(found["timestamp"]) <= at
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(so_many(1, 40)))
def test_a_stored_evaluation_is_what_is_found_when_it_is_asked_later(seed: int, tmp_path: Path) -> None:
    with simulation(tmp_path / "shop", "2024-02-20") as shop:
        life = Life(shop, random.Random(20261122 + seed), instant("2024-02-20"))
        shop.workspace.rates.record([(date(2024, 1, 1), "EUR", Decimal("24"))], source="a test")
        life.record(type="track", event="Consent Given", userId=WHO[0], timestamp=to_iso(life.now), properties=ASKED)
        for name, text in SEGMENTS.items():
            if name != "moved":
                shop.define(name, text)
        for who in WHO:
            life.record(type="identify", userId=who, timestamp=to_iso(life.now - 60 * DAY), traits={"city": "c"})
        shop.define("moved", SEGMENTS["moved"])
        for _ in range(RUNS):
            for _ in range(life.dice.randint(1, 6)):
                life.happen()
            life.decide()
            life.evaluate()
        life.later(90 * DAY)
        for stored in life.stored:
            as_of = stored.run.as_of.to_json()
            at, known_at = str(as_of["at"]), str(as_of["known_at"])
            with shop.workspace.ask(at, known_at) as asking:
                assert {name: found.text for name, found in asking.definitions.items()} == stored.texts
                in_sql = {name: frozenset(asking.members(name)["profile_id"].to_pylist()) for name in SEGMENTS}
                assert in_python(asking) == stored.members, (seed, at)
            assert in_sql == stored.members, (seed, at)
            for name, sql in VIEWS.items():
                assert shop.workspace.query(sql, at=at, known_at=known_at).to_pylist() == stored.views[name], (
                    seed,
                    at,
                    name,
                )
            assert [row["event_id"] for row in stored.views["events"]] == by_hand(life, stored)
        assert len({frozenset(stored.members.items()) for stored in life.stored}) == RUNS, "nothing ever changed"
