"""Random shops and changes of their files: a plan is what plain Python finds, and what the evaluation then writes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from intarsia.clock import shift, to_iso
from intarsia.language import check, parse
from intarsia.language.interpret import Question, members
from intarsia.profile.derived import derive
from intarsia.record.history import people
from intarsia.report.segment_plan import Plan
from tests.membership.simulated import PRAGUE, Simulation, instant, simulation
from tests.report.files import moves, put_rule
from tests.thorough import so_many

DAY = 86_400_000
WHO = [f"p{number}" for number in range(10)]
RULES = (
    "did order in last 10 days",
    "never order in last 1 month",
    "count(order where total > 50, last 3 weeks) >= 2",
    "sum(order.total, last 15 days) > 120 or city = 'a'",
    "top 3 by sum(order.total, last 20 days)",
    "city = 'b' or sum(order.total) > 200",
    "everyone",
    "in segment '{}' and did order",
    "not in segment '{}'",
    "in segment '{}' or in segment '{}'",
    "entered segment '{}' in last 20 days",
)
MOVES = "entered segment"
"""Plain Python is not asked about these here: tests/engine does."""

Rules = dict[str, str]


class Life:
    """A shop, the folder beside it, and the orders as they were recorded: who, when, how much."""

    def __init__(self, shop: Simulation, folder: Path, seed: int) -> None:
        self.shop, self.folder, self.dice = shop, folder, random.Random(seed)
        self.code = shop.workspace.code
        self.orders: list[tuple[str, int, int]] = []
        self.born: dict[str, int] = {}
        """In which order names came: each rule names older ones only, so that there is no circle."""

    def live(self, now: int) -> None:
        """A few orders and statements."""
        for _ in range(self.dice.randint(2, 12)):
            who, at = self.dice.choice(WHO), now - self.dice.randint(0, 40 * 24) * 3_600_000
            if self.dice.random() < 0.3:
                self.shop.say(who, at, city=self.dice.choice("abc"))
            else:
                total = self.dice.choice((20, 60, 90))
                self.shop.order(who, at, total=total)
                self.orders.append((who, at, total * 100))

    def rule(self, name: str, names: Iterable[str]) -> str:
        """Any rule for a segment of this name."""
        age = self.born.setdefault(name, len(self.born))
        older = [other for other in sorted(names) if self.born[other] < age]
        rule = self.dice.choice(RULES[: None if older else 7])
        return rule.format(*self.dice.choices(older, k=rule.count("{}"))) if older else rule

    def change(self, rules: Rules) -> Rules:
        """Other files: some change, some come, some go or get another name."""
        found = dict(rules)
        for name in sorted(rules):
            if self.dice.random() < 0.4:
                found[name] = self.rule(name, rules)
        for _ in range(self.dice.randint(0, 2)):
            name = f"new {len(self.born)}"
            found[name] = self.rule(name, rules)
        named = {name for name in found for text in found.values() if f"'{name}'" in text}
        for name in sorted(found.keys() - named):
            if self.dice.random() < 0.2 and len(found) > 1:
                del found[name]
        if self.dice.random() < 0.5:
            old, new = self.dice.choice(sorted(found)), f"renamed {len(self.born)}"
            self.born[new] = self.born[old]
            found[old] = f"{found[old]} or profile = '{len(self.born)}'" if self.dice.random() < 0.3 else found[old]
            found = {new if name == old else name: text.replace(f"'{old}'", f"'{new}'") for name, text in found.items()}
        return found

    def write(self, rules: Rules) -> None:
        for path in self.folder.iterdir():
            path.unlink()
        for name, text in rules.items():
            put_rule(self.folder, name, text)

    def rules(self) -> Rules:
        return {each.name: each.text for each in self.shop.workspace.segments.all()}

    def state(self) -> dict[str, tuple[str, str, list[str]]]:
        return {
            each.name: (each.segment_id, each.text, self.shop.current(each.name))
            for each in self.shop.workspace.segments.all()
        }

    def who(self, rules: Rules, at: int) -> dict[str, frozenset[str]]:
        """Who is in by plain Python, of the segments that it is asked about."""
        workspace = self.shop.workspace
        with workspace.session() as session:
            numbers = session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
            everybody = people(session, numbers, "CZK")
        catalog = workspace.catalog()
        catalog = type(catalog)(**{**vars(catalog), "segments": frozenset(rules)})
        checked = {name: check(parse(text), catalog) for name, text in rules.items()}
        question = Question(at, workspace.now())
        return {
            name: members(rule, everybody, question, segments=checked, derive=derive)
            for name, rule in checked.items()
            if not rests_on_moves(name, rules)
        }

    def spent(self, who: frozenset[str], at: int) -> int:
        begin = shift(at, -365, "day", PRAGUE)
        return sum(total for buyer, when, total in self.orders if buyer in who and begin <= when <= at)


def rests_on_moves(name: str, rules: Rules) -> bool:
    text = rules[name]
    return MOVES in text or any(rests_on_moves(other, rules) for other in rules if f"'{other}'" in text)


def is_what_plain_python_finds(life: Life, plan: Plan, before: Rules, after: Rules, at: int) -> int:
    """Hold a plan against both sets of rules; how many segments moved anybody."""
    was, will = life.who(before, at), life.who(after, at)
    nobody: frozenset[str] = frozenset()
    told: set[str] = set()
    moved = 0
    for each in plan.segments:
        old_name = each.name if each.change is None else each.change.name_before
        new_name = None if each.what == "removed" else each.name
        told |= {name for name in (old_name, new_name) if name}
        if any(name in rules and name not in found for name, rules, found in
               ((old_name, before, was), (new_name, after, will)) if name):  # fmt: skip
            continue
        old, new = was.get(old_name or "", nobody), will.get(new_name or "", nobody)
        assert each.before.size == (None if old_name is None else len(old)), each.name
        assert each.after.size == (None if new_name is None else len(new)), each.name
        assert each.entering is not None
        assert each.leaving is not None
        assert (each.entering.people, each.leaving.people) == (len(new - old), len(old - new)), each.name
        assert each.entering.revenue_minor == life.spent(new - old, at), each.name
        assert each.leaving.revenue_minor == life.spent(old - new, at), each.name
        moved += new != old
    for name in was.keys() & will.keys() - told:
        assert was[name] == will[name], name
    return moved


def is_what_is_written(life: Life, plan: Plan, at: int) -> None:
    """Evaluate as of the instant of the plan: the ledger takes what it said, of these segments."""
    run = {found.name: (found.entered, found.left) for found in life.shop.workspace.evaluate(to_iso(at)).segments}
    for each in plan.segments:
        assert each.ledger is not None
        # One that is removed and had nobody is not told of.
        assert run.get(each.name, (0, 0)) == (each.ledger.entering, each.ledger.leaving), each.name


def a_life(folder: Path, seed: int, rounds: int) -> int:
    """A shop with some changes, each planned, held against plain Python, applied, evaluated, and perhaps undone."""
    now, moved = instant("2024-02-20"), 0
    (folder / "files").mkdir(parents=True)
    with simulation(folder / "shop", "2024-02-20") as shop:
        life = Life(shop, folder / "files", seed)
        shop.record(*(shop.said(who, now - 60 * DAY, city="c") for who in WHO))
        life.live(now)
        for name in ("s1", "s2", "s/3", "s4"):
            shop.define(name, life.rule(name, life.rules()))
        shop.evaluate()
        for _ in range(rounds):
            now += life.dice.randint(1, 12) * DAY
            shop.now(now)
            life.live(now)
            is_fresh = life.dice.random() < 0.5
            if is_fresh:
                shop.evaluate()
            before = life.rules()
            life.write(life.change(before))
            stood = life.state()
            plan = life.code.plan(life.folder)
            assert plan.problems == (), (seed, plan.problems)
            done = life.code.apply(plan, expect=plan.to_json())
            moved += is_what_plain_python_finds(life, plan, before, life.rules(), now)
            is_what_is_written(life, plan, now)
            if is_fresh:
                written = {
                    each.name: each.ledger and (each.ledger.entering, each.ledger.leaving) for each in plan.segments
                }
                assert written == moves(plan), seed
            assert life.code.plan(life.folder).changes == ()
            if done is not None and life.dice.random() < 0.5:
                after = life.rules()
                back = life.code.plan_rollback()
                life.code.apply(back, expect=back.digest)
                is_what_plain_python_finds(life, back, after, life.rules(), now)
                is_what_is_written(life, back, now)
                if is_fresh:
                    assert life.state() == stood, seed
    return moved


LIVES = [(1, 3), *((seed, 10) for seed in range(100, 100 + so_many(0, 9)))]


@pytest.mark.parametrize(("seed", "rounds"), LIVES)
def test_the_plan_is_what_is_then_done(tmp_path: Path, seed: int, rounds: int) -> None:
    assert a_life(tmp_path, seed, rounds) > 0
