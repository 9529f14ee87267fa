"""From tree to text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings

from intarsia.language import parse, show
from intarsia.language import tree as t
from tests.language.trees import conditions


@settings(max_examples=400)
@given(conditions())
def test_a_printed_tree_reads_as_the_same_tree(tree: t.Condition) -> None:
    text = show(tree)
    assert parse(text) == tree, text
    assert show(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 and (b = 1 or c = 1)",
        "a = 1 or b = 1 and c = 1",
        "a = 1 and (b = 1 and c = 1)",
        "a = 1 or (b = 1 or c = 1)",
        "not (a = 1 and b = 1)",
        "not a != 1",
        "not never order",
        "not a > 1",
        "not a before 2026-01-01",
        "not a = 1 for at least 3 days",
        "not in segment 'x'",
        "never order where (total > 1) in last 1 day",
        "did order in previous month",
        "did order in previous 2 months in local time by gregorian calendar",
        "did order in today",
        "count(order, today) > 1",
        "sequence(cart, order, in today)",
        "did \"in\" in last 3 days",
        "sequence(\"no\", no \"today\")",
        "a = 'it''s'",
        "a < -0.000001",
        "a since 2026-01-31T10:00:00.500-05:30",
    ],
)  # fmt: skip
def test_a_text_in_canonical_form_is_printed_as_it_is(text: str) -> None:
    assert show(parse(text)) == text


def test_equal_numbers_are_printed_alike() -> None:
    written = {show(t.Number(Decimal(number))) for number in ("7", "7.0", "7.000000", "0.7e1")}
    assert written == {"7"}
    assert show(t.Number(Decimal("-0.0"))) == "0"
    assert show(t.Number(Decimal("1e20"))) == "1" + "0" * 20


def test_a_name_is_quoted_when_it_could_be_read_as_grammar_or_has_other_characters() -> None:
    names = ("in", "Not", "a b", "a.b", "1st", "", "'")
    assert [show(t.Path((name,))) for name in names] == ['"in"', '"Not"', '"a b"', '"a.b"', '"1st"', '""', '"\'"']
    assert show(t.Path(("active",))) == "active"
