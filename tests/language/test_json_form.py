"""From tree to JSON and back, and the schema of the form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from intarsia.language import from_json, json_schema, limits, parse, to_json
from intarsia.language import tree as t
from intarsia.language.json_form.form import node_classes
from intarsia.language.problems.whole import BadJson
from tests.language.examples import EXAMPLES
from tests.language.trees import conditions
from tests.persian import left_in_english
from tests.thorough import so_many

SCHEMA = Draft202012Validator(json_schema())
AGE = "age > 30.5"


def in_json(text: str) -> dict[str, Any]:
    return to_json(parse(text))


def test_the_form_is_one_object_for_each_node_with_exact_numbers() -> None:
    assert in_json(AGE) == {
        "language": 1,
        "condition": {
            "node": "test",
            "value": {"node": "path", "names": ["age"]},
            "operator": {"node": "compare", "operator": ">", "constant": {"node": "number", "value": "30.5"}},
        },
    }


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_survives_json(text: str) -> None:
    written = json.loads(json.dumps(in_json(text)))
    assert from_json(written) == parse(text)


@settings(max_examples=so_many(80, 1000))
@given(conditions())
def test_a_random_tree_survives_json_and_fits_the_schema(tree: t.Condition) -> None:
    written = json.loads(json.dumps(to_json(tree)))
    SCHEMA.validate(written)
    assert from_json(written) == tree


def test_the_schema_is_a_schema_and_describes_every_node() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert {name for name in schema["$defs"] if not name.startswith("any_")} == set(node_classes())
    assert json.loads(json.dumps(schema)) == schema


# --- broken forms


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def replaced(data: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy with another value at a place."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


@given(st.data())
def test_what_the_schema_refuses_is_refused_with_its_path(data: st.DataObject) -> None:
    written = to_json(data.draw(conditions(1)))
    place = data.draw(st.sampled_from(list(places(written))))
    broken = replaced(
        written, place, data.draw(st.sampled_from([None, 7, "x", [], {}, True, 1.5, ["x"], {"node": "x"}]))
    )
    answer = read(broken)
    if isinstance(answer, BadJson):
        assert str(answer.facts["path"]).startswith("$")
    else:
        SCHEMA.validate(broken)


def read(data: object) -> t.Condition | BadJson:
    try:
        return from_json(data)
    except BadJson as error:
        return error


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ((), [], "$: an object with `language` and `condition` is wanted"),
        (("language",), 2, "$.language: the version of the language is wanted, 1"),
        (("language",), True, "$.language: the version of the language is wanted, 1"),
        (("condition", "extra"), 1, "$.condition: no field is called `extra`"),
        (("condition", "value", "node"), "paths", "$.condition.value.node: one of `path`, `aggregate`"),
        (("condition", "value", "names"), [], "$.condition.value.names: a list with at least one item is wanted"),
        (("condition", "value", "names"), ["a", 1], "$.condition.value.names[1]: a text is wanted"),
        (("condition", "operator", "operator"), "!=", "$.condition.operator.operator: one of `=`, `<`"),
        (
            ("condition", "operator", "constant", "value"),
            30.5,
            "$.condition.operator.constant.value: a number in a text",
        ),
        (("condition", "operator", "constant"), {"node": "day", "value": "2026-02-30"}, "a time such as"),
        (("condition", "ignoring_case"), 1, "$.condition.ignoring_case: true or false is wanted"),
        (
            ("condition", "operator"),
            {"node": "compare", "operator": "="},
            "$.condition.operator: `constant` is missing",
        ),
    ],
)
def test_a_broken_form_is_refused_where_it_is_broken(place: tuple[Any, ...], value: object, message: str) -> None:
    written: Any = in_json(AGE)
    if place:
        parent = written
        for key in place[:-1]:
            parent = parent[key]
        parent[place[-1]] = value
    else:
        written = value
    with pytest.raises(BadJson) as refused:
        from_json(written)
    assert message in str(refused.value)
    assert left_in_english(refused.value) == []


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"node": "and", "parts": [{"node": "everyone"}]}, "no text says this; the nearest is: everyone"),
        ({"node": "bucket", "salt": "x"}, "one of `everyone`"),
        ({"node": "in_segment", "name": "\0"}, "U+0000"),
        ({"node": "consent", "channel": "", "purpose": "x", "state": "given"}, "a name cannot be empty"),
        ({"node": "near", "latitude": "91", "longitude": "0", "kilometres": "1"}, "degrees from -90 to 90"),
    ],
)
def test_what_no_text_says_no_json_says(condition: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadJson) as refused:
        from_json({"language": 1, "condition": condition})
    assert reason in str(refused.value)


def test_limits_hold_for_json_too() -> None:
    deep: dict[str, Any] = {"node": "everyone"}
    for _ in range(100_000):
        deep = {"node": "not", "part": deep}
    with pytest.raises(BadJson, match="nodes inside one another"):
        from_json({"language": 1, "condition": deep})
    wide = {"node": "or", "parts": [{"node": "everyone"}] * (limits.CONDITIONS + 1)}
    with pytest.raises(BadJson, match="conditions: more than 250"):
        from_json({"language": 1, "condition": wide})


def test_the_deepest_text_survives_json() -> None:
    text = "count(x) != 1"
    for _ in range(limits.NESTING - 1):
        text = f"count(x where a = 1 or b = 1 and {text}) != 1"
    assert from_json(in_json(text)) == parse(text)
