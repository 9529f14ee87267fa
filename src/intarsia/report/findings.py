"""The headline findings of the report on segments, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intarsia.analysis.rfm_definition import CANNOT_LOSE, RISK
from intarsia.report.segments_report import SegmentRow
from intarsia.report.words import Words
from intarsia.speech import mark

LEAST_SHARE = 0.01
"""Of segments smaller than this share of all customers nothing is found."""
LARGEST_SHARE = 0.9
"""A segment of nearly everybody says little by its share."""
MONTHS_BACK = 3
LEAST_CHANGE = 0.1


@dataclass(frozen=True)
class Finding:
    """One sentence, the figure that it is about, and the segment, if it is about one."""

    figure: str
    sentence: str
    row: SegmentRow | None = None


def findings(words: Words) -> list[Finding]:
    """Up to four findings: who brings the revenue, who brings most a head, what may be lost, what changes."""
    found: list[Finding] = []
    for make in (_carries, _richest, _endangered, _changed):
        found += make(words, {finding.row.name for finding in found if finding.row})
    return found


def _telling(words: Words) -> list[SegmentRow]:
    return [row for row in words.report.rows if LEAST_SHARE <= words.report.share_of_base(row) <= LARGEST_SHARE]


def _carries(words: Words, _: set[str]) -> Iterator[Finding]:
    """The segment whose share of revenue lies furthest above its share of customers."""
    shares = {row.name: words.report.share_of_revenue(row.worth) or 0.0 for row in _telling(words)}
    rows = sorted(_telling(words), key=lambda row: words.report.share_of_base(row) - shares[row.name])
    if rows and shares[rows[0].name] > words.report.share_of_base(rows[0]):
        revenue = words.share(shares[rows[0].name], 0)
        yield Finding(
            revenue,
            words.say(
                mark("“{name}” are {people} of customers and bring {revenue} of revenue."),
                name=rows[0].name,
                people=words.share(words.report.share_of_base(rows[0]), 0),
                revenue=revenue,
            ),
            rows[0],
        )


def _richest(words: Words, told: set[str]) -> Iterator[Finding]:
    """The segment with the most revenue by head, beside everybody else's."""
    rows = [row for row in _telling(words) if row.name not in told and (row.rest.revenue_per_head_minor or 0) > 0]
    row = max(rows, key=lambda row: row.worth.revenue_per_head_minor or 0, default=None)
    if row is None:
        return
    mine, others = row.worth.revenue_per_head_minor or 0, row.rest.revenue_per_head_minor or 0
    if mine > others:
        yield Finding(
            words.money(mine),
            words.say(
                mark("A member of “{name}” brings {amount} on average, {times} times as much as everybody else."),
                name=row.name,
                amount=words.money(mine),
                times=words.mean(mine / others),
            ),
            row,
        )


def _endangered(words: Words, _: set[str]) -> Iterator[Finding]:
    """What customers brought who bought often and have not come for long."""
    rfm = words.report.rfm
    if rfm is None:
        return
    people = sum(rfm.classes[name] for name in (RISK, CANNOT_LOSE))
    revenue = sum(rfm.revenue_minor[name] for name in (RISK, CANNOT_LOSE))
    if people and revenue > 0:
        sentence = words.speech.say_many(
            "{count} customer who used to buy often has not come for long; the year's revenue from them: {amount}.",
            "{count} customers who used to buy often have not come for long; the year's revenue from them: {amount}.",
            people,
            amount=words.money(revenue),
        )
        yield Finding(words.money(revenue), sentence)


def _changed(words: Words, told: set[str]) -> Iterator[Finding]:
    """The segment that grew or shrank most in three months, in proportion."""
    changes = [
        ((row.size - before.size) / before.size, before, row)
        for row in _telling(words)
        if row.name not in told and len(row.history) > MONTHS_BACK
        for before in (row.history[-1 - MONTHS_BACK],)
        if before.size and before.size >= LEAST_SHARE * before.base
    ]
    if not changes:
        return
    change, before, row = max(changes, key=lambda item: abs(item[0]))
    if abs(change) < LEAST_CHANGE:
        return
    grew = mark("“{name}” grew from {before} people on {date} to {now}.")
    shrank = mark("“{name}” shrank from {before} people on {date} to {now}.")
    yield Finding(
        ("+" if change > 0 else "−") + words.share(abs(change), 0),
        words.say(
            grew if change > 0 else shrank,
            name=row.name,
            before=words.count(before.size),
            date=words.date(before.at),
            now=words.count(row.size),
        ),
        row,
    )
