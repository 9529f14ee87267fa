"""People in one line each, and questions about them: what the tests of the interpreter are written with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any, cast
from zoneinfo import ZoneInfo

from intarsia.clock import to_instant
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Kind, Property, Trait
from intarsia.language.checking.check import Checked, check
from intarsia.language.interpret import (
    Answer,
    Crowd,
    Derive,
    Explanation,
    Question,
    explain,
    members,
    value_of,
)
from intarsia.language.meaning.facts import Fact, Json, Person
from intarsia.language.reading.parse import parse

PRAGUE = ZoneInfo("Europe/Prague")
NOW = "2024-05-15T12:00:00"

_numbers = count(1)


def _properties(*names: str, money: tuple[str, ...] = (), line: bool = False) -> dict[tuple[str, ...], Property]:
    kinds = {**dict.fromkeys(names, Kind.ANY), **dict.fromkeys(money, Kind.MONEY)}
    return {(name,): Property((name,), kind, is_of_line=line) for name, kind in kinds.items()}


LINE = _properties("sku", "category", "quantity", "discounted", money=("total", "price", "cost"), line=True)
ORDER = {
    **_properties("order_id", "status", "coupon", "currency", "gift", "points", "note", money=("total", "gross")),
    ("address",): Property(("address",), Kind.OBJECT),
}
EVENTS = {
    "Order Completed": EventType("Order Completed", "order", ORDER, LINE),
    "Order Refunded": EventType("Order Refunded", "refund", ORDER, LINE),
    "Product Viewed": EventType("Product Viewed", "view", _properties("path", "seconds", "currency", money=("price",))),
    "page": EventType("page", None, _properties("path")),
}
TRAITS = [
    *("country", "city", "email", "interests", "score", "signed_up", "is_vip", "birth_date", "note", "renewal"),
    "favourite colour",
]
CATALOG = Catalog(
    timezone="Europe/Prague",
    currency="CZK",
    traits={
        **{(name,): Trait((name,)) for name in TRAITS},
        ("address",): Trait(("address",), Kind.OBJECT),
        ("age",): Trait(("age",), is_derived=True),
    },
    events=EVENTS,
    segments=frozenset({"loyal", "czech", "a", "b", "c"}),
)


def defined(text: str, catalog: Catalog = CATALOG) -> Checked:
    return check(parse(text), catalog, text)


def instant(text: str) -> int:
    return to_instant(text, PRAGUE)


def json(value: Any) -> Json:
    """The value with its numbers as decimals."""
    if isinstance(value, dict):
        return {name: json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [json(item) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else cast(Json, value)


def fact(
    kind: str,
    name: str,
    at: str | None,
    properties: Mapping[str, Any],
    *,
    lines: list[dict[str, Any]] | None = None,
    recorded: str | None = None,
    id: str | None = None,
) -> Fact:
    recorded_at = instant(recorded or at or "2024-01-01")
    return Fact(
        id or f"m{next(_numbers):06}",
        kind,
        name,
        recorded_at if at is None else instant(at),
        recorded_at,
        at is None,
        cast(Mapping[str, Json], json(dict(properties))),
        cast(tuple[Mapping[str, Json], ...], tuple(json(line) for line in lines or [])),
    )


def said(at: str | None = "2024-01-01", *, recorded: str | None = None, id: str | None = None, **traits: Any) -> Fact:
    """A statement about traits; `at` None: undated."""
    return fact("identify", "identify", at, traits, recorded=recorded, id=id)


def order(
    at: str = "2024-05-01",
    *,
    lines: list[dict[str, Any]] | None = None,
    name: str = "Order Completed",
    recorded: str | None = None,
    id: str | None = None,
    **properties: Any,
) -> Fact:
    return fact("track", name, at, properties, lines=lines, recorded=recorded, id=id)


def refund(at: str = "2024-05-02", *, lines: list[dict[str, Any]] | None = None, **properties: Any) -> Fact:
    return fact("track", "Order Refunded", at, properties, lines=lines)


def view(at: str = "2024-05-01", *, id: str | None = None, **properties: Any) -> Fact:
    return fact("track", "Product Viewed", at, properties, id=id)


def question(at: str = NOW, known_at: str | None = None) -> Question:
    return Question(instant(at), None if known_at is None else instant(known_at))


def who(
    text: str,
    people: Mapping[str, list[Fact]],
    *,
    at: str = NOW,
    known_at: str | None = None,
    segments: Mapping[str, str] | None = None,
    derive: Derive | None = None,
    catalog: Catalog = CATALOG,
) -> set[str]:
    """Who is in."""
    everybody = [Person(name, tuple(facts)) for name, facts in people.items()]
    definitions = {name: defined(body, catalog) for name, body in (segments or {}).items()}
    asked = question(at, known_at)
    return set(members(defined(text, catalog), everybody, asked, segments=definitions, derive=derive))


def is_in(
    text: str,
    *facts: Fact,
    at: str = NOW,
    known_at: str | None = None,
    derive: Derive | None = None,
    catalog: Catalog = CATALOG,
) -> bool:
    """Whether a person with these facts, and a visit of a page long ago, is in."""
    visit = fact("page", "page", "2000-01-01", {"path": "/"})
    found = who(text, {"ada": [visit, *facts]}, at=at, known_at=known_at, derive=derive, catalog=catalog)
    return found == {"ada"}


def value(text: str, *facts: Fact, at: str = NOW, catalog: Catalog = CATALOG) -> Answer:
    """What the value before ` is known` is for a person with these facts."""
    test = defined(f"{text} is known", catalog).tree
    assert isinstance(test, tree.Test)
    return value_of(test.value, Person("ada", tuple(facts)), question(at), catalog)


def why(text: str, *facts: Fact, at: str = NOW, others: Mapping[str, list[Fact]] | None = None) -> Explanation:
    """Why ada is in, or not."""
    ada, asked = Person("ada", facts), question(at)
    crowd = Crowd(CATALOG, [ada, *(Person(name, tuple(given)) for name, given in (others or {}).items())], asked)
    return explain(defined(text), ada, asked, sets=crowd)
