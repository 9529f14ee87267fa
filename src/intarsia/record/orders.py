"""What an order message says beside its lines: amounts rounded to the minor unit, and the total if it is not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import plain
from intarsia.language.meaning.money import digits_of
from intarsia.record.amounts import rounded, sum_amount
from intarsia.record.lines import Line, Order
from intarsia.record.values import PLACES_KEPT, Finer, keep, keep_number
from intarsia.record.vocabulary import ORDER_AMOUNTS, ORDER_TEXTS, REFUND_NAME

_LINES = ("products", "lines")


def order_content(
    content: Mapping[str, object], currency: str, event: str, finer: Finer
) -> tuple[dict[str, Json], Order]:
    """The properties of an order as they are kept, and its lines as they were sent.

    currency  of amounts where the order names none
    finer     counts the numbers that are rounded to six places
    Lines are a list of objects under `products`, else under `lines`; what is no such list stays a property.
    Amounts are rounded half to even to the minor unit (rule 29), but for those of a refund that names no currency: they
    are in its order's, which a question finds. A value that is no number stays as it came.
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
    decimals = PLACES_KEPT if event == REFUND_NAME and properties.get("currency") is None else digits
    for name in ORDER_AMOUNTS:
        if name in properties:
            properties[name] = rounded(properties[name], decimals)
    items: Sequence[Line] = content[place] if place else ()  # type: ignore[assignment]
    return properties, Order(event, digits, decimals, items)


def _is_list_of_lines(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        return False
    return all(issubclass(kind, Mapping) for kind in set(map(type, value)))


def with_total(properties: dict[str, Json], order: Order, line_totals: Sequence[Json]) -> dict[str, Json]:
    """The properties with `total`: the given one, else `revenue`, else the lines' less discount plus shipping and tax.

    Of a refund without lines `subtotal` stands for them, and it may give back the shipping alone. An order of whose
    lines one has no total gets none.
    """
    if properties.get("total") is not None:
        return properties
    revenue = properties.get("revenue")
    total = revenue if isinstance(revenue, Decimal) else _sum(properties, order, line_totals)
    return properties if total is None else {**properties, "total": total}


def _sum(properties: Mapping[str, Json], order: Order, line_totals: Sequence[Json]) -> Decimal | None:
    is_refund_of_no_lines = order.event == REFUND_NAME and not order.items
    added = _amounts(properties, "shipping", "tax", *(("subtotal",) if is_refund_of_no_lines else ()))
    if not (added if is_refund_of_no_lines else set(map(type, line_totals)) == {Decimal}):
        return None
    amounts: list[Any] = [*line_totals, *added, *(-amount for amount in _amounts(properties, "discount"))]
    return sum_amount(amounts, order.decimals)


def _amounts(properties: Mapping[str, Json], *names: str) -> list[Decimal]:
    return [amount for name in names if isinstance(amount := properties.get(name), Decimal)]
