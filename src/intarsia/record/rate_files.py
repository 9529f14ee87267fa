"""Rates of exchange as files have them: one rate a line, or one column a currency as central banks publish them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from pathlib import Path

from intarsia.clock import parse_date
from intarsia.errors import Phrase, UserError, phrase
from intarsia.language.meaning.rates import DECIMALS_MOST, DIGITS_MOST, LARGEST, fitting_rate
from intarsia.speech import mark

MOST_BYTES = 64 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")

DAY_NAMES = frozenset(("day", "date", "datum", "time_period"))
CURRENCY_NAMES = frozenset(("currency", "code", "currency_code"))
RATE_NAMES = frozenset(("rate", "value", "obs_value", "kurs"))
NOTHING = frozenset(("", "-", "n/a", "na", "null"))
"""What stands in a cell where there was no rate on a day."""

_CURRENCY = re.compile(r"(?:([1-9][0-9]{0,8}) )?([A-Z]{3})")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_PRECISION = 60


class BadRateFile(UserError):
    """A file of rates that cannot be read."""

    code = "record.bad-rate-file"
    says = mark("{file}, line {line}, column {column}: {reason}; nothing was recorded")


class RateDirection(UserError):
    """It was not said what the numbers of a file with one column a currency mean."""

    code = "record.rate-direction"
    says = mark("{file} has one column a currency, and it was not said what its numbers are")
    advises = mark(
        "say `--per EUR` if a number is what one EUR is in the column's currency, as the ECB writes; `--per-unit` if "
        "it is what the column's currency is in {own}"
    )


@dataclass(frozen=True)
class Meaning:
    """What the numbers of a file are.

    own  the workspace's currency
    per  the currency of which one unit is so much of each; None: one unit of each is so much of the workspace's
    is_said  somebody said so, and it is not only taken to be so
    """

    own: str
    per: str | None = None
    is_said: bool = False


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was on a day, in the workspace's."""

    day: date
    currency: str
    rate: Decimal


@dataclass(frozen=True)
class FileRates:
    """What a file says, by day and currency, each once.

    left_out  so many numbers are of a day on which the file does not say what the workspace's currency is
    """

    rates: tuple[Rate, ...]
    left_out: int = 0


@dataclass(frozen=True)
class _Cell:
    """One number of a file and where it stands: so many of one currency for `amount` of another."""

    day: date
    currency: str
    amount: int
    number: Decimal
    line: int
    column: str


def read_rates(path: Path, meaning: Meaning) -> FileRates:
    """The rates in a file; the workspace's own currency has none.

    Raises `BadRateFile` with the line and the column, `RateDirection`.
    """
    reader = _Reader(path, meaning)
    cells: dict[tuple[date, str], _Cell] = {}
    for cell in reader.cells():
        other = cells.setdefault((cell.day, cell.currency), cell)
        if other.number * cell.amount != cell.number * other.amount:
            facts = {"currency": cell.currency, "day": cell.day, "line": other.line}
            reason = phrase("{currency} on {day} has another rate on line {line}", **facts)
            raise reader.fault(cell.line, cell.column, reason, phrase("leave one of the two out"))
    rates = tuple(reader.rates(cells))
    has_no_own = meaning.per not in (None, meaning.own)
    left_out = sum(has_no_own and (day, meaning.own) not in cells for day, _ in cells)
    return FileRates(rates, left_out)


class _Reader:
    """Reads one file."""

    def __init__(self, path: Path, meaning: Meaning) -> None:
        self._name = path.name
        self._meaning = meaning
        self._text = self._decoded(path)
        heads = [line for line in self._text.splitlines() if line.strip()]
        self._delimiter = max(DELIMITERS, key=heads[0].count) if heads else ","

    def fault(self, line: int, column: str, reason: Phrase, step: Phrase) -> BadRateFile:
        """The error that is about one place."""
        return BadRateFile(file=self._name, line=line, column=column, reason=reason, next_step=step)

    # --- cells

    def cells(self) -> Iterator[_Cell]:
        """Every number of the file."""
        header: list[str] | None = None
        for line, row in self._rows():
            if header is None or row[0] == header[0]:
                # Some files begin anew where the list of currencies changes.
                header = row
                self._check_header(line, header)
            elif self._is_long(header):
                yield from self._of_long_row(line, _named(header, row))
            else:
                yield from self._of_wide_row(line, header, row)
        if header is None:
            step = phrase("a file of rates begins with: day,currency,rate")
            raise self.fault(1, "1", phrase("the file is empty"), step)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._text.splitlines(), delimiter=self._delimiter)
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells

    def _is_long(self, header: Sequence[str]) -> bool:
        names = {name.lower() for name in header}
        return bool(names & DAY_NAMES and names & CURRENCY_NAMES and names & RATE_NAMES)

    def _check_header(self, line: int, header: Sequence[str]) -> None:
        if self._is_long(header):
            return
        if header[0].lower() not in DAY_NAMES or not any(_CURRENCY.fullmatch(name) for name in header[1:]):
            reason = phrase("the first line names neither the columns day, currency and rate nor one column a currency")
            raise self.fault(line, header[0] or "1", reason, phrase("begin the file with: day,currency,rate"))
        if not self._meaning.is_said:
            raise RateDirection(file=self._name, own=self._meaning.own)

    def _of_long_row(self, line: int, row: Mapping[str, tuple[str, str]]) -> Iterator[_Cell]:
        (day_column, day), (currency_column, currency), (rate_column, rate) = (
            next((row[name] for name in row if name in names), ("", ""))
            for names in (DAY_NAMES, CURRENCY_NAMES, RATE_NAMES)
        )
        found = _CURRENCY.fullmatch(currency)
        if found is None:
            step = phrase("write its code of three capital letters, such as EUR")
            raise self.fault(line, currency_column, phrase("`{currency}` is no currency", currency=currency), step)
        if rate.lower() not in NOTHING:
            number = self._number(line, rate_column, rate)
            yield _Cell(self._day(line, day_column, day), found[2], int(found[1] or 1), number, line, rate_column)

    def _of_wide_row(self, line: int, header: Sequence[str], row: Sequence[str]) -> Iterator[_Cell]:
        day = self._day(line, header[0], row[0])
        for name, cell in zip(header[1:], row[1:], strict=False):
            found = _CURRENCY.fullmatch(name)
            if found is None and name and cell:
                step = phrase("the columns of the currencies are named by their codes of three capital letters")
                raise self.fault(line, name, phrase("`{currency}` is no currency", currency=name), step)
            if found is not None and cell.lower() not in NOTHING:
                yield _Cell(day, found[2], int(found[1] or 1), self._number(line, name, cell), line, name)

    def _day(self, line: int, column: str, text: str) -> date:
        dotted = _DOTTED_DAY.fullmatch(text)
        found = parse_date(f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}" if dotted else text)
        if found is None:
            reason = phrase("`{value}` is no date", value=text)
            raise self.fault(line, column, reason, phrase("write it as 2026-01-31"))
        return found

    def _number(self, line: int, column: str, text: str) -> Decimal:
        plain = text.replace(",", ".", 1) if self._delimiter != "," and "." not in text else text
        try:
            found = Decimal(plain) if _NUMBER.fullmatch(plain) else None
        except InvalidOperation:
            found = None
        if not found:
            step = phrase("write it with digits and a point, above zero: 25.345")
            raise self.fault(line, column, phrase("`{value}` is no rate", value=text), step)
        return found

    # --- rates

    def rates(self, cells: Mapping[tuple[date, str], _Cell]) -> Iterator[Rate]:
        """What the cells say of the workspace's currency; a day on which they do not say what that is, is left out."""
        own, per = self._meaning.own, self._meaning.per
        days = sorted({day for day, _ in cells})
        if per not in (None, own) and not any((day, own) in cells for day in days):
            step = phrase("take a file with {own}, or one that says what each currency is in {own}", own=own)
            raise self.fault(1, own, phrase("the file says nothing of {own}", own=own), step)
        for (day, currency), cell in sorted(cells.items()):
            if currency not in (own, per):
                yield from self._rate(day, currency, cell, cells)
        if per not in (None, own):
            for day in days:
                if (day, own) in cells:
                    cell = cells[(day, own)]
                    yield Rate(day, str(per), self._fitting(cell, _exact(cell)))

    def _rate(self, day: date, currency: str, cell: _Cell, cells: Mapping[tuple[date, str], _Cell]) -> Iterator[Rate]:
        own, per = self._meaning.own, self._meaning.per
        with localcontext(prec=_PRECISION):
            if per is None:
                yield Rate(day, currency, self._fitting(cell, _exact(cell)))
            elif per == own:
                yield Rate(day, currency, self._fitting(cell, 1 / _exact(cell)))
            elif (day, own) in cells:
                yield Rate(day, currency, self._fitting(cell, _exact(cells[(day, own)]) / _exact(cell)))

    def _fitting(self, cell: _Cell, rate: Decimal) -> Decimal:
        found = fitting_rate(rate)
        if found is None:
            reason = phrase("the rate of {currency} is too large or too small", currency=cell.currency)
            step = phrase(
                "rates are below {most} and have up to {digits} digits and {decimals} decimals",
                most=f"{LARGEST:,}",
                digits=DIGITS_MOST,
                decimals=DECIMALS_MOST,
            )
            raise self.fault(cell.line, cell.column, reason, step)
        return found

    def _decoded(self, path: Path) -> str:
        if path.stat().st_size > MOST_BYTES:
            reason = phrase("the file is larger than {most} bytes", most=f"{MOST_BYTES:,}")
            raise self.fault(1, "1", reason, phrase("part it"))
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise self.fault(line, "1", phrase("the file is no UTF-8"), phrase("save it as UTF-8")) from error


def _named(header: Iterable[str], row: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The cells of a row by the lower-case name of their column, with the name as it is written."""
    return {name.lower(): (name, cell) for name, cell in zip(header, row, strict=False)}


def _exact(cell: _Cell) -> Decimal:
    with localcontext(prec=_PRECISION):
        return cell.number / cell.amount
