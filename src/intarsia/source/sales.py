"""Rows of a file of purchases, read into compact lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from intarsia.source.cells import CellReader, Memory
from intarsia.source.planning import Plan
from intarsia.source.profiles import KINDS_OF_ROLES
from intarsia.source.reasons import Unfit
from intarsia.source.roles import LINE_FIELDS, ORDER_FIELDS, PERSONAL, PLACES, snake_name
from intarsia.source.rows import Cell, Row

ONE = Decimal(1)
MOST_TOGETHER = 3
"""Of so many columns the cells of a row are remembered together; more are too seldom the same."""
LINE_AMOUNTS = ("quantity", "price", "line_total")
NUMBERS = frozenset({*LINE_AMOUNTS, "unit_cost", "discount", "order_discount", "shipping", "tax", "total"})

Reading = Callable[[Cell], Any]
Values = tuple[Any, ...]


class SaleLine(NamedTuple):
    """One row of the file.

    line, height            its first physical line, and how many it takes
    at                      milliseconds UTC
    quantity, price, total  as they stand, with their signs; `total` is that of what the row is, line or order
    about_line, about_order, about_customer  other values, called as `SaleReader` says; equal ones are one object
    """

    line: int
    height: int
    at: int
    quantity: Decimal | None
    price: Decimal | None
    total: Decimal | None
    about_line: Values
    about_order: Values
    about_customer: Values


class _Columns:
    """Some columns that are read together.

    Where they are few, files repeat them, and the values of equal cells are one object.
    names  what the values are called
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._columns: list[str] = []
        self._readings: list[Reading] = []

    def add(self, name: str, column: str, read: Reading) -> None:
        if name not in self.names:
            self.names.append(name)
            self._columns.append(column)
            self._readings.append(read)

    def reading(self, *, is_uniform: bool) -> Callable[[Mapping[str, Cell]], Values]:
        """How the values of a row are read; `is_uniform` as the table says."""
        columns, readings = self._columns, self._readings
        if not is_uniform or not columns:
            pairs = list(zip(columns, readings, strict=True))
            return lambda cells: tuple([read(cells.get(column)) for column, read in pairs])
        if len(columns) == 1:
            column, read = columns[0], readings[0]
            single: Memory[Values] = Memory(lambda cell: (read(cell),))
            return lambda cells: single[cells[column]]
        pick = itemgetter(*columns)
        if len(columns) > MOST_TOGETHER:
            return lambda cells: tuple([read(cell) for read, cell in zip(readings, pick(cells), strict=True)])
        several: Memory[Values] = Memory(
            lambda picked: tuple([read(cell) for read, cell in zip(readings, picked, strict=True)])
        )
        return lambda cells: several[pick(cells)]


class SaleReader:
    """Reads rows by a plan.

    line_names, order_names, customer_names  what the other values of a `SaleLine` are called in messages
    """

    def __init__(self, plan: Plan) -> None:
        fields, cells = plan.fields, plan.reader()
        self._row_is_line = plan.row_is_line
        self._id_column = fields.get("profile_id") or fields.get("email", "")
        self._read_id = cells.key(ends_in_zero=self._id_column in plan.spoilt_ids)
        self._order_column = fields.get("order_id", "")
        self._read_order = cells.key(ends_in_zero=self._order_column in plan.spoilt_ids)
        self._date_column = fields["date"]
        self._read_date = cells.instant(self._date_column)
        self._counts_rows = "quantity" not in fields
        self._quantity, self._price, self._line_total = (_amount(fields.get(name), cells) for name in LINE_AMOUNTS)
        line, order, customer = _assign(plan, cells)
        self.line_names, self._about_line = tuple(line.names), line.reading(is_uniform=plan.is_uniform)
        self.order_names, self._about_order = tuple(order.names), order.reading(is_uniform=plan.is_uniform)
        self.customer_names, self._about_customer = tuple(customer.names), customer.reading(is_uniform=plan.is_uniform)
        self._total_at = self.order_names.index("total") if "total" in self.order_names else None

    def order_id(self, row: Row) -> str | None:
        """The row's order id; None where the file has none, `Unfit` where only this row has none."""
        if not self._order_column:
            return None
        found = self._read_order(row.cells.get(self._order_column))
        if found is None:
            raise Unfit("no-order-id", column=self._order_column)
        return found

    def customer(self, row: Row) -> str | None:
        """The row's profile id; None: a guest's."""
        return self._read_id(row.cells.get(self._id_column)) if self._id_column else None

    def line(self, row: Row) -> SaleLine:
        """The row, read; raises `Unfit` where it has no date, no amount, or what should be a number is none."""
        cells = row.cells
        at = self._read_date(cells.get(self._date_column))
        if at is None:
            raise Unfit("no-date", column=self._date_column)
        quantity, price, total = self._quantity(cells), self._price(cells), self._line_total(cells)
        if quantity is None and price is not None and self._counts_rows:
            quantity = ONE
        about_order = self._about_order(cells)
        of_order = about_order[self._total_at] if self._total_at is not None else None
        if total is None and (price is None or quantity is None) and of_order is None:
            raise Unfit("no-amount")
        if not self._row_is_line:
            total = of_order
        about_line, about_customer = self._about_line(cells), self._about_customer(cells)
        return SaleLine(row.line, row.height, at, quantity, price, total, about_line, about_order, about_customer)


def _amount(column: str | None, cells: CellReader) -> Callable[[Mapping[str, Cell]], Decimal | None]:
    """How an amount of a row is read; None where no column holds it."""
    if column is None:
        return lambda _: None
    read = cells.number(column)
    return lambda row: read(row.get(column))


def _assign(plan: Plan, cells: CellReader) -> tuple[_Columns, _Columns, _Columns]:
    """Which columns speak of the line, the order and the customer; a place speaks of both of the latter.

    Where a row is a whole order, what would speak of a line speaks of the order.
    """
    line, order, customer = _Columns(), _Columns(), _Columns()
    own = line if plan.row_is_line else order
    for field, column in plan.fields.items():
        scope, _, name = field.rpartition(".")
        read = _reading(plan, cells, field, column)
        if field in ORDER_FIELDS:
            order.add(field, column, read)
        elif field == "order_discount":
            order.add("discount", column, read)
        elif scope == "order" or field == "refund_of":
            order.add(name, column, read)
        elif scope == "line" or (field in LINE_FIELDS and not (plan.row_is_line and field in LINE_AMOUNTS)):
            own.add(name, column, read)
        elif scope == "trait" or field in PERSONAL or field in PLACES:
            customer.add(name, column, read)
            if field in PLACES:
                order.add(name, column, read)
    for column in plan.other_columns():
        own.add(snake_name(column), column, cells.value(plan.kinds.get(column)))
    return line, order, customer


def _reading(plan: Plan, cells: CellReader, field: str, column: str) -> Reading:
    if field in NUMBERS:
        return cells.number(column)
    if field in LINE_FIELDS or field in ORDER_FIELDS or field == "refund_of":
        return cells.text()
    return cells.value(KINDS_OF_ROLES.get(field) or plan.kinds.get(column))
