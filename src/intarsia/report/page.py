"""The report on segments as one HTML page that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from intarsia.analysis.rfm_definition import TITLES
from intarsia.report import pictures
from intarsia.report.findings import findings
from intarsia.report.segments_report import SegmentRow, SegmentsReport
from intarsia.report.tile import tile
from intarsia.report.words import NONE, Words
from intarsia.report.worth import Worth
from intarsia.shares import Share
from intarsia.speech import mark

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

Cells = Sequence[str]


@dataclass(frozen=True)
class Figure:
    """One picture with its title, what to read from it, and the table behind it."""

    title: str
    reading: str
    picture: Markup
    heads: Cells
    rows: Sequence[Cells]
    legend: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Line:
    """One row of the main table: a segment, or a total (without `row`)."""

    name: str
    worth: Worth
    row: SegmentRow | None = None


@dataclass(frozen=True)
class Portrait:
    """One segment's size over time, and who its members are."""

    row: SegmentRow
    tile: Markup
    size: Markup
    differences: Markup
    size_heads: Cells
    size_rows: Sequence[Cells]
    difference_heads: Cells
    difference_rows: Sequence[Cells]


def page(report: SegmentsReport) -> str:
    """The whole page; raises `PicturesMissing`."""
    words = Words.of(report)
    return (
        _environment()
        .get_template("segments.html")
        .render(
            words=words,
            report=report,
            say=words.say,
            found=findings(words),
            lines=_lines(words),
            has_profit=report.total.gross_profit_minor is not None,
            has_ledger=any(item.ledger_size is not None for row in report.rows for item in row.history),
            figures=_figures(words),
            portraits=[_portrait(words, row) for row in report.rows],
            tile=lambda row, size=20: _safe(tile(row.definition.segment_id, size=size)),
            style=_safe(Path(__file__).with_name("segments.css").read_text(encoding="utf-8")),
            none=NONE,
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _lines(words: Words) -> list[Line]:
    return [
        *(Line(row.name, row.worth, row) for row in words.report.rows),
        *(Line(name, worth) for name, worth in words.totals()),
    ]


# --- figures


def _figures(words: Words) -> dict[str, Figure]:
    made = {}
    if words.report.rows:
        made = {"worth": _worth(words), "overlap": _overlap(words), "map": _map(words)}
    if words.report.rfm is not None:
        made["rfm"] = _rfm(words)
    return made


def _safe(made: str) -> Markup:
    """What we drew or wrote ourselves; the names in pictures are escaped by those who draw them."""
    from markupsafe import Markup

    return Markup(made)  # nosec B704


def _worth(words: Words) -> Figure:
    report = words.report
    has_profit = report.total.gross_profit_minor is not None
    heads = [mark("Segment"), mark("of customers"), mark("of revenue"), mark("revenue"), mark("per head")]
    profits = [mark("gross profit"), mark("gross profit per head"), mark("cost known")] if has_profit else []

    def cells(row: SegmentRow) -> Cells:
        worth = row.worth
        shares = (words.share(report.share_of_base(row)), words.share(report.share_of_revenue(worth)))
        amounts = (words.money(worth.revenue_minor), words.per_head(worth.revenue_per_head_minor))
        profit = (words.money(worth.gross_profit_minor), words.per_head(worth.gross_profit_per_head_minor))
        return (row.name, *shares, *amounts, *((*profit, words.coverage(worth)) if has_profit else ()))

    legend = [("people dot", mark("customers")), ("money square", mark("revenue"))]
    legend += [("profit square", mark("known gross profit"))] if has_profit else []
    return Figure(
        words.say(mark("Share of customers, share of revenue, revenue per head")),
        words.say(
            mark(
                "The further the square lies beyond the dot, the more a segment brings for its size. Segments may "
                "share members."
            )
        ),
        _safe(pictures.worth(words)),
        [words.say(head) for head in (*heads, *profits)],
        [cells(row) for row in report.rows],
        [(kind, words.say(name)) for kind, name in legend],
    )


def _map(words: Words) -> Figure:
    return Figure(
        words.say(mark("Recency and frequency of segments")),
        words.say(mark("Up and to the left: buyers who come often and were here lately. The area is the size.")),
        _safe(pictures.segments_map(words)),
        (words.say(mark("Segment")), words.say(mark("days since order")), words.say(mark("orders per buyer"))),
        [
            (row.name, words.mean(row.worth.recency_days), words.mean(row.worth.orders_per_buyer))
            for row in words.report.rows
        ],
    )


def _rfm(words: Words) -> Figure:
    rfm = words.report.rfm
    assert rfm is not None
    scored, revenue = sum(rfm.classes.values()) or 1, sum(rfm.revenue_minor.values())
    return Figure(
        words.say(mark("Recency and frequency of customers")),
        words.say(mark("Customers by their scores, 5 the best; each number is people.")),
        _safe(pictures.rfm_grid(words)),
        (
            words.say(mark("Class")),
            words.say(mark("people")),
            words.say(mark("of buyers")),
            words.say(mark("of revenue")),
        ),
        [
            (
                words.say(TITLES[name]),
                words.count(people),
                words.share(people / scored),
                words.share(rfm.revenue_minor[name] / revenue) if revenue > 0 else NONE,
            )
            for name, people in rfm.classes.items()
        ],
    )


def _overlap(words: Words) -> Figure:
    report = words.report
    return Figure(
        words.say(mark("Overlap")),
        words.say(mark("Read a row: of this segment's members, so many are in the segment of the column, too.")),
        _safe(pictures.overlap(words)),
        (words.say(mark("people in both")), *(row.name for row in report.rows)),
        [
            (row.name, *(words.count(shared) for shared in report.overlap[place]))
            for place, row in enumerate(report.rows)
        ],
    )


def _portrait(words: Words, row: SegmentRow) -> Portrait:
    return Portrait(
        row,
        _safe(tile(row.definition.segment_id, size=28)),
        _safe(pictures.size(words, row)),
        _safe(pictures.differences(words, row)),
        [words.say(head) for head in (mark("at the end of"), mark("people"), mark("of customers"), mark("ledger"))],
        [
            (
                words.date(item.at),
                words.count(item.size),
                words.share(item.size / item.base) if item.base else NONE,
                words.count(item.ledger_size),
            )
            for item in row.history
        ],
        [words.say(head) for head in (mark("of those who"), mark("members"), mark("everybody else"))],
        [
            (words.feature(item.feature), _with_interval(words, item.members), _with_interval(words, item.rest))
            for item in row.differences
        ],
    )


def _with_interval(words: Words, share: Share) -> str:
    """A share with its interval and the people it is of."""
    return words.say(
        mark("{share} ({low} to {high}) of {known}"),
        share=words.share(share.value),
        low=words.share(share.low),
        high=words.share(share.high),
        known=words.count(share.known),
    )
