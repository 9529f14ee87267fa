"""The words that the record is sent with: Segment's spec, and the short names that rules use for them."""

from __future__ import annotations

from intarsia.language.catalog import EventType, Kind, Property
from intarsia.language.meaning.consents import RANKS
from intarsia.language.meaning.deletion import DELETED, RESTORED
from intarsia.language.meaning.orders import AMOUNTS

ORDER_NAMES = ("Order Completed", "Order Updated", "Order Cancelled")
REFUND_NAME = "Order Refunded"
LINE_CARRIERS = frozenset({*ORDER_NAMES, REFUND_NAME})

LINE_TEXTS = ("sku", "product", "category")
LINE_DECIMALS = ("quantity", "price", "unit_cost")
LINE_AMOUNTS = ("discount", "total", "cost")
LINE_ALIASES = {"name": "product", "products": "lines"}
ORDER_AMOUNTS = AMOUNTS
ORDER_TEXTS = ("order_id", "status", "currency", "coupon")

_ORDER = {
    "order_id": Kind.TEXT,
    "total": Kind.MONEY,
    "gross": Kind.MONEY,
    "revenue": Kind.MONEY,
    "subtotal": Kind.MONEY,
    "shipping": Kind.MONEY,
    "tax": Kind.MONEY,
    "discount": Kind.MONEY,
    "coupon": Kind.TEXT,
    "currency": Kind.TEXT,
    "status": Kind.TEXT,
}
_OF_REFUNDS = ("order_id", "currency", *ORDER_AMOUNTS)
_LINE = {
    "sku": Kind.TEXT,
    "product_id": Kind.TEXT,
    "product": Kind.TEXT,
    "category": Kind.TEXT,
    "brand": Kind.TEXT,
    "variant": Kind.TEXT,
    "quantity": Kind.NUMBER,
    "price": Kind.MONEY,
    "unit_cost": Kind.MONEY,
    "discount": Kind.MONEY,
    "total": Kind.MONEY,
    "cost": Kind.MONEY,
}
_CONSENT = {
    "channel": Kind.TEXT,
    "purpose": Kind.TEXT,
    "wording_version": Kind.TEXT,
    "evidence": Kind.TEXT,
    "expires_at": Kind.INSTANT,
    "double_opt_in": Kind.BOOLEAN,
}
_PRODUCT = {name: kind for name, kind in _LINE.items() if name not in ("unit_cost", "discount", "total", "cost")}


def _properties(kinds: dict[str, Kind], *, is_of_line: bool = False) -> dict[tuple[str, ...], Property]:
    return {(name,): Property((name,), kind, is_of_line) for name, kind in kinds.items()}


def _event(name: str, short: str | None, kinds: dict[str, Kind], lines: dict[str, Kind] | None = None) -> EventType:
    return EventType(name, short, _properties(kinds), _properties(lines or {}, is_of_line=True))


SHIPPED: dict[str, EventType] = {
    event.name: event
    for event in (
        _event("Order Completed", "order", _ORDER, _LINE),
        _event("Order Refunded", "refund", {name: _ORDER[name] for name in _OF_REFUNDS}, _LINE),
        _event("Product Viewed", "view", {**_PRODUCT, "url": Kind.TEXT}),
        _event("Product Added", "cart", {**_PRODUCT, "cart_id": Kind.TEXT}),
        _event("Signed Up", "signup", {}),
        _event(DELETED, None, {"reason": Kind.TEXT}),
        _event(RESTORED, None, {"reason": Kind.TEXT}),
        *(_event(name, None, _CONSENT) for name in RANKS),
        _event("page", None, {"name": Kind.TEXT, "path": Kind.TEXT, "url": Kind.TEXT, "title": Kind.TEXT}),
        _event("screen", None, {"name": Kind.TEXT}),
    )
}
