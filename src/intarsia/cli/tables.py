"""Tables of many columns: what fits beside each other, and how shares and long names are written in them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from intarsia.cli.speaking import Rows, cell_text, width_of

NARROW = 100
"""Columns of a terminal that does not say how wide it is."""
_GAP = 2


def terminal_width() -> int:
    """How many columns the terminal has."""
    return shutil.get_terminal_size((NARROW, 24)).columns


def table_width(rows: Rows, columns: Sequence[str]) -> int:
    """How many columns of a terminal `show_rows` needs."""
    widest = [max([width_of(name), *(width_of(cell_text(row.get(name))) for row in rows)]) for name in columns]
    return sum(widest) + _GAP * (len(columns) - 1)


def shortened(text: str, most: int) -> str:
    """A text that is at most so many columns wide, with a sign where something was left out."""
    if width_of(text) <= most:
        return text
    while width_of(text) > most - 1:
        text = text[:-1]
    return f"{text}…"


def percent(share: float | None) -> str:
    """A share of 0 to 1 as a percentage with one decimal; one that is not known as nothing."""
    if share is None:
        return ""
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def whole_percent(share: float | None) -> str:
    """A share in whole percent, without the sign: 0 and 100 are exactly that."""
    if share is None:
        return ""
    return "<1" if 0 < share < 0.01 else f"{min(round(100 * share), 99 if share < 1 else 100)}"
