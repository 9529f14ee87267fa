"""Random rules that ask for what random people have: their names, their values, the edges of their windows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, Literal

from intarsia.errors import UserError
from intarsia.language import check, tree
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.facts import Fact
from intarsia.language.values import date_of, number, raw_text, shortest
from tests.engine.samples import IDS, NUMBERS, NUMERALS, PATTERNS, TEXTS, TIMES
from tests.engine.windows import random_time

Names = tuple[str, ...]
Sign = Literal["<", "<=", ">", ">="]
Valued = Callable[[tree.Value], Sequence[Any]]
"""What a value of the language is for some people."""

ORDER = "Order Completed"
LINE_NUMBERS: tuple[Names, ...] = (("quantity",), ("price",), ("total",), ("cost",))
LARGEST_WRITTEN = Decimal(10) ** 20


class Deck:
    """Choices of which each one comes before any comes again, so that a few hundred rules reach them all."""

    def __init__(self, choices: Iterable[Any]) -> None:
        self._choices = list(choices)
        self._left: list[Any] = []

    def draw(self, chance: Random) -> Any:
        """The next one."""
        if not self._left:
            self._left = chance.sample(self._choices, len(self._choices))
        return self._left.pop()


FOLDS: tuple[tree.Fold, ...] = ("count", "sum", "avg", "min", "max", "distinct", "first", "last")
FORMS = ("property", "property", "line's property", "over lines")
"""What an aggregate can go over; two more forms are `events` and `lines` without a property."""


class Decks:
    """The decks of one proof; they outlive its populations."""

    def __init__(self) -> None:
        forms = [(fold, form) for fold in FOLDS for form in FORMS]
        self.aggregates = Deck(
            [*forms, ("count", "events"), ("first", "events"), ("last", "events"), ("count", "lines")]
        )
        self.ranked = Deck([*forms, *[("", "trait")] * 4, *[("", "bucket")] * 2])


class Rules:
    """Makes rules that the check of a catalog accepts.

    values   what a value of the language is for some people: where the constants of tests come from
    facts    of everybody; at: the instant of the question
    decks    what other rules of the same proof draw from too
    """

    def __init__(
        self,
        chance: Random,
        catalog: Callable[[], Catalog],
        *,
        facts: Iterable[Fact],
        values: Valued,
        windows: Sequence[tree.Window],
        at: int,
        decks: Decks | None = None,
    ) -> None:
        self._chance = chance
        self._catalog = catalog
        self._valued = values
        self._windows = windows
        self._at = at
        self._decks = decks or Decks()
        self._samples = samples(facts)
        seen = {names for event, names in self._samples if event is None}
        self._traits = _weighted(sorted(seen), [("generation",), ("climate",), ("region",), ("latitude",)])

    def rule(self) -> tree.Condition:
        """One rule."""
        return self._checked(lambda: self._condition(self._chance.choice((1, 2, 2, 3))))

    def _checked(self, make: Callable[[], tree.Condition]) -> tree.Condition:
        for _ in range(1000):
            made = make()
            try:
                check(made, self._catalog())
            except UserError:
                continue
            return made
        raise AssertionError("no rule was accepted")

    # --- conditions on people

    def _condition(self, depth: int) -> tree.Condition:
        chance = self._chance
        if depth > 1 and chance.random() < 0.6:
            return self._joined(depth, self._condition)
        return self._checked(lambda: chance.choice(self._PERSONAL)(self))

    def _joined(self, depth: int, part: Callable[[int], tree.Condition]) -> tree.Condition:
        chance = self._chance
        if chance.random() < 0.3:
            return tree.Not(part(depth - 1))
        parts = tuple(part(depth - 1) for _ in range(chance.choice((2, 2, 3))))
        return chance.choice((tree.And, tree.Or))(parts)

    def _constant_condition(self) -> tree.Condition:
        return self._chance.choice((tree.Everyone(), tree.Nobody()))

    def _trait_test(self) -> tree.Condition:
        path = self._trait()
        return self._test(path, [*self._valued(path), *self._samples.get((None, path.names), ())])

    def _trait(self) -> tree.Path:
        return tree.Path(("profile",) if self._chance.random() < 0.08 else self._chance.choice(self._traits))

    def _aggregate_test(self) -> tree.Condition:
        value = self._aggregate(*self._decks.aggregates.draw(self._chance))
        return self._test(value, self._valued(value))

    def _bucket_test(self) -> tree.Condition:
        value = tree.Bucket(self._chance.choice(("spring-2026", "", "جمعه", "it's")))
        share = tree.Number(Decimal(self._chance.randrange(101)) / 100)
        sign: Sign = self._chance.choice(("<", "<=", ">", ">="))
        return tree.Test(value, tree.Compare(sign, share))

    def _did(self) -> tree.Condition:
        event = self._event()
        return tree.Did(tree.Event(self._named(event)), self._where(event), self._window())

    def _had(self) -> tree.Condition:
        event = self._event()
        which: Literal["first", "last"] = self._chance.choice(("first", "last"))
        inner = self._where(event, always=True)
        assert inner is not None
        return tree.Had(which, tree.Event(self._named(event)), self._where(event), self._window(), inner)

    def _rank(self) -> tree.Condition:
        chance = self._chance
        fold, form = self._decks.ranked.draw(chance)
        other: dict[str, Callable[[], tree.Value]] = {"trait": self._trait, "bucket": lambda: tree.Bucket("x")}
        by = other[form]() if form in other else self._aggregate(fold, form)
        is_percent = chance.random() < 0.5
        amount = Decimal(
            chance.choice(("10", "33.333333", "50", "0.5", "100")) if is_percent else chance.choice("12359")
        )
        among = self._condition(1) if chance.random() < 0.4 else None
        return tree.Rank(chance.choice(("top", "bottom")), amount, is_percent, by, among)

    def _in_segment(self) -> tree.Condition:
        return tree.InSegment(self._chance.choice(sorted(self._catalog().segments) or ["none"]))

    _PERSONAL: tuple[Callable[[Rules], tree.Condition], ...] = (
        *(_trait_test,) * 6,
        *(_aggregate_test,) * 6,
        *(_did,) * 3,
        *(_had,) * 2,
        *(_rank,) * 2,
        _bucket_test,
        _in_segment,
        _constant_condition,
    )

    # --- events

    def _event(self) -> EventType:
        names = sorted(self._catalog().events)
        chosen = ORDER if self._chance.random() < 0.5 else self._chance.choice(names)
        return self._catalog().events[chosen]

    def _named(self, event: EventType) -> Names:
        return (event.short if event.short and self._chance.random() < 0.8 else event.name,)

    def _window(self) -> tree.Window | None:
        return self._chance.choice(self._windows) if self._chance.random() < 0.5 else None

    def _aggregate(self, fold: tree.Fold, form: str) -> tree.Aggregate:
        has_lines = form in ("line's property", "over lines", "lines")
        event = self._catalog().events[ORDER] if has_lines else self._event()
        path = self._taken(event, form)
        is_line = path[:1] == ("lines",)
        where = self._where(event, is_line=is_line)
        return tree.Aggregate(fold, tree.Event((*self._named(event), *path)), where, self._window())

    def _taken(self, event: EventType, form: str) -> Names:
        """What an aggregate takes of an event."""
        if form in ("events", "lines"):
            return () if form == "events" else ("lines",)
        if form == "property":
            return self._chance.choice(self._paths(event))
        path: Names = self._chance.choice([*event.lines, *LINE_NUMBERS * 2])
        return ("lines", *path) if form == "over lines" else path

    def _paths(self, event: EventType) -> list[Names]:
        """Names of an event's properties and its lines', mostly those that were seen."""
        declared = [*event.properties, *event.lines, *(("lines", *path) for path in event.lines)]
        seen = [names for (name, names) in self._samples if name == event.name and event.property(names)]
        return _weighted(seen, declared) or [("nothing",)]

    # --- conditions on events and lines

    def _where(self, event: EventType, *, always: bool = False, is_line: bool = False) -> tree.Condition | None:
        if not always and self._chance.random() < 0.5:
            return None
        return self._on_event(event, self._chance.choice((1, 1, 2)), is_line)

    def _on_event(self, event: EventType, depth: int, is_line: bool) -> tree.Condition:
        chance = self._chance
        if depth > 1 and chance.random() < 0.7:
            return self._joined(depth, lambda below: self._on_event(event, below, is_line))
        if event.lines and not is_line and chance.random() < 0.2:
            return tree.HasLine(self._on_event(event, 2, True))
        if chance.random() < 0.03:
            return self._constant_condition()
        path = tree.Path(chance.choice(self._paths(event)))
        return self._test(path, self._samples.get((event.name, path.names), ()))

    # --- tests

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

    _OPERATORS: tuple[Callable[[Rules, Any], tree.Operator], ...] = (
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
            return self._number(round(Decimal(sample.numerator) / sample.denominator, chance.choice((0, 1, 6))))
        if isinstance(sample, Decimal):
            return self._number(sample) if chance.random() < 0.8 else tree.Text(shortest(sample))
        if isinstance(sample, str):
            return self._of_text(sample)
        return random_time(chance, self._at)

    def _number(self, value: Decimal) -> tree.Constant:
        moved = value + self._chance.choice((0, 0, 0, 1, -1, Decimal("0.000001")))
        return tree.Number(moved if moved.copy_abs() < LARGEST_WRITTEN else value % LARGEST_WRITTEN)

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


def _weighted(seen: Sequence[Names], others: Sequence[Names]) -> list[Names]:
    """Names to choose from: plain ones that were seen most often, then those inside objects."""
    plain = [names for names in seen if len(names) == 1 or (names[0] == "lines" and len(names) == 2)]
    return [*plain * 6, *seen, *others]


def samples(facts: Iterable[Fact]) -> Mapping[tuple[str | None, Names], list[Any]]:
    """The values that occur, by event name (None: traits) and path; of lines by the plain path and by `lines.path`."""
    found: dict[tuple[str | None, Names], list[Any]] = {}
    for fact in facts:
        event = None if fact.kind == "identify" else fact.name
        event = ORDER if event in ("Order Updated", "Order Cancelled") else event
        _gather(found, event, (), fact.properties)
        for line in fact.lines:
            _gather(found, event, (), line)
            _gather(found, event, ("lines",), line)
    return found


def _gather(found: dict[tuple[str | None, Names], list[Any]], event: str | None, above: Names, value: Any) -> None:
    for name, item in value.items():
        path = (*above, name)
        found.setdefault((event, path), []).append(item)
        if isinstance(item, Mapping) and len(path) < 4:
            _gather(found, event, path, item)
