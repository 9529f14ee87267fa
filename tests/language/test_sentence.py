"""A definition read back as a sentence."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given

from intarsia.language import parse, sentence
from intarsia.language import tree as t
from intarsia.language.phrases import ENGLISH, TONGUES, Tongue
from intarsia.language.problems import NoSuchTongue
from tests.language.examples import EXAMPLES
from tests.language.trees import conditions


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_read_back(text: str) -> None:
    assert sentence(parse(text)) == EXAMPLES[text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "Nobody"),
        ("a = 1 and (b = 1 or c = 1)", "People whose a is 1 and (whose b is 1 or whose c is 1)"),
        ("a = 1 or b = 1 and c = 1", "People whose a is 1, or whose b is 1 and whose c is 1"),
        ("not (a = 1 or b = 1)", "People who are not among those (whose a is 1 or whose b is 1)"),
        ("a not in (1, 2, 3)", "People whose a is not 1, 2 or 3 (or is unknown)"),
        ("a has all ('x', 'y')", "People whose a has all of the items 'x' and 'y'"),
        ("a is unknown", "People whose a is unknown"),
        ("a is not empty", "People whose a is known and not empty"),
        ("a > 2026-01-01", "People whose a is after 2026-01-01"),
        ("count(order) != 3", "People whose number of order events is not 3"),
        ("never order", "People without any order event ever"),
        ("not in segment 'x'", "People who are not in the segment 'x'"),
        ("did order where (not has line (x = 1))", "People with at least one order event where (no line has (x is 1))"),
        ("did order where (x != 1)", "People with at least one order event where (x is not 1 (or is unknown))"),
    ],
)  # fmt: skip
def test_brackets_unknowns_and_negations_are_said(text: str, said: str) -> None:
    assert sentence(parse(text)) == said


def test_a_long_list_is_cut_and_counted() -> None:
    text = f"a in ({', '.join(map(str, range(25)))})"
    assert sentence(parse(text)).endswith("18, 19 and 5 more")


@given(conditions())
def test_everything_can_be_said(tree: t.Condition) -> None:
    assert re.match("People|Everyone|Nobody", sentence(tree))


def test_a_language_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(NoSuchTongue, match="there are no sentences in `tlh`"):
        sentence(t.Everyone(), "tlh")


def gaps(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=list(TONGUES))
def test_every_language_has_every_phrase_with_its_gaps(tongue: Tongue) -> None:
    assert {key: gaps(phrase) for key, phrase in tongue.phrases.items()} == {
        key: gaps(phrase) for key, phrase in ENGLISH.phrases.items()
    }
    assert set(tongue.units) == set(ENGLISH.units)
