"""The order lines of many messages at once, read column by column: amounts rounded, totals and costs filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import plain, to_text
from intarsia.language.meaning.values import number
from intarsia.record.amounts import product_amount, rounded
from intarsia.record.coded import Coded, coded, combined
from intarsia.record.values import Finer, keep, keep_number
from intarsia.record.vocabulary import LINE_ALIASES, LINE_AMOUNTS, LINE_DECIMALS, LINE_TEXTS

Line = Mapping[str, Any]
Reading = Callable[[object, Finer], Json]
"""How one value is kept; counts what is rounded."""


class Order(NamedTuple):
    """What of an order message tells how its lines are read.

    event     its event's name
    digits    how many decimals the amounts in its columns have
    decimals  to how many its amounts are rounded: more, where their currency is not known yet
    items     the lines as they were sent
    """

    event: str
    digits: int
    decimals: int
    items: Sequence[Line]


@dataclass(frozen=True)
class Block:
    """Lines of one event, one currency and one set of names.

    places   where its lines stand among all lines of the call
    columns  by name, sorted; a null and a name that is not there are the same
    """

    event: str
    digits: int
    places: Sequence[int]
    columns: Mapping[str, Coded[Json]]

    def texts(self) -> list[str]:
        """Each line as text, the same for the same content however it was written."""
        pieces = [column.map(_piece(name)) for name, column in self.columns.items()]
        return list(map("".join, zip(*pieces, strict=True))) if pieces else [""] * len(self.places)

    def totals(self) -> list[Json]:
        """The total of each line, or None."""
        return list(self.columns["total"]) if "total" in self.columns else [None] * len(self.places)


@dataclass(frozen=True)
class LineTable:
    """The lines of several orders, one order's after another's. `count` is how many."""

    blocks: Sequence[Block]
    count: int

    def texts(self) -> list[str]:
        """Each line's text, in the order of the lines."""
        return self._in_order(Block.texts)

    def totals(self) -> list[Json]:
        """Each line's total, in the order of the lines."""
        return self._in_order(Block.totals)

    def only(self, ranges: Iterable[range]) -> LineTable:
        """The lines in these ranges, one after another."""
        chosen = [place for places in ranges for place in places]
        if len(chosen) == self.count:
            return self
        renumbered = dict(zip(chosen, range(len(chosen)), strict=True))
        return LineTable([_chosen(block, renumbered) for block in self.blocks], len(chosen))

    def _in_order(self, read: Callable[[Block], Sequence[Any]]) -> list[Any]:
        found = [None] * self.count
        for block in self.blocks:
            for place, value in zip(block.places, read(block), strict=True):
                found[place] = value
        return found


def read_lines(orders: Iterable[Order], finer: Finer | None = None) -> LineTable:
    """The lines of these orders.

    finer  counts the numbers that are rounded to six places
    Amounts are rounded half to even per line to the minor unit (rule 29); a total that is not given is quantity
    times price less the discount, a cost quantity times unit cost. A value that is no number stays as it came.
    """
    groups: dict[tuple[str, int, int, tuple[object, ...]], tuple[list[int], list[Line]]] = {}
    place = 0
    for order in orders:
        for item in order.items:
            group = groups.setdefault((order.event, order.digits, order.decimals, tuple(item)), ([], []))
            group[0].append(place)
            group[1].append(item)
            place += 1
    blocks = [
        Block(event, digits, places, _columns(names, items, decimals, finer or Finer()))
        for (event, digits, decimals, names), (places, items) in groups.items()
    ]
    return LineTable(blocks, place)


def _chosen(block: Block, renumbered: Mapping[int, int]) -> Block:
    inside = [index for index, place in enumerate(block.places) if place in renumbered]
    places = [renumbered[block.places[index]] for index in inside]
    return replace(block, places=places, columns={name: column.at(inside) for name, column in block.columns.items()})


def _columns(names: Iterable[object], items: Sequence[Line], digits: int, finer: Finer) -> dict[str, Coded[Json]]:
    columns: dict[str, Coded[Json]] = {}
    for key in names:
        name = LINE_ALIASES.get(str(key), str(key))
        columns[name] = _read(coded([item[key] for item in items]), _reader(name, digits), finer)  # type: ignore[index]
    _fill(columns, "total", ("quantity", "price", "discount"), digits)
    _fill(columns, "cost", ("quantity", "unit_cost"), digits)
    return dict(sorted(columns.items()))


def _read(column: Coded[Any], read: Reading, finer: Finer) -> Coded[Json]:
    """The column as it is kept; each distinct value is read once, and what is rounded counts as often as it comes."""
    once = Finer()
    found = column.map(lambda value: read(value, once))
    if once.rounded:
        for value, count in column.tally():
            of_value = Finer()
            read(value, of_value)
            finer.rounded += of_value.rounded * count
    return found


def _reader(name: str, digits: int) -> Reading:
    if name in LINE_AMOUNTS:
        return lambda value, finer: rounded(keep_number(value, finer), digits)
    if name in LINE_DECIMALS:
        return lambda value, finer: _number_if_one(keep_number(value, finer))
    return (lambda value, finer: _as_text(keep(value, finer))) if name in LINE_TEXTS else keep


def _number_if_one(value: Json) -> Json:
    read = number(value) if isinstance(value, str) else None
    return value if read is None else read


def _as_text(value: Json) -> Json:
    return plain(value) if isinstance(value, Decimal) else value


def _fill(columns: dict[str, Coded[Json]], name: str, factors: Sequence[str], digits: int) -> None:
    """Put what the factors come to where the column says nothing."""
    given = columns.get(name)
    if any(factor not in columns for factor in factors[:2]) or (given is not None and None not in given.values):
        return
    parts = [columns[factor] for factor in factors if factor in columns]
    if given is None:
        columns[name] = combined(parts, lambda *values: product_amount(*values, digits=digits))
    else:
        columns[name] = combined(
            [given, *parts],
            lambda value, *values: product_amount(*values, digits=digits) if value is None else value,
        )


def _piece(name: str) -> Callable[[Json], str]:
    start = encode_basestring(name)
    return lambda value: "" if value is None else f"{start}:{to_text(value)},"
