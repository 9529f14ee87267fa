"""Corrections of words by people: of what kind a word is, of which family a trait."""

from __future__ import annotations

import json

from intarsia.errors import UserError
from intarsia.language.catalog import Family, Kind, nearest
from intarsia.record.words import Word, words
from intarsia.speech import mark
from intarsia.store.store import Store


class NoSuchWord(UserError):
    """The record holds no such trait, event or property."""

    code = "record.unknown-word"
    says = mark("the record holds no trait, event or property called `{name}`")
    advises = mark("the nearest is `{nearest}`; `intarsia word list` shows all")


class NoFamily(UserError):
    """Only traits are of a family of criteria."""

    code = "record.no-family"
    says = mark("`{name}` is no trait, so it has no family")
    advises = mark("correct its kind only")


def correct(store: Store, name: str, *, kind: str | None, family: str | None) -> Word:
    """Write down what a person says of a word, which then is so for everybody; the record itself is untouched."""
    found = {word.label: word for word in words(store)}
    word = found.get(name)
    if word is None:
        near = nearest(name, list(found), most=1)
        raise NoSuchWord(name=name, nearest=near[0] if near else None)
    if family is not None and word.scope != "trait":
        raise NoFamily(name=name)
    chosen_kind = Kind(kind) if kind else word.kind
    chosen_family = Family(family).value if family else word.family
    with store.change() as connection:
        connection.execute(
            "update word set kind = ?, family = ?, is_corrected = 1 where scope = ? and event = ? and path = ?",
            (chosen_kind.value, chosen_family, word.scope, word.event, json.dumps(word.path)),
        )
    return {word.label: word for word in words(store)}[name]
