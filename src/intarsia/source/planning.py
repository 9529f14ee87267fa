"""How one file becomes messages: settled before the first line is read, so that it can be shown and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from intarsia.errors import Phrase
from intarsia.language.catalog import nearest
from intarsia.source.cells import CellReader, Cut
from intarsia.source.consents import PREFIX, consent_of, guess_consents, is_consent_field
from intarsia.source.faults import NoColumnFor, NoSuchColumn, NoSuchField, UnclearDates, WrongShape
from intarsia.source.guessing import Shape, guess_roles
from intarsia.source.kinds import ColumnKind
from intarsia.source.notes import Note
from intarsia.source.numbers import currency_of
from intarsia.source.opening import JSON_LINES, Form, find_form, open_table, settle_form
from intarsia.source.options import Options
from intarsia.source.roles import FIELDS
from intarsia.source.rows import Table
from intarsia.source.sampling import Sample, Survey, survey, take_sample

OWN_PREFIXES = {
    "profiles": ("trait.", PREFIX),
    "purchases": ("trait.", "order.", "line."),
    "events": ("property.",),
    "consents": ("property.",),
    "messages": (),
}
"""A field that begins so is made by the user: `line.colour` is the property `colour` of order lines."""


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a file's messages are.

    fields       by field, the column it comes from
    kinds        by column, what its values are taken for; a column that is missing: text
    row_is_line  in purchases: whether a row is a line of an order rather than a whole order
    spoilt_ids   columns of ids to whose whole numbers a spreadsheet gave a `.0`
    options      with what was found from the content filled in
    constant_event  the name of all events, where no column holds it
    emptying     columns whose empty cells make a trait unknown; one that is empty throughout says nothing
    header_lines, is_uniform  as the table says
    notes        what was settled by guessing
    cut          counts what `reader` cuts of times
    """

    path: Path
    shape: Shape
    form: Form
    columns: tuple[str, ...]
    fields: Mapping[str, str]
    kinds: Mapping[str, ColumnKind]
    options: Options
    row_is_line: bool = False
    spoilt_ids: frozenset[str] = frozenset()
    constant_event: str | None = None
    emptying: frozenset[str] = frozenset()
    header_lines: int = 0
    is_uniform: bool = False
    notes: tuple[Note, ...] = field(default=())
    cut: Cut = field(default_factory=Cut, compare=False)

    def open(self) -> Table:
        """The file, open for reading from its begin."""
        return open_table(self.path, self.form, sheet=self.options.sheet, is_flat=self.shape != "messages")

    def reader(self) -> CellReader:
        """Readings of the file's cells."""
        options = self.options
        return CellReader(options.zone, options.day_first, bool(options.decimal_comma), self.is_uniform, self.cut)

    def other_columns(self) -> tuple[str, ...]:
        """Columns that play no role, in the order of the file, without those that are to be skipped."""
        taken = {*self.fields.values(), *self.options.skip}
        return tuple(column for column in self.columns if column not in taken)

    def to_json(self) -> dict[str, object]:
        """What the plan says, for showing it."""
        return {
            "path": str(self.path),
            "as": self.shape,
            "form": self.form.name,
            "encoding": self.form.encoding,
            "fields": dict(self.fields),
            "event": self.constant_event,
            "timezone": str(self.options.zone),
            "day_first": self.options.day_first,
            "decimal_comma": self.options.decimal_comma,
            "currency": self.options.currency,
            "empty_cells": self.options.empty_cells,
            "emptying": sorted(self.emptying, key=self.columns.index),
            "other_columns": list(self.other_columns()),
            "notes": [note.sentence() for note in self.notes],
        }


def plan(
    path: str | Path,
    *,
    shape: Shape,
    mapping: Mapping[str, str] | None = None,
    options: Options | None = None,
    event: str | None = None,
) -> Plan:
    """A plan for loading the file, from a sample of it and from what the user says.

    mapping  by field, the column to take instead of the guessed one; "" for none
    event    the name of all events, where no column holds it
    Raises what `faults` lists: an unknown column or field, a needed field without a column, unclear dates.
    """
    path, options = Path(path), options or Options()
    form = find_form(path, options)
    if shape == "messages":
        if form.name != JSON_LINES:
            raise WrongShape(path=path, form=Phrase(form.name))
        return Plan(path, shape, form, (), {}, {}, options)
    table = open_table(path, form, sheet=options.sheet)
    sample = take_sample(table)
    found = survey(sample, decimal_comma=options.decimal_comma)
    _check_columns(path, (*(mapping or {}).values(), *options.skip), sample.columns)
    fields = _fields(found, shape, mapping or {}, options)
    if shape == "purchases":
        fields = _settle_amount(fields, sample)
    drafted = Plan(
        path=path,
        shape=shape,
        form=settle_form(table, form),
        columns=sample.columns,
        fields=fields,
        kinds={name: column.kind for name, column in found.columns.items()},
        options=_settle_options(path, options, found, sample, fields),
        row_is_line=shape == "purchases" and has_lines(fields, sample),
        spoilt_ids=frozenset(_spoilt(fields, sample)),
        constant_event=event,
        emptying=_emptying(shape, options, found, fields),
        header_lines=table.header_lines,
        is_uniform=table.is_uniform,
    )
    _check_needs(drafted, mapping or {})
    return replace(drafted, notes=_notes(drafted, options, sample))


def _check_columns(path: Path, named: tuple[str, ...], known: tuple[str, ...]) -> None:
    for column in named:
        if column and column not in known:
            near = nearest(column, list(known)) or list(known[:8])
            raise NoSuchColumn(path=path, column=column, nearest=", ".join(f"`{name}`" for name in near))


def _fields(found: Survey, shape: Shape, mapping: Mapping[str, str], options: Options) -> dict[str, str]:
    known = FIELDS[shape]
    for name in mapping:
        is_own = name.startswith(OWN_PREFIXES[shape]) and (is_consent_field(name) or not name.startswith(PREFIX))
        if name not in known and not is_own:
            raise NoSuchField(shape=shape, field=name, known=", ".join(known))
    taken = {*mapping.values(), *options.skip}
    consents = guess_consents((column.name, column.examples) for column in found.columns.values())
    guesses = {**guess_roles(found, shape), **(consents if shape == "profiles" else {})}.items()
    guessed = {role: column for role, column in guesses if role not in mapping and column not in taken}
    fields = {**guessed, **{name: column for name, column in mapping.items() if column}}
    return {name: column for name, column in fields.items() if consent_of(name) in (None, *fields)}


def _settle_amount(fields: dict[str, str], sample: Sample) -> dict[str, str]:
    """An amount is a line's where rows are lines of orders, else the whole order's."""
    if "amount" not in fields:
        return fields
    column = fields.pop("amount")
    field = "line_total" if has_lines(fields, sample) else "total"
    return fields if field in fields or "price" in fields else {**fields, field: column}


def has_lines(fields: Mapping[str, str], sample: Sample) -> bool:
    """Whether a row is a line of an order: it says what was sold, or order ids come again."""
    if fields.keys() & {"sku", "product", "price"}:
        return True
    ids = [cell for _, cell in sample.cells(fields["order_id"])] if "order_id" in fields else []
    return len(set(map(str, ids))) < len(ids)


def _settle_options(path: Path, options: Options, found: Survey, sample: Sample, fields: Mapping[str, str]) -> Options:
    day_first = options.day_first
    if day_first is None and found.day_first:
        when = fields.get("date") or fields.get("known_since")
        day_first = found.day_first.get(when or "", next(iter(found.day_first.values())))
    if day_first is None and found.unclear:
        column, example = next(iter(found.unclear.items()))
        raise UnclearDates(path=path, column=column, example=example)
    currency = options.currency
    if currency is None and "currency" not in fields:
        currency = _shown_currency(sample, fields)
    return replace(options, day_first=day_first, decimal_comma=bool(found.decimal_comma), currency=currency)


def _shown_currency(sample: Sample, fields: Mapping[str, str]) -> str | None:
    """The one currency whose sign stands beside amounts; None if there is none, or several."""
    columns = [fields[name] for name in ("price", "line_total", "total") if name in fields]
    cells = (cell for column in columns for _, cell in sample.cells(column))
    shown = {currency_of(cell) for cell in cells if isinstance(cell, str)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _emptying(shape: Shape, options: Options, found: Survey, fields: Mapping[str, str]) -> frozenset[str]:
    if shape != "profiles" or options.empty_cells != "unknown":
        return frozenset()
    filled = {name for name, column in found.columns.items() if column.filled}
    roles = {column: role for role, column in fields.items()}
    told = {name for name in filled if roles.get(name) not in ("profile_id", "known_since")}
    return frozenset(name for name in told - {*options.skip} if not roles.get(name, "").startswith(PREFIX))


def _spoilt(fields: Mapping[str, str], sample: Sample) -> list[str]:
    columns = [column for name, column in fields.items() if name.endswith("_id") or name == "refund_of"]
    return [column for column in columns if _is_spoilt([cell for _, cell in sample.cells(column)])]


def _is_spoilt(cells: list[object]) -> bool:
    return bool(cells) and all(isinstance(cell, str) and cell.strip().endswith(".0") for cell in cells)


def _check_needs(drafted: Plan, mapping: Mapping[str, str]) -> None:
    fields = drafted.fields
    is_of_guests = drafted.shape == "purchases" and mapping.get("profile_id") == ""
    if not fields.keys() & {"profile_id", "email", "anonymous_id"} and not is_of_guests:
        raise _lack(drafted, "profile_id")
    if drafted.shape == "events" and "event" not in fields and drafted.constant_event is None:
        raise _lack(drafted, "event")
    for name, column in mapping.items():
        if column and name not in fields and (whole := consent_of(name)):
            raise _lack(drafted, whole)
    for role in ("channel", "purpose", "consent_state") if drafted.shape == "consents" else ():
        if role not in fields:
            raise _lack(drafted, role)
    if drafted.shape in ("purchases", "events") and "date" not in fields:
        raise _lack(drafted, "date")
    if drafted.shape == "purchases" and not fields.keys() & {"price", "line_total", "total"}:
        raise _lack(drafted, "price")


def _lack(drafted: Plan, field: str) -> NoColumnFor:
    columns = dict.fromkeys((*drafted.other_columns(), *drafted.columns))
    return NoColumnFor(path=drafted.path, field=field, columns=", ".join(f"`{column}`" for column in columns))


def _notes(drafted: Plan, given: Options, sample: Sample) -> tuple[Note, ...]:
    settled = drafted.options
    notes = []
    if not sample.is_whole:
        notes.append(Note("sample", {"rows": len(sample.rows), "lines": sample.lines_read}))
    if given.currency is None and settled.currency:
        notes.append(Note("currency", {"currency": settled.currency}))
    if given.day_first is None and settled.day_first is not None:
        notes.append(Note("day-first" if settled.day_first else "month-first"))
    if given.decimal_comma is None and settled.decimal_comma:
        notes.append(Note("decimal-comma"))
    if drafted.form.has_header is False:
        notes.append(Note("no-header"))
    if drafted.emptying:
        columns = ", ".join(f"`{column}`" for column in drafted.columns if column in drafted.emptying)
        notes.append(Note("emptying", {"columns": columns}))
    if drafted.shape == "purchases":
        notes.append(Note("row-is-line" if drafted.row_is_line else "row-is-order"))
    return tuple(notes)
