"""What of a person's orders was given back, as of a question (rule 30).

A refund is a fact of its own time. It gives back what it says itself, or the whole order. Conditions see of it what it
says, and where it says nothing what its order does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property

from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.money import currency_named, digits_of, to_minor
from intarsia.language.meaning.orders import (
    AMOUNTS,
    ORDER,
    REFUND,
    TOTAL,
    by_key,
    counts,
    instant_and_id,
    is_event,
    order_id,
)
from intarsia.language.meaning.values import fold, inside, number

LINE_AMOUNTS = ("discount", "total", "cost")
LINE_PRICES = ("price", "unit_cost")
LARGEST_MEASURE = Decimal(10) ** 12
"""Quantities and prices from here on are no part of a share."""
LARGEST_MINOR = 2**63 - 1

Line = Mapping[str, Json]
_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Refund:
    """Something given back.

    own       what it says itself: its lines completed by those of its order, its total worked out of them
    order     the order; None: it is not known
    currency  of its own amounts, as it was named; None: the workspace's
    is_whole  it gives the whole order back
    """

    own: Fact
    order: Fact | None
    currency: Json
    is_whole: bool

    @cached_property
    def full(self) -> Fact:
        """What conditions are asked of: its own time and id, with what it does not say itself taken from its order."""
        if self.order is None:
            return replace(self.own, name=ORDER)
        said = {name: value for name, value in self.own.properties.items() if value is not None}
        properties = {**self.order.properties, **said}
        return replace(self.own, name=ORDER, properties=properties, lines=self.own.lines or self.order.lines)

    @property
    def gives_lines(self) -> bool:
        """Whether pieces were given back: a refund of a mere amount is matched by its order's lines, and keeps them."""
        return bool(self.own.lines) or self.is_whole

    def value(self, path: tuple[str, ...], *, is_amount: bool) -> Json:
        """What is taken off a sum of the order's property: its own; of an amount, failing that, the whole order's."""
        source = self.full if self.is_whole and is_amount else self.own
        return inside(source.properties, path)

    def currency_of(self, path: tuple[str, ...], *, is_of_line: bool) -> Json:
        """The currency of an amount of `full`, as named by whichever of the two gives the amount."""
        is_own = bool(self.own.lines) if is_of_line else self.own.properties.get(path[0]) is not None
        return self.currency if is_own or self.order is None else self.order.properties.get("currency")


def refunds(facts: Iterable[Fact], statuses: Collection[str] | None, currency: str) -> tuple[Refund, ...]:
    """The refunds that count, by (time, id): those of no known order, and those of an order that counts.

    currency  the workspace's, in which amounts are that name none
    """
    facts = tuple(facts)
    known = by_key(facts)
    found = []
    for fact in sorted((fact for fact in facts if is_event(fact, REFUND)), key=instant_and_id):
        order = known.get(order_id(fact) or "")
        if order is None or counts(order, statuses):
            found.append(_refund(fact, order, currency))
    return tuple(found)


def _refund(fact: Fact, order: Fact | None, currency: str) -> Refund:
    named = fact.properties.get("currency")
    of_order = None if order is None else order.properties.get("currency")
    said = of_order if named is None else named
    digits = digits_of(said, currency)
    is_like_order = _code(said, currency) == _code(of_order, currency)
    says_amount = bool(fact.lines) or any(fact.properties.get(name) is not None for name in AMOUNTS)
    own = _rounded(fact, digits) if named is None else fact
    if order is not None:
        own = replace(own, lines=_completed(own.lines, order.lines, digits if is_like_order else None))
    own = _with_total(own, digits)
    if order is None:
        return Refund(own, None, said, is_whole=False)
    is_whole = not own.lines and (not says_amount or (is_like_order and _has_total_of(own, order)))
    return Refund(own, order, said if says_amount else of_order, is_whole)


def _code(named: Json, currency: str) -> str | None:
    return currency_named(named) or currency_named(currency)


def _has_total_of(own: Fact, order: Fact) -> bool:
    total = number(inside(own.properties, TOTAL))
    return total is not None and total == number(inside(order.properties, TOTAL))


def _rounded(fact: Fact, digits: int) -> Fact:
    """Amounts that were recorded before their currency was known, rounded to its minor unit."""
    return replace(
        fact,
        properties=_rounded_amounts(fact.properties, AMOUNTS, digits),
        lines=tuple(_rounded_amounts(line, LINE_AMOUNTS, digits) for line in fact.lines),
    )


def _rounded_amounts(values: Mapping[str, Json], names: Collection[str], digits: int) -> dict[str, Json]:
    unit = Decimal(1).scaleb(-digits)
    return {
        name: value.quantize(unit, context=_EXACT) if name in names and isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def _with_total(own: Fact, digits: int) -> Fact:
    """The refund with its total: that of its lines and what else it says, if it has lines and says none itself."""
    totals = [line.get("total") for line in own.lines]
    if inside(own.properties, TOTAL) is not None or not totals:
        return own
    parts = [total for total in totals if isinstance(total, Decimal)]
    if len(parts) < len(totals):
        return own
    for name, sign in (("shipping", 1), ("tax", 1), ("discount", -1)):
        if isinstance(amount := own.properties.get(name), Decimal):
            parts.append(sign * amount)
    minor = sum(to_minor(part, digits) for part in parts)
    return replace(own, properties={**own.properties, "total": Decimal(minor).scaleb(-digits)})


# --- lines


def _completed(lines: Sequence[Line], sold: Sequence[Line], digits: int | None) -> tuple[Line, ...]:
    """The lines of a refund with what those of the order say where exactly one of them is of the same article.

    digits  of the currency of both; None: they have different ones, and no amount is taken over
    """
    by_article: dict[str | None, list[Line]] = {}
    for line in sold:
        by_article.setdefault(_article(line), []).append(line)
    found = []
    for line in lines:
        alike = by_article.get(_article(line), []) if _article(line) else []
        found.append(_completed_line(line, alike[0], digits) if len(alike) == 1 else line)
    return tuple(found)


def _article(line: Line) -> str | None:
    sku = line.get("sku")
    return fold(sku) if isinstance(sku, str) else None


def _completed_line(line: Line, sold: Line, digits: int | None) -> Line:
    said = {name: value for name, value in line.items() if value is not None}
    measures = ("quantity", *LINE_PRICES, *LINE_AMOUNTS)
    told = {name: value for name, value in sold.items() if name not in measures}
    says_amount = any(name in said for name in (*LINE_PRICES, *LINE_AMOUNTS))
    return {**told, **said, **({} if says_amount or digits is None else _share(said.get("quantity"), sold, digits))}


def _share(pieces: Json, sold: Line, digits: int) -> dict[str, Json]:
    """What so many pieces of a line come to, each amount rounded half to even; None: all of them."""
    names = (*LINE_PRICES, "quantity") if pieces is None else LINE_PRICES
    amounts = {name: value for name in LINE_AMOUNTS if isinstance(value := sold.get(name), Decimal)}
    if pieces is not None:
        part, whole = _measure(pieces), _measure(sold.get("quantity"))
        if part is None or whole is None or whole <= 0:
            return {}
        share = Fraction(part) / Fraction(whole) * 10**digits
        minors = {name: round(Fraction(amount) * share) for name, amount in amounts.items()}
        minors = {name: minor for name, minor in minors.items() if abs(minor) <= LARGEST_MINOR}
        amounts = {name: Decimal(minor).scaleb(-digits) for name, minor in minors.items()}
    measured = {name: value for name in names if (value := _measure(sold.get(name))) is not None}
    return {**measured, **amounts}


def _measure(value: Json) -> Decimal | None:
    return value if isinstance(value, Decimal) and abs(value) < LARGEST_MEASURE else None
