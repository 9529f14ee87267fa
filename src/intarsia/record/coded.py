"""Columns of values in which each distinct value stands once, so that work is done per distinct value.

A day's orders repeat their articles, prices and quantities over and over: reading each price once instead of once
a line is what makes a million lines a matter of seconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

Value = TypeVar("Value")
Made = TypeVar("Made")

_ALIKE = frozenset((str, int, float, Decimal, type(None)))
"""Types of which equal values are kept alike; True equals 1, and is not."""


class _Codes(dict[Hashable, int]):
    """A number for each key, in the order in which they came."""

    def __missing__(self, key: Hashable) -> int:
        code = self[key] = len(self)
        return code


@dataclass(frozen=True)
class Coded(Generic[Value]):
    """A column: the value at place i is `values[codes[i]]`. A value may be there twice."""

    codes: array[int]
    values: Sequence[Value]

    def __iter__(self) -> Iterator[Value]:
        """The value of every place."""
        return map(self.values.__getitem__, self.codes)

    def map(self, function: Callable[[Value], Made]) -> Coded[Made]:
        """The column of what `function` makes of each value; it is called once a distinct value."""
        return Coded(self.codes, [function(value) for value in self.values])

    def at(self, places: Sequence[int]) -> Coded[Value]:
        """The column at these places only, without the values that are at others."""
        left = _numbered(map(self.codes.__getitem__, places))
        return left.map(self.values.__getitem__)

    def tally(self) -> list[tuple[Value, int]]:
        """Each value that is there with how often, by first appearance."""
        counts = pc.value_counts(self._indices)
        codes, numbers = counts.field(0).to_pylist(), counts.field(1).to_pylist()
        return [(self.values[code], number) for code, number in zip(codes, numbers, strict=True)]

    def arrow(self, kind: pa.DataType) -> pa.Array:
        """The column as an Arrow array."""
        return pa.array(self.values, kind).take(self._indices)

    @cached_property
    def _indices(self) -> pa.Array:
        return pa.Array.from_buffers(pa.int32(), len(self.codes), [None, pa.py_buffer(self.codes)])


def coded(column: Sequence[Any]) -> Coded[Any]:
    """A column of any values; those that cannot be told apart by `==` are not taken together."""
    if _ALIKE.issuperset(map(type, column)):
        try:
            return _numbered(column)
        except TypeError:  # a signalling NaN has no hash
            pass
    return Coded(array("i", range(len(column))), column)


def combined(columns: Sequence[Coded[Any]], function: Callable[..., Made]) -> Coded[Made]:
    """What `function` makes of the values of several columns at each place; called once a distinct combination."""
    combinations = _numbered(zip(*(column.codes for column in columns), strict=True))
    values = [column.values for column in columns]
    made = [
        function(*[these[code] for these, code in zip(values, codes, strict=True)]) for codes in combinations.values
    ]
    return Coded(combinations.codes, made)


def _numbered(keys: Iterable[Any]) -> Coded[Any]:
    codes = _Codes()
    # Not a list: the garbage collector would walk through millions of numbers again and again.
    return Coded(array("i", map(codes.__getitem__, keys)), list(codes))
