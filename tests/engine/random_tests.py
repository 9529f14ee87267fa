"""Random tests of a value, made from the values that occur: what somebody passes, likely."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, Literal

from intarsia.language import tree
from intarsia.language.meaning.values import date_of, number, raw_text, shortest
from tests.engine.samples import IDS, NUMBERS, NUMERALS, PATTERNS, TEXTS, TIMES
from tests.engine.windows import random_time

Sign = Literal["<", "<=", ">", ">="]
LARGEST_WRITTEN = Decimal(10) ** 20


class Tests:
    """What `Rules` mixes in; it hands in the random numbers, the instant and the windows."""

    __test__ = False
    _chance: Random
    _at: int
    _windows: Sequence[tree.Window]

    def _test(self, value: tree.Value, seen: Sequence[Any]) -> tree.Test:
        """A test of a value that somebody passes, likely."""
        known = [item for item in seen if item is not None]
        sample = self._chance.choice(known) if known and self._chance.random() < 0.9 else self._odd()
        if isinstance(sample, Sequence) and not isinstance(sample, str) and sample and self._chance.random() < 0.8:
            operator = self._has(sample)
        else:
            operator = self._chance.choice(self._OPERATORS)(self, sample)
        return tree.Test(value, operator, ignoring_case=self._is_folding(operator) and self._chance.random() < 0.4)

    def _odd(self) -> Any:
        return self._chance.choice((*TEXTS, *NUMERALS, *TIMES, *IDS, *map(Decimal, map(str, NUMBERS)), True))

    @staticmethod
    def _is_folding(operator: tree.Operator) -> bool:
        is_equality = isinstance(operator, tree.Compare) and operator.operator == "="
        return is_equality or isinstance(operator, tree.OneOf | tree.Has)

    def _equal(self, sample: Any) -> tree.Operator:
        return tree.Compare("=", self._constant(sample))

    def _one_of(self, sample: Any) -> tree.Operator:
        others = [self._constant(self._odd()) for _ in range(self._chance.randrange(3))]
        return tree.OneOf((*others, self._constant(sample)))

    def _has(self, sample: Any) -> tree.Operator:
        items = list(sample) if isinstance(sample, Sequence) and not isinstance(sample, str) else [sample]
        mode: Literal["one", "any", "all"] = self._chance.choice(("one", "any", "all"))
        count = 1 if mode == "one" else self._chance.choice((1, 2, 3))
        return tree.Has(mode, tuple(self._constant(self._chance.choice([*items, self._odd()])) for _ in range(count)))

    def _text_match(self, sample: Any) -> tree.Operator:
        text = _text_of(sample)
        begin = self._chance.randrange(len(text) + 1)
        part = text[begin : begin + self._chance.choice((1, 3, 10))]
        how: Literal["contains", "starts", "ends", "matches"] = self._chance.choice(
            ("contains", "starts", "ends", "matches")
        )
        if how == "matches":
            return tree.TextMatch(how, self._chance.choice((*PATTERNS, re.escape(part))))
        part = {"starts": text[: len(part) + 1], "ends": text[-len(part) - 1 :], "contains": part}[how]
        return tree.TextMatch(how, self._varied(part))

    def _ordered(self, sample: Any) -> tree.Operator:
        sign: Sign = self._chance.choice(("<", "<=", ">", ">="))
        return tree.Compare(sign, self._constant(sample))

    def _range(self, sample: Any) -> tree.Operator:
        return tree.Range(self._constant(sample), self._constant(self._chance.choice((sample, self._odd()))))

    def _is(self, _: Any) -> tree.Operator:
        return tree.Is(self._chance.choice(("known", "empty")))

    def _during(self, sample: Any) -> tree.Operator:
        if isinstance(sample, datetime) or self._chance.random() < 0.7:
            return tree.During(self._chance.choice(self._windows))
        time = self._constant(sample)
        if not isinstance(time, tree.Day | tree.Moment):
            time = random_time(self._chance, self._at)
        return tree.During(
            tree.Window(tree.Point(self._chance.choice(("before", "after", "on", "since", "until")), time))
        )

    _OPERATORS: tuple[Callable[[Any, Any], tree.Operator], ...] = (
        *(_equal,) * 3,
        *(_ordered,) * 4,
        *(_one_of, _text_match, _range, _during) * 2,
        _has,
        _is,
    )

    # --- constants

    def _constant(self, sample: Any) -> tree.Constant:
        chance = self._chance
        if isinstance(sample, bool):
            return tree.Truth(sample) if chance.random() < 0.7 else tree.Text(str(sample).lower())
        if isinstance(sample, Fraction):
            places = chance.choice((0, 1, 6))
            return self._number(Decimal(round(sample * 10**places)).scaleb(-places))
        if isinstance(sample, Decimal):
            return self._number(sample) if chance.random() < 0.8 else tree.Text(shortest(sample))
        if isinstance(sample, str):
            return self._of_text(sample)
        return random_time(chance, self._at)

    def _number(self, value: Decimal) -> tree.Constant:
        moved = value + self._chance.choice((0, 0, 0, 1, -1, Decimal("0.000001")))
        return tree.Number(moved if moved.copy_abs() < LARGEST_WRITTEN else Decimal(int(value) % int(LARGEST_WRITTEN)))

    def _of_text(self, sample: str) -> tree.Constant:
        read, day = number(sample), date_of(sample)
        if read is not None and self._chance.random() < 0.6:
            return self._number(read)
        if day is not None and self._chance.random() < 0.6:
            return tree.Day(day)
        return tree.Text(self._varied(sample))

    def _varied(self, text: str) -> str:
        """The text, or one that is alike to who folds it."""
        persian = str.maketrans("يكیک", "یکيك")
        ways: Sequence[Callable[[str], str]] = (
            str, str, str, str.upper, str.lower, str.swapcase, lambda found: found.translate(persian),
            lambda found: found.replace("i", "İ").replace("I", "ı"), lambda found: found + "\u200c",
            lambda found: found.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), lambda found: found + ".0",
        )  # fmt: skip
        return self._chance.choice(ways)(text)


def _text_of(sample: Any) -> str:
    found = raw_text(sample) if isinstance(sample, str | bool | Decimal) else None
    return found or "a"
