"""A catalog in which every example of the language makes sense."""

from __future__ import annotations

from intarsia.language.catalog import Catalog, EventType, Kind, Property, Trait
from intarsia.language.meaning.areas import AreaVersion, NamedArea

TRAITS = {
    ("country",): Kind.TEXT,
    ("city",): Kind.TEXT,
    ("email",): Kind.TEXT,
    ("phone",): Kind.TEXT,
    ("tier",): Kind.TEXT,
    ("climate",): Kind.TEXT,
    ("favourite colour",): Kind.TEXT,
    ("age",): Kind.NUMBER,
    ("coldest_month_mean_temperature",): Kind.NUMBER,
    ("interests",): Kind.LIST,
    ("signed_up",): Kind.INSTANT,
    ("birth_date",): Kind.DATE,
    ("renewal_date",): Kind.DATE,
    ("address",): Kind.OBJECT,
    ("address", "city"): Kind.TEXT,
    ("latitude",): Kind.NUMBER,
    ("longitude",): Kind.NUMBER,
}
DERIVED = {("age",), ("climate",), ("coldest_month_mean_temperature",), ("latitude",), ("longitude",)}
ORDER = {"total": Kind.MONEY, "coupon": Kind.TEXT, "status": Kind.TEXT, "gift": Kind.BOOLEAN}
LINES = {"sku": Kind.TEXT, "category": Kind.TEXT, "quantity": Kind.NUMBER, "total": Kind.MONEY}


def properties(kinds: dict[str, Kind], *, is_of_line: bool = False) -> dict[tuple[str, ...], Property]:
    return {(name,): Property((name,), kind, is_of_line) for name, kind in kinds.items()}


EVENTS = [
    EventType("Order Completed", "order", properties(ORDER), properties(LINES, is_of_line=True)),
    EventType("Product Viewed", "view", properties({"path": Kind.TEXT, "seconds": Kind.NUMBER})),
    EventType("Product Added", "cart", properties({"sku": Kind.TEXT})),
    EventType("shop_visited", None, properties({"place": Kind.TEXT})),
]
SQUARE = "[[[[14, 50], [15, 50], [15, 51], [14, 51], [14, 50]]]]"
CATALOG = Catalog(
    timezone="Europe/Prague",
    currency="CZK",
    traits={path: Trait(path, kind, is_derived=path in DERIVED) for path, kind in TRAITS.items()},
    events={event.name: event for event in EVENTS},
    segments=frozenset({"loyal", "do_not_mail", "it's new"}),
    areas={"delivery": NamedArea("delivery", (AreaVersion(0, SQUARE),))},
    consents=frozenset({("email", "marketing"), ("sms", "service")}),
)
