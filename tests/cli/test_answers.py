"""docs/reference/answers.md states the shape of every answer; here its examples run and are held against its tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import leaves
from tests.cli.running import run as call
from tests.frame.reading import ROOT
from tests.frame.test_examples import broken, commands, run

PAGE = (ROOT / "docs" / "reference" / "answers.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^###? (.*)$", re.M)
ROW = re.compile(r"^\| `(?P<path>[^`]+)` \| (?P<type>[^|]+) \| [^|]*\|$", re.M)
OF_A_SHAPE = re.compile(r"(?P<list>list of )?\[(?P<name>[^]]+)\]\(#[^)]+\)(?P<null> or null)?")
FIRST_SENTENCE = re.compile(
    r"^(?:An? )?(?P<what>list of objects|list of \[[^]]+\]\([^)]+\)|object|\[[^]]+\]\([^)]+\))", re.I
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WITHOUT_EXAMPLE = {"demo", "work"}
"""The one takes a minute, the other goes on until it is told to stop."""
OF_ITS_OWN = {"query"}
"""Its columns are the caller's."""

PLAIN: dict[str, Any] = {
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "instant": lambda value: isinstance(value, str) and INSTANT.fullmatch(value) is not None,
    "list": lambda value: isinstance(value, list),
}


@dataclass
class Field:
    """What a table says of one field, and of those inside it."""

    type: str
    inside: dict[str, Field] = field(default_factory=dict)


Fields = dict[str, Field]


def sections(page: str) -> dict[str, str]:
    """The text below each heading."""
    parts = HEADING.split(page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(text: str) -> Fields:
    """The fields of a section's table, those inside others below them."""
    found: Fields = {}
    for row in ROW.finditer(text):
        *above, name = row["path"].replace("[]", "").split(".")
        home = found
        for step in above:
            home = home[step].inside
        home[name] = Field(row["type"].strip())
    return found


SECTIONS = sections(PAGE)
ANSWERS = {name.strip("`").removeprefix("intarsia "): text for name, text in SECTIONS.items() if name.startswith("`")}


def faults(value: Any, kind: str, inside: Fields, place: str) -> Iterator[str]:
    """Where a value is not what the page says that it is."""
    kind, is_optional = kind.removesuffix(" or null"), kind.endswith(" or null")
    shape = OF_A_SHAPE.fullmatch(kind)
    if value is None:
        yield from () if is_optional else [f"{place} is null"]
    elif kind.startswith("list of "):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        of = re.sub(r"^objects$", "object", kind.removeprefix("list of "))
        for number, item in enumerate(value):
            yield from faults(item, of, inside, f"{place}[{number}]")
    elif shape is not None or kind == "object":
        yield from _faults_inside(value, table(SECTIONS[shape["name"]]) if shape else inside, place)
    elif not PLAIN[kind](value):
        yield f"{place} is {value!r}, no {kind}"


def _faults_inside(value: Any, fields: Fields, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    if not fields:
        return
    if list(value) != list(fields):
        yield f"{place} has the fields {', '.join(value)}; the page says {', '.join(fields)}"
    for name in (name for name in fields if name in value):
        yield from faults(value[name], fields[name].type, fields[name].inside, f"{place}.{name}")


def whole(text: str) -> str:
    """What a section's first sentence says the answer is."""
    found = FIRST_SENTENCE.match(text.strip())
    assert found is not None, text.strip().splitlines()[0]
    return found["what"]


def test_every_command_has_its_section_and_no_section_is_left_over() -> None:
    assert {name.split(" --")[0] for name in ANSWERS} == set(leaves())


@pytest.mark.slow
def test_the_examples_run_and_have_exactly_the_fields_of_their_tables(tmp_path: Path) -> None:
    told = [(name, command) for name, text in SECTIONS.items() for command in commands(text)]
    session = [command for _, command in told]
    said = run(session, tmp_path)
    assert broken(session, said) == []
    answers: dict[str, list[Any]] = {name: [] for name in set(ANSWERS) - WITHOUT_EXAMPLE}
    for (name, command), (text, _) in zip(told, said, strict=True):
        if name.startswith("`") and command.text.endswith("--json"):
            answers[name.strip("`").removeprefix("intarsia ")].append(json.loads(text))
    assert [fault for name in sorted(answers) for fault in faults_of_a_section(name, answers[name])] == []


def faults_of_a_section(name: str, answers: list[Any]) -> Iterator[str]:
    """What a command's answers have otherwise than its section says."""
    text = ANSWERS[name]
    if not answers:
        yield f"`{name}` has no example with --json"
    if name not in OF_ITS_OWN and not table(text) and not OF_A_SHAPE.search(whole(text)):
        yield f"`{name}` says nothing of fields"
    for answer in answers:
        yield from faults(answer, whole(text), table(text), name)


@pytest.mark.parametrize("name", sorted(name for name, text in SECTIONS.items() if OF_A_SHAPE.search(text)))
def test_every_shape_that_is_named_is_there(name: str) -> None:
    named = {shape["name"] for row in ROW.finditer(SECTIONS[name]) for shape in OF_A_SHAPE.finditer(row["type"])}
    assert [shape for shape in named if not table(SECTIONS.get(shape, ""))] == []


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    "words", [["segment", "count", "country ="], ["segment", "count"], ["init", "shop", "--currency", "czk"]]
)
def test_an_error_has_exactly_the_fields_of_its_table(words: list[str]) -> None:
    said = call(*words, "--json")
    assert said.answer == ""
    assert said.speech.count("\n") == 1
    assert list(faults(json.loads(said.speech), "object", table(SECTIONS["An error"]), "error")) == []


def test_an_error_in_a_text_has_its_place(shop: Path) -> None:
    said = call("-w", str(shop), "segment", "count", "country =", "--json")
    error = json.loads(said.speech)
    assert list(faults(error, "object", table(SECTIONS["An error"]), "error")) == []
    assert error["error"]["position"] == {"start": 9, "end": 9, "text": "country ="}


def test_what_the_page_does_not_say_is_found() -> None:
    fields = table("| `a` | integer | |\n| `b` | list of object | |\n| `b[].c` | text or null | |\n")
    assert list(faults({"a": 1, "b": [{"c": "x"}, {"c": None}]}, "object", fields, "x")) == []
    assert list(faults({"a": True, "b": [{"c": 1}]}, "object", fields, "x")) == [
        "x.a is True, no integer",
        "x.b[0].c is 1, no text",
    ]
    assert list(faults({"a": 1}, "object", fields, "x")) == ["x has the fields a; the page says a, b"]
    assert list(faults([{}], "list of object", fields, "x")) == ["x[0] has the fields ; the page says a, b"]
    assert list(faults({"a": None, "b": {}}, "object", fields, "x")) == ["x.a is null", "x.b is no list"]
