"""Every case of the folder `conformance`, asked of every back end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from intarsia.engine.kernel.answering import Answers, from_columns
from intarsia.errors import UserError
from intarsia.language import parse, show
from intarsia.language.interpret import Crowd, Question, SegmentLoop
from intarsia.language.problems.whole import TooLarge
from intarsia.profile.derived import derive
from intarsia.record.history import people
from intarsia.segment.asking import Asking
from intarsia.workspace import Workspace
from tests.conformance.shops import instant, replayed

FOLDER = Path(__file__).parents[2] / "conformance"
FILES = sorted(FOLDER.glob("rule-*.json"))
RULES = 46

Case = Mapping[str, Any]
Answer = frozenset[str] | str
"""Profile ids, or why the text is refused."""


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_each_rule_has_its_cases() -> None:
    assert [read(path)["rule"] for path in FILES] == list(range(1, RULES + 1))
    assert sum(len(read(path)["cases"]) for path in FILES) >= 460


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_files_are_of_the_form_that_they_say(path: Path) -> None:
    found = read(path)
    jsonschema.validate(found, read(FOLDER / "schema.json"))
    ids = [case["id"] for case in found["cases"]]
    assert ids == [f"{found['rule']:02}-{number:02}" for number in range(1, len(ids) + 1)]
    assert {case.get("shop") for case in found["cases"]} - {None} <= set(found["shops"])


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_back_end_answers_as_the_cases_say(path: Path, tmp_path: Path) -> None:
    wrong = list(differences(read(path), tmp_path))
    assert not wrong, "\n".join(wrong)


def differences(found: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """A line for each answer that is another than the case says."""
    for asking, cases in questions(found, folder):
        kernel = from_columns(asking.evaluator)
        for case in cases:
            yield from wrong_answers(asking, kernel, case)


def questions(found: Mapping[str, Any], folder: Path) -> Iterator[tuple[Asking, list[Case]]]:
    """Each question of each shop, with the cases that ask it."""
    shops: dict[str, Workspace] = {}
    questions: dict[tuple[str, str, str | None], list[Case]] = {}
    for number, case in enumerate(found["cases"]):
        name = case.get("shop", "")
        key = f"{name} {number}" if case.get("facts") else name
        if key not in shops:
            place = folder / str(len(shops))
            place.mkdir()
            shop = found["shops"].get(name, {})
            shops[key] = replayed({**shop, "facts": [*shop.get("facts", ()), *case.get("facts", ())]}, place)
        questions.setdefault((key, case["at"], case.get("known_at")), []).append(case)
    for (key, at, known_at), cases in questions.items():
        with shops[key].ask(at, known_at) as asking:
            yield asking, cases
    for workspace in shops.values():
        workspace.close()


def wrong_answers(asking: Asking, kernel: Answers, case: Case) -> Iterator[str]:
    """A line for each back end that answers one case otherwise."""
    for back_end, answer in answers(asking, kernel, case).items():
        if answer != expected(case):
            asked = f"{case['id']} {case['says']}: {case['rule'][:300]}"
            yield f"{asked}\n   {back_end}: {told(answer)}, not {told(expected(case))}"


def expected(case: Case) -> Answer | None:
    if "refused" in case:
        return f"refused: {case['refused']}"
    if "members" in case:
        return frozenset(case["members"])
    return None


def told(answer: Answer | None) -> str:
    return answer if isinstance(answer, str) else str(sorted(answer or ()))


def answers(asking: Asking, kernel: Answers, case: Case) -> dict[str, Answer | None]:
    """By back end; the text's canonical form is asked beside it."""
    if "canonical" in case:
        assert show(parse(case["rule"])) == case["canonical"], case["id"]
        assert show(parse(case["canonical"])) == case["canonical"], case["id"]
    if expected(case) is None:
        return {}
    return {
        "interpreter": _told(lambda: by_interpreter(asking, case)),
        "DuckDB": _told(lambda: frozenset(asking.members(case["rule"])["profile_id"].to_pylist())),
        "kernel": _told(lambda: by_kernel(asking, kernel, case)),
    }


def by_kernel(asking: Asking, kernel: Answers, case: Case) -> frozenset[str]:
    numbers = np.flatnonzero(kernel.members(asking.checked(case["rule"]))).tolist()
    rows = asking.session.execute("select profile_no, profile_id from lake.profiles").to_pylist()
    names = {row["profile_no"]: row["profile_id"] for row in rows}
    return frozenset(names[number] for number in numbers)


def by_interpreter(asking: Asking, case: Case) -> frozenset[str]:
    rule = asking.checked(case["rule"]).tree
    numbers = asking.session.execute("select profile_no from lake.profiles")["profile_no"].to_pylist()
    known_at = None if "known_at" not in case else instant(case["known_at"])
    crowd = Crowd(
        asking.evaluator.catalog,
        people(asking.session, numbers, asking.catalog.currency),
        Question(instant(case["at"]), known_at),
        segments=asking.register.named(asking.catalog),
        derive=derive,
        joins=asking.evaluator.joins,
    )
    return crowd.members(rule)


def _told(ask: Callable[[], frozenset[str]]) -> Answer:
    try:
        return ask()
    except UserError as error:
        return refusal(error)


def refusal(error: UserError) -> str:
    """Why a text is refused, as cases say it."""
    match error:
        case TooLarge():
            return "refused: limit"
        case SegmentLoop():
            return "refused: loop"
        case _:
            return "refused: wrong"
