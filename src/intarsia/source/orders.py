"""What the rows of one order id are: an order, a refund, an adjustment, or an order with a refund."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from intarsia.source.sales import SaleLine

Sign = Literal["sale", "back", "stock", "negative price", "negative total"]

_PREFIXED = re.compile(r"([A-Za-z]{1,4})[-_/ ]?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Group:
    """The rows of one order id.

    id        None where the file has no order ids; the row is then an order of its own
    customer  None: a guest
    """

    id: str | None
    customer: str | None
    lines: list[SaleLine] = field(default_factory=list)

    @property
    def at(self) -> int:
        """The earliest of its lines, milliseconds UTC."""
        return min(line.at for line in self.lines)


@dataclass(frozen=True)
class Parts:
    """The rows of a group by what they are; each row is in one part."""

    order: Sequence[SaleLine] = ()
    refund: Sequence[SaleLine] = ()
    adjustment: Sequence[SaleLine] = ()


def sign_of(line: SaleLine) -> Sign:
    """What the signs of a row's numbers say.

    "back": goods came back; "stock": goods left without a price, a clerk's note; "negative price" and
    "negative total": money without goods
    """
    quantity, price, total = line.quantity, line.price, line.total
    if quantity is not None and quantity < 0:
        if price is None:
            return "back" if total is None or total else "stock"
        return "back" if price > 0 else "stock" if not price else "negative price"
    if price is not None and price < 0:
        return "negative price"
    return "negative total" if total is not None and total < 0 else "sale"


def part(group: Group, *, is_adjustment: bool = False) -> Parts:
    """The rows of a group, parted.

    Money without goods beside a sale is a discount and stays in its order; alone it is an adjustment, which is kept but
    is no order. Goods without a price follow what else there is, and are an adjustment alone.
    is_adjustment  its id says that all of it is one
    """
    if is_adjustment:
        return Parts(adjustment=group.lines)
    signs = [sign_of(line) for line in group.lines]
    kinds = set(signs)
    if kinds == {"sale"}:
        return Parts(order=group.lines)
    if "sale" in kinds:
        back = ("back", "stock") if "back" in kinds else ()
        return Parts(
            order=[line for line, sign in zip(group.lines, signs, strict=True) if sign not in back],
            refund=[line for line, sign in zip(group.lines, signs, strict=True) if sign in back],
        )
    if kinds & {"back", "negative total"}:
        return Parts(refund=group.lines)
    return Parts(adjustment=group.lines)


def prefix_of(order_id: str | None) -> str | None:
    """The letters in front of an order id's digits, or None."""
    found = _PREFIXED.fullmatch(order_id or "")
    return found[1] if found else None


def original_of(order_id: str) -> str:
    """The id without the letters in front."""
    found = re.search(r"[0-9]+", order_id)
    return found[0] if found else order_id


def adjustment_prefixes(groups: Iterable[Group]) -> frozenset[str]:
    """Prefixes that mark adjustments: most ids of the file have none, and under this one a price is below zero."""
    plain = prefixed = 0
    signs: dict[str, set[Sign]] = {}
    for group in groups:
        prefix = prefix_of(group.id)
        if prefix is None:
            plain += bool(group.id and _DIGITS.fullmatch(group.id))
            continue
        prefixed += 1
        signs.setdefault(prefix, set()).update(map(sign_of, group.lines))
    if prefixed >= plain:
        return frozenset()
    return frozenset(prefix for prefix, seen in signs.items() if "negative price" in seen and "back" not in seen)
