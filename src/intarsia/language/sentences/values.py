"""How values, events and tests of values are said."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self
from zoneinfo import ZoneInfo

from intarsia.errors import Bug
from intarsia.language import tree as t
from intarsia.language.catalog import ANY_EVENT, Catalog
from intarsia.language.meaning.values import date_of, instant_of
from intarsia.language.sentences.besides import OF_NOTHING_ZERO, besides, plain
from intarsia.language.sentences.scope import Scope, Taken, scope_of, taken
from intarsia.language.sentences.words import SHOWN_ITEMS, Words
from intarsia.language.words.spelling import spell_path, spell_text
from intarsia.language.writing.show import show

Counts = Mapping[tuple[str, ...], int]
"""By the path of a trait, how many of the people who are meant are there although it is unknown of them."""

Negation = Literal["", ".not"]
"""Ends the key of a phrase that is said of the negation."""

_SIGNS = {"before": "<", "until": "<=", "after": ">", "since": ">="}


@dataclass(frozen=True)
class Values(Words, ABC):
    """Says values and events in one language; those who say conditions add `clause`.

    catalog  tells what names in a `where` mean; None: that is left open
    scope    inside `where` and `had`, what is spoken of; None: people
    have     events that all have who are meant, so that nobody without them is to be named
    """

    counts: Counts
    catalog: Catalog | None
    scope: Scope | None = None
    have: frozenset[t.Event] = frozenset()

    @abstractmethod
    def clause(self, node: t.Condition) -> str:
        """A condition as part of a sentence."""

    def _within(self, scope: Scope) -> Self:
        return replace(self, counts={}, scope=scope)

    # --- events

    def events(
        self, event: t.Event, where: t.Condition | None, window: t.Window | None = None, *, many: str = ""
    ) -> str:
        """An event with its `where` and window; `many` is ".many" where several are spoken of."""
        return self.narrowed(self._event(event, many), scope_of(event, self.catalog), where, window)

    def narrowed(self, said: str, scope: Scope, where: t.Condition | None, window: t.Window | None = None) -> str:
        """Only those that meet a condition; lines that there are or are not stand behind a plain "with"."""
        if where is not None:
            inner = self._within(scope)
            parts = where.parts if isinstance(where, t.And) else (where,)
            if all(map(inner.asks_lines, parts)):
                said = self.fill("events.with", event=said, lines=self.fill("and").join(map(inner.line, parts)))
            else:
                said = self.fill("events.where", event=said, condition=inner.clause(where))
        return said if window is None else self.fill("events.window", events=said, window=self.window(window))

    def _event(self, event: t.Event, many: str = "") -> str:
        """The noun of an event, whatever is taken of it."""
        if event.is_any:
            return self.fill(("event.any.order" if event.names[0] == "order" else "event.any") + many)
        noun = self.tongue.nouns.get(event.names[0])
        return noun[1 if many else 0] if noun else self.fill(f"event{many}", name=spell_path(event.names[:1]))

    def asks_lines(self, node: t.Condition) -> bool:
        """Whether a condition on one event asks whether it has a certain line."""
        return (self.scope or Scope()).asks_lines(node)

    def line(self, node: t.Condition) -> str:
        """The line that a condition on one event asks for: "no line whose sku is 'A'"."""
        scope = self.scope or Scope()
        part, negation = (node.part, ".not") if isinstance(node, t.Not) else (node, "")
        match part:
            case t.HasLine(condition=condition):
                return self.fill(f"line.where{negation}", condition=self._within(scope.of_line).clause(condition))
            case t.Test():
                return self._line_whose(scope, part, negation)
            case _:
                raise Bug(what=f"a {type(part).__name__} asks no lines")

    def _line_whose(self, scope: Scope, test: t.Test, negation: str) -> str:
        key = "line.empty" if test.operator == t.Is("empty") else "line.whose"
        return self.fill(key + negation, test=self._within(scope.of_line).test(test, ""))

    # --- values

    def _value(self, value: t.Value, negation: Negation = "") -> str:
        match value:
            case t.Path():
                return self._name(value, negation)
            case t.Aggregate():
                return self._aggregate(value, negation)
            case t.Ratio(top=top, bottom=bottom):
                return self.fill("ratio", top=self.the(top), bottom=self.the(bottom))
            case t.Trend(value=of, window=window):
                return self.fill("trend", value=self.the(of), window=self.window(window))
            case t.Anniversary(path=path):
                return self.fill("anniversary", name=spell_path(path.names))
            case t.Bucket(salt=salt):
                return self.fill("bucket", name=spell_text(salt))

    def the(self, value: t.Value) -> str:
        """A value inside of another: the sum of order.total, but plain `age`."""
        said = self._value(value)
        return said if isinstance(value, t.Path) else self.fill("the", value=said)

    def _name(self, path: t.Path, negation: Negation) -> str:
        """A trait, or in a `where` a property: of the event, of its lines, or of the lines where the event has none."""
        if self.scope is None:
            return self.fill("profile") if is_profile(path) else spell_path(path.names)
        found = self.scope.property(path.names)
        if found is None or found.is_of_line:
            return spell_path(path.names if found is None else found.path)
        if found.otherwise is not None:
            key = "either.of_line" if self.scope.is_line else f"either{negation}"
            return self.fill(key, name=spell_path(found.path), event=self._owner(self.scope))
        if self.scope.is_line:
            return self.fill("of_event", name=spell_path(found.path), event=self._owner(self.scope))
        return spell_path(path.names)

    def _owner(self, scope: Scope) -> str:
        """The noun of what has the line that is spoken of."""
        if scope.type is None or scope.type.name == ANY_EVENT:
            return self._event(t.Event(("event",)))
        return self._event(t.Event((scope.type.short or scope.type.name,)))

    def _aggregate(self, node: t.Aggregate, negation: Negation) -> str:
        """A function over events, over their lines, or over a property of either."""
        goal, key = taken(node, self.catalog), f"fold.{node.fold}"
        if node.fold in ("first", "last"):
            said = self.fill(f"{key}.property" if goal.names else key, **self._parts(node, goal, ""))
            return self.fill(f"either{negation}", name=said) if goal.is_of_either else said
        if node.fold != "count":
            return self.fill(key, of=self._of(node, goal))
        if not goal.names:
            return self.fill(key, **self._parts(node, goal, ".many"))
        if goal.is_over_lines or (goal.meant is not None and not goal.is_of_either):
            return self.fill(f"{key}.property", **self._parts(node, goal, ".many"))
        return self.fill(f"{key}.values", of=self._of(node, goal))

    def _parts(self, node: t.Aggregate, goal: Taken, many: str) -> dict[str, str]:
        """What a function goes over, and the property that it takes."""
        said = self._event(node.event, many)
        if goal.is_over_lines:
            said = self.fill(f"lines{many}", event=self._event(node.event, ".many"))
        return {
            "events": self.narrowed(said, goal.scope, node.where, node.window),
            "property": spell_path(goal.names),
        }

    def _of(self, node: t.Aggregate, goal: Taken) -> str:
        """What is summed: "order.total", "quantity of lines of orders"."""
        if goal.is_over_lines and goal.names:
            return self.fill("property.of", **self._parts(node, goal, ".many"))
        written = show(node.event)
        if node.where is None or goal.meant is None or goal.is_of_either:
            return self.narrowed(written, goal.scope, node.where, node.window)
        return self.fill("property.of", **{**self._parts(node, goal, ".many"), "property": written})

    # --- tests

    def test(self, node: t.Test, negation: Negation) -> str:
        """A value and what is asked of it, and who is meant besides."""
        chosen = self._of_chosen(node, negation)
        said = self._with_besides(chosen or self._asked(node, negation), node, negation, is_chosen=chosen is not None)
        if node.held is not None:
            said = self.fill(f"test.held.{node.held.how}", test=said, length=self.length(node.held.length))
        return said

    def _asked(self, node: t.Test, negation: Negation) -> str:
        said = self._operator(node, negation)
        return self.fill("test.ignoring_case", test=said) if node.ignoring_case else said

    def _of_chosen(self, node: t.Test, negation: Negation) -> str | None:
        """A test of a property that the lines of the first or last event have: one of them is enough."""
        value = node.value
        goal = taken(value, self.catalog) if isinstance(value, t.Aggregate) else None
        if goal is None or not isinstance(value, t.Aggregate) or not goal.is_of_chosen_lines:
            return None
        events = self.fill(f"fold.{value.fold}", events=self.events(value.event, value.where, value.window))
        line = self._line_whose(goal.scope, replace(node, value=t.Path(goal.names)), negation)
        return self.fill("chosen", value=events, line=line)

    def _with_besides(self, said: str, node: t.Test, negation: Negation, *, is_chosen: bool) -> str:
        """With those whom one would not think of, and how many they are where that is at hand."""
        who, value = besides(node, is_negated=bool(negation)), node.value
        if who is None:
            return said
        if isinstance(value, t.Aggregate):
            who = "never" if is_chosen else who
            if who in ("never", "unknown_or_never") and self._have_all(value):
                return said if who == "never" else self.fill("test.or_unknown", test=said)
            return self.fill(f"test.or_{who}", test=said, event=self._lacked(value))
        count = self.counts.get(value.names) if isinstance(value, t.Path) else None
        if count is None:
            return self.fill(f"test.or_{who}", test=said)
        key = "test.with_unknown" + {0: ".none", 1: ".one"}.get(count, "")
        return self.fill(key, test=said, count=count, value=self._value(value))

    def _have_all(self, value: t.Aggregate) -> bool:
        """Whether nobody who is meant lacks what a function goes over."""
        return plain(value.event) in self.have and not _chooses(value)

    def _lacked(self, value: t.Aggregate) -> str:
        """What those lack who are meant besides: of a number of events any event, of a chosen one such an event."""
        event = self._event(value.event)
        return self.fill("such", event=event) if _chooses(value) else event

    def _operator(self, node: t.Test, negation: Negation) -> str:
        value = self._value(node.value, negation)
        match node.operator:
            case t.Compare(operator=sign, constant=constant):
                return self._compared(node.value, value, sign, constant, negation)
            case t.During(window=t.Window(t.Point(relation, time), local=False, calendar=None)) if relation in _SIGNS:
                return self._compared(node.value, value, _SIGNS[relation], time, negation)
            case t.During(window=window):
                key = "event.during" if is_time_of_event(node.value) else "during"
                return self.fill(key + negation, value=value, window=self.window(window))
            case t.OneOf(constants=constants) if negation and 1 < len(constants) <= SHOWN_ITEMS:
                return self.fill("in.neither", value=value, constants=self.several(constants, "list.nor"))
            case t.OneOf(constants=constants):
                return self.fill(f"in{negation}", value=value, constants=self.several(constants, "list.or"))
            case t.Has(mode=mode, constants=constants):
                joint = "list.and" if mode == "all" else "list.or"
                return self.fill(f"has.{mode}{negation}", value=value, constants=self.several(constants, joint))
            case t.TextMatch(how=how, text=text):
                return self.fill(how + negation, value=value, constant=spell_text(text))
            case t.Range(low=low, high=high):
                edges = {"low": self.constant(low), "high": self.constant(high)}
                return self.fill(f"between{negation}", value=value, **edges)
            case t.Is(what=what):
                return self.fill(("is.identified" if what == "identified" else what) + negation, value=value)

    def _compared(self, of: t.Value, value: str, sign: str, constant: t.Constant, negation: Negation) -> str:
        if is_time_of_event(of) and sign == "=" and isinstance(constant, t.Day | t.Moment):
            on = self.window(t.Window(t.Point("on", constant)))
            return self.fill(f"event.during{negation}", value=value, window=on)
        kind = ""
        if sign != "=" and _is_time(constant):
            kind = "event." if is_time_of_event(of) else "time."
        return self.fill(f"{kind}{sign}{negation}", value=value, constant=self.constant(constant))


def is_profile(value: t.Value) -> bool:
    """Whether a value is the profile's id."""
    return isinstance(value, t.Path) and value.names == ("profile",)


def _chooses(value: t.Aggregate) -> bool:
    """Whether those may lack what a function goes over who have such events."""
    return value.fold not in OF_NOTHING_ZERO and (value.where is not None or value.window is not None)


def is_time_of_event(value: t.Value) -> bool:
    """Whether a value is when an event was, which has passed."""
    return isinstance(value, t.Aggregate) and value.fold in ("first", "last") and len(value.event.names) == 1


def _is_time(constant: t.Constant) -> bool:
    """Whether a constant is a date or an instant, or a text that reads as one."""
    if not isinstance(constant, t.Text):
        return isinstance(constant, t.Day | t.Moment)
    return date_of(constant.value) is not None or instant_of(constant.value, ZoneInfo("UTC")) is not None
