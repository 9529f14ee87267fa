"""What is offered at the cursor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intarsia.language import parse
from intarsia.language import tree as t
from intarsia.language.assist.complete import Suggestion, complete
from intarsia.language.catalog import Kind, Property
from intarsia.language.problems.reading import UnclosedBracket
from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.tokens import tokens
from intarsia.language.words.token import Token, TokenKind
from intarsia.language.writing.show import show
from tests.language.answerable import answerable
from tests.language.examples import EXAMPLES
from tests.language.test_parse import WORDS
from tests.language.wide import CATALOG


def offered(marked: str) -> list[Suggestion]:
    """What is offered at the `|` of a text, or at its end."""
    before, _, after = marked.partition("|")
    return complete(before + after, len(before), CATALOG)


def texts(marked: str, *kinds: str) -> list[str]:
    return [item.text for item in offered(marked) if not kinds or item.kind in kinds]


def test_at_the_begin_there_are_traits_functions_and_the_words_that_begin_a_condition() -> None:
    found = {item.text: item for item in offered("")}
    assert found["country"].kind == "trait"
    assert found["country"].explanation == "a text, said of a person"
    assert found["age"].explanation == "a number, worked out from what is said of a person"
    assert found["profile"].explanation == "the id that the person has in your data, a text"
    assert found["count("].kind == "function"
    assert found["never"].explanation == "did it not once; includes people who never did anything"
    assert {"in segment", "inside area", "near (", "sequence(", "top", "not", "(", "everyone"} <= set(found)
    assert not {"=", "has line (", "and", "where", ")"} & set(found)


def test_operators_fit_the_kind_of_the_value() -> None:
    assert texts("age ", "sign") == ["!=", "<", "<=", "=", ">", ">="]
    assert texts("country ", "sign") == ["!=", "="]
    assert texts("interests ", "sign") == []
    assert "has" in texts("interests ")
    assert not {"has", "contains", "before"} & set(texts("age "))
    assert {"contains", "starts with", "in"} <= set(texts("country "))
    assert {"in", "before", "between", "more than"} <= set(texts("birth_date "))
    assert "contains" not in texts("birth_date ")
    assert texts("age > ") == ["1"]
    assert texts("country = ") == ["''"]
    assert texts("did order where (gift = ") == ["false", "true"]
    assert texts("sum(order.total) > ") == ["1"]
    assert "CZK" in texts("sum(order.total) > 500 ")
    assert "CZK" not in texts("age > 500 ")


def test_is_offers_states_and_identified_of_the_profile_alone() -> None:
    assert {"is known", "is unknown", "is empty", "is not empty"} <= set(texts("phone "))
    assert "is identified" in texts("profile ")
    assert "is identified" not in texts("phone ")


def test_inside_where_the_properties_of_that_event_are_offered_and_no_traits() -> None:
    assert texts("did view where (", "property") == ["path", "seconds"]
    assert {"event_name", "path", "coupon"} <= set(texts("did any event where ("))
    found = texts("did order where (total > 5 and ")
    assert {"total", "coupon", "sku", "category", "lines", "has line ("} <= set(found)
    assert not {"country", "did", "count(", "in segment", "everyone"} & set(found)
    assert "has line (" not in texts("did order where (has line (")
    assert "has line (" not in texts("did view where (")
    assert {"country", "did"} <= set(texts("did order where (total > 5) and "))


def test_paths_go_on_behind_a_dot() -> None:
    assert texts("address.") == ["city"]
    assert texts("sum(order.", "property") == [
        "category",
        "coupon",
        "gift",
        "lines",
        "quantity",
        "sku",
        "status",
        "total",
    ]
    assert texts("sum(order.lines.", "property") == ["category", "quantity", "sku", "total"]
    assert texts("address") == ["address", "."]
    assert "." not in texts("country")
    assert "." not in texts("sum(order ")


def test_names_are_quoted_where_they_need_it_and_found_without_the_quote() -> None:
    assert [(item.text, item.span.start, item.span.end) for item in offered("fav")] == [('"favourite colour"', 0, 3)]
    assert texts('"fav') == ['"favourite colour"']
    assert texts("in segment 'it") == ["'it''s new'"]
    assert texts("in segment ") == ["'do_not_mail'", "'it''s new'", "'loyal'"]
    assert texts("entered segment ") == texts("in segment ")
    assert texts("inside area ") == ["'delivery'"]
    assert texts("consent ") == ["email", "sms"]
    assert texts("consent email for ") == ["marketing", "service"]


def test_a_word_that_is_begun_is_replaced_as_a_whole() -> None:
    (item,) = offered("age > 3 and countr|y = 'CZ'")
    assert (item.text, item.span.start, item.span.end) == ("country", 12, 19)
    (item,) = offered("in segment 'lo|yal' and age > 3")
    assert (item.text, item.span.start, item.span.end) == ("'loyal'", 11, 18)
    (item,) = offered("in segment 'lo| and age > 3")
    assert (item.text, item.span.start, item.span.end) == ("'loyal'", 11, 14)


def test_units_are_said_of_one_or_of_many() -> None:
    assert texts("did order in last 1 ", "unit")[0] == "day"
    assert texts("did order in last 30 ", "unit")[0] == "days"
    assert texts("did order in this ", "unit")[0] == "day"


def test_a_mistake_further_up_does_not_matter() -> None:
    assert texts("citty == 3 and did view where (path >> and ", "property") == ["path", "seconds"]
    assert texts("age > 3 && country = 'x' and in segment 'l") == ["'loyal'"]
    assert "age" in texts("country = Oslo and ")
    assert "and" in texts("country = Oslo ")


def test_in_a_comment_there_is_nothing_to_offer() -> None:
    assert offered("age > 3 -- and ") == []
    assert "and" in texts("age > 3 -- three\n ")
    assert texts("email = '-- ") == []


def test_a_place_outside_the_text_is_its_nearest_end() -> None:
    assert complete("age ", 99, CATALOG) == complete("age ", 4, CATALOG)
    assert complete("age ", -1, CATALOG) == complete("age ", 0, CATALOG)


# --- properties

OF_ANY_KIND = replace(
    CATALOG,
    traits={path: replace(trait, kind=Kind.ANY) for path, trait in CATALOG.traits.items() if path != ("address",)},
    events={
        event.name: replace(
            event,
            properties={path: Property(path) for path in event.properties},
            lines={path: Property(path, is_of_line=True) for path in event.lines},
        )
        for event in CATALOG.events.values()
    },
)
LITERALS = {TokenKind.TEXT, TokenKind.NUMBER, TokenKind.DATE, TokenKind.INSTANT}


def is_met(token: Token, item: Suggestion) -> bool:
    """Whether a suggestion is the token, begins with it, or stands for a literal of its kind."""
    begins = tokens(item.text)[0]
    if item.kind in ("literal", "channel", "purpose") and (token.kind in LITERALS or begins.kind is TokenKind.WORD):
        return token.kind is begins.kind
    return (begins.kind, begins.word or begins.value) == (token.kind, token.word or token.value)


@pytest.mark.parametrize("text", EXAMPLES)
def test_at_every_token_of_every_example_the_next_one_is_offered(text: str) -> None:
    for token in tokens(text)[:-1]:
        if text[token.span.start - 1 : token.span.start].isalnum() and token.value == "%":
            continue  # a sign right behind a number is tried below
        found = complete(text, token.span.start, CATALOG)
        assert any(is_met(token, item) for item in found), (text[: token.span.start], [item.text for item in found])


@settings(max_examples=60, deadline=None)
@given(answerable(OF_ANY_KIND, depth=1))
def test_at_every_token_of_other_rules_too(tree: t.Condition) -> None:
    text = show(tree)
    for token in tokens(text)[:-1]:
        found = complete(text, token.span.start, OF_ANY_KIND)
        assert any(is_met(token, item) for item in found), (text[: token.span.start], [item.text for item in found])


def is_read_up_to_its_end(text: str) -> bool:
    """Whether the parser takes all of a text, or wants more behind it."""
    try:
        parse(text)
    except UnclosedBracket:
        return True
    except LanguageError as error:
        return error.span is not None and error.span.start >= len(text.rstrip())
    return True


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.integers(0, 80))
def test_whatever_is_offered_can_be_inserted(text: str, position: int) -> None:
    position = min(position, len(text))
    for item in complete(text, position, CATALOG):
        inserted = text[: item.span.start] + item.text
        assert is_read_up_to_its_end(inserted), inserted


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.integers(0, 40))
def test_whatever_the_text_there_is_an_answer(text: str, position: int) -> None:
    for item in complete(text, position, CATALOG):
        assert 0 <= item.span.start <= item.span.end <= len(text)
        assert item.text
        assert item.explanation, item
