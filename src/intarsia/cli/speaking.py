"""How commands answer and fail: answers as text or JSON on stdout, speech and errors on stderr."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from intarsia.errors import IntarsiaError, Phrase, Translate
from intarsia.speech import mark, translator

if TYPE_CHECKING:
    from rich.console import Console

HINT = mark("hint")
PLACE = mark("line {line}, column {column}:")
WIDTH = 120
"""Of tables that go into a file or a pipe."""

Rows = Sequence[Mapping[str, Any]]

_BLANKS = str.maketrans("\t\r\v\f", "    ")
"""Characters that would move what stands behind them."""


def show_json(answer: object) -> None:
    """One JSON document on stdout, in UTF-8; whole numbers as numbers, exact decimals and times as texts.

    What JSON has no number for is a text too: "NaN", "Infinity", "-Infinity".
    """
    try:
        text = json.dumps(answer, ensure_ascii=False, indent=2, default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(answer), ensure_ascii=False, indent=2, default=_plain, allow_nan=False)
    click.echo(text)


def _without_nan(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return {name: _without_nan(item) for name, item in value.items()}
    return [_without_nan(item) for item in value] if isinstance(value, (list, tuple)) else value


def _plain(value: object) -> object:
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def show_rows(rows: Rows, columns: Sequence[str], *, numbers: Sequence[str] = ()) -> None:
    """Rows as a table on stdout, numbers to the right; nothing at all for no rows."""
    texts = [[cell_text(row.get(name)) for name in columns] for row in rows]
    if not texts:
        return
    widths = [max(width_of(name), *(width_of(line[place]) for line in texts)) for place, name in enumerate(columns)]
    for line in [list(columns), *texts]:
        cells = [
            _padded(cell, width, is_right=name in numbers)
            for cell, width, name in zip(line, widths, columns, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def cell_text(value: object) -> str:
    """What stands in a table for a value; nothing for None."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def _padded(text: str, width: int, *, is_right: bool) -> str:
    blanks = " " * (width - width_of(text))
    return blanks + text if is_right else text + blanks


def wide_console() -> Console:
    """Stdout for tables of many columns: as wide as the terminal, and 120 characters where it is none."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


def speak(text: str) -> None:
    """One line of speech on stderr."""
    click.echo(text, err=True)


def speak_of(found: Iterable[Phrase], language: str) -> None:
    """A line of speech for each of some sentences."""
    for said in found:
        speak(said.said(translator(language).gettext))


def as_of_line(as_of: Mapping[str, Any]) -> str:
    """Which instant an answer is of, and which state of the record."""
    return f"as of {as_of['at']}, record of {as_of['record_state']:,} messages known until {as_of['known_at']}"


def show_error(error: IntarsiaError, language: str, *, as_json: bool) -> None:
    """An error on stderr: code, sentence, the place in the text, the next step."""
    if as_json:
        click.echo(json.dumps({"error": error.to_json()}, ensure_ascii=False), err=True)
        return
    say = translator(language).gettext
    click.echo(f"error[{error.code}]: {error.message(say)}", err=True)
    if error.span is not None and error.text is not None and error.text.strip():
        _show_place(error.text, error.span.start, error.span.end, say)
    hint = error.hint(say)
    if hint is not None:
        click.echo(f"{say(HINT)}: {hint}", err=True)


def _show_place(text: str, start: int, end: int, say: Translate) -> None:
    """The line of a text that a span begins in, with carets below the span; an end is shown behind the last word.

    Where the text has several lines, it is said which one it is, and at which character of it the span begins.
    """
    start = min(start, len(text.rstrip()))
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = text[begin : len(text) if stop < 0 else stop].translate(_BLANKS).rstrip()
    width = max(1, width_of(line[start - begin : max(start + 1, end) - begin]))
    if "\n" in text.strip():
        place = {"line": text.count("\n", 0, begin) + 1, "column": start - begin + 1}
        click.echo(say(PLACE).format_map(place), err=True)
    click.echo(f"  {line}", err=True)
    click.echo("  " + " " * width_of(line[: start - begin]) + "^" * width, err=True)
