"""Rows of purchases become orders, refunds and adjustments, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from intarsia.clock import to_iso
from intarsia.source.batches import LINES_AT_ONCE, MESSAGES_AT_ONCE, Batch, Message, Naming
from intarsia.source.orders import Group, adjustment_prefixes, original_of, part, prefix_of
from intarsia.source.planning import Plan
from intarsia.source.reasons import Rejected, Unfit
from intarsia.source.rows import Blank, Row
from intarsia.source.sales import SaleLine, SaleReader
from intarsia.source.whose import ids_reader

ORDER = "Order Completed"
REFUND = "Order Refunded"
ADJUSTMENT = "adjustment"
"""The status of what is kept like an order but is none."""


def purchase_batches(plan: Plan) -> Iterator[Batch]:
    """The file's messages, orders in the order of time, after batches with what gave no message.

    Rows are held until the file has been read, as compact lines: about 200 bytes each.
    """
    reader = SaleReader(plan)
    groups: dict[str | int, Group] = {}
    yield from _collect(plan, reader, groups)
    yield from _Writer(plan, reader, list(groups.values())).batches()


def _collect(plan: Plan, reader: SaleReader, groups: dict[str | int, Group]) -> Iterator[Batch]:
    """Fill `groups`; what comes out are batches without messages."""
    table, read_ids = plan.open(), ids_reader(plan)
    batch, before = Batch(), 0
    for item in table.rows():
        if isinstance(item, Row):
            try:
                _put(item, reader, groups)
            except Unfit as unfit:
                batch.rejected.append(Rejected(item.line, item.height, unfit.reason, item.raw, read_ids(item)))
        elif isinstance(item, Blank):
            batch.blank_lines += item.height
        else:
            batch.rejected.append(Rejected(item.line, item.height, item.reason, item.raw))
        if table.lines_read - before >= LINES_AT_ONCE:
            batch.lines_read, batch.share_done = table.lines_read - before, table.share_read() / 2
            yield batch
            batch, before = Batch(), table.lines_read
    batch.lines_read, batch.share_done = table.lines_read - before, 0.5
    yield batch


def _put(row: Row, reader: SaleReader, groups: dict[str | int, Group]) -> None:
    order_id, customer = reader.order_id(row), reader.customer(row)
    line = reader.line(row)
    key = row.line if order_id is None else order_id
    group = groups.get(key)
    if group is None:
        group = groups[key] = Group(order_id, customer)
    elif group.customer is None:
        group.customer = customer
    elif customer is not None and customer != group.customer:
        raise Unfit("several-customers", order=order_id, first=group.customer, second=customer)
    group.lines.append(line)


class _Writer:
    """Writes the messages of groups."""

    def __init__(self, plan: Plan, reader: SaleReader, groups: list[Group]) -> None:
        self._plan = plan
        self._reader = reader
        self._groups = sorted(groups, key=lambda group: (group.at, group.lines[0].line))
        self._customers = {group.id: group.customer for group in groups}
        self._adjusting = adjustment_prefixes(groups)
        self._naming = Naming()
        self._known: dict[str, dict[str, Any]] = {}

    def batches(self) -> Iterator[Batch]:
        """All messages, each identify before the order that shows it."""
        batch, lines, total = Batch(), 0, len(self._groups) or 1
        for done, group in enumerate(self._groups, start=1):
            self._write(group, batch)
            lines += len(group.lines)
            if len(batch.messages) >= MESSAGES_AT_ONCE or lines >= LINES_AT_ONCE:
                batch.share_done = 0.5 + done / total / 2
                yield batch
                batch, lines = Batch(), 0
        batch.share_done = 1.0
        yield batch

    def _write(self, group: Group, batch: Batch) -> None:
        identify = self._identify(group)
        if identify is not None:
            batch.add(identify, ())
        parts = part(group, is_adjustment=prefix_of(group.id) in self._adjusting)
        if parts.order:
            batch.add(self._order(group, parts.order, is_whole=not parts.refund), numbers_of(parts.order))
        if parts.adjustment:
            message = self._order(group, parts.adjustment, status=ADJUSTMENT)
            batch.add(message, numbers_of(parts.adjustment))
        if parts.refund:
            batch.add(self._refund(group, parts.refund, is_whole=not parts.order), numbers_of(parts.refund))

    def _identify(self, group: Group) -> Message | None:
        """What the order shows of its customer and was not known from the orders before it."""
        if group.customer is None or not self._reader.customer_names:
            return None
        first = min(group.lines, key=lambda line: line.at)
        shown = _named(self._reader.customer_names, first.about_customer)
        known = self._known.setdefault(group.customer, {})
        news = {name: value for name, value in shown.items() if known.get(name) != value}
        if not news:
            return None
        known |= news
        message: Message = {
            "type": "identify",
            "userId": group.customer,
            "timestamp": to_iso(first.at),
            "traits": news,
        }
        message["messageId"] = self._naming.name(message)
        return message

    def _order(
        self, group: Group, lines: Sequence[SaleLine], *, is_whole: bool = True, status: str | None = None
    ) -> Message:
        properties = self._properties(group, lines, is_whole=is_whole)
        if status is not None:
            properties["status"] = status
        if self._plan.row_is_line:
            properties["products"] = [self._product(line) for line in lines]
        message = self._track(ORDER, group, lines, properties)
        message["messageId"] = self._naming.name(message)
        return message

    def _refund(self, group: Group, lines: Sequence[SaleLine], *, is_whole: bool) -> Message:
        """Amounts given back are positive.

        A credit note that is read again with other content is a conflict, not a second refund: its message id comes
        from its number.
        """
        properties = self._properties(group, lines, is_whole=is_whole)
        if group.id is not None:
            properties["refund_id"] = group.id
            properties["order_id"] = properties.pop("refund_of", None) or self._original(group)
        if properties.get("total") is not None:
            properties["total"] = abs(properties["total"])
        if self._plan.row_is_line:
            properties["products"] = [_given_back(self._product(line)) for line in lines]
        message = self._track(REFUND, group, lines, properties)
        if group.id is None:
            message["messageId"] = self._naming.name(message)
        else:
            message["messageId"] = self._naming.name_by(REFUND, group.id, group.customer)
        return message

    def _original(self, group: Group) -> str:
        """The order that is refunded: that of the same number without the prefix if it is the same customer's.

        Otherwise the credit note stands for itself.
        """
        own = group.id or ""
        original = original_of(own) if prefix_of(own) else own
        is_theirs = group.customer is not None and self._customers.get(original) == group.customer
        return original if is_theirs else own

    def _properties(self, group: Group, lines: Sequence[SaleLine], *, is_whole: bool) -> dict[str, Any]:
        """What is said of the order: by several rows, what the first says that says it.

        Totals are summed where a row is no line. In a file with lines, the total is left out where part of them
        is refunded: it is that of all.
        """
        properties: dict[str, Any] = {}
        for line in reversed(lines):
            properties |= _named(self._reader.order_names, line.about_order)
        if group.id is not None:
            properties["order_id"] = group.id
        if self._plan.options.currency is not None:
            properties.setdefault("currency", self._plan.options.currency)
        if "total" in properties and not is_whole:
            del properties["total"]
        elif "total" in properties and not self._plan.row_is_line and len(lines) > 1:
            where = self._reader.order_names.index("total")
            properties["total"] = sum((line.about_order[where] or Decimal(0) for line in lines), Decimal(0))
        return properties

    def _track(self, event: str, group: Group, lines: Sequence[SaleLine], properties: dict[str, Any]) -> Message:
        at = min(line.at for line in lines)
        message: Message = {"type": "track", "event": event, "timestamp": to_iso(at), "properties": properties}
        if group.customer is None:
            message["context"] = {"guest": True}
        else:
            message["userId"] = group.customer
        return message

    def _product(self, line: SaleLine) -> dict[str, Any]:
        product = _named(self._reader.line_names, line.about_line)
        if line.quantity is not None:
            product["quantity"] = line.quantity
        if line.price is not None:
            product["price"] = line.price
        if line.total is not None:
            product["total"] = line.total
        return product


def numbers_of(lines: Sequence[SaleLine]) -> tuple[int, ...]:
    """The physical lines of some rows."""
    return tuple([number for line in lines for number in range(line.line, line.line + line.height)])


def _named(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _given_back(product: dict[str, Any]) -> dict[str, Any]:
    """The line with its amounts as positive numbers given back."""
    for name in ("quantity", "price", "total", "discount"):
        if isinstance(product.get(name), Decimal):
            product[name] = abs(product[name])
    return product
