"""Every case once more, told a few messages at a time: who is in is kept up, and is who the case says in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from intarsia.errors import UserError
from intarsia.language import Checked
from intarsia.record.history import people
from intarsia.segment.asking import Asking
from tests.conformance.shops import instant
from tests.conformance.test_conformance import FILES, Answer, Case, expected, questions, read, refusal, told
from tests.conformance.told_step_by_step import Telling, Told, of_rule

SEED = 20261122
FOR_EVER = 10**14
COLUMNS = "columns"
OF_OTHERS = (21, 29, 36, 40)
"""Rules about local time, rates, how long something has been so, and the past of segments: what they are about is left
to others than columns."""
OTHERS_MOST = 0.3
"""Of each other rule, so many answers may be left to them."""


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_kept_up_is_what_the_cases_say(path: Path, tmp_path: Path) -> None:
    found, wrong, by = read(path), list[str](), Counter[str]()
    for asking, cases in questions(found, tmp_path):
        wrong += differences(asking, [case for case in cases if expected(case) is not None], by)
    print(f"{path.stem}: {dict(by)}")
    assert not wrong, "\n".join(wrong)
    assert by[COLUMNS] >= (1 - OTHERS_MOST) * by.total() or found["rule"] in OF_OTHERS, by


def differences(asking: Asking, cases: Sequence[Case], by: Counter[str]) -> Iterator[str]:
    """A line for each answer that is another than the case says; `by`: counts who answered."""
    rules, refused = _checked(asking, cases)
    for order, messages in _orders(asking).items():
        telling = _telling(asking, rules, cases)
        live = telling.tell(messages, Random(SEED))
        by.update(live.by_others.get(name, COLUMNS) for name in rules)
        for case in cases:
            answer = _said(telling, case["id"]) if case["id"] in rules else refused[case["id"]]
            if answer != expected(case):
                asked = f"{case['id']} {case['says']}: {case['rule'][:300]}"
                yield f"{asked}\n   told {order}: {told(answer)}, not {told(expected(case))}"


def _checked(asking: Asking, cases: Sequence[Case]) -> tuple[dict[str, Checked], dict[str, str]]:
    """The rules of cases by their ids, and why others are refused."""
    rules, refused = {}, {}
    for case in cases:
        try:
            rules[case["id"]] = asking.checked(case["rule"])
        except UserError as error:
            refused[case["id"]] = refusal(error)
    return rules, refused


def _telling(asking: Asking, rules: Mapping[str, Checked], cases: Sequence[Case]) -> Telling:
    segments = {**asking.register.named(asking.catalog), **{name: of_rule(rule) for name, rule in rules.items()}}
    joins = tuple(asking.evaluator.joins)
    at, known_at = (
        asking.as_of.at,
        max((instant(case["known_at"]) for case in cases if "known_at" in case), default=None),
    )
    return Telling(
        asking.evaluator.catalog, joins, segments, at=at, known_at=FOR_EVER if known_at is None else known_at
    )


def _orders(asking: Asking) -> dict[str, list[Told]]:
    """All messages in the order of their recording, and in another one.

    A statement without a time holds from when it was recorded: such ones stay in order among themselves.
    """
    numbers = asking.session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
    everybody = people(asking.session, numbers, asking.catalog.currency)
    recorded = sorted(((one.id, fact) for one in everybody for fact in one.facts), key=lambda pair: pair[1].recorded_at)
    shuffled = Random(SEED).sample(recorded, len(recorded))
    undated = iter([pair for pair in recorded if pair[1].is_undated])
    return {
        "as recorded": recorded,
        "shuffled": [next(undated) if pair[1].is_undated else pair for pair in shuffled],
    }


def _said(telling: Telling, name: str) -> Answer:
    try:
        return telling.members(name)
    except UserError as error:
        return refusal(error)
