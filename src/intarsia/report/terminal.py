"""The report on segments as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intarsia.report.findings import findings
from intarsia.report.segments_report import SegmentsReport
from intarsia.report.words import Words
from intarsia.report.worth import Worth
from intarsia.speech import mark

_BAR_CELLS = 10


def show(report: SegmentsReport, console: Console) -> None:
    """Print findings, the table of segments, and how the numbers are counted."""
    words = Words.of(report)
    console.print(Text(words.say(mark("What each segment is worth")), style="bold"))
    console.print(Text(words.as_of(), style="dim"))
    if report.note:
        console.print(Text(report.note, style="dim"))
    console.print()
    for finding in findings(words):
        console.print(Text(f"· {finding.sentence}"))
    console.print()
    console.print(_table(words))
    console.print()
    for told in words.invalid():
        console.print(Text(told, style="bold"))
    for sentence in [*words.how_counted(), words.record_state()]:
        console.print(Text(sentence, style="dim"))


def _table(words: Words) -> Table:
    has_profit = words.report.total.gross_profit_minor is not None
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(words.say(mark("Segment")), overflow="fold", min_width=12)
    for title in _titles(words, has_profit=has_profit):
        table.add_column(title, justify="right", overflow="fold")
    table.add_column("")
    for row in words.report.rows:
        table.add_row(Text(row.name), *_cells(words, row.worth, has_profit), _bar(words, row.worth))
    for name, worth in words.totals():
        table.add_row(Text(name), *_cells(words, worth, has_profit), "", style="dim")
    return table


def _titles(words: Words, *, has_profit: bool) -> list[str]:
    profit = [words.say(mark("gross profit")), words.say(mark("cost known"))] if has_profit else []
    return [
        words.say(mark("people")),
        words.say(mark("of customers")),
        words.say(mark("orders")),
        words.say(mark("revenue")),
        words.say(mark("of revenue")),
        words.say(mark("per head")),
        *profit,
        words.say(mark("days since order")),
        words.say(mark("orders per buyer")),
    ]


def _cells(words: Words, worth: Worth, has_profit: bool) -> Sequence[str]:
    base = words.report.everyone.people
    # Of guests nobody knows how many they are, so neither of everything.
    is_group = worth.has_people
    profit = [words.money(worth.gross_profit_minor), words.coverage(worth)] if has_profit else []
    return [
        words.count(worth.people) if is_group else "",
        words.share(worth.people / base) if is_group and base else "",
        words.count(worth.orders),
        words.money(worth.revenue_minor),
        words.share(words.report.share_of_revenue(worth)),
        words.money(worth.revenue_per_head_minor) if is_group else "",
        *profit,
        words.mean(worth.recency_days) if is_group else "",
        words.mean(worth.orders_per_buyer) if is_group else "",
    ]


def _bar(words: Words, worth: Worth) -> Text:
    """The share of revenue as a bar of ten cells."""
    share = max(0.0, min(1.0, words.report.share_of_revenue(worth) or 0.0))
    full = round(share * _BAR_CELLS)
    return Text("█" * full + "░" * (_BAR_CELLS - full))
