"""What stands at the cursor, and everything that is wrong with a text."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intarsia.language import parse
from intarsia.language.assist.check_at import Look, check_at
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.recover import PROBLEMS_MOST, recovered
from intarsia.language.writing.show import show
from tests.language.examples import EXAMPLES
from tests.language.test_parse import WORDS
from tests.language.wide import CATALOG


def look(marked: str) -> Look:
    """A text looked at from its `|`."""
    before, _, after = marked.partition("|")
    return check_at(before + after, len(before), CATALOG)


@pytest.mark.parametrize(
    ("marked", "name", "kind", "meaning"),
    [
        ("cou|ntry = 'CZ'", "country", "trait", "a text, said of a person"),
        ("|age > 3", "age", "trait", "a number, worked out from what is said of a person"),
        ("address.ci|ty = 'x'", "address.city", "trait", "a text, said of a person"),
        ('"favour|ite colour" = 1', '"favourite colour"', "trait", "a text, said of a person"),
        ("pro|file = 'ada'", "profile", "trait", "the id that the person has in your data, a text"),
        ("citty| = 'x'", "citty", "unknown", "a name that this workspace does not know"),
        ("did or|der", "order", "event", "an event, sent as `Order Completed`"),
        ("did order where (to|tal > 1)", "total", "property", "an amount of money, said of the event `order`"),
        ("did order where (s|ku = 'x')", "sku", "property", "a text, said of each line of the event `order`"),
        ("sum(order.li|nes.sku) > 1", "order.lines.sku", "property", "a text, said of each line of the event `order`"),
        ("in segment 'loy|al'", "'loyal'", "segment", "a segment of this workspace"),
        ("in segment 'nope|'", "'nope'", "unknown", "a name that this workspace does not know"),
        ("inside area 'deli|very'", "'delivery'", "area", "an area of this workspace"),
        ("country = 'C|Z'", "'CZ'", "literal", "a text in single quotes"),
        ("age > 3|5", "35", "literal", "a number"),
        ("birth_date before 2000|-01-01", "2000-01-01", "literal", "a date, without quotes"),
        ("nev|er order", "never", "word", "did it not once; includes people who never did anything"),
        ("count|(order) > 1", "count", "word", "how many events"),
        ("did order in last 3 da|ys", "days", "unit", "a length of time"),
        ("country |!= 'x'", "!=", "sign", "is not equal, or is unknown"),
    ],
)  # fmt: skip
def test_what_stands_at_the_cursor_is_told(marked: str, name: str, kind: str, meaning: str) -> None:
    standing = look(marked).standing
    assert standing is not None
    assert (standing.name, standing.kind, standing.meaning) == (name, kind, meaning)
    assert marked.replace("|", "")[standing.span.start : standing.span.end] == name


def test_between_words_nothing_stands() -> None:
    assert look("age > 3 |  and age < 5").standing is None or look("age  |  > 3").standing is None
    assert look("").standing is None


def test_the_condition_around_the_cursor_is_read_back() -> None:
    assert look("ag|e > 3 and country = 'CZ'").sentence == "People whose age is above 3"
    assert look("age > 3 an|d country = 'CZ'").sentence == "People whose age is above 3 and whose country is 'CZ'"
    inside = look("age > 3 and never order where (to|tal > 5)").sentence
    assert inside is not None
    assert inside.startswith("People without any order")
    assert look("cou|ntry = Oslo and age > 3").sentence is None


def test_what_is_read_back_says_what_is_asked_of_lines() -> None:
    text = "did order where (category = 'coats')"
    said = "People with at least one order with a line whose category is 'coats'"
    assert (look(f"|{text}").sentence, check_at(text, None, CATALOG).sentence) == (said, said)


def problems(text: str) -> list[tuple[str, str]]:
    """What is wrong, by code and place."""
    found = []
    for problem in look(text).problems:
        assert problem.span is not None
        found.append((problem.code.removeprefix("language."), text[problem.span.start : problem.span.end]))
    return found


def test_every_broken_condition_is_told_of_and_none_that_follows_from_another() -> None:
    assert problems("citty = 'x' and agge > 3 or did ordr") == [
        ("unknown-trait", "citty"),
        ("unknown-trait", "agge"),
        ("unknown-event", "ordr"),
    ]
    assert problems("country = Oslo and age = = 3 and city = 'x'") == [
        ("not-a-value", "Oslo"),
        ("unexpected-word", "="),
    ]
    assert problems("did order where (totl > 5 and coupn = 'x') and age = 'x") == [
        ("unknown-property", "totl"),
        ("unknown-property", "coupn"),
        ("unclosed-quote", "'"),
    ]
    assert problems("(age > 3 and (city = 'x'") == [("unclosed-bracket", "("), ("unclosed-bracket", "(")]
    assert problems("age > 3) and citty = 'x'") == [("unexpected-word", ")"), ("unknown-trait", "citty")]
    assert problems("age > 3 and") == [("unexpected-word", "")]
    assert problems("age between 5 and x and citty = 'x'") == [("not-a-value", "x"), ("unknown-trait", "citty")]
    assert problems("count(order wher total > 5) > 1 and citty = 1") == [
        ("unexpected-word", "wher"),
        ("unknown-trait", "citty"),
    ]
    assert problems(")") == [("unexpected-word", ")")]
    assert problems("") == [("empty-text", "")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("age > 18, age < 30", ","),
        ("age > 1000,50", ","),
        ("age > 1,000,000 and city = 'x'", ","),
        ("city in 'CZ', 'PL'", "'CZ'"),
        ("city in ['CZ', 'PL'] and age > 3", "["),
        ("city in {'CZ', 'PL'}", "{"),
        ("[city] = 'x'", "["),
        ("/* x */ age > 3", "/*"),
        ("/* x */", "/*"),
        ("age > 3 -- old\n# new, or so\n", "#"),
        ("ag\u200be > 18", "\u200b"),
        ("city = `Praha` and age > 3", "`Praha`"),
        ("city = 'Praha\u2019 or city = 'x'", "'"),
        ("did never order", "order"),
        ("never did order", "order"),
        ("bucket('s') < 50%", "%"),
        ("count(order) between count(view) and 3", "count"),
        ("age > １８", "１８"),
    ],
)
def test_of_a_mistake_and_what_comes_of_it_only_the_first_is_told(text: str, place: str) -> None:
    assert [shown for _, shown in problems(text)] == [place]


def test_a_mistake_does_not_hide_what_is_wrong_elsewhere() -> None:
    assert problems("age > 18, citty = 'x'") == [("unexpected-word", ","), ("unknown-trait", "citty")]
    assert problems("citty in ['a'] and agge > 3") == [
        ("unknown-trait", "citty"),
        ("unexpected-character", "["),
        ("unknown-trait", "agge"),
    ]
    assert problems("did never order and citty = 'x'") == [("unexpected-word", "order"), ("unknown-trait", "citty")]


@pytest.mark.parametrize("sign", ["/", ";", "a / ", "[a] ", "`", "\u2018a ", "- ", "age > 1, ", "x x ", "/*"])
def test_a_long_text_of_mistakes_is_read_in_seconds(sign: str) -> None:
    begun = monotonic()
    recovered(sign * (20_000 // len(sign)))
    assert monotonic() - begun < 5


def test_a_text_without_mistakes_has_no_problems() -> None:
    assert problems("age > 3 and never order where (total > 5) in last 3 months") == []
    assert look("age > 3").to_json()["problems"] == []


def test_what_is_too_large_is_said_and_nothing_else() -> None:
    assert [code for code, _ in problems("(" * 40 + "age > x")] == ["too-large"]
    many = " and ".join(["age = x"] * 50)
    assert len(recovered(many).problems) == PROBLEMS_MOST


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_can_be_read_is_read_as_ever(text: str) -> None:
    assert recovered(text).tree == parse(text)
    assert recovered(text).problems == ()


def refusal(text: str) -> LanguageError | None:
    try:
        parse(text)
    except LanguageError as error:
        return error
    return None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_a_text_has_problems_exactly_if_it_cannot_be_read(text: str) -> None:
    found, refused = recovered(text), refusal(text)
    if refused is None:
        assert (found.tree, found.problems) == (parse(text), ())
    else:
        assert refused.code in {problem.code for problem in found.problems}
    if found.tree is not None:
        assert parse(show(found.tree)) == found.tree


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join), st.integers(0, 60))
def test_every_place_of_every_text_can_be_looked_at(text: str, position: int) -> None:
    assert check_at(text, position, CATALOG).to_json()
