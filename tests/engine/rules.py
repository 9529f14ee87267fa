"""Random rules that ask for what random people have: their names, their values, the edges of their windows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any, Literal

from intarsia.errors import UserError
from intarsia.language import check, tree
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.meaning.facts import Fact
from tests.engine.constructs import CONSTRUCTS, Constructs
from tests.engine.random_tests import Sign, Tests

Names = tuple[str, ...]
Valued = Callable[[tree.Value], Sequence[Any]]
"""What a value of the language is for some people."""

ORDER = "Order Completed"
LINE_NUMBERS: tuple[Names, ...] = (("quantity",), ("price",), ("total",), ("cost",))


class NoneAccepted(Exception):
    """The catalog refused everything that was made."""


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
            [*forms, *[("count", "events"), ("first", "events"), ("last", "events")] * 3, ("count", "lines")]
        )
        self.ranked = Deck([*forms, *[("", "trait")] * 4, *[("", "bucket"), ("", "ratio"), ("", "trend")] * 4])
        self.people = Deck([*PERSONAL * 2, *CONSTRUCTS])


class Rules(Tests, Constructs):
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

    def _checked(self, make: Callable[[], tree.Condition], tries: int = 1000) -> tree.Condition:
        for _ in range(tries):
            try:
                made = make()
                check(made, self._catalog())
            except UserError:
                continue
            return made
        raise NoneAccepted

    def _drawn(self, deck: Deck, make: Callable[[Any], tree.Condition]) -> tree.Condition:
        """A condition made of what a deck has next; of what comes after it, if the catalog accepts none."""
        for _ in range(50):
            drawn = deck.draw(self._chance)
            with suppress(NoneAccepted):
                return self._checked(partial(make, drawn), tries=20)
        raise NoneAccepted

    # --- conditions on people

    def _condition(self, depth: int) -> tree.Condition:
        chance = self._chance
        if depth > 1 and chance.random() < 0.6:
            return self._joined(depth, self._condition)
        return self._drawn(self._decks.people, lambda make: make(self))

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
        def of(drawn: tuple[tree.Fold, str]) -> tree.Condition:
            value = self._aggregate(*drawn)
            return self._test(value, self._valued(value))

        return self._drawn(self._decks.aggregates, of)

    def _bucket_test(self) -> tree.Condition:
        value = tree.Bucket(self._chance.choice(("spring-2026", "", "جمعه", "it's")))
        share = tree.Number(Decimal(self._chance.randrange(101)) / 100)
        sign: Sign = self._chance.choice(("<", "<=", ">", ">="))
        return tree.Test(value, tree.Compare(sign, share))

    def _did(self) -> tree.Condition:
        event = self._event()
        return tree.Did(self._named(event), self._where(event), self._window())

    def _had(self) -> tree.Condition:
        event = self._event()
        which: Literal["first", "last"] = self._chance.choice(("first", "last"))
        inner = self._where(event, always=True)
        assert inner is not None
        return tree.Had(which, self._named(event), self._where(event), self._window(), inner)

    def _rank(self) -> tree.Condition:
        return self._drawn(self._decks.ranked, lambda drawn: self._rank_by(*drawn))

    def _rank_by(self, fold: Any, form: str) -> tree.Condition:
        chance = self._chance
        other: dict[str, Callable[[], tree.Value]] = {
            "trait": self._trait,
            "bucket": lambda: tree.Bucket("x"),
            "ratio": self._ratio,
            "trend": self._trend,
        }
        by = other[form]() if form in other else self._aggregate(fold, form)
        is_percent = chance.random() < 0.5
        amount = Decimal(
            chance.choice(("10", "33.333333", "50", "0.5", "100")) if is_percent else chance.choice("12359")
        )
        among = self._condition(1) if chance.random() < 0.4 else None
        return tree.Rank(chance.choice(("top", "bottom")), amount, is_percent, by, among)

    def _in_segment(self) -> tree.Condition:
        return tree.InSegment(self._segment())

    def _segment(self) -> str:
        return self._chance.choice(sorted(self._catalog().segments) or ["none"])

    # --- events

    def _event(self) -> EventType:
        names = sorted(self._catalog().events)
        if self._chance.random() < 0.15:
            found = self._catalog().event_of(tree.Event((self._chance.choice(("event", "order")),), is_any=True))
            assert found is not None
            return found
        chosen = ORDER if self._chance.random() < 0.5 else self._chance.choice(names)
        return self._catalog().events[chosen]

    def _named(self, event: EventType, path: Names = ()) -> tree.Event:
        """The event, or what lies at the path in it, as a rule writes it."""
        if event.is_any:
            return tree.Event((self._word(event), *path), is_any=True)
        name = event.short if event.short and self._chance.random() < 0.8 else event.name
        return tree.Event((name, *path))

    @staticmethod
    def _word(event: EventType) -> str:
        return "order" if event.name == ORDER else "event"

    def _window(self) -> tree.Window | None:
        return self._chance.choice(self._windows) if self._chance.random() < 0.5 else None

    def _aggregate(self, fold: tree.Fold, form: str) -> tree.Aggregate:
        has_lines = form in ("line's property", "over lines", "lines")
        event = self._catalog().events[ORDER] if has_lines else self._event()
        path = self._taken(event, form)
        is_line = path[:1] == ("lines",)
        where = self._where(event, is_line=is_line)
        return tree.Aggregate(fold, self._named(event, path), where, self._window())

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
        is_all = event.is_any and event.name != ORDER
        seen = [names for (name, names) in self._samples if (is_all or name == event.name) and event.property(names)]
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
        if event.is_any and chance.random() < 0.3:
            return self._test(tree.Path(("event_name",)), sorted(self._catalog().events))
        path = tree.Path(chance.choice(self._paths(event)))
        return self._test(path, self._samples.get((event.name, path.names), ()))


PERSONAL: tuple[Callable[[Rules], tree.Condition], ...] = (
    *(Rules._trait_test,) * 6,
    *(Rules._aggregate_test,) * 6,
    *(Rules._did,) * 3,
    *(Rules._had,) * 2,
    *(Rules._rank,) * 2,
    Rules._bucket_test,
    Rules._in_segment,
    Rules._constant_condition,
)
"""The makers of conditions on people, each as often as it is to be chosen."""


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
