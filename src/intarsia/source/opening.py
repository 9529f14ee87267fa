"""Opening a file for reading, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intarsia.config import BadSetting
from intarsia.errors import phrase
from intarsia.source.faults import NoSuchFile, NotReadable
from intarsia.source.options import Options
from intarsia.source.readers.delimited import DelimitedTable
from intarsia.source.readers.encoding import detect, open_bytes
from intarsia.source.readers.json_lines import JsonLinesTable
from intarsia.source.readers.parquet import ParquetTable
from intarsia.source.readers.sniff import Dialect
from intarsia.source.readers.xlsx import XlsxTable
from intarsia.source.rows import Table
from intarsia.speech import mark

TEXT = mark("delimited text")
JSON_LINES = "JSON lines"
PARQUET = "Parquet"
XLSX = "XLSX"


@dataclass(frozen=True)
class Form:
    """What a file is.

    name       one of `TEXT`, `JSON_LINES`, `PARQUET`, `XLSX`
    encoding   of a text file; delimiter and quote: of delimited text
    """

    name: str
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    has_header: bool | None = None


def find_form(path: Path, options: Options) -> Form:
    """What the file is, from its first bytes rather than from its name.

    Raises `NoSuchFile`, `NotReadable`, and `BadSetting` where a sheet is named of what has none.
    """
    if not path.is_file():
        raise NoSuchFile(path=path)
    content, raw = open_bytes(path)
    with raw:
        try:
            head = content.read(4096)
        except (OSError, EOFError) as error:
            raise NotReadable(path=path, form="gzip", problem=str(error)) from error
    if head.startswith(b"PAR1"):
        return Form(PARQUET)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Form(XLSX)
    if options.sheet is not None:
        reason = phrase("`{path}` is no spreadsheet", path=path)
        raise BadSetting(name="sheet", value=options.sheet, reason=reason)
    encoding = options.encoding or detect(path)
    text = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        problem = phrase("it is one JSON array; write one object a line")
        raise NotReadable(path=path, form=JSON_LINES, problem=problem)
    if text.startswith("{"):
        return Form(JSON_LINES, encoding)
    return Form(TEXT, encoding, options.delimiter, None, options.has_header)


def open_table(path: Path, form: Form, *, sheet: str | None = None, is_flat: bool = True) -> Table:
    """The file, open for reading once.

    sheet    of an XLSX file; None: the first
    is_flat  whether objects inside JSON objects are spread over columns
    """
    if form.name == PARQUET:
        return ParquetTable(path)
    if form.name == XLSX:
        return XlsxTable(path, sheet)
    encoding = form.encoding or "utf-8"
    if form.name == JSON_LINES:
        return JsonLinesTable(path, encoding, is_flat=is_flat)
    dialect = Dialect(form.delimiter, form.quote or '"') if form.delimiter else None
    return DelimitedTable(path, encoding, dialect=dialect, has_header=form.has_header)


def settle_form(table: Table, form: Form) -> Form:
    """The form with everything that opening the file has found, so that it is read the same way again."""
    if not isinstance(table, DelimitedTable) or table.dialect.is_declared:
        return form
    return Form(form.name, form.encoding, table.dialect.delimiter, table.dialect.quote, table.has_header)
