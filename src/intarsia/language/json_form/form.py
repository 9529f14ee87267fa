"""A tree as JSON and back: one object for each node, its fields as they are in `tree.py`.

`{"language": 1, "condition": {"node": "test", "value": {"node": "path", "names": ["age"]}, "operator":
{"node": "compare", "operator": ">", "constant": {"node": "number", "value": "30"}}}}`

A field that has its usual value is left out. Numbers with decimals, dates and instants are texts, so that they stay
exact. `json_schema.py` describes the form; what neither says (an edge that must be smaller, a limit) the text decides:
a JSON form is a tree of the language if its canonical text is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, NoReturn, Union, cast, get_args, get_origin, get_type_hints

from intarsia.errors import Phrase, phrase
from intarsia.language import limits, tree
from intarsia.language.problems.whole import BadJson, LanguageError
from intarsia.language.reading.parse import parse
from intarsia.language.version import LANGUAGE_VERSION
from intarsia.language.words.spelling import spell_decimal, spell_instant
from intarsia.language.writing.show import show

DEPTH = 6 * limits.NESTING
"""Nodes inside one another; no text of the allowed nesting makes more."""

DECIMAL = re.compile(rf"-?[0-9]{{1,{limits.WHOLE_DIGITS}}}(\.[0-9]{{1,{limits.WHOLE_DIGITS}}})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WALL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{3})?)?")


@cache
def node_classes() -> dict[str, type[tree.Node]]:
    """Every class of nodes by its name in JSON: `in_segment` of InSegment."""
    return {name: kind for kind, name in node_names().items()}


@cache
def node_names() -> dict[type[tree.Node], str]:
    """The name in JSON of every class of nodes."""
    kinds = (kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.Node))
    return {kind: _with_underscores(kind.__name__) for kind in kinds if kind is not tree.Node}


def _with_underscores(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def field_types(kind: type[tree.Node]) -> dict[str, Any]:
    """The type of every field of a class of nodes that has a place in JSON."""
    return _all_field_types()[kind]


@cache
def _all_field_types() -> dict[type[tree.Node], dict[str, Any]]:
    found = {}
    for kind in node_names():
        hints = get_type_hints(kind)
        found[kind] = {field.name: hints[field.name] for field in fields(kind) if field.name != "span"}
    return found


def alternatives(hint: object) -> tuple[Any, ...]:
    """The types of a union, without None; of anything else, itself."""
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        return tuple(option for option in get_args(hint) if option is not type(None))
    return (hint,)


# --- to JSON


def to_json(condition: tree.Condition) -> dict[str, Any]:
    """The JSON form of a tree, with the version of the language."""
    return {"language": LANGUAGE_VERSION, "condition": _encoded(condition)}


def _encoded(value: object) -> Any:
    match value:
        case tree.Node():
            return {"node": node_names()[type(value)], **_encoded_fields(value)}
        case tuple():
            return [_encoded(item) for item in value]
        case Decimal():
            return spell_decimal(value)
        case datetime():
            return spell_instant(value, None)
        case date():
            return value.isoformat()
        case _:
            return value


def _encoded_fields(node: tree.Node) -> dict[str, Any]:
    written = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name != "span" and value is not None and value != field.default:
            written[field.name] = _encoded(value)
    return written


# --- from JSON


def from_json(data: object) -> tree.Condition:
    """The tree of a JSON form; its nodes have no place in a text.

    data  what a JSON reader returns
    Raises BadJson with the path of what is wrong (`$.condition.parts[1]`).
    """
    if not isinstance(data, Mapping):
        _refuse("$", phrase("an object with `language` and `condition` is wanted"))
    _refuse_unknown_keys("$", data, {"language", "condition"})
    version = data.get("language")
    if type(version) is not int or not 1 <= version <= LANGUAGE_VERSION:
        _refuse("$.language", phrase("the version of the language is wanted, {version}", version=LANGUAGE_VERSION))
    if "condition" not in data:
        _refuse("$", phrase("`{name}` is missing", name="condition"))
    found = cast(tree.Condition, _node(data["condition"], tree.Condition, "$.condition", 0))
    _refuse_unsayable(found)
    return found


def _refuse(path: str, reason: Phrase) -> NoReturn:
    raise BadJson(path=path, reason=reason)


def _refuse_unknown_keys(path: str, data: Mapping[str, object], known: set[str]) -> None:
    for key in data:
        if key not in known:
            _refuse(path, phrase("no field is called `{name}`", name=key))


def _refuse_unsayable(condition: tree.Condition) -> None:
    """What the node classes allow and the language does not: text is the judge."""
    text = show(condition)
    try:
        said = parse(text)
    except LanguageError as error:
        raise BadJson(path="$.condition", reason=error, text=error.text, span=error.span) from error
    if said != condition:
        _refuse("$.condition", phrase("no text says this; the nearest is: {nearest}", nearest=show(said)))


def _node(data: object, hint: object, path: str, depth: int) -> tree.Node:
    if not isinstance(data, Mapping):
        _refuse(path, phrase("an object with `node` is wanted"))
    if depth > DEPTH:
        _refuse(path, phrase("more than {most} nodes inside one another", most=DEPTH))
    name = data.get("node")
    kind = node_classes().get(name) if isinstance(name, str) else None
    if kind is None or kind not in alternatives(hint):
        _refuse_other(f"{path}.node", [node_names()[option] for option in alternatives(hint)])
    types = field_types(kind)
    _refuse_unknown_keys(path, data, {"node", *types})
    values: dict[str, Any] = {}
    for name, inner in types.items():
        if name in data:
            values[name] = _value(data[name], inner, f"{path}.{name}", depth + 1)
        else:
            values[name] = _left_out(kind, name, path)
    return kind(**values)


def _refuse_other(path: str, options: Sequence[str]) -> NoReturn:
    """Refuse what is none of the names that there are."""
    _refuse(path, phrase("one of {options} is wanted", options=", ".join(f"`{option}`" for option in options)))


def _left_out(kind: type[tree.Node], name: str, path: str) -> object:
    default = usual_value(kind, name)
    if default is MISSING:
        _refuse(path, phrase("`{name}` is missing", name=name))
    return default


def usual_value(kind: type[tree.Node], name: str) -> object:
    """The value of a field that is left out, MISSING if it cannot be."""
    default = next(field.default for field in fields(kind) if field.name == name)
    is_optional = type(None) in get_args(field_types(kind)[name])
    return None if default is MISSING and is_optional else default


def _value(data: object, hint: object, path: str, depth: int) -> object:
    option = alternatives(hint)[0]
    if get_origin(option) is tuple:
        _refuse_bad_list(data, path)
        item = get_args(option)[0]
        # A loop, not a generator: each level of a tree costs fewer frames of Python's stack.
        found = []
        for place, part in enumerate(cast(list[object], data)):
            found.append(_value(part, item, f"{path}[{place}]", depth))
        return tuple(found)
    if get_origin(option) is Literal:
        return _choice(data, get_args(option), path)
    if isinstance(option, type) and issubclass(option, tree.Node):
        return _node(data, hint, path, depth)
    return _scalar(data, option, path)


def _refuse_bad_list(data: object, path: str) -> None:
    if not isinstance(data, list) or not data:
        _refuse(path, phrase("a list with at least one item is wanted"))
    if len(data) > limits.LIST_LITERALS:
        _refuse(path, phrase("more than {most} items", most=limits.LIST_LITERALS))


def _choice(data: object, options: tuple[str, ...], path: str) -> object:
    if not isinstance(data, str) or data not in options:
        _refuse_other(path, options)
    return data


_WANTED = {
    bool: phrase("true or false is wanted"),
    int: phrase("a whole number is wanted"),
    str: phrase("a text is wanted"),
    Decimal: phrase('a number in a text, "1.5", is wanted'),
}


def _scalar(data: object, kind: object, path: str) -> object:
    if kind in (bool, int, str):
        return data if type(data) is kind else _refuse(path, _WANTED[cast(type, kind)])
    written = data if isinstance(data, str) else ""
    if kind is Decimal:
        return Decimal(written) if DECIMAL.fullmatch(written) else _refuse(path, _WANTED[Decimal])
    shape, wanted_time = (WALL_TIME, '"2026-01-31T10:00"') if kind is datetime else (DATE, '"2026-01-31"')
    try:
        if shape.fullmatch(written):
            return cast(type[date], kind).fromisoformat(written)
    except ValueError:
        pass  # no such day or time: the same error as for a wrong shape
    _refuse(path, phrase("a time such as {example} is wanted", example=wanted_time))
