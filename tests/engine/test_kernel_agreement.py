"""Random rules asked of random people: columns and kernel answer as plain Python does (rule 44).

`INTARSIA_KERNEL_CASES` is how many rules are asked, `INTARSIA_SEED` where the random numbers begin.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.slices import Slice
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.errors import UserError
from intarsia.language import check, parse, show, tree
from intarsia.language.interpret.question import When
from intarsia.profile.derived import derive, sources
from tests.engine.shop import Shop, instant, order, track
from tests.engine.test_agreement import SEED, cases
from tests.engine.world import Asked

CASES = int(os.environ.get("INTARSIA_KERNEL_CASES", "200"))
IN_COLUMNS = frozenset(
    ("Test", "Did", "Had", "Lapsed", "FirstTime", "Sequence", "Active", "Returned", "Rank", "InSegment", "Consent")
)
"""What is answered from columns at least now and then."""


def everybody(asked: Asked) -> tuple[Answers, Builder]:
    """The answers from columns of everybody."""
    columns = Builder(asked.evaluator)
    return Answers(columns, when(asked), Fallback(lambda: asked.evaluator, columns.size)), columns


def of_facts(asked: Asked) -> Answers:
    """The answers from columns that plain Python makes out of everybody's facts."""
    numbers = {name: number for number, name in asked.names.items()}
    places = np.array([numbers[person.id] for person in asked.people])
    columns = FactColumns(asked.people, asked.question, asked.catalog, Derivation(derive, sources))
    return Answers(columns, when(asked), Fallback(lambda: asked.evaluator, max(numbers.values()) + 1, places))


def when(asked: Asked) -> When:
    """What the question is seen from."""
    return seen_from(asked.catalog, asked.evaluator.at, asked.evaluator.known_at)


def test_the_kernel_and_the_interpreter_agree_on_who_is_in(tmp_path: Path) -> None:
    asked_of, fallen_back = Counter[str](), Counter[str]()
    last: Asked | None = None
    for asked, case in cases(tmp_path, CASES, SEED):
        if asked is not last:
            last, (answers, columns) = asked, everybody(asked)
        try:
            expected = asked.by_interpreter(case.rule)
        except UserError:
            continue
        before = sum(answers.fallen_back.values())
        asked_before = Counter(answers.asked)
        members = answers.members(check(case.rule, asked.catalog))
        found = frozenset(asked.names[number] for number in np.flatnonzero(members).tolist())
        assert found == expected, f"INTARSIA_SEED={SEED}: {show(case.rule)}"
        if not any(isinstance(node, tree.Rank | tree.InSegment) for node in case.rule.walk()):
            half = np.flatnonzero(np.arange(columns.size) % 2 == 0)
            fallback = Fallback(lambda asked=asked: asked.evaluator, columns.size, half)  # type: ignore[misc]
            some = Answers(Slice(columns, half), when(asked), fallback)
            assert np.array_equal(some.members(check(case.rule, asked.catalog)), members[half]), show(case.rule)
            by_facts = of_facts(asked).members(check(case.rule, asked.catalog))
            assert (
                frozenset(person.id for person, is_in in zip(asked.people, by_facts, strict=True) if is_in) == expected
            )
        if sum(answers.fallen_back.values()) == before:
            asked_of.update(answers.asked - asked_before)
        else:
            fallen_back.update(answers.asked - asked_before)
    print(f"wholly from columns {asked_of}, with SQL {fallen_back}")
    if CASES >= 200:  # of fewer, chance decides
        assert asked_of.keys() >= IN_COLUMNS


ASKED = (
    "count(order, between 2024-05-03T10:00 and 2024-05-01) = 0",
    "never order in last 2 days",
    "sequence(view, no view where (path = '/a') within 1 day, order within 3 days)",
    "sequence(order, no order within 1 day)",
    "returned(order, last 10 days, after 2 days)",
    "active(order, 2 of last 9 days)",
    "did order where (has line (sku = 'x' and quantity >= 2))",
    "last(order.total) = 30",
    "top 1 by sum(order.total)",
    "sum(order.lines.quantity where sku = 'x') >= 3",
)


@pytest.mark.parametrize("text", ASKED)
def test_each_of_these_is_answered_from_columns(tmp_path: Path, text: str) -> None:
    lines = [{"sku": "x", "quantity": 2}, {"sku": "y", "quantity": 1}]
    messages = [
        *(order("ada", f"2024-05-0{day}", *lines, order_id=f"a{day}", total=10 * day) for day in (1, 2, 6)),
        order("ben", "2024-05-03T10:00", {"sku": "x", "quantity": 1}, order_id="b", total=30),
        *(track("ben", "Product Viewed", f"2024-05-02T0{hour}:00", path="/b") for hour in (1, 2)),
        track("cyd", "Product Viewed", "2024-05-02", path="/a"),
        order("cyd", "2024-05-03", order_id="c", total=5),
    ]
    shop = Shop(tmp_path, messages)
    with shop.world.ask(instant("2024-05-06T12:00"), None) as asked:
        answers, _ = everybody(asked)
        members = answers.members(check(parse(text), asked.catalog))
        found = frozenset(asked.names[number] for number in np.flatnonzero(members).tolist())
        assert found == asked.by_interpreter(parse(text)) == asked.by_engine(parse(text))
        assert not answers.fallen_back
