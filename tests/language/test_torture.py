"""A small share of `make torture`, the same at every run."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from intarsia.language import show
from intarsia.language import tree as t
from scripts.fuzz.planted import CANARY, CATALOG, planted
from scripts.fuzz.probe import probe
from scripts.fuzz.run import change, changed, pieces, seeds
from tests.language.trees import conditions

SEEDS = seeds()
PIECES = pieces()


def test_every_text_of_the_corpus_goes_all_the_way_and_none_of_it_reaches_the_sql() -> None:
    reached = Counter(probe(text) for text in SEEDS)
    assert set(reached) <= {"compiled", "refused", "read"}
    assert reached["compiled"] > 340


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_a_text_with_changes_ends_in_an_answer_or_in_an_error_with_a_code(text: str, seed: int) -> None:
    assert probe(changed(text, PIECES, random.Random(seed))) in ("refused", "read", "checked", "compiled")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(conditions(1))
def test_any_definition_does(tree: t.Condition) -> None:
    assert probe(show(tree)) != "refused"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text_does(text: str) -> None:
    assert probe(text)


def test_the_canary_stands_in_every_name_and_text() -> None:
    text = show(planted(t.And((t.Test(t.Path(("a",)), t.Compare("=", t.Text("x"))), t.InSegment("y")))))
    assert text.count(CANARY) == 3
    assert all(CANARY in name for names in CATALOG.traits for name in names if name not in ("latitude", "longitude"))


def test_without_atheris_texts_are_changed_by_a_seed() -> None:
    told: list[str] = []

    def note(text: str) -> str:
        told.append(text)
        return "refused"

    reached = change(0, 7, note)
    assert reached.total() == len(told)
    assert changed("age > 3", PIECES, random.Random(7)) == changed("age > 3", PIECES, random.Random(7))
