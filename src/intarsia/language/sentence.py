"""A definition as a sentence that a marketer would say."""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType

from intarsia.errors import Bug
from intarsia.language import tree as t
from intarsia.language.phrases import TONGUES, Tongue
from intarsia.language.problems import NoSuchTongue
from intarsia.language.show import show
from intarsia.language.spelling import spell_decimal, spell_path, spell_text

SHOWN_ITEMS = 20
"""Items of a list that are said; of the others, how many."""


def sentence(tree: t.Condition, language: str = "en") -> str:
    """The definition as a sentence without a full stop; names and values as they are written.

    It says of a negated test that people of whom the value is unknown are among those who are meant (rule 7).

    >>> from intarsia.language.parse import parse
    >>> sentence(parse("country != 'CZ' and never order in last 90 days"))
    "People whose country is not 'CZ' (or is unknown) and without any order event in the last 90 days \
(also those who never had one)"
    """
    tongue = TONGUES.get(language)
    if tongue is None:
        raise NoSuchTongue(tongue=language, known=", ".join(f"`{known}`" for known in TONGUES))
    speaker = _Speaker(tongue)
    if isinstance(tree, t.Everyone | t.Nobody):
        return speaker.phrase(f"people.{type(tree).__name__.lower()}")
    return speaker.phrase("people", clause=speaker.clause(tree))


def tongue_of(language: str) -> str:
    """The language in which sentences can be had for a reader of `language`: itself, else English."""
    return language if language in TONGUES else "en"


@dataclass(frozen=True)
class _Speaker:
    """Says nodes in one language; `is_of_event` inside `where` and `had`, where one event is spoken of."""

    tongue: Tongue
    is_of_event: bool = False

    def phrase(self, key: str, **gaps: object) -> str:
        return self.tongue.phrases[key].format_map(gaps)

    def _has_phrase(self, key: str) -> bool:
        return key in self.tongue.phrases

    def _of_event(self, condition: t.Condition) -> str:
        return _Speaker(self.tongue, is_of_event=True).clause(condition)

    def _of_person(self, condition: t.Condition) -> str:
        return _Speaker(self.tongue).clause(condition)

    # --- conditions

    def clause(self, node: t.Condition) -> str:
        """A condition as part of a sentence: "whose country is 'CZ'"."""
        match node:
            case t.And(parts=parts):
                return self.phrase("and").join(self._grouped(part, t.And | t.Or) for part in parts)
            case t.Or(parts=parts):
                joint = "or.between_ands" if any(isinstance(part, t.And) for part in parts) else "or"
                return self.phrase(joint).join(self._grouped(part, t.Or) for part in parts)
            case t.Not(part=part):
                return self._negation(part)
            case t.Test():
                return self._scoped("test", test=self._test(node, is_negated=False))
            case t.Everyone() | t.Nobody():
                return self._scoped(type(node).__name__.lower())
            case _:
                return self._statement(node, "")

    def _grouped(self, part: t.Condition, in_brackets: type | UnionType) -> str:
        said = self.clause(part)
        return f"({said})" if isinstance(part, in_brackets) else said

    def _scoped(self, key: str, **gaps: object) -> str:
        return self.phrase(f"event.{key}" if self.is_of_event else key, **gaps)

    def _negation(self, part: t.Condition) -> str:
        if isinstance(part, t.Test):
            return self._scoped("test", test=self._test(part, is_negated=True))
        if isinstance(part, t.Did | t.Had | t.HasLine) or (isinstance(part, t.InSegment) and part.at is None):
            return self._statement(part, ".not")
        return self._scoped("not", clause=self.clause(part))

    def _statement(self, node: t.Condition, negation: str) -> str:
        """A condition that is one phrase; `negation` is ".not" where the phrase is that of its negation."""
        match node:
            case t.Did(event=event, where=where, window=window):
                key = "did.not.ever" if negation and where is None and window is None else f"did{negation}"
                return self.phrase(key, events=self._events(event, where, window))
            case t.Had(which=which, event=event, where=where, window=window, condition=condition):
                events = self._events(event, where, window)
                return self.phrase(f"had{negation}", which=which, events=events, condition=self._of_event(condition))
            case t.HasLine(condition=condition):
                return self.phrase(f"line{negation}", condition=self._of_event(condition))
            case t.InSegment(name=name, at=at):
                key = f"segment{negation}" if at is None else "segment.at"
                return self.phrase(key, name=spell_text(name), time=at and show(at))
            case _:
                return self._other(node)

    def _other(self, node: t.Condition) -> str:
        match node:
            case t.Rank():
                return self._rank(node)
            case t.Moved(how=how, name=name, window=window):
                said = self.phrase(f"moved.{how}", name=spell_text(name))
                return (
                    said if window is None else self.phrase("events.window", events=said, window=self._window(window))
                )
            case t.Near():
                latitude, longitude = spell_decimal(node.latitude), spell_decimal(node.longitude)
                distance = spell_decimal(node.kilometres)
                return self.phrase("near", distance=distance, latitude=latitude, longitude=longitude)
            case t.InsideArea(name=name):
                return self.phrase("area", name=spell_text(name))
            case t.Consent(channel=channel, purpose=purpose, state=state):
                return self.phrase(f"consent.{state}", channel=channel, purpose=purpose)
            case _:
                return self._pattern(node)

    def _rank(self, node: t.Rank) -> str:
        amount = spell_decimal(node.amount) + ("%" if node.is_percent else "")
        among = None if node.among is None else self._of_person(node.among)
        key = "rank" if among is None else "rank.among"
        return self.phrase(key, direction=node.direction, amount=amount, value=self._value(node.by), among=among)

    # --- events in time

    def _pattern(self, node: t.Condition) -> str:
        match node:
            case t.Sequence(steps=steps, window=window):
                said = self.phrase("then").join(map(self._step, steps))
                if window is None:
                    return self.phrase("sequence", steps=said)
                return self.phrase("sequence.within", steps=said, window=self._window(window))
            case t.Active():
                key, many = ("active", "") if node.times == 1 else ("active.times", ".many")
                events = self._events(node.event, node.where, many=many)
                return self.phrase(key, events=events, times=node.times, hits=node.hits, periods=self._periods(node))
            case t.Lapsed() | t.FirstTime():
                key = "lapsed" if isinstance(node, t.Lapsed) else "first_time"
                return self.phrase(key, events=self._events(node.event, node.where), length=self._length(node.length))
            case t.Returned():
                events = self._events(node.event, node.where)
                length, after = self._length(node.length), self._length(node.after)
                return self.phrase("returned", events=events, length=length, after=after)
            case _:
                raise Bug(what=f"no sentence for a {type(node).__name__}")

    def _step(self, node: t.Step) -> str:
        key = "step" + (".absent" if node.is_absent else "") + (".within" if node.within else "")
        within = node.within and self._length(node.within)
        return self.phrase(key, events=self._events(node.event, node.where), length=within)

    def _periods(self, node: t.Active) -> str:
        key = "periods.calendar" if node.is_calendar else "periods"
        return self.phrase(key, count=node.periods, length=self._length(node.period))

    def _events(
        self, event: t.Event, where: t.Condition | None, window: t.Window | None = None, *, many: str = ""
    ) -> str:
        """An event with its `where` and window; `many` is ".many" where several are spoken of."""
        said = self._event(event, many)
        if where is not None:
            said = self.phrase("events.where", event=said, condition=self._of_event(where))
        return said if window is None else self.phrase("events.window", events=said, window=self._window(window))

    def _event(self, event: t.Event, many: str) -> str:
        if len(event.names) > 1:
            return show(event)
        if event.is_any:
            return self.phrase(("event.any.order" if event.names == ("order",) else "event.any") + many)
        return self.phrase(f"event{many}", name=spell_path(event.names))

    # --- values

    def _value(self, value: t.Value) -> str:
        match value:
            case t.Path(names=names):
                return spell_path(names)
            case t.Aggregate(fold=fold, event=event, where=where, window=window):
                key = "fold.count.property" if fold == "count" and len(event.names) > 1 else f"fold.{fold}"
                many = ".many" if fold in ("count", "distinct") else ""
                return self.phrase(key, events=self._events(event, where, window, many=many))
            case t.Ratio(top=top, bottom=bottom):
                return self.phrase("ratio", top=self._value(top), bottom=self._value(bottom))
            case t.Trend(value=of, window=window):
                return self.phrase("trend", value=self._value(of), window=self._window(window))
            case t.Anniversary(path=path):
                return self.phrase("anniversary", name=spell_path(path.names))
            case t.Bucket(salt=salt):
                return self.phrase("bucket", name=spell_text(salt))

    # --- tests

    def _test(self, node: t.Test, *, is_negated: bool) -> str:
        said = self._operator(node, ".not" if is_negated else "")
        if node.ignoring_case:
            said = self.phrase("test.ignoring_case", test=said)
        if node.held is not None:
            said = self.phrase(f"test.held.{node.held.how}", test=said, length=self._length(node.held.length))
        takes_unknown = is_negated and not isinstance(node.operator, t.Is) and not _is_always_known(node.value)
        return self.phrase("test.or_unknown", test=said) if takes_unknown else said

    def _operator(self, node: t.Test, negation: str) -> str:
        value = self._value(node.value)
        match node.operator:
            case t.Compare(operator=sign, constant=constant):
                time = f"time.{sign}{negation}"
                is_time = isinstance(constant, t.Day | t.Moment) and self._has_phrase(time)
                return self.phrase(time if is_time else sign + negation, value=value, constant=self._constant(constant))
            case t.OneOf(constants=constants):
                return self.phrase(f"in{negation}", value=value, constants=self._list(constants, "list.or"))
            case t.Has(mode=mode, constants=constants):
                joint = "list.and" if mode == "all" else "list.or"
                return self.phrase(f"has.{mode}{negation}", value=value, constants=self._list(constants, joint))
            case t.TextMatch(how=how, text=text):
                return self.phrase(how + negation, value=value, constant=spell_text(text))
            case t.Range(low=low, high=high):
                edges = {"low": self._constant(low), "high": self._constant(high)}
                return self.phrase(f"between{negation}", value=value, **edges)
            case t.Is(what=what):
                return self.phrase(what + negation, value=value)
            case t.During(window=window):
                return self.phrase(f"during{negation}", value=value, window=self._window(window))

    def _constant(self, constant: t.Constant) -> str:
        if isinstance(constant, t.Truth):
            return self.phrase("true" if constant.value else "false")
        return show(constant)

    def _list(self, constants: tuple[t.Constant, ...], joint: str) -> str:
        said = [self._constant(constant) for constant in constants[:SHOWN_ITEMS]]
        if len(constants) > SHOWN_ITEMS:
            items = self.phrase("list").join(said)
            return self.phrase("list.more", items=items, count=len(constants) - SHOWN_ITEMS)
        return self.phrase(joint).join([self.phrase("list").join(said[:-1]), said[-1]] if len(said) > 1 else said)

    # --- windows

    def _window(self, window: t.Window) -> str:
        said = self._period(window.period)
        if window.local:
            said = self.phrase("window.local", window=said)
        return (
            said if window.calendar is None else self.phrase("window.calendar", window=said, calendar=window.calendar)
        )

    def _period(self, period: t.Period) -> str:
        match period:
            case t.Rolling(direction=direction, length=length):
                return self.phrase(f"rolling.{direction}", length=self._length(length))
            case t.Calendar(which=which, unit=unit, count=1):
                return self.phrase(f"calendar.{which}", unit=self._unit(unit, 1))
            case t.Calendar(which=which, unit=unit, count=count):
                return self.phrase(f"calendar.{which}.many", length=self._length(t.Length(count, unit)))
            case t.NamedDay(name=name):
                return self.phrase(name)
            case t.Point(relation=relation, time=time):
                is_instant = relation == "on" and isinstance(time, t.Moment)
                return self.phrase("on.instant" if is_instant else relation, time=show(time))
            case t.MoreThanAgo(length=length):
                return self.phrase("ago.more", length=self._length(length))
            case t.BetweenAgo(near=near, far=far, unit=unit):
                return self.phrase("ago.between", near=near, length=self._length(t.Length(far, unit)))
            case t.BetweenTimes(begin=begin, end=end):
                return self.phrase("times.between", begin=show(begin), end=show(end))

    def _length(self, length: t.Length) -> str:
        return self.phrase("length", count=length.count, unit=self._unit(length.unit, length.count))

    def _unit(self, unit: t.Unit, count: int) -> str:
        return self.tongue.units[unit][self.tongue.form_of(count)]


def _is_always_known(value: t.Value) -> bool:
    """Whether everybody has such a value, so that its negation takes in nobody who lacks it."""
    if isinstance(value, t.Path):
        return value.names == ("profile",)
    return isinstance(value, t.Bucket) or (isinstance(value, t.Aggregate) and value.fold in ("count", "distinct"))
