"""Which segments cannot be asked, for what they name is gone: they keep their members, and are told as broken."""

from __future__ import annotations

from collections.abc import Mapping

from intarsia.errors import UserError
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.segment.definitions import Definition, in_dependency_order, ring
from intarsia.segment.register import Register
from intarsia.speech import mark


class ParentInvalid(UserError):
    """A segment names one that is invalid."""

    code = "membership.parent-invalid"
    says = mark("it names the segment `{name}`, which is invalid itself")
    advises = mark("mend `{name}` first; until then both keep the members that they had")


def invalid(register: Register, definitions: Mapping[str, Definition], catalog: Catalog) -> dict[str, UserError]:
    """Why segments are invalid (rule 41), by name; the others can be asked.

    definitions  those in force, by name; catalog: everything that can be named
    """
    named = {name: register.named_by(definition) for name, definition in definitions.items()}
    found: dict[str, UserError] = {}
    for definition in in_dependency_order(definitions, lambda one: named[one.name]):
        try:
            _refuse(definition, register, catalog, named, found)
        except UserError as error:
            found[definition.name] = error
    return found


def _refuse(
    definition: Definition,
    register: Register,
    catalog: Catalog,
    named: Mapping[str, set[str]],
    found: Mapping[str, UserError],
) -> None:
    """Raise what is wrong with a segment; `found`: with those that it may name."""
    circle = ring(named, definition.name)
    if circle:
        raise SegmentLoop(circle=" → ".join(circle))
    if definition.kind == "list":
        return
    register.content(definition, catalog)
    for name in sorted(named[definition.name]):
        if name in found:
            raise ParentInvalid(name=name)
