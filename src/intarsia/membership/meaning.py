"""What a definition says, as a digest that a new name, blank or comment does not change."""

from __future__ import annotations

from collections.abc import Mapping

from intarsia.ids import digest
from intarsia.language import show, tree
from intarsia.language.checking.named import with_names


def meaning(condition: tree.Condition, named: Mapping[str, str], ids: Mapping[str, str] | None = None) -> str:
    """The digest of a definition; two definitions with one digest have the same members in every question.

    named  of each segment that it names, by name, what stands for it: its id and its own meaning
    ids    by name, what stands for one that is asked about at other instants, by the definitions of those; None: as
           `named`

    >>> from intarsia.language import parse
    >>> meaning(parse("in segment 'a'"), {"a": "1"}) == meaning(parse("in   segment 'b'"), {"b": "1"})
    True
    """

    def name_of(node: tree.InSegment | tree.Moved) -> str:
        is_present = isinstance(node, tree.InSegment) and node.at is None
        return (named if ids is None or is_present else ids).get(node.name, node.name)

    return digest(show(with_names(condition, name_of)))
