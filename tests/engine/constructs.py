"""Random conditions of the kinds that speak of time passing, of other sets of people and of places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any, Literal

from intarsia.geometry import metres_between
from intarsia.language import check, tree
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.meaning.values import number
from tests.engine.samples import CHANNELS, LATITUDES, LONGITUDES, PURPOSES
from tests.engine.windows import LARGE, SMALL, random_time

CURRENCIES = ("EUR", "JPY", "CZK", "USD")


class Constructs:
    """What `Rules` mixes in; it hands in the random numbers, the events and the single tests."""

    _chance: Random
    _at: int
    _windows: Sequence[tree.Window]
    _catalog: Callable[[], Catalog]
    _event: Callable[[], EventType]
    _named: Callable[[EventType], tree.Event]
    _where: Callable[..., tree.Condition | None]
    _window: Callable[[], tree.Window | None]
    _aggregate: Callable[[tree.Fold, str], tree.Aggregate]
    _trait: Callable[[], tree.Path]
    _trait_test: Callable[[], tree.Condition]
    _test: Callable[[tree.Value, Sequence[Any]], tree.Test]
    _valued: Callable[[tree.Value], Sequence[Any]]
    _segment: Callable[[], str]

    # --- traits

    def _held(self) -> tree.Condition:
        """A test of a trait, or its negation, that has held for long or not."""
        made = self._trait_test()
        assert isinstance(made, tree.Test)
        how: Literal["at least", "less than"] = self._chance.choice(("at least", "less than"))
        held = tree.Held(how, self._length(), of_negation=self._chance.random() < 0.4)
        return tree.Test(made.value, made.operator, made.ignoring_case, held)

    def _anniversary(self) -> tree.Condition:
        path = tree.Path((self._chance.choice(("birth_date", "signed_up")),))
        window = self._chance.choice(self._windows)
        operator = tree.Is("known") if self._chance.random() < 0.1 else tree.During(window)
        return tree.Test(tree.Anniversary(path), operator)

    def _identified(self) -> tree.Condition:
        return tree.Test(tree.Path(("profile",)), tree.Is("identified"))

    # --- patterns

    def _sequence(self) -> tree.Condition:
        chance = self._chance
        steps = [self._step(is_first=True)]
        for _ in range(chance.choice((1, 1, 2, 3))):
            may_lack = not steps[-1].is_absent
            steps.append(self._step(is_absent=may_lack and chance.random() < 0.3))
        return tree.Sequence(tuple(steps), self._window())

    def _step(self, *, is_first: bool = False, is_absent: bool = False) -> tree.Step:
        event = self._event()
        within = None if is_first or self._chance.random() < 0.4 else self._length()
        return tree.Step(self._named(event), self._where(event), within, is_absent)

    def _active(self) -> tree.Condition:
        chance = self._chance
        event = self._event()
        where = self._where(event)
        periods = chance.choice((1, 2, 3, 6))
        is_calendar = chance.random() < 0.4
        length = tree.Length(1, chance.choice(LARGE)) if is_calendar else self._length()
        hits = chance.choice(range(1, periods + 1))
        named = self._named(event)
        return tree.Active(named, where, chance.choice((1, 1, 2)), hits, periods, length, is_calendar)

    def _lapsed(self) -> tree.Condition:
        event = self._event()
        return tree.Lapsed(self._named(event), self._where(event), self._length())

    def _first_time(self) -> tree.Condition:
        event = self._event()
        return tree.FirstTime(self._named(event), self._where(event), self._length())

    def _returned(self) -> tree.Condition:
        event = self._event()
        named = self._named(event)
        return tree.Returned(named, self._where(event), self._length(), self._length())

    # --- fractions

    def _ratio(self) -> tree.Value:
        return tree.Ratio(self._measure(), self._measure())

    def _trend(self) -> tree.Value:
        made = self._measure()
        bare = tree.Aggregate(made.fold, made.event, made.where, None)
        return tree.Trend(bare, self._chance.choice(self._windows))

    def _measure(self) -> tree.Aggregate:
        fold: tree.Fold = self._chance.choice(("count", "sum", "avg", "min", "max", "distinct", "sum", "count"))
        return self._aggregate(fold, self._chance.choice(("property", "line's property", "over lines")))

    def _fraction_test(self) -> tree.Condition:
        value = self._chance.choice((self._ratio, self._trend))()
        check(tree.Test(value, tree.Is("known")), self._catalog())
        return self._test(value, self._valued(value))

    def _money_test(self) -> tree.Condition:
        """An amount held against one in a currency of its own."""
        value = tree.Aggregate("sum", tree.Event(("order", self._chance.choice(("total", "gross")))), None, None)
        amount = tree.Number(
            Decimal(self._chance.choice(("1", "10", "10.05", "100", "-3"))), self._chance.choice(CURRENCIES)
        )
        if self._chance.random() < 0.3:
            return tree.Test(value, tree.Range(amount, tree.Number(Decimal(5000), amount.currency)))
        sign: Literal["<", ">", "=", ">="] = self._chance.choice(("<", ">", "=", ">="))
        return tree.Test(value, tree.Compare(sign, amount))

    # --- other sets of people

    def _moved(self) -> tree.Condition:
        how: Literal["entered", "left"] = self._chance.choice(("entered", "left"))
        return tree.Moved(how, self._segment(), self._window())

    def _in_segment_at(self) -> tree.Condition:
        return tree.InSegment(self._segment(), random_time(self._chance, self._at - 20 * 86_400_000))

    # --- place and consent

    def _consent(self) -> tree.Condition:
        state: Literal["given", "withdrawn", "unknown"] = self._chance.choice(("given", "withdrawn", "unknown"))
        return tree.Consent(self._chance.choice(CHANNELS), self._chance.choice(PURPOSES), state)

    def _near(self) -> tree.Condition:
        """A distance that is that of two points, or a metre from it."""
        here, there = ((self._degrees(LATITUDES, 90), self._degrees(LONGITUDES, 180)) for _ in range(2))
        metres = metres_between(*here, *there) + self._chance.choice((0, 0, -1, 1))
        return tree.Near(*here, Decimal(max(metres, 1)) / 1000)

    def _degrees(self, pool: Sequence[Any], most: int) -> Decimal:
        read = (number(value if isinstance(value, str) else Decimal(str(value or 0))) for value in pool)
        return self._chance.choice([value for value in read if value is not None and abs(value) <= most])

    def _inside_area(self) -> tree.Condition:
        return tree.InsideArea(self._chance.choice(sorted(self._catalog().areas)))

    def _length(self) -> tree.Length:
        unit = self._chance.choice((*SMALL, *LARGE, *LARGE))
        return tree.Length(self._chance.choice((1, 1, 2, 3, 6, 13)), unit)


CONSTRUCTS: tuple[Callable[[Any], tree.Condition], ...] = (
    *(Constructs._held,) * 3,
    Constructs._anniversary,
    Constructs._identified,
    *(Constructs._sequence,) * 3,
    *(Constructs._active,) * 2,
    Constructs._lapsed,
    Constructs._first_time,
    Constructs._returned,
    *(Constructs._fraction_test,) * 3,
    Constructs._money_test,
    Constructs._moved,
    Constructs._in_segment_at,
    Constructs._near,
    Constructs._inside_area,
    *(Constructs._consent,) * 2,
)
"""The makers of these conditions, each as often as it is to be chosen."""
