"""From text to tree."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.language import limits, parse, show
from intarsia.language import tree as t
from intarsia.language.problems.whole import LanguageError, TooLarge
from intarsia.language.words.token import RESERVED
from tests.language.examples import EXAMPLES


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_language_is_read_and_printed_the_same(text: str) -> None:
    tree = parse(text)
    assert parse(show(tree)) == tree
    assert show(tree) == CANONICAL.get(text, text)


CANONICAL = {
    "age between 25 and 34 and not interests has 'hiking'": "age between 25 and 34 and interests not has 'hiking'",
}


def path(name: str) -> t.Path:
    return t.Path((name,))


def is_one(name: str) -> t.Test:
    return t.Test(path(name), t.Compare("=", t.Number(Decimal(1))))


A, B, C = is_one("a"), is_one("b"), is_one("c")


def test_not_binds_closest_then_and_then_or() -> None:
    assert parse("not a = 1 and b = 1 or c = 1") == t.Or((t.And((t.Not(A), B)), C))
    assert parse("a = 1 or b = 1 and c = 1") == t.Or((A, t.And((B, C))))


def test_a_chain_is_one_node_and_brackets_inside_it_are_kept() -> None:
    assert parse("a = 1 and b = 1 and c = 1") == t.And((A, B, C))
    assert parse("a = 1 and (b = 1 and c = 1)") == t.And((A, t.And((B, C))))
    assert parse("((a = 1))") == A


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("never order", "not (did order)"),
        ("a != 1", "not a = 1"),
        ("a <> 1", "not a = 1"),
        ("a is unknown", "not a is known"),
        ("a is not known", "not a is known"),
        ("a is not unknown", "a is known"),
        ("a not in (1, 2)", "not a in (1, 2)"),
        ("a not contains 'x'", "not a contains 'x'"),
        ("a not between 1 and 2", "not a between 1 and 2"),
        ("a not in last 3 days", "not a in last 3 days"),
        ("a = 1.50", "a = 1.5"),
        ("age > ۲۵", "age > 25"),
        ("a = TRUE AND NOT b IN (1)", "a = true and not b in (1)"),
        ("active(order, 3 of last 6 months)", "active(order, 1 times, 3 of last 6 periods of 1 month)"),
        ("lapsed(order, 90 days)", "lapsed(order, last 90 days)"),
        ("count(order, in last 1 year) > 1", "count(order, last 1 years) > 1"),
        ("a before 2026-01-01T10:00:00.1239+00:00", "a before 2026-01-01T10:00:00.123Z"),
        ("a between 2026-01-01 and 2026-01-31 -- January\n", "a between 2026-01-01 and 2026-01-31"),
    ],
)
def test_two_ways_of_saying_one_thing_are_one_tree_and_one_text(said: str, means: str) -> None:
    assert parse(said) == parse(means)
    assert show(parse(said)) == show(parse(means))


def test_dates_between_are_a_window_and_numbers_a_range() -> None:
    dates, numbers = parse("a between 2026-01-01 and 2026-01-02"), parse("a between 1 and 2")
    assert isinstance(dates, t.Test)
    assert isinstance(dates.operator, t.During)
    assert isinstance(numbers, t.Test)
    assert isinstance(numbers.operator, t.Range)


@pytest.mark.parametrize("word", sorted(RESERVED - {"not"}))
def test_a_word_of_the_grammar_is_a_name_where_a_test_follows(word: str) -> None:
    assert parse(f"{word} = 1") == is_one(word)


@pytest.mark.parametrize("name", ["país", "страна", "کشور", "می\u200cخواهد", "नाम", "住所", "_private", "x2"])
def test_names_of_any_script_need_no_quotes(name: str) -> None:
    assert parse(f"{name} = 1") == is_one(name)
    assert show(is_one(name)) == f"{name} = 1"


def test_a_quote_inside_quotes_is_written_twice() -> None:
    assert parse('"a ""b""" = \'it\'\'s\'') == t.Test(path('a "b"'), t.Compare("=", t.Text("it's")))


def test_what_looks_like_a_comment_inside_quotes_is_text() -> None:
    assert parse("a = '--' -- said twice") == t.Test(path("a"), t.Compare("=", t.Text("--")))


def test_every_node_knows_its_place() -> None:
    text = "a = 1 and did order in last 6 months"
    places = {text[node.span.start : node.span.end] for node in parse(text).walk() if node.span}
    assert places == {text, "a = 1", "a", "= 1", "1", "did order in last 6 months", "order", "in last 6 months"} | {
        "last 6 months",
        "6 months",
    }
    assert all(node.span is not None for node in parse(text).walk())


# --- limits


def test_nesting_ends_at_its_limit() -> None:
    deepest = limits.NESTING
    assert parse("(" * deepest + "a = 1" + ")" * deepest) == A
    for text in ("(" * (deepest + 1) + "a = 1", "not " * (deepest + 1) + "a = 1", "(" * 100_000, "not " * 60_000):
        with pytest.raises(TooLarge):
            parse(text)
    with pytest.raises(TooLarge):
        parse("ratio(" * 40 + "a, a" + ", a)" * 40 + " > 1")


@pytest.mark.parametrize("test", ["x not > 5", "last(order) not before 2026-01-01", "count(x) not > 5", "x not in (1)"])
def test_a_negation_behind_a_value_counts_like_the_one_in_front_that_it_is_printed_as(test: str) -> None:
    accepted = []
    for nots in range(limits.NESTING - 3, limits.NESTING + 1):
        with suppress(TooLarge):
            accepted.append(parse("not " * nots + test))
    assert accepted
    assert all(parse(show(tree)) == tree for tree in accepted)


def test_conditions_end_at_their_limit() -> None:
    assert len(list(parse(" or ".join(["a = 1"] * limits.CONDITIONS)).children())) == limits.CONDITIONS
    with pytest.raises(TooLarge, match="conditions: more than 250"):
        parse(" or ".join(["a = 1"] * (limits.CONDITIONS + 1)))


def test_lists_end_at_their_limit() -> None:
    many = ",".join(["1"] * limits.LIST_LITERALS)
    tree = parse(f"a in ({many})")
    assert parse(show(tree)) == tree
    with pytest.raises(TooLarge, match="values in a list: more than 10000"):
        parse(f"a in ({many},1)")


def test_the_size_of_a_text_does_not_count_blanks_so_that_what_is_printed_can_be_read() -> None:
    longest = "x" * (limits.TEXT_BYTES - len("a=''"))
    assert show(parse(f"a='{longest}'")) == f"a = '{longest}'"
    with pytest.raises(TooLarge, match="bytes"):
        parse(f"a='{longest}x'")


def test_sequences_and_patterns_end_at_their_limits() -> None:
    parse(f"sequence({', '.join(['view'] * limits.SEQUENCE_STEPS)})")
    with pytest.raises(TooLarge, match="steps of a sequence: more than 10"):
        parse(f"sequence({', '.join(['view'] * (limits.SEQUENCE_STEPS + 1))})")
    with pytest.raises(TooLarge, match="characters in a pattern: more than 1000"):
        parse(f"a matches '{'x' * 1001}'")


def test_the_deepest_texts_go_through_everything_without_exhausting_the_stack() -> None:
    text = "count(x) != 1"
    for _ in range(limits.NESTING - 1):
        text = f"count(x where a = 1 or b = 1 and {text}) != 1"
    tree = parse(text)
    assert parse(show(tree)) == tree


# --- any text at all

WORDS = [
    *RESERVED,
    *("order", "a", '"b c"', "'x'", "1", "2.5", "-3", "2026-01-31", "2026-01-31T10:00Z", "10", "%", "(", ")", ",", "."),
    *(
        "=",
        "!=",
        "<",
        ">=",
        "count",
        "sum",
        "sequence",
        "active",
        "lapsed",
        "days",
        "month",
        "ago",
        "than",
        "times",
        "of",
    ),
    *(
        "segment",
        "line",
        "top",
        "near",
        "km",
        "inside",
        "area",
        "consent",
        "given",
        "with",
        "known",
        "had",
        "among",
        "at",
    ),
    *(
        "local",
        "time",
        "calendar",
        "jalali",
        "least",
        "less",
        "ignoring",
        "case",
        "EUR",
        "--",
        "\n",
        "'",
        '"',
        "periods",
    ),
]


@given(st.text() | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_whatever_the_text_the_answer_is_a_tree_or_an_error_with_a_place(text: str) -> None:
    answer = parsed(text)
    if isinstance(answer, LanguageError):
        assert answer.text == text
        assert answer.span is not None
        assert 0 <= answer.span.start <= answer.span.end <= len(text)
        assert answer.to_json()["message"]
    else:
        assert parse(show(answer)) == answer


def parsed(text: str) -> t.Condition | LanguageError:
    try:
        return parse(text)
    except LanguageError as error:
        return error


@pytest.mark.parametrize(
    "text", ["a = '\ud800'", "a = '\0'", "a = \ud800", "\x00", "a = " + "9" * 5000, "a = '" + "'" * 8]
)
def test_texts_that_no_store_keeps_are_refused(text: str) -> None:
    with pytest.raises(LanguageError):
        parse(text)
