"""What sentences are put together of: phrases with their gaps filled, values, lengths and windows of time."""

from __future__ import annotations

from dataclasses import dataclass

from intarsia.language import tree as t
from intarsia.language.sentences.phrases import Tongue
from intarsia.language.writing.show import show

SHOWN_ITEMS = 20
"""Items of a list that are said; of the others, how many."""


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    tongue: Tongue

    def fill(self, key: str, **gaps: object) -> str:
        """The phrase of a key with its gaps filled."""
        return self.tongue.phrases[key].format_map(gaps)

    # --- constants

    def constant(self, constant: t.Constant) -> str:
        """A value as it is written, but for the two truths."""
        if isinstance(constant, t.Truth):
            return self.fill("true" if constant.value else "false")
        return show(constant)

    def several(self, constants: tuple[t.Constant, ...], joint: str) -> str:
        """Values one behind the other; `joint` stands before the last, of many a number does."""
        said = [self.constant(constant) for constant in constants[:SHOWN_ITEMS]]
        if len(constants) > SHOWN_ITEMS:
            items = self.fill("list").join(said)
            return self.fill("list.more", items=items, count=len(constants) - SHOWN_ITEMS)
        return self.fill(joint).join([self.fill("list").join(said[:-1]), said[-1]] if len(said) > 1 else said)

    # --- time

    def window(self, window: t.Window) -> str:
        """When: "in the last 30 days"."""
        said = self._period(window.period)
        if window.local:
            said = self.fill("window.local", window=said)
        return said if window.calendar is None else self.fill(f"window.calendar.{window.calendar}", window=said)

    def rolling(self, length: t.Length) -> str:
        """In the time just before."""
        return self._period(t.Rolling("last", length))

    def _period(self, period: t.Period) -> str:
        match period:
            case t.Rolling(direction=direction, length=length):
                key = f"rolling.{direction}" + (".one" if length.count == 1 else "")
                return self.fill(key, length=self.length(length), unit=self._unit(length.unit, length.count))
            case t.Calendar(which=which, unit=unit, count=1):
                return self.fill(f"calendar.{which}", unit=self._unit(unit, 1))
            case t.Calendar(which=which, unit=unit, count=count):
                return self.fill(f"calendar.{which}.many", length=self.length(t.Length(count, unit)))
            case t.NamedDay(name=name):
                return self.fill(name)
            case t.Point(relation=relation, time=time):
                is_instant = relation == "on" and isinstance(time, t.Moment)
                return self.fill("on.instant" if is_instant else relation, time=show(time))
            case t.MoreThanAgo(length=length):
                return self.fill("ago.more", length=self.length(length))
            case t.BetweenAgo(near=near, far=far, unit=unit):
                return self.fill("ago.between", near=near, length=self.length(t.Length(far, unit)))
            case t.BetweenTimes(begin=begin, end=end):
                return self.fill("times.between", begin=show(begin), end=show(end))

    def length(self, length: t.Length) -> str:
        """How long: "30 days"."""
        return self.fill("length", count=length.count, unit=self._unit(length.unit, length.count))

    def _unit(self, unit: t.Unit, count: int) -> str:
        return self.tongue.units[unit][self.tongue.form_of(count)]

    def periods(self, node: t.Active) -> str:
        """The periods in which somebody is active; there are several."""
        key = "periods.calendar" if node.is_calendar else "periods"
        if node.period.count == 1:
            return self.fill(f"{key}.units", length=self.length(t.Length(node.periods, node.period.unit)))
        return self.fill(key, count=node.periods, length=self.length(node.period))

    def only_period(self, node: t.Active) -> str:
        """When somebody is active, if there is one period."""
        count, unit = node.period.count, node.period.unit
        return self._period(t.Calendar("previous", unit, count) if node.is_calendar else t.Rolling("last", node.period))
