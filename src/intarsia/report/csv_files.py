"""Sections of rows as CSV files in one zip, the same bytes for the same rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file: the earliest that a zip can say, and nothing of when it was made."""


def zipped(sections: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """A zip with a file `NAME.csv` for every section.

    UTF-8; the first line names the columns of all its rows; lists and objects stand in their cells as JSON, a null is
    an empty cell.
    """
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, rows in sections.items():
            entry = ZipInfo(f"{name}.csv", _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, _as_csv(rows))
    return made.getvalue()


def _as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
