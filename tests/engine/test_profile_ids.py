"""Tests of `profile` from columns: each person passes by any of their ids, also as people come and become one."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from intarsia.engine.columns.derivation import Derivation
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.profile_ids import GrowingIds, IdTexts, ProfileIds
from intarsia.engine.columns.values import FEW, Array
from intarsia.engine.kernel.fallback import seen_from
from intarsia.engine.kernel.ids import ids_pass
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.live import Live
from intarsia.language import check, parse, tree
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.checking.named import Named, Version
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import Question
from intarsia.language.meaning.facts import Fact, Person
from intarsia.profile.derived import derive, sources

NOW = 1_790_000_000_000
CATALOG = Catalog(events={"Seen": EventType("Seen")})
ODD = ("ada", "ADA", "Ada", "042", "42", "42.0", "true", "2024-01-01", "علي", "علی", "İz", "é", "e\u0301", "", "a.b")
TESTS = (
    "profile = 'ada'",
    "profile = 'Ada' ignoring case",
    "profile in ('ada', 'علي', 'é')",
    "profile in ('ADA', '42') ignoring case",
    "profile = 42",
    "profile in (42, 'ada')",
    "profile = true",
    "profile = 2024-01-01",
    "profile >= 42",
    "profile between 1 and 50",
    "profile contains 'd'",
    "profile starts with 'a'",
    "profile ends with '2'",
    "profile matches '^a.*'",
    "profile is known",
    "profile is empty",
)


def asked(text: str) -> tree.Test:
    found = check(parse(text), CATALOG).tree
    assert isinstance(found, tree.Test)
    return found


def by_hand(people: Sequence[Sequence[str]], node: tree.Test) -> list[bool]:
    when, ignoring_case = seen_from(CATALOG, NOW, NOW), node.ignoring_case
    return [any(passes(one, node.operator, when, ignoring_case=ignoring_case) for one in ids) for ids in people]


def by_columns(ids: ProfileIds, node: tree.Test) -> list[bool]:
    found: list[bool] = ids_pass(ids, node, seen_from(CATALOG, NOW, NOW)).tolist()
    return found


@pytest.mark.parametrize("text", TESTS)
def test_whoever_has_an_id_that_passes_does(text: str) -> None:
    node, chance = asked(text), Random(20261122)
    people = [[one] for one in ODD] + [chance.sample(ODD, chance.randrange(1, 4)) for _ in range(len(ODD) * FEW)]
    ids, some = ProfileIds.of(people), chance.sample(range(len(people)), len(people) // FEW // 3)
    few = ids.taken(np.array(some))
    assert len(few.own) * FEW < len(ids.texts)
    expected = by_hand(people, node)
    assert by_columns(few, node) == [expected[place] for place in some]
    assert by_columns(ids.widened(len(people) + 2), node) == [*expected, False, False]
    assert by_columns(few, node) == [expected[place] for place in some]


@pytest.mark.parametrize("text", TESTS)
def test_people_who_come_and_become_one_are_found_by_what_they_have_then(text: str) -> None:
    node, chance = asked(text), Random(20261123)
    own: list[str | None] = list(ODD[:5])
    others: dict[int, list[str]] = {0: ["b"]}
    growing = GrowingIds(own, others)
    for _ in range(60):
        if chance.random() < 0.4:
            own += [chance.choice(ODD), f"{chance.random()}"]
        else:
            some = sorted(chance.sample(range(len(own)), 3))
            theirs = [chance.sample(ODD, chance.randrange(3)) for _ in some]
            others.update(zip(some, theirs, strict=True))
            put = [[own[place] or "", *ids] for place, ids in zip(some, theirs, strict=True)]
            growing.put(np.array(some), ProfileIds.of(put))
        people = [[one or "", *others.get(place, ())] for place, one in enumerate(own)]
        assert by_columns(growing.present(len(own) + 3), node) == [*by_hand(people, node), False, False, False]


def test_what_was_found_of_an_id_is_not_asked_again() -> None:
    ids, seen = IdTexts([f"p{n}" for n in range(10)]), list[str]()

    def which(texts: pa.Array) -> Array:
        seen.extend(texts.to_pylist())
        return np.array([text.endswith("1") for text in texts.to_pylist()], np.bool_)

    assert ids.hold(np.arange(10), "ends", which).tolist() == [n == 1 for n in range(10)]
    numbers = ids.add(["q1", "q2"])
    assert ids.hold(numbers, "ends", which).tolist() == [True, False]
    assert ids.hold(np.arange(3), "ends", which).tolist() == [False, True, False]
    assert seen == [*(f"p{n}" for n in range(10)), "q1", "q2"]


# --- kept up


class Kept:
    """Some rules kept up over people who come, say who they are, and become one."""

    def __init__(self, *texts: str) -> None:
        rules = {text: check(parse(text), CATALOG) for text in texts}
        segments = {text: Named((Version(0, lambda rule=rule: rule),)) for text, rule in rules.items()}  # type: ignore[misc]
        derivation = Derivation(derive, sources)
        nobody = FactColumns([], Question(NOW), CATALOG, derivation)
        self.columns = Grown(lambda: nobody, [], derivation, NOW)
        self.live = Live(self.columns, {}, segments, answer=self._never, arrivals=Arrivals())

    def _never(self, name: str) -> Array:
        raise AssertionError(f"{name} is left to others: {self.live.by_others}")

    def take(self, profile_id: str, fact: Fact) -> None:
        self.live.take([(profile_id, fact)], NOW)
        assert not self.live.unread

    def members(self, text: str) -> set[str | None]:
        return {self.columns.ids[place] for place in np.flatnonzero(self.live.members[text]).tolist()}


def seen(fact_id: str, *, is_anonymous: bool = False, at: int = NOW - 10) -> Fact:
    return Fact(fact_id, "track", "Seen", at, at, is_anonymous=is_anonymous)


def said(fact_id: str, *, is_anonymous: bool = False) -> Fact:
    return Fact(fact_id, "identify", "", NOW - 5, NOW, properties={"city": "Oslo"}, is_anonymous=is_anonymous)


def test_an_event_or_a_statement_tells_a_name() -> None:
    kept = Kept("profile is identified", "not profile is identified")
    kept.take("a", seen("1", is_anonymous=True))
    kept.take("b", seen("2", is_anonymous=True))
    kept.take("c", said("3", is_anonymous=True))
    assert kept.members("profile is identified") == set()
    assert kept.members("not profile is identified") == {"a", "b", "c"}
    kept.take("a", seen("4", at=NOW - 9))
    kept.take("b", said("5"))
    kept.take("c", seen("6", is_anonymous=True, at=NOW - 9))
    assert kept.members("profile is identified") == {"a", "b"}
    assert kept.members("not profile is identified") == {"c"}


def test_who_became_one_is_found_by_each_id_until_they_are_two_again() -> None:
    kept = Kept("profile = 'b'", "profile starts with 'b'", "profile = 'a'")
    one, other = seen("1"), seen("2", at=NOW - 9)
    kept.take("a", one)
    kept.take("b", other)
    assert (kept.members("profile = 'a'"), kept.members("profile = 'b'")) == ({"a"}, {"b"})
    kept.live.stand("b", 0)
    kept.live.read({0: Person("a", (one, other), ("b",)), 1: Person("b")})
    assert kept.members("profile = 'a'") == kept.members("profile = 'b'") == {"a"}
    assert kept.members("profile starts with 'b'") == {"a"}
    kept.live.stand("b", 1)
    kept.live.read({0: Person("a", (one,)), 1: Person("b", (other,))})
    assert (kept.members("profile = 'a'"), kept.members("profile starts with 'b'")) == ({"a"}, {"b"})
