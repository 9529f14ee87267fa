"""Values as numbers: each row holds the number of its value in a dictionary, or an exact number itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from intarsia.engine.columns.missing import NotInColumns
from intarsia.errors import phrase
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import read_value, to_text
from intarsia.language.meaning.values import number

Array = npt.NDArray[Any]

UNKNOWN = int(np.iinfo(np.int64).min)
"""Stands for a number that is not known."""
DIGITS = 6
"""Numbers have so many places (rule 12)."""
LARGEST = 10**18
"""Numbers beyond this, in units of 10 ** -DIGITS, are not held in columns."""
FEW = 64
"""Of fewer rows than a dictionary has values, by this factor, only the values that occur are looked at."""


class Dictionary:
    """Different values by their codes; the first is None, which is no value. It may grow, and codes stay what they are.

    texts  the JSON of the others
    """

    def __init__(self, values: Sequence[Json], texts: Sequence[str]) -> None:
        self.values = list(values)
        self.texts = list(texts)
        self._codes: dict[str, int] | None = None
        self._numbers: Array = np.zeros(0, np.int64)
        self._largest = 0, 0
        self._tables: dict[Hashable, Array] = {}

    def __len__(self) -> int:
        return len(self.values)

    def code_of(self, text: str, value: Json) -> int:
        """The code of a value by its JSON; one that never came before gets the next."""
        if value is None:
            return 0
        if self._codes is None:
            self._codes = {text: code for code, text in enumerate(self.texts, 1)}
        code = self._codes.setdefault(text, len(self.values))
        if code == len(self.values):
            self.values.append(value)
            self.texts.append(text)
        return code

    @property
    def numbers(self) -> Array:
        """What each value is or reads as, in units of 10 ** -DIGITS; `UNKNOWN` where it is no number."""
        if len(self._numbers) < len(self.values):
            new = [scaled(number(value)) for value in self.values[len(self._numbers) :]]
            self._numbers = np.append(self._numbers, np.array(new, np.int64))
        return self._numbers

    @property
    def largest(self) -> int:
        """The largest amount of a number, in units of 10 ** -DIGITS; of none, 0."""
        size, most = self._largest
        if size < len(self.values):
            most = max(most, largest(self.numbers[size:]))
            self._largest = len(self.values), most
        return most

    def has_table(self, key: Hashable) -> bool:
        """Whether it is kept for a key of which values something holds."""
        return key in self._tables

    def table(self, key: Hashable, of_value: Callable[[Json], bool]) -> Array:
        """Of each code, whether something holds of its value; what was found for a key is kept."""
        found = self._tables.get(key, np.zeros(0, np.bool_))
        if len(found) < len(self.values):
            new = [of_value(value) for value in self.values[len(found) :]]
            found = np.append(found, np.array(new, np.bool_))
            if key is not None:
                self._tables[key] = found
        return found


@dataclass(frozen=True)
class Coded:
    """Values of which few are different: of each row, which value of the dictionary it has; 0: none."""

    codes: Array
    dictionary: Dictionary

    @property
    def numbers(self) -> Array:
        """The numbers by code."""
        return self.dictionary.numbers

    @property
    def largest(self) -> int:
        """The largest amount of a number that a row may have; of none, 0."""
        return self.dictionary.largest

    def taken(self, places: Array) -> Coded:
        """What some rows have."""
        return Coded(self.codes[places], self.dictionary)

    def stretch(self, low: int, high: int) -> Coded:
        """What the rows from one up to, not including, another have."""
        return Coded(self.codes[low:high], self.dictionary)

    def has_few(self, key: Hashable) -> bool:
        """Whether the values that occur are so few that only they are looked at, where nothing is kept for a key."""
        return len(self.codes) * FEW < len(self.dictionary) and not self.dictionary.has_table(key)

    def which(self, key: Hashable, of_value: Callable[[Json], bool]) -> Array:
        """Of each row, whether something holds of its value; `key` names it, None where it is to be asked anew."""
        if self.has_few(key):
            codes, place = np.unique(self.codes, return_inverse=True)
            found = np.array([of_value(self.dictionary.values[code]) for code in codes], np.bool_)
            return found[place]
        return self.dictionary.table(key, of_value)[self.codes]


@dataclass(frozen=True)
class Numbered:
    """Numbers of which many are different, in units of 10 ** -DIGITS; `UNKNOWN` where there is none."""

    numbers: Array

    @property
    def largest(self) -> int:
        """The largest amount of a number; of none, 0."""
        return largest(self.numbers)

    def taken(self, places: Array) -> Numbered:
        """What some rows have."""
        return Numbered(self.numbers[places])

    def stretch(self, low: int, high: int) -> Numbered:
        """What the rows from one up to, not including, another have."""
        return Numbered(self.numbers[low:high])


Values = Coded | Numbered


def largest(numbers: Array) -> int:
    """The largest amount of some numbers, `UNKNOWN` left out; of none, 0."""
    known = numbers[numbers != UNKNOWN]
    return int(np.abs(known).max()) if len(known) else 0


def scaled(value: Decimal | None) -> int:
    """A number in units of 10 ** -DIGITS; raises `NotInColumns` where it does not fit."""
    if value is None:
        return UNKNOWN
    exact = value.scaleb(DIGITS)
    if abs(exact) > LARGEST or exact != exact.to_integral_value():
        raise NotInColumns(phrase("numbers that are too large or too fine"))
    return int(exact)


def coded_by(dictionary: Dictionary, values: Iterable[Json]) -> Coded:
    """Some values by the codes of a dictionary, which grows by those that never came."""
    codes = [dictionary.code_of(to_text(value), value) for value in values]
    return Coded(np.array(codes, narrowest(len(dictionary))), dictionary)


def coded(places: Array, texts: Sequence[str | None]) -> Coded:
    """Values by their JSON texts; `places`: of each row the place of its text, -1: none. Null is no value."""
    values, kept = list[Json]([None]), list[str]()
    code_of = np.zeros(len(texts) + 1, np.int64)
    for place, said in enumerate(texts):
        value = None if said is None else read_value(said)
        if value is not None:
            code_of[place] = len(values)
            values.append(value)
            kept.append(str(said))
    return Coded(code_of[places].astype(narrowest(len(values))), Dictionary(values, kept))


def narrowest(count: int) -> type[np.integer[Any]]:
    """The smallest type of numbers from 0 that holds so many."""
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.int32
