"""What a person reads who has made one of the likely mistakes: the place, the sentence, the next step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intarsia.errors import UserError
from intarsia.language import check, parse
from tests.language.test_check import CATALOG
from tests.persian import left_in_english


def told(text: str) -> str:
    """The error with its place under the text."""
    with pytest.raises(UserError) as refused:
        check(parse(text), CATALOG, text)
    error = refused.value
    assert error.span is not None
    assert left_in_english(error) == []
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


ADVISED = re.compile(r"^hint: write `([^`]*)`$|^hint: [^`]*: `([^`]*)`$|^hint: it is a property .* write `([^`]*)`$")
FRAMES = (
    *("{}", "{} > 1", "city {}", "age {}", "age > {}", "city starts with {}"),
    *("did order {}", "did order in {}", "did order in last {}", "age = 1 {}"),
)
"""Where what is told to write may stand: it is a condition, or a part of one."""


@pytest.mark.parametrize("shown", MISTAKES, ids=lambda shown: shown.splitlines()[1].strip())
def test_what_is_told_to_write_can_be_read(shown: str) -> None:
    found = ADVISED.match(shown.splitlines()[-1])
    if found is None or ".." in found[0] or SIGN.fullmatch(found[found.lastindex or 0]):
        return
    instead = found[found.lastindex or 0]
    assert any(can_be_read(frame.format(instead)) for frame in FRAMES), instead


SIGN = re.compile(r"[^\w ']+|and|or|and not|not|known|starts with|ends with|last|ignoring case|within .*|matches|where")
"""A sign or a word alone, in which nothing can be wrong."""


def can_be_read(text: str) -> bool:
    """Whether a text is a condition."""
    try:
        parse(text)
    except UserError:
        return False
    return True


def test_blanks_of_any_kind_are_blanks() -> None:
    assert parse("age\t>\u00a018\r\n and\u200f city = 'x'") == parse("age > 18 and city = 'x'")
