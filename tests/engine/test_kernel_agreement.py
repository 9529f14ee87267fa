"""Random rules asked of random people: columns and kernel answer as plain Python does (rule 44).

`INTARSIA_KERNEL_CASES` is how many rules are asked, `INTARSIA_SEED` where the random numbers begin.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.slices import Slice
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback
from intarsia.errors import UserError
from intarsia.language import check, show, tree
from tests.engine.test_agreement import SEED, cases
from tests.engine.world import Asked

CASES = int(os.environ.get("INTARSIA_KERNEL_CASES", "250"))
IN_COLUMNS = frozenset(
    ("Test", "Did", "Had", "Lapsed", "FirstTime", "Sequence", "Active", "Returned", "Rank", "InSegment", "Consent")
)
"""What is answered from columns at least now and then."""


def everybody(asked: Asked) -> tuple[Answers, Builder]:
    """The answers from columns of everybody."""
    columns = Builder(asked.evaluator)
    return Answers(columns, Fallback(asked.evaluator, columns.size)), columns


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
            some = Answers(Slice(columns, half), Fallback(asked.evaluator, columns.size, half))
            assert np.array_equal(some.members(check(case.rule, asked.catalog)), members[half]), show(case.rule)
        if sum(answers.fallen_back.values()) == before:
            asked_of.update(answers.asked - asked_before)
        else:
            fallen_back.update(answers.asked - asked_before)
    print(f"wholly from columns {asked_of}, with SQL {fallen_back}")
    assert asked_of.keys() >= IN_COLUMNS
