"""The JSON Schema (draft 2020-12) of the JSON form of a definition, made from the classes of nodes."""

from __future__ import annotations

from dataclasses import MISSING
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from intarsia.language import limits, tree
from intarsia.language.json_form.form import (
    DATE,
    DECIMAL,
    WALL_TIME,
    alternatives,
    field_types,
    node_classes,
    node_names,
    usual_value,
)
from intarsia.language.version import LANGUAGE_VERSION

SHARED = {
    "condition": tree.Condition,
    "constant": tree.Constant,
    "operator": tree.Operator,
    "period": tree.Period,
    "time": tree.Time,
    "value": tree.Value,
}
"""Choices between nodes that several fields have."""

NARROWER: dict[tuple[type[tree.Node], str], dict[str, Any]] = {
    (tree.And, "parts"): {"minItems": 2},
    (tree.Or, "parts"): {"minItems": 2},
    (tree.OneOf, "constants"): {"maxItems": limits.LIST_LITERALS},
    (tree.Has, "constants"): {"maxItems": limits.LIST_LITERALS},
    (tree.Sequence, "steps"): {"maxItems": limits.SEQUENCE_STEPS},
    (tree.Number, "currency"): {"pattern": "^[A-Z]{3}$"},
    (tree.Moment, "offset"): {"minimum": -1439, "maximum": 1439},
    (tree.Length, "count"): {"minimum": 0},
    (tree.Calendar, "count"): {"minimum": 1},
    (tree.BetweenAgo, "near"): {"minimum": 0},
    (tree.BetweenAgo, "far"): {"minimum": 1},
    (tree.Active, "times"): {"minimum": 1},
    (tree.Active, "hits"): {"minimum": 1},
    (tree.Active, "periods"): {"minimum": 1},
}
"""What a field's type alone does not say."""


def json_schema() -> dict[str, Any]:
    """The schema: the top with `language` and `condition`, and one definition for each class of nodes.

    A form that the schema refuses, `from_json` refuses too; the reverse holds but for rules that join several
    fields and for the limits of a whole text.
    """
    nodes = {name: _node(name, kind) for name, kind in node_classes().items()}
    choices = {f"any_{name}": _choice(union) for name, union in SHARED.items()}
    top = {
        "language": {"enum": list(range(1, LANGUAGE_VERSION + 1))},
        "condition": {"$ref": "#/$defs/any_condition"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A definition in the segment language of intarsia",
        "type": "object",
        "properties": top,
        "required": ["language", "condition"],
        "additionalProperties": False,
        "$defs": {**choices, **nodes},
    }


def _node(name: str, kind: type[tree.Node]) -> dict[str, Any]:
    types = field_types(kind)
    properties = {field: {**_type(hint), **NARROWER.get((kind, field), {})} for field, hint in types.items()}
    needed = [field for field in types if usual_value(kind, field) is MISSING]
    return {
        "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
        "type": "object",
        "properties": {"node": {"const": name}, **properties},
        "required": ["node", *needed],
        "additionalProperties": False,
    }


def _type(hint: object) -> dict[str, Any]:
    options = alternatives(hint)
    for name, union in SHARED.items():
        if options == alternatives(union):
            return {"$ref": f"#/$defs/any_{name}"}
    option = options[0]
    if get_origin(option) is tuple:
        return {"type": "array", "items": _type(get_args(option)[0]), "minItems": 1}
    if get_origin(option) is Literal:
        return {"enum": list(get_args(option))}
    return _scalar(option) or _choice(hint)


def _scalar(kind: Any) -> dict[str, Any] | None:
    shapes: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        Decimal: {"type": "string", "pattern": f"^{DECIMAL.pattern}$"},
        date: {"type": "string", "pattern": f"^{DATE.pattern}$"},
        datetime: {"type": "string", "pattern": f"^{WALL_TIME.pattern}$"},
    }
    return shapes.get(kind)


def _choice(hint: object) -> dict[str, Any]:
    refs = [{"$ref": f"#/$defs/{node_names()[option]}"} for option in alternatives(hint)]
    return refs[0] if len(refs) == 1 else {"oneOf": refs}
