"""The kinds of identifiers: those that ship, and those that a workspace declared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from intarsia.errors import UserError, phrase
from intarsia.identity.forms import FORMS, Form
from intarsia.language.catalog import nearest
from intarsia.record.messages import ALIAS, ANONYMOUS
from intarsia.speech import mark
from intarsia.store.store import Store

MERGE = "merge"
"""The kind of what joins the profiles that somebody merged; its value is the decision's id."""

EXPLICIT = (ANONYMOUS, ALIAS)
"""Kinds whose value is the id of a profile; who has that id claims it without saying so."""

ALL = "all"
"""In the setting `identity_joins`: every kind."""

LONGEST_NAME = 40


class KindTaken(UserError):
    """A kind of identifier is there under the name, with another meaning."""

    code = "identity.kind-taken"
    says = mark("there is a kind of identifier called `{name}` already")
    advises = mark("choose another name; `intarsia identity kind list` shows all")


class BadKind(UserError):
    """A kind of identifier cannot be declared so."""

    code = "identity.bad-kind"
    says = mark("`{name}` cannot be declared: {reason}")
    advises = mark("write `intarsia identity kind add membership --trait membership_no --form digits`")


@dataclass(frozen=True)
class IdentifierKind:
    """A kind of identifier.

    paths  the traits that hold such identifiers, each as its names from the outermost inwards
    form   how their values are read
    """

    name: str
    paths: tuple[tuple[str, ...], ...]
    form: Form
    is_declared: bool = False

    def to_json(self) -> dict[str, object]:
        """Name, traits, form, and whether the workspace declared it."""
        traits = [".".join(path) for path in self.paths]
        return {"kind": self.name, "traits": traits, "form": self.form, "declared": self.is_declared}


def _shipped(name: str, form: Form, *traits: str) -> IdentifierKind:
    return IdentifierKind(name, tuple((trait,) for trait in traits), form)


SHIPPED = (
    _shipped("email", "email", "email"),
    _shipped("phone", "phone", "phone"),
    _shipped("card", "code", "card_number", "loyalty_card", "loyalty_card_number"),
)
"""The kinds that every workspace has."""


class Kinds:
    """The kinds of identifiers of one workspace.

    country  whose numbers phone numbers without a country's code are
    """

    def __init__(self, store: Store, country: str) -> None:
        self._store = store
        self.country = country

    def all(self) -> tuple[IdentifierKind, ...]:
        """Those that ship, then those that were declared, by name."""
        rows = self._store.rows("select name, path, form from identity_kind order by name")
        declared = (IdentifierKind(row["name"], (tuple(json.loads(row["path"])),), row["form"], True) for row in rows)
        return (*SHIPPED, *declared)

    def by_name(self) -> Mapping[str, IdentifierKind]:
        """The same by name."""
        return {kind.name: kind for kind in self.all()}

    def declare(self, name: str, path: tuple[str, ...], form: Form, *, at: int) -> IdentifierKind:
        """Add a kind; the same again changes nothing. Raises `BadKind`, `KindTaken`."""
        self.refuse_bad(name, path, form)
        known = self.by_name().get(name)
        wanted = IdentifierKind(name, (path,), form, True)
        if known is not None and known != wanted:
            raise KindTaken(name=name)
        with self._store.change() as connection:
            connection.execute(
                "insert or ignore into identity_kind (name, path, form, created_at) values (?, ?, ?, ?)",
                (name, json.dumps(path), form, at),
            )
        return wanted

    def refuse_bad(self, name: str, path: tuple[str, ...], form: str) -> None:
        """Raise what is wrong with a kind that is to be declared."""
        if not name.replace("_", "").isalnum() or not name.isascii() or len(name) > LONGEST_NAME:
            raise BadKind(name=name, reason=phrase("a name is 1 to {most} letters, digits and `_`", most=LONGEST_NAME))
        if name in (*EXPLICIT, MERGE, ALL, "userId"):
            raise KindTaken(name=name)
        if not path or not all(path):
            raise BadKind(name=name, reason=phrase("no trait is named"))
        if form not in FORMS:
            known = {"known": ", ".join(FORMS), "nearest": _near(form)}
            raise BadKind(name=name, reason=phrase("a form is one of {known}; the nearest is {nearest}", **known))


def _near(form: str) -> str:
    found = nearest(form, list(FORMS), most=1)
    return found[0] if found else FORMS[0]
