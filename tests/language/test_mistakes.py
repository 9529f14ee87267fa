"""What a person reads who has made one of the likely mistakes: the place, the sentence, the next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse
from tests.language.test_check import CATALOG


def told(text: str) -> str:
    """The error with its place under the text."""
    with pytest.raises(UserError) as refused:
        check(parse(text), CATALOG, text)
    error = refused.value
    assert error.span is not None
    line = " " * error.span.start + "^" * max(1, error.span.end - error.span.start)
    hint = error.hint()
    return "\n".join([f"error[{error.code}]: {error}", f"  {text}", f"  {line}", *([f"hint: {hint}"] if hint else [])])


MISTAKES = (Path(__file__).parent / "mistakes.txt").read_text(encoding="utf-8").strip().split("\n\n")


@pytest.mark.parametrize("expected", MISTAKES, ids=lambda expected: expected.splitlines()[1].strip())
def test_a_mistake_is_shown_in_its_place_with_a_next_step(expected: str) -> None:
    assert told(expected.splitlines()[1][2:]) == expected


def test_nearly_every_mistake_has_a_next_step() -> None:
    without = [text.splitlines()[0] for text in MISTAKES if "\nhint: " not in text]
    assert len(MISTAKES) >= 60
    assert [text for text in without if not text.startswith("error[language.bad-number]")] == []


def test_blanks_of_any_kind_are_blanks() -> None:
    assert parse("age\t>\u00a018\r\n and\u200f city = 'x'") == parse("age > 18 and city = 'x'")
