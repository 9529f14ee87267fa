"""What an order message says beside its lines: amounts rounded to the minor unit, and the total if it is not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from intarsia.language.facts import Json
from intarsia.language.money import digits_of
from intarsia.record.amounts import rounded, sum_amount
from intarsia.record.lines import Line, Order
from intarsia.record.values import Finer, keep, keep_number, plain
from intarsia.record.vocabulary import ORDER_AMOUNTS, ORDER_TEXTS, REFUND_NAME

_LINES = ("products", "lines")


def order_content(
    content: Mapping[str, object], currency: str, event: str, finer: Finer
) -> tuple[dict[str, Json], Order]:
    """The properties of an order as they are kept, and its lines as they were sent.

    currency  of amounts where the order names none
    finer     counts the numbers that are rounded to six places
    Lines are a list of objects under `products`, else under `lines`; what is no such list stays a property.
    Amounts are rounded half to even to the minor unit (rule 29); a value that is no number stays as it came.
    """
    place = next((name for name in _LINES if _is_list_of_lines(content.get(name))), None)
    properties = {
        name: keep_number(value, finer) if name in ORDER_AMOUNTS else keep(value, finer)
        for name, value in content.items()
        if name != place
    }
    for name in ORDER_TEXTS:
        if isinstance(value := properties.get(name), Decimal):
            properties[name] = plain(value)
    digits = digits_of(properties.get("currency"), currency)
    for name in ORDER_AMOUNTS:
        if name in properties:
            properties[name] = rounded(properties[name], digits)
    items: Sequence[Line] = content[place] if place else ()  # type: ignore[assignment]
    return properties, Order(event, digits, items)


def _is_list_of_lines(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        return False
    return all(issubclass(kind, Mapping) for kind in set(map(type, value)))


def with_total(properties: dict[str, Json], order: Order, line_totals: Sequence[Json]) -> dict[str, Json]:
    """The properties with `total`: the given one, else `revenue`, else the lines' less discount plus shipping and tax.

    A refund without lines gets none: it gives the whole order back. Nor does an order of whose lines one has none.
    """
    if properties.get("total") is not None or (order.event == REFUND_NAME and not order.items):
        return properties
    revenue = properties.get("revenue")
    total = revenue if isinstance(revenue, Decimal) else _sum(properties, order, line_totals)
    return properties if total is None else {**properties, "total": total}


def _sum(properties: Mapping[str, Json], order: Order, line_totals: Sequence[Json]) -> Decimal | None:
    if set(map(type, line_totals)) != {Decimal}:
        return None
    amounts: list[Any] = [*line_totals]
    amounts += [amount for name in ("shipping", "tax") if isinstance(amount := properties.get(name), Decimal)]
    discount = properties.get("discount")
    return sum_amount([*amounts, -discount] if isinstance(discount, Decimal) else amounts, order.digits)
