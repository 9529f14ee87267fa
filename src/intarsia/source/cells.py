"""Readings of single cells: as text, as a number, as an instant, as the value of a trait."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from intarsia.clock import is_cut, to_instant, to_iso
from intarsia.source.dates import read_date
from intarsia.source.kinds import ColumnKind, read_truth
from intarsia.source.numbers import read_number, tidy
from intarsia.source.reasons import Unfit
from intarsia.source.rows import Cell

MOST_REMEMBERED = 100_000
"""Cells that one column's reading remembers; files repeat themselves."""

Value = TypeVar("Value")


class Memory(dict[Any, Value], Generic[Value]):
    """Cell, or several cells of a row, to value: read once, and forgotten when there are too many."""

    def __init__(self, read: Callable[[Any], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Value:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        value = self[cell] = self._read(cell)
        return value


@dataclass
class Cut:
    """How many times were finer than the millisecond that they were cut to (rule 16)."""

    count: int = 0


def remembered(read: Callable[[Cell], Value], *, is_uniform: bool) -> Callable[[Cell], Value]:
    """The same reading, which remembers what it has read. What raises is not remembered.

    is_uniform  as a table says of its cells
    """
    memory = Memory(read)
    if is_uniform:
        return memory.__getitem__

    def recall(cell: Cell) -> Value:
        # True equals 1 as a key, so truths are read anew; lists and objects cannot be keys.
        if cell.__class__ in (bool, list, dict):
            return read(cell)
        return memory[cell]

    return recall


def text_of(cell: Cell) -> str:
    """The cell as text: blanks around it stripped, a number in its shortest form, a date as ISO 8601."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return str(tidy(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)


@dataclass(frozen=True)
class CellReader:
    """Makes readings for the columns of one file.

    zone, day_first, decimal_comma  as in `Options`, settled
    is_uniform  as the table says of its cells
    cut         counts the times that are cut to the millisecond
    """

    zone: ZoneInfo
    day_first: bool | None
    decimal_comma: bool
    is_uniform: bool = False
    cut: Cut = field(default_factory=Cut)

    def _remembered(self, read: Callable[[Cell], Value]) -> Callable[[Cell], Value]:
        return remembered(read, is_uniform=self.is_uniform)

    def text(self) -> Callable[[Cell], str | None]:
        """A reading as text; None for an empty cell."""
        return self._remembered(lambda cell: text_of(cell) or None)

    def key(self, *, ends_in_zero: bool = False) -> Callable[[Cell], str | None]:
        """A reading as an id; with `ends_in_zero`, the `.0` that a spreadsheet gave to whole numbers is taken off."""
        if not ends_in_zero:
            return self.text()
        return self._remembered(lambda cell: text_of(cell).removesuffix(".0") or None)

    def number(self, column: str) -> Callable[[Cell], Decimal | None]:
        """A reading as a number; None for an empty cell, `Unfit` for what is no number."""

        def read(cell: Cell) -> Decimal | None:
            found = self._number(cell)
            if found is None and text_of(cell):
                raise Unfit("bad-number", value=text_of(cell), column=column)
            return found

        return self._remembered(read)

    def _number(self, cell: Cell) -> Decimal | None:
        if isinstance(cell, bool):
            return None
        if isinstance(cell, (int, Decimal)):
            return tidy(Decimal(cell))
        found = read_number(cell.strip(), decimal_comma=self.decimal_comma) if isinstance(cell, str) else None
        return None if found is None else tidy(found)

    def instant(self, column: str) -> Callable[[Cell], int | None]:
        """A reading as an instant, in milliseconds UTC; None for an empty cell, `Unfit` for what is no date."""
        finer: set[Cell] = set()

        def read(cell: Cell) -> int | None:
            text = text_of(cell)
            if not text:
                return None
            found = cell if isinstance(cell, (date, datetime)) else self._date(text)
            if found is None:
                raise Unfit("bad-date", value=text, column=column)
            if _is_cut(cell):
                finer.add(cell)
            return to_instant(found, self.zone)

        return self._counted(self._remembered(read), finer)

    def _counted(self, recall: Callable[[Cell], Value], finer: Set[Cell]) -> Callable[[Cell], Value]:
        """The same reading, which counts the cells among the finer ones: each is read once, and may come often."""

        def read(cell: Cell) -> Value:
            found = recall(cell)
            if finer and isinstance(cell, (str, datetime)) and cell in finer:
                self.cut.count += 1
            return found

        return read

    def moment(self, column: str) -> Callable[[Cell], str | None]:
        """A reading as a day or an instant, in ISO 8601; None for an empty cell, `Unfit` for what is no date."""
        instant = self.instant(column)

        def read(cell: Cell) -> str | None:
            at = instant(cell)
            return None if at is None else self._when(cell) or to_iso(at)

        return read

    def _date(self, text: str) -> date | datetime | None:
        return read_date(text, day_first=self.day_first, has_epochs=True)

    def value(self, kind: ColumnKind | None) -> Callable[[Cell], Any]:
        """A reading as a value of that kind; what does not fit the kind stays text, an empty cell is None.

        Without a kind, the cell's own type decides.
        """
        by_kind: dict[ColumnKind | None, Callable[[Cell], Any]] = {
            "integer": self._number,
            "decimal": self._number,
            "money": self._number,
            "boolean": lambda cell: read_truth(text_of(cell)),
            "date": self._when,
            "instant": self._when,
            None: self._natural,
        }
        read = by_kind.get(kind, _nothing)
        finer: set[Cell] = set()
        is_time = kind in ("date", "instant", None)

        def value(cell: Cell) -> Any:
            found = read(cell)
            if found is not None:
                if is_time and _is_cut(cell):
                    finer.add(cell)
                return found
            return cell if isinstance(cell, (list, dict)) else text_of(cell) or None

        recall = self._remembered(value)
        return self._counted(recall, finer) if is_time else recall

    def _natural(self, cell: Cell) -> Any:
        if isinstance(cell, str):
            return None
        return self._when(cell) if isinstance(cell, (date, datetime)) else cell

    def _when(self, cell: Cell) -> str | None:
        """A date as `2026-01-31`, also where it stands as midnight without a zone; a time as an instant in ISO 8601."""
        found = cell if isinstance(cell, (date, datetime)) else read_date(text_of(cell), day_first=self.day_first)
        if not isinstance(found, datetime):
            return None if found is None else found.isoformat()
        if found.tzinfo is None and found.time() == time():
            return found.date().isoformat()
        return to_iso(to_instant(found, self.zone))


def _is_cut(cell: Cell) -> bool:
    return isinstance(cell, (str, datetime)) and is_cut(cell)


def _nothing(_: Cell) -> None:
    """The reading of text: no other value than the text."""
