"""What is odd about a file: things that a person should know before loading it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from intarsia.errors import Phrase, Translate
from intarsia.source.cells import text_of
from intarsia.source.dates import is_day_first
from intarsia.source.kinds import ColumnKind, fits, kind_of_cell
from intarsia.source.numbers import currency_of, read_number
from intarsia.source.opening import Form
from intarsia.source.orders import prefix_of
from intarsia.source.rows import Cell
from intarsia.source.sampling import Column, Sample, Survey
from intarsia.speech import mark

MOST_LINES = 10
"""So many line numbers are given of each oddity."""

SENTENCES = {
    "no-header": mark("the first line does not look like a header; the columns got numbers"),
    "broken-lines": mark("{count} lines cannot be read as rows; the first because {problem}"),
    "blank-lines": mark("{count} lines are blank"),
    "duplicate-rows": mark("{count} rows repeat another row exactly"),
    "misfits": mark("{count} values of `{column}` are no {kind}, such as `{example}`"),
    "missing": mark("{count} rows have no `{column}` ({role})"),
    "negative": mark("{count} values of `{column}` ({role}) are below zero"),
    "zero-price": mark("{count} values of `{column}` ({role}) are zero"),
    "lettered-ids": mark("{count} values of `{column}` begin with a letter where most are digits: {prefixes}"),
    "spoilt-ids": mark("ids in `{column}` end in `.0`, as a spreadsheet leaves them; it is taken off"),
    "mixed-dates": mark("dates in `{column}` stand with the day first and with the month first"),
    "unclear-dates": mark("dates in `{column}` such as `{example}` may begin with the day or the month"),
    "currency-signs": mark("{count} values of `{column}` carry currency signs: {signs}"),
    "thousands": mark("{count} values of `{column}` part their thousands"),
    "decimal-comma": mark("numbers are written with a decimal comma"),
}
"""By code; the gaps are filled from an oddity's facts."""

_KINDS: dict[ColumnKind, str] = {
    "integer": mark("integer"),
    "decimal": mark("decimal"),
    "money": mark("money"),
    "date": mark("date"),
    "instant": mark("instant"),
    "boolean": mark("boolean"),
    "list": mark("list"),
}
"""What the values of a column are, as far as they can be something that they are not: a text is anything."""


@dataclass(frozen=True)
class Oddity:
    """One thing: its code, how often among the examined rows, the first lines, and what fills its sentence."""

    code: str
    count: int
    lines: tuple[int, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)

    def sentence(self, translate: Translate = str) -> str:
        """The oddity in words, in the language that `translate` speaks."""
        return Phrase(SENTENCES[self.code], {**self.facts, "count": self.count}).said(translate)

    def to_json(self) -> dict[str, object]:
        """Code, count, lines and the English sentence."""
        return {"code": self.code, "count": self.count, "lines": list(self.lines), "sentence": self.sentence()}


def find_oddities(sample: Sample, found: Survey, roles: Mapping[str, str], form: Form) -> Iterator[Oddity]:
    """Everything odd about the examined rows, first of the file, then of its columns."""
    yield from _of_file(sample, found, form)
    by_column = {column: role for role, column in roles.items()}
    for column in found.columns.values():
        role = by_column.get(column.name)
        yield from _of_column(sample, found, column, is_id=(role or "").endswith("_id"))
        if role is not None:
            yield from _of_role(sample, column, role)


def _oddity(code: str, lines: Sequence[int], **facts: object) -> Iterator[Oddity]:
    """One oddity if it occurs at all."""
    if lines:
        yield Oddity(code, len(lines), tuple(lines[:MOST_LINES]), facts)


def _of_file(sample: Sample, found: Survey, form: Form) -> Iterator[Oddity]:
    if form.has_header is False:
        yield Oddity("no-header", 1, (1,))
    if sample.broken:
        problem = sample.broken[0].reason.phrase()
        yield from _oddity("broken-lines", [broken.line for broken in sample.broken], problem=problem)
    if sample.blank_lines:
        yield Oddity("blank-lines", sample.blank_lines)
    seen: set[tuple[str, ...]] = set()
    again = []
    for row in sample.rows:
        key = tuple(map(text_of, row.cells.values()))
        if key in seen:
            again.append(row.line)
        seen.add(key)
    yield from _oddity("duplicate-rows", again)
    if found.decimal_comma:
        yield Oddity("decimal-comma", 1)


def _of_column(sample: Sample, found: Survey, column: Column, *, is_id: bool) -> Iterator[Oddity]:
    name = column.name
    if column.kind != "text" and not is_id:
        odd = [
            (line, text_of(cell))
            for line, cell in sample.cells(name)
            if not fits(kind_of_cell(cell, decimal_comma=bool(found.decimal_comma)), column.kind)
        ]
        if odd:
            kind = Phrase(_KINDS[column.kind])
            yield from _oddity("misfits", [line for line, _ in odd], column=name, kind=kind, example=odd[0][1])
    if column.kind in ("date", "instant"):
        votes = {is_day_first(text_of(cell)) for _, cell in sample.cells(name)}
        if {True, False} <= votes:
            yield Oddity("mixed-dates", 1, (), {"column": name})
        elif name in found.unclear and name not in found.day_first:
            yield Oddity("unclear-dates", 1, (), {"column": name, "example": found.unclear[name]})
    if column.kind in ("integer", "decimal", "money") and not is_id:
        yield from _of_amounts(sample, name)


def _of_amounts(sample: Sample, name: str) -> Iterator[Oddity]:
    texts = [(line, cell) for line, cell in sample.cells(name) if isinstance(cell, str)]
    signed = [(line, sign) for line, text in texts if (sign := currency_of(text) or _bare_sign(text))]
    signs = ", ".join(sorted({sign for _, sign in signed}))
    yield from _oddity("currency-signs", [line for line, _ in signed], column=name, signs=signs)
    parted = [line for line, text in texts if len(text) > 4 and _parts_thousands(text)]
    yield from _oddity("thousands", parted, column=name)


def _bare_sign(text: str) -> str | None:
    return next((sign for sign in "$¥" if sign in text), None)


def _parts_thousands(text: str) -> bool:
    number = read_number(text)
    if number is None or abs(number) < 1000:
        return False
    digits = [letter for letter in text if letter.isdigit()]
    return any(mark in text.strip()[1:-1] for mark in " \u00a0\u202f'’,") and len(digits) > 3


def _of_role(sample: Sample, column: Column, role: str) -> Iterator[Oddity]:
    name = column.name
    if role in ("profile_id", "order_id", "date", "event"):
        missing = [row.line for row in sample.rows if text_of(row.cells.get(name)) == ""]
        yield from _oddity("missing", missing, column=name, role=role)
    if role in ("quantity", "price", "line_total", "total"):
        numbers = [(line, _number(cell)) for line, cell in sample.cells(name)]
        below = [line for line, number in numbers if number is not None and number < 0]
        yield from _oddity("negative", below, column=name, role=role)
        if role == "price":
            zero = [line for line, number in numbers if number == 0]
            yield from _oddity("zero-price", zero, column=name, role=role)
    if role == "order_id":
        yield from _lettered(sample, name)
    if role.endswith("_id"):
        cells = [cell for _, cell in sample.cells(name)]
        if cells and all(isinstance(cell, str) and cell.endswith(".0") for cell in cells):
            yield Oddity("spoilt-ids", len(cells), (), {"column": name})


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, str):
        return read_number(cell.strip())
    return Decimal(cell) if isinstance(cell, (int, Decimal)) else None


def _lettered(sample: Sample, name: str) -> Iterator[Oddity]:
    prefixed = [(line, prefix) for line, cell in sample.cells(name) if (prefix := prefix_of(text_of(cell)))]
    if len(prefixed) * 2 > len(sample.rows):
        return
    counts = Counter(prefix for _, prefix in prefixed)
    listed = ", ".join(f"{prefix} ({count})" for prefix, count in counts.most_common(5))
    yield from _oddity("lettered-ids", [line for line, _ in prefixed], column=name, prefixes=listed)
