"""What the report on segments says in words: features, how each number is counted, as of when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from zoneinfo import ZoneInfo

from intarsia.clock import EPOCH, MILLISECOND, local_date
from intarsia.report.features import Feature
from intarsia.report.segments_report import SegmentsReport
from intarsia.report.worth import Worth
from intarsia.speech import Speech, mark

NONE = "–"
"""What stands where there is no number."""


@dataclass(frozen=True)
class Words:
    """One report in one language: its numbers, amounts and times as texts."""

    report: SegmentsReport
    speech: Speech

    @staticmethod
    def of(report: SegmentsReport) -> Words:
        """In the report's own language."""
        return Words(report, Speech(report.language))

    def say(self, text: str, **gaps: object) -> str:
        """A sentence in the reader's language with its gaps filled."""
        return self.speech.say(text).format_map(gaps)

    def count(self, value: int | None) -> str:
        """A whole number."""
        return NONE if value is None else self.speech.number(value)

    def mean(self, value: float | None) -> str:
        """A mean with one decimal."""
        return NONE if value is None else self.speech.number(value, 1)

    def share(self, value: float | None, places: int = 1) -> str:
        """A share as a percentage."""
        return NONE if value is None else self.speech.percent(value, places)

    def money(self, minor: int | None) -> str:
        """An amount in whole units of the currency."""
        if minor is None:
            return NONE
        return self.speech.money(minor, self.report.currency, self.report.currency_digits, is_rounded=True)

    def per_head(self, minor: int | None) -> str:
        """An amount by person, to the minor unit."""
        return NONE if minor is None else self.speech.money(minor, self.report.currency, self.report.currency_digits)

    def day(self, at: int) -> date:
        """The calendar day of an instant in the workspace's zone."""
        return local_date(at, ZoneInfo(self.report.timezone))

    def date(self, at: int) -> str:
        """The calendar day of an instant."""
        return self.speech.date(self.day(at))

    def instant(self, at: int) -> str:
        """Day and time of an instant in the workspace's zone."""
        return self.speech.instant((EPOCH + at * MILLISECOND).replace(tzinfo=UTC), ZoneInfo(self.report.timezone))

    def coverage(self, worth: Worth) -> str:
        """The share of revenue whose cost is known."""
        return self.share(worth.cost_coverage, 0)

    def totals(self) -> list[tuple[str, Worth]]:
        """The lines below the segments: all customers, and where there are any, guests and everything."""
        report = self.report
        found = [(self.say(mark("All customers")), report.everyone)]
        if report.guests != Worth(has_people=False):
            found += [(self.say(mark("Guests")), report.guests), (self.say(mark("Everything")), report.total)]
        return found

    def invalid(self) -> list[str]:
        """What is said of each segment that could not be asked."""
        told = []
        for name, error in self.report.invalid.items():
            reason = error.message(self.speech.say)
            words = self.say(mark("“{name}” is invalid and not in this report: {reason}"), name=name, reason=reason)
            step = error.hint(self.speech.say)
            told.append(words if step is None else f"{words} ({step})")
        return told

    # --- sentences

    def as_of(self) -> str:
        """Which instant the report is of, and which orders count."""
        return self.say(
            mark("As of {at}. Orders from {begin} on ({days} days)."),
            at=self.instant(self.report.as_of.at),
            begin=self.date(self.report.window.begin),
            days=self.count(self.report.window.count),
        )

    def record_state(self) -> str:
        """Which state of the record it was counted from."""
        return self.say(
            mark("Counted from {count} messages that were recorded until {until}."),
            count=self.count(self.report.as_of.record_state),
            until=self.instant(self.report.as_of.known_at),
        )

    def feature(self, feature: Feature) -> str:
        """What a feature says of a person."""
        name = feature.subject.replace("_", " ")
        sentence = _FEATURES[feature.kind]
        value = feature.value
        if feature.kind == "basket":
            value = self.per_head(int(value))
        elif feature.kind == "orders":
            value = self.count(int(value))
        return self.say(sentence, name=name, value=value)

    def how_counted(self) -> list[str]:
        """How the numbers came about, a sentence each."""
        return [told for make in _HOW_COUNTED if (told := make(self))]


_FEATURES = {
    "value": mark("{name}: {value}"),
    "item": mark("{name} includes {value}"),
    "true": mark("{name}: yes"),
    "above": mark("{name} above {value}"),
    "bought": mark("bought {value}"),
    "coupon": mark("used a coupon"),
    "event": mark("event: {name}"),
    "orders": mark("more than {value} orders"),
    "basket": mark("mean order above {value}"),
}


def _people(words: Words) -> str:
    return words.say(
        mark(
            "Customers are all profiles of whom something is recorded, {count} in all. A segment's rest is everybody "
            "else; members, rest and guests together are everything that was sold."
        ),
        count=words.count(words.report.everyone.people),
    )


def _revenue(words: Words) -> str:
    return words.say(
        mark(
            "Revenue is the total of the orders that count, less refunds made in the same time. Shares of revenue are "
            "of everything that was sold, to guests too. Amounts are counted in whole minor units of {currency}."
        ),
        currency=words.report.currency,
    )


def _gross_profit(words: Words) -> str:
    total = words.report.total
    if total.gross_profit_minor is None:
        return words.say(mark("Gross profit is not shown: no order line has a unit cost."))
    return words.say(
        mark(
            "Gross profit is what order lines brought less what they cost, of those lines only whose unit cost is "
            "known: {share} of what the lines brought. Discounts on a whole order, shipping and tax are not in it."
        ),
        share=words.coverage(total),
    )


def _unrated(words: Words) -> str:
    count = words.report.total.unrated_sales
    if not count:
        return ""
    return words.speech.say_many(
        "{count} order or refund in another currency is in no sum: its rate is not known.",
        "{count} orders or refunds in other currencies are in no sum: their rates are not known.",
        count,
    )


def _sizes(words: Words) -> str:
    has_ledger = any(item.ledger_size is not None for row in words.report.rows for item in row.history)
    told = mark("Earlier sizes apply the definitions in force now to everything that is known now.")
    ledger = mark(
        "Rings are the membership ledger: it holds what evaluations found, not a stay that began and ended between two."
    )
    return " ".join([words.say(told), *([words.say(ledger), *_erased(words)] if has_ledger else ())])


def _erased(words: Words) -> Iterator[str]:
    """How many people the ledger's sizes still count who are known no more."""
    count = max((item.erased_since for row in words.report.rows for item in row.history), default=0)
    if count:
        yield words.speech.say_many(
            "The ledger's sizes of before still count {count} person who has been erased.",
            "The ledger's sizes of before still count {count} people who have been erased.",
            count,
        )


def _means(words: Words) -> str:
    return words.say(
        mark("Days since the last order and orders per buyer are means over those members who bought in this time.")
    )


def _differences(words: Words) -> str:
    return words.say(
        mark(
            "Members are compared with the rest by shares of those of whom the answer is known; of buying, of those "
            "who bought. Shown are differences whose intervals at 95 % (Wilson) do not overlap, the largest first. "
            "What a segment's own definition speaks of is left out."
        )
    )


def _rfm(words: Words) -> str:
    rfm = words.report.rfm
    if rfm is None:
        return ""

    def edges(values: tuple[int, ...], write: Callable[[int], str]) -> str:
        return " · ".join(write(value) for value in values)

    told = words.say(
        mark("RFM scores: edges for recency {recency} days, for frequency {frequency} orders, for money {money}."),
        recency=edges(rfm.definition.recency_edges, words.count),
        frequency=edges(rfm.definition.frequency_edges, words.count),
        money=edges(rfm.definition.monetary_edges, words.money),
    )
    if not rfm.is_frozen:
        return told + " " + words.say(mark("They were learned for this report only; none are in force."))
    learned = mark("They are version {version}, learned as of {at}.")
    return (
        told
        + " "
        + words.say(learned, version=words.count(rfm.definition.version), at=words.date(rfm.definition.reference))
    )


_HOW_COUNTED = (_people, _revenue, _gross_profit, _unrated, _sizes, _means, _differences, _rfm)
