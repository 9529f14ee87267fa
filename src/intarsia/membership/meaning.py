"""What a definition says, as a digest that a new name, blank or comment does not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from intarsia.ids import digest
from intarsia.language import show, tree

Some = TypeVar("Some", bound=tree.Node)


def meaning(condition: tree.Condition, named: Mapping[str, str]) -> str:
    """The digest of a definition; two definitions with one digest have the same members in every question.

    named  of each segment that it names, by name, what stands for it: its id and its own meaning

    >>> from intarsia.language import parse
    >>> meaning(parse("in segment 'a'"), {"a": "1"}) == meaning(parse("in   segment 'b'"), {"b": "1"})
    True
    """
    return digest(show(_with_names(condition, named)))


def _with_names(node: Some, named: Mapping[str, str]) -> Some:
    """The tree with the names of segments replaced."""
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, tree.Node):
            changed[item.name] = _with_names(value, named)
        elif isinstance(value, tuple) and any(isinstance(part, tree.Node) for part in value):
            changed[item.name] = tuple(_with_names(part, named) for part in value)
    if isinstance(node, tree.InSegment | tree.Moved):
        changed["name"] = named.get(node.name, node.name)
    return replace(node, **changed) if changed else node
