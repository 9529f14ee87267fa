"""What people say of words: of what kind one is, of which family a trait; also before any data come in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from intarsia.errors import Phrase, UserError, one_of, phrase
from intarsia.language.catalog import EventType, Family, Kind, nearest
from intarsia.language.words.spelling import spell_name
from intarsia.record.vocabulary import LINE_CARRIERS, ORDER_NAMES, SHIPPED
from intarsia.record.words import DEEPEST, Place, Word, event_types, label_of, read_label, words
from intarsia.speech import mark
from intarsia.store.store import Store

LONGEST_NAME = 255
SCOPES = ("trait", "event", "line")

Users = Callable[[str], list[str]]
"""The names of the segments of which any version, also of the past, says a short name."""


class NoSuchWord(UserError):
    """The record holds no such trait, event or property."""

    code = "record.unknown-word"
    says = mark("the record holds no trait, event or property called `{name}`")
    advises = mark("the nearest is `{nearest}`; `intarsia word list` shows all")
    otherwise = mark("`intarsia word list` shows all that there are")


class SeveralWords(UserError):
    """A trait and a property of an event have one name."""

    code = "record.several-words"
    says = mark("`{name}` may be {scopes}")
    advises = mark("say which is meant: `--scope {scope}`")


class NoFamily(UserError):
    """Only traits are of a family of criteria."""

    code = "record.no-family"
    says = mark("`{name}` is no trait, so it has no family")
    advises = mark("correct its kind only")


class BadWord(UserError):
    """Something is said of a name that does not fit it."""

    code = "record.bad-word"
    says = mark("`{name}` cannot be declared so: {reason}")
    advises = mark('write address.city, Order Completed.coupon, Order Completed.lines.colour; a name with a dot: "a.b"')


class BadShortName(UserError):
    """A short name that no event can have."""

    code = "record.bad-short-name"
    says = mark("`{short}` cannot be the short name of `{event}`: {reason}")
    advises = mark("take one plain word that nothing else is called by, such as `shipped`")


# --- correcting


def correct(store: Store, name: str, *, kind: str | None, family: str | None, scope: str | None = None) -> Word:
    """Write down what a person says of a word, which then is so for everybody; the record itself is untouched.

    scope  trait, event or line, where a name may be several
    Raises `NoSuchWord`, `SeveralWords`, `NoFamily`.
    """
    word = _found(store, name, scope)
    if family is not None and word.scope != "trait":
        raise NoFamily(name=name)
    chosen_kind = Kind(kind) if kind else word.kind
    chosen_family = Family(family).value if family else word.family
    with store.change() as connection:
        connection.execute(
            "update word set kind = ?, family = ?, is_corrected = 1 where scope = ? and event = ? and path = ?",
            (chosen_kind.value, chosen_family, word.scope, word.event, json.dumps(word.path)),
        )
    return _at(store, (word.scope, word.event, word.path))


def _found(store: Store, name: str, scope: str | None) -> Word:
    known = words(store)
    found = [word for word in known if word.label == name and scope in (None, word.scope)]
    if not found:
        near = nearest(name, [word.label for word in known], most=1)
        raise NoSuchWord(name=name, nearest=near[0] if near else None)
    if len(found) > 1:
        _refuse_several(name, [word.scope for word in found])
    return found[0]


def _refuse_several(name: str, scopes: Sequence[str]) -> None:
    told = {
        "trait": phrase("a trait"),
        "event": phrase("an event or its property"),
        "line": phrase("a property of order lines"),
    }
    raise SeveralWords(name=name, scopes=one_of(told[scope] for scope in scopes), scope=scopes[0])


def _at(store: Store, place: Place) -> Word:
    return next(word for word in words(store) if (word.scope, word.event, word.path) == place)


# --- declaring


def declare(
    store: Store,
    name: str,
    *,
    users: Users,
    scope: str | None = None,
    kind: str | None = None,
    family: str | None = None,
    is_personal: bool | None = None,
    short: str | None = None,
) -> Word:
    """Make a name known before any data bring it, or say more of one that is known.

    name         a trait (`city`, `address.city`), an event (`Order Shipped`), a property (`Order Shipped.carrier`) or
                 one of order lines (`Order Completed.lines.colour`); an event may go by its short name
    scope        trait, event or line; None: by its first name, which may be that of a known event
    kind         of its values; None: as it is known, else any
    is_personal  of a trait: whether it says something private of a person; None: guessed by its name
    short        of an event: its short name in rules; one that it had before goes on meaning it where rules say it
    Raises `BadWord`, `BadShortName`, `NoFamily`.
    """
    types = event_types(words(store))
    place = _place_of(name, "event" if short is not None and scope is None else scope, types)
    if place[0] != "trait" and (family is not None or is_personal is not None):
        raise NoFamily(name=name)
    is_event = place[0] == "event" and not place[2]
    if is_event and kind is not None:
        raise BadWord(name=name, reason=phrase("an event is of no kind, its properties are"))
    if short is not None:
        if not is_event:
            raise BadWord(name=name, reason=phrase("only events have short names"))
        _fit_short(short, place[1], types, users)
    with store.change() as connection:
        _write(connection, place, kind=kind, family=family, is_personal=is_personal)
        if short is not None:
            connection.execute("insert or replace into short_name (short, event) values (?, ?)", (short, place[1]))
    return _at(store, place)


def _place_of(name: str, scope: str | None, types: Mapping[str, EventType]) -> Place:
    """Where a name belongs."""
    names = read_label(name)
    if names is None or len(names) > DEEPEST + 2 or any(len(part) > LONGEST_NAME or "\0" in part for part in names):
        raise BadWord(name=name, reason=phrase("it is empty, too long or too deep, or a quote is left open"))
    by_short = (known.name for known in types.values() if known.is_short(names[0]))
    event = next(by_short, names[0] if names[0] in types else None)
    if scope == "trait" or (scope is None and event is None):
        return "trait", "", names
    event, path = event or names[0], names[1:]
    if event in ORDER_NAMES:
        event = ORDER_NAMES[0]
    if scope == "line" or (scope is None and path[:1] == ("lines",) and event in LINE_CARRIERS):
        if event not in LINE_CARRIERS or path[:1] != ("lines",) or len(path) < 2:
            reason = phrase("a property of order lines is written Order Completed.lines.colour")
            raise BadWord(name=name, reason=reason)
        return "line", event, path[1:]
    return "event", event, path


def _write(
    connection: sqlite3.Connection, place: Place, *, kind: str | None, family: str | None, is_personal: bool | None
) -> None:
    scope, event, path = place
    said = (
        None if kind is None else Kind(kind).value,
        None if family is None else Family(family).value,
        None if is_personal is None else int(is_personal),
    )
    connection.execute(
        _DECLARED,
        (scope, event, json.dumps(path), *said, *said),
    )


_DECLARED = """
insert into word (scope, event, path, kind, family, is_personal, is_corrected)
values (?, ?, ?, coalesce(?, 'any'), ?, ?, 1)
on conflict (scope, event, path) do update set
    kind = coalesce(?, kind), family = coalesce(?, family), is_personal = coalesce(?, is_personal), is_corrected = 1
"""


def _fit_short(short: str, event: str, types: Mapping[str, EventType], users: Users) -> None:
    """Raise `BadShortName` for one that is taken, is a word of the language, or means another event in definitions."""

    def refuse(reason: Phrase) -> None:
        raise BadShortName(short=short, event=event, reason=reason)

    before = types[event].short if event in types else None
    if short == before:
        return
    if event in SHIPPED and SHIPPED[event].short is not None:
        refuse(phrase("it has the short name `{name}`, which stays", name=before))
    if spell_name(short) != short:
        refuse(phrase("it is a word of the language, or would have to stand in quotes"))
    for known in types.values():
        if known.name == event:
            continue
        if short in (known.short, known.name):
            refuse(phrase("`{name}` is called so", name=label_of((known.name,))))
        said = users(short) if short in known.former else []
        if said:
            segments, name = ", ".join(f"`{segment}`" for segment in said), label_of((known.name,))
            refuse(phrase("definitions of {segments} mean `{name}` by it", segments=segments, name=name))
