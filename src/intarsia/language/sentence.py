"""A definition as a sentence that a marketer would say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import UnionType

from intarsia.errors import Bug
from intarsia.language import tree as t
from intarsia.language.phrases import TONGUES, Tongue
from intarsia.language.problems import NoSuchTongue
from intarsia.language.show import show
from intarsia.language.spelling import spell_decimal, spell_name, spell_path, spell_text

SHOWN_ITEMS = 20
"""Items of a list that are said; of the others, how many."""

Counts = Mapping[tuple[str, ...], int]
"""By the path of a trait, how many of the people who are meant are there although it is unknown of them."""


def sentence(tree: t.Condition, language: str = "en", counts: Counts | None = None) -> str:
    """The definition as a sentence without a full stop; names and values as they are written.

    counts  of the traits of `negated_traits`, if they are at hand
    It says of a negated test that people of whom the value is unknown are among those who are meant (rule 7), and
    with counts, how many.

    >>> from intarsia.language.parse import parse
    >>> sentence(parse("country != 'CZ' and never order in last 90 days"))
    "People whose country is not 'CZ' (or is unknown) and without any order in the last 90 days \
(also those who never had one)"
    >>> sentence(parse("country != 'CZ'"), counts={("country",): 312})
    "People whose country is not 'CZ' (includes 312 people whose country is unknown)"
    """
    tongue = TONGUES.get(language)
    if tongue is None:
        raise NoSuchTongue(tongue=language, known=", ".join(f"`{known}`" for known in TONGUES))
    speaker = _Speaker(tongue, counts or {})
    if isinstance(tree, t.Everyone | t.Nobody):
        return speaker.phrase(f"people.{type(tree).__name__.lower()}")
    return speaker.phrase("people", clause=speaker.clause(tree))


def tongue_of(language: str) -> str:
    """The language in which sentences can be had for a reader of `language`: itself, else English."""
    return language if language in TONGUES else "en"


def negated_traits(tree: t.Condition) -> list[tuple[str, ...]]:
    """The paths of the traits in negated tests, each once: people of whom they are unknown are meant too."""
    tests = (
        part
        for node in _of_people(tree)
        for part in ([node.part] if isinstance(node, t.Not) else [node])
        if isinstance(part, t.Test) and (isinstance(node, t.Not) if part.held is None else part.held.of_negation)
    )
    found = (test.value.names for test in tests if isinstance(test.value, t.Path) and _takes_unknown(test))
    return list(dict.fromkeys(found))


def _of_people(node: t.Condition) -> Iterator[t.Condition]:
    """The conditions that speak of the people who are meant: none on events, none on those they are ranked among."""
    yield node
    for part in node.parts if isinstance(node, t.And | t.Or) else ():
        yield from _of_people(part)


@dataclass(frozen=True)
class _Speaker:
    """Says nodes in one language; `is_of_event` inside `where` and `had`, where one event is spoken of."""

    tongue: Tongue
    counts: Counts
    is_of_event: bool = False

    def phrase(self, key: str, **gaps: object) -> str:
        return self.tongue.phrases[key].format_map(gaps)

    def _has_phrase(self, key: str) -> bool:
        return key in self.tongue.phrases

    def _of_event(self, condition: t.Condition) -> str:
        return replace(self, counts={}, is_of_event=True).clause(condition)

    def _of_others(self, condition: t.Condition) -> str:
        """Of people who need not be among those who are meant."""
        return replace(self, counts={}).clause(condition)

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
            case t.Test(held=held):
                return self._tested(node, is_negated=held is not None and held.of_negation)
            case t.Everyone() | t.Nobody():
                return self._scoped(type(node).__name__.lower())
            case _:
                return self._statement(node, "")

    def _grouped(self, part: t.Condition, in_brackets: type | UnionType) -> str:
        said = self.clause(part)
        return f"({said})" if isinstance(part, in_brackets) else said

    def _scoped(self, key: str, **gaps: object) -> str:
        return self.phrase(f"event.{key}" if self.is_of_event else key, **gaps)

    def _tested(self, node: t.Test, *, is_negated: bool) -> str:
        is_of_profile = isinstance(node.value, t.Path) and _is_profile(node.value)
        if is_of_profile and node.operator == t.Is("identified") and node.held is None:
            return self.phrase("identified.not" if is_negated else "identified")
        return self._scoped("test", test=self._test(node, is_negated=is_negated))

    def _negation(self, part: t.Condition) -> str:
        if isinstance(part, t.Test) and part.held is None:
            return self._tested(part, is_negated=True)
        if isinstance(part, _SAID_NEGATED):
            return self._statement(part, ".not")
        return self._scoped("not", clause=self._of_others(part))

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
                key = f"segment{negation}" if at is None else f"segment.at{negation}"
                return self.phrase(key, name=spell_text(name), time=at and show(at))
            case _:
                return self._other(node, negation)

    def _other(self, node: t.Condition, negation: str) -> str:
        match node:
            case t.Rank():
                return self._rank(node, negation)
            case t.Moved(how=how, name=name, window=window):
                key = f"moved.{how}.ever{negation}" if window is None else f"moved.{how}{negation}"
                return self.phrase(key, name=spell_text(name), window=window and self._window(window))
            case t.Near():
                latitude, longitude = spell_decimal(node.latitude), spell_decimal(node.longitude)
                distance = spell_decimal(node.kilometres)
                return self.phrase(f"near{negation}", distance=distance, latitude=latitude, longitude=longitude)
            case t.InsideArea(name=name):
                return self.phrase(f"area{negation}", name=spell_text(name))
            case t.Consent(channel=channel, purpose=purpose, state=state):
                asked = {"channel": spell_name(channel), "purpose": spell_name(purpose)}
                return self.phrase(f"consent.{state}{negation}", **asked)
            case _:
                return self._pattern(node)

    def _rank(self, node: t.Rank, negation: str) -> str:
        amount = spell_decimal(node.amount) + ("%" if node.is_percent else "")
        among = None if node.among is None else self._of_others(node.among)
        key = f"rank{negation}" if among is None else f"rank.among{negation}"
        return self.phrase(key, direction=node.direction, amount=amount, value=self._the(node.by), among=among)

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
                key += ".each" if node.hits == node.periods else ""
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
        said = self._events(node.event, node.where)
        return self.phrase(key, events=said if node.is_absent else self.tongue.with_article(said), length=within)

    def _periods(self, node: t.Active) -> str:
        key = "periods.calendar" if node.is_calendar else "periods"
        if node.period.count == 1:
            return self.phrase(f"{key}.units", length=self._length(t.Length(node.periods, node.period.unit)))
        return self.phrase(key, count=node.periods, length=self._length(node.period))

    def _events(
        self, event: t.Event, where: t.Condition | None, window: t.Window | None = None, *, many: str = ""
    ) -> str:
        """An event with its `where` and window; `many` is ".many" where several are spoken of."""
        return self._narrowed(self._event(event, many), where, window)

    def _narrowed(self, said: str, where: t.Condition | None, window: t.Window | None) -> str:
        if where is not None:
            said = self.phrase("events.where", event=said, condition=self._of_event(where))
        return said if window is None else self.phrase("events.window", events=said, window=self._window(window))

    def _event(self, event: t.Event, many: str) -> str:
        if len(event.names) > 1:
            return show(event)
        if event.is_any:
            return self.phrase(("event.any.order" if event.names == ("order",) else "event.any") + many)
        noun = self.tongue.nouns.get(event.names[0])
        return noun[1 if many else 0] if noun else self.phrase(f"event{many}", name=spell_path(event.names))

    # --- values

    def _value(self, value: t.Value) -> str:
        match value:
            case t.Path(names=names):
                return self.phrase("profile") if _is_profile(value) else spell_path(names)
            case t.Aggregate():
                return self._aggregate(value)
            case t.Ratio(top=top, bottom=bottom):
                return self.phrase("ratio", top=self._the(top), bottom=self._the(bottom))
            case t.Trend(value=of, window=window):
                return self.phrase("trend", value=self._the(of), window=self._window(window))
            case t.Anniversary(path=path):
                return self.phrase("anniversary", name=spell_path(path.names))
            case t.Bucket(salt=salt):
                return self.phrase("bucket", name=spell_text(salt))

    def _the(self, value: t.Value) -> str:
        """A value inside of another: the sum of order.total, but plain `age`."""
        said = self._value(value)
        return said if isinstance(value, t.Path) else self.phrase("the", value=said)

    def _aggregate(self, node: t.Aggregate) -> str:
        """A function over events; of one of their properties, `order.total` but for `count`, `first` and `last`."""
        fold, names, key = node.fold, node.event.names, f"fold.{node.fold}"
        many = ".many" if fold == "count" else ""
        if fold not in ("count", "first", "last") or len(names) == 1:
            return self.phrase(key, events=self._events(node.event, node.where, node.window, many=many))
        said = self._event(replace(node.event, names=names[:1]), many)
        rest = names[1:]
        if rest[0] == "lines":
            owner = self._event(replace(node.event, names=names[:1]), ".many")
            said, rest = self.phrase(f"lines{many}", event=owner), rest[1:]
        events = self._narrowed(said, node.where, node.window)
        key = f"{key}.property" if rest else key
        return self.phrase(key, events=events, property=spell_path(rest))

    # --- tests

    def _test(self, node: t.Test, *, is_negated: bool) -> str:
        said = self._operator(node, ".not" if is_negated else "")
        if node.ignoring_case:
            said = self.phrase("test.ignoring_case", test=said)
        if is_negated and _takes_unknown(node):
            said = self._with_unknown(said, node.value)
        if node.held is not None:
            said = self.phrase(f"test.held.{node.held.how}", test=said, length=self._length(node.held.length))
        return said

    def _with_unknown(self, said: str, value: t.Value) -> str:
        """That people of whom the value is unknown are meant too, with how many where that is at hand."""
        if isinstance(value, t.Aggregate) and value.fold not in ("sum", "count", "distinct"):
            return self.phrase("test.or_none", test=said)
        count = self.counts.get(value.names) if isinstance(value, t.Path) else None
        if count is None:
            return self.phrase("test.or_unknown", test=said)
        key = "test.with_unknown" + {0: ".none", 1: ".one"}.get(count, "")
        return self.phrase(key, test=said, count=count, value=self._value(value))

    def _operator(self, node: t.Test, negation: str) -> str:
        value = self._value(node.value)
        match node.operator:
            case t.Compare(operator=sign, constant=constant):
                time = f"{'event' if _is_time_of_event(node.value) else 'time'}.{sign}{negation}"
                is_time = isinstance(constant, t.Day | t.Moment) and self._has_phrase(time)
                return self.phrase(time if is_time else sign + negation, value=value, constant=self._constant(constant))
            case t.OneOf(constants=constants) if negation and 1 < len(constants) <= SHOWN_ITEMS:
                return self.phrase("in.neither", value=value, constants=self._list(constants, "list.nor"))
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
                return self.phrase(("is.identified" if what == "identified" else what) + negation, value=value)
            case t.During(window=window):
                is_past = _is_time_of_event(node.value)
                key = f"event.during{negation}" if is_past else f"during{negation}"
                return self.phrase(key, value=value, window=self._window(window))

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
        return said if window.calendar is None else self.phrase(f"window.calendar.{window.calendar}", window=said)

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


_SAID_NEGATED = t.Did | t.Had | t.HasLine | t.InSegment | t.Rank | t.Moved | t.Near | t.InsideArea | t.Consent
"""Conditions with a phrase for their negation."""


def _takes_unknown(node: t.Test) -> bool:
    """Whether the negation of a test takes in people who lack the value."""
    return not isinstance(node.operator, t.Is) and not _is_always_known(node.value)


def _is_profile(value: t.Path) -> bool:
    return value.names == ("profile",)


def _is_time_of_event(value: t.Value) -> bool:
    """Whether a value is when an event was, which has passed."""
    return isinstance(value, t.Aggregate) and value.fold in ("first", "last") and len(value.event.names) == 1


def _is_always_known(value: t.Value) -> bool:
    """Whether everybody has such a value, so that its negation takes in nobody who lacks it."""
    if isinstance(value, t.Path):
        return _is_profile(value)
    return isinstance(value, t.Bucket) or (isinstance(value, t.Aggregate) and value.fold in ("count", "distinct"))
