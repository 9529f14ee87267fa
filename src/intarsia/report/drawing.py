"""Pictures as SVG that takes its colours and letters from the page around it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

from intarsia.errors import UserError
from intarsia.speech import mark

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, LINE = "var(--ink)", "var(--muted)", "var(--line)"
PEOPLE, MONEY, PROFIT, PAPER = "var(--people)", "var(--money)", "var(--profit)", "var(--panel)"
"""Colours are names of the page's style sheet, so that one picture serves light, dark and print."""

Row = Mapping[str, object]
Chart = Any


class PicturesMissing(UserError):
    """The libraries that draw are not installed."""

    code = "report.pictures-missing"
    says = mark("the page needs pictures, and `{library}` is not installed")
    advises = mark(
        "install what is missing with `pip install 'intarsia[reports]'`; the table in the terminal needs nothing"
    )


def draw() -> Any:
    """The library `altair`; raises `PicturesMissing`."""
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise PicturesMissing(library=error.name) from error
    return altair


def rows(data: Sequence[Row]) -> alt.InlineData:
    """Rows as a chart's data."""
    return draw().InlineData(values=[dict(row) for row in data])  # type: ignore[no-any-return]


def svg(chart: Chart, *, label: str) -> str:
    """The chart as an SVG element that fills the width that it is given.

    label  what the picture shows, for readers who do not see it
    """
    import vl_convert

    made = chart.configure(font="inherit", background="transparent", padding=2)
    made = made.configure_view(stroke=None).configure_axis(
        labelColor=MUTED, titleColor=MUTED, gridColor=LINE, domainColor=LINE, tickColor=LINE, labelFontSize=12,
        titleFontSize=12, titleFontWeight="normal", labelFont="inherit", titleFont="inherit", labelLimit=220,
    )  # fmt: skip
    text = vl_convert.vegalite_to_svg(made.to_dict(), allowed_base_urls=[])
    return _embedded(text, label)


def _embedded(text: str, label: str) -> str:
    """The root with a role and a label instead of a fixed height; what only a program needs is left out."""
    from markupsafe import escape

    inner = re.sub(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"', "", text[text.index(">") + 1 :])
    head = re.search(r'width="(\d+)" height="(\d+)"', text)
    width, height = (int(head[1]), int(head[2])) if head else (0, 0)
    return (
        f'<svg class="picture" role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" '
        f'style="width:{width}px">{inner}'
    )


def ticks(values: Sequence[float], write: Callable[[float], str]) -> dict[str, object]:
    """The values and labels of an axis, written as the reader's language does."""
    labels = {repr(float(value)): write(value) for value in values}
    choices = json.dumps(labels, ensure_ascii=False)
    tests = " : ".join(f"abs(datum.value - {value}) < 1e-9 ? {choices}['{value}']" for value in labels)
    return {"values": list(values), "labelExpr": f"{tests} : ''"}


def steps(highest: float, count: int = 4) -> list[float]:
    """Round values from 0 up to at most `highest`, about `count` of them."""
    if highest <= 0:
        return [0]
    rough = highest / count
    unit = 10.0 ** floor(log10(rough))
    step = next((unit * factor for factor in (1, 2, 2.5, 5) if unit * factor >= rough * 0.999), unit * 10)
    return [step * number for number in range(int(highest / step + 1e-9) + 1)]
