from __future__ import annotations

import unicodedata

import pytest

from tests.cli.running import run

pytestmark = pytest.mark.usefixtures("shop")


def shown(text: str) -> list[str]:
    """The lines of an error about a definition."""
    said = run("segment", "count", text)
    assert (said.status, said.answer) == (2, "")
    return said.speech.splitlines()


def columns(text: str) -> int:
    """How many columns of a terminal a text takes, told from Unicode's own table."""
    narrow = sum(unicodedata.combining(character) == 0 for character in text)
    return narrow + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def test_the_carets_stand_below_what_is_meant() -> None:
    assert shown("country = 'CZ' and citty = 'Praha'") == [
        "error[language.unknown-trait]: no trait is called `citty`",
        "  country = 'CZ' and citty = 'Praha'",
        "                     ^^^^^",
        "hint: the nearest is `city`",
    ]


@pytest.mark.parametrize("before", ["", "a", "Praha", "Прага", "東京", "서울", "ﾊﾝｶｸ", "Kraków", "Krako\u0301w", "🧥"])
def test_carets_stand_right_behind_letters_of_any_width(before: str) -> None:
    start = f"country = '{before}' and "
    _, line, carets, *_ = shown(f"{start}citty = 'x'")
    assert line == f"  {start}citty = 'x'"
    assert carets == " " * (2 + columns(start)) + "^^^^^"


@pytest.mark.parametrize("name", ["город", "都市", "도시", "شهر", "cité"])
def test_there_are_as_many_carets_as_the_name_is_wide(name: str) -> None:
    _, line, carets, *_ = shown(f"{name} = 'x'")
    assert line == f"  {name} = 'x'"
    assert carets == "  " + "^" * columns(name)


def test_of_several_lines_the_one_with_the_mistake_is_shown() -> None:
    assert shown("country = 'CZ' -- at home\n  and citty = 'x'\n  and age > 3")[1:4] == [
        "line 2, column 7:",
        "    and citty = 'x'",
        "        ^^^^^",
    ]


def test_a_mistake_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert shown("everyone and age\n  > 'old'\n  or nobody")[2:4] == ["    > 'old'", "      ^^^^^"]
    assert shown("did order in last\n  month")[1:4] == [
        "line 1, column 14:",
        "  did order in last",
        "               ^^^^",
    ]


@pytest.mark.parametrize("end", ["", " ", "\n", "\n\n  "])
def test_a_text_that_breaks_off_is_marked_behind_its_last_word(end: str) -> None:
    assert shown(f"did order and{end}")[1:3] == ["  did order and", "               ^"]


@pytest.mark.parametrize("blank", ["\t", "\r", "\v", "\f"])
def test_blanks_that_would_jump_are_shown_as_blanks(blank: str) -> None:
    assert shown(f"country ={blank}'CZ' and citty = 1")[1:3] == [
        "  country = 'CZ' and citty = 1",
        "                     ^^^^^",
    ]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_text_has_no_place_to_show(text: str) -> None:
    assert [line.split(":")[0] for line in shown(text)] == ["error[language.empty-text]", "hint"]


def test_json_gives_the_place_in_characters_of_the_text() -> None:
    text = "country = '東京' and citty = 'x'"
    error = run("segment", "count", text, "--json").error()
    position = error["position"]
    assert position["text"][position["start"] : position["end"]] == "citty"
    assert position["text"] == text
    assert (error["code"], error["hint"]) == ("language.unknown-trait", "the nearest is `city`")
