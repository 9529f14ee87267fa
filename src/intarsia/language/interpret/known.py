"""What is known of one person as of a question: the facts that count, ordered, and read as traits and events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from intarsia.clock import zone_named
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.interpret.exchange import Exchange
from intarsia.language.interpret.question import Derive, Question, When
from intarsia.language.interpret.traits import TraitValue, history, latest
from intarsia.language.meaning.deletion import is_deleted
from intarsia.language.meaning.facts import Fact, Json, Person
from intarsia.language.meaning.orders import ORDER, orders
from intarsia.language.meaning.refunds import Refund, refunds
from intarsia.language.meaning.values import inside

STATEMENTS = ("identify", "alias", "group")
"""Kinds of messages that say something and are no event."""

PROFILE = ("profile",)
"""The name that stands for the person's own id."""


@dataclass(frozen=True)
class Known:
    """One person as of one question."""

    person: Person
    question: Question
    catalog: Catalog
    derive: Derive | None = None

    @property
    def id(self) -> str:
        """The profile id."""
        return self.person.id

    @property
    def is_in_base(self) -> bool:
        """Whether the person was known, and not deleted by then: the base of every segment (rules 1 and 6)."""
        return bool(self.facts) and not is_deleted(self.facts)

    @cached_property
    def is_identified(self) -> bool:
        """Whether some counted fact came with a `userId` (rule 1)."""
        return any(not fact.is_anonymous for fact in self.facts)

    @cached_property
    def when(self) -> When:
        """What the windows of a definition are seen from."""
        return When(
            self.question.at,
            ZoneInfo(self.catalog.timezone),
            self.catalog.first_weekday,
            self.catalog.calendar,
            lambda: self.local_zone,
            self.exchange,
            self.question.known_at,
        )

    @cached_property
    def exchange(self) -> Exchange:
        """What says amounts in the workspace's currency, by what was known of rates."""
        catalog = self.catalog
        return Exchange(catalog.currency, catalog.currency_digits, catalog.rates.until(self.question.known_at))

    @cached_property
    def local_zone(self) -> ZoneInfo:
        """The person's own zone: that of the trait `timezone`, else of the place they live in, else the workspace's."""
        said = latest(history(self.facts, "timezone", self.question.at)).value
        return zone_named(said) or zone_named(self._derived("place_timezone")) or ZoneInfo(self.catalog.timezone)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The counted facts by (time, id)."""
        counted = (fact for fact in self.person.facts if self.question.counts(fact))
        return tuple(sorted(counted, key=lambda fact: (fact.occurred_at, fact.id)))

    # --- events

    def events(self, event: EventType) -> tuple[Fact, ...]:
        """The person's events of a type by (time, id); orders as they count, each once.

        Of any event, every message that is no statement is one: of an order each of its versions.
        """
        if event.name == ORDER:
            return self._any_orders if event.is_any else self._orders
        if event.is_any:
            return tuple(fact for fact in self.facts if fact.kind not in STATEMENTS)
        return tuple(fact for fact in self.facts if fact.kind != "identify" and fact.name == event.name)

    @cached_property
    def _orders(self) -> tuple[Fact, ...]:
        return orders(self.facts, self.catalog.order_statuses)

    @cached_property
    def _any_orders(self) -> tuple[Fact, ...]:
        return orders(self.facts, None)

    def refunds(self, event: EventType) -> tuple[Refund, ...]:
        """The person's refunds of orders of a type, by (time, id); those of any order all count."""
        return self._any_refunds if event.is_any else self._refunds

    @cached_property
    def _refunds(self) -> tuple[Refund, ...]:
        return refunds(self.facts, self.catalog.order_statuses, self.catalog.currency)

    @cached_property
    def _any_refunds(self) -> tuple[Refund, ...]:
        return refunds(self.facts, None, self.catalog.currency)

    # --- traits

    def trait(self, path: tuple[str, ...]) -> TraitValue:
        """What a trait says, and since when; a derived one from its source, failing that as recorded (rule 4)."""
        if path == PROFILE:
            return TraitValue(self.id)
        declared = self.catalog.trait(path)
        if declared is not None and declared.is_derived and self.derive is not None:
            value = inside(self._derived(path[0]), path[1:])
            if value is not None:
                return TraitValue(value, is_derived=True)
        return latest(history(self.facts, path[0], self.question.at), path[1:])

    def _derived(self, name: str) -> Json:
        if self.derive is None:
            return None
        return self.derive(
            name, self.traits, self.question.at, ZoneInfo(self.catalog.timezone), calendar=self.catalog.calendar
        )

    @cached_property
    def traits(self) -> dict[str, Json]:
        """Every recorded trait by its top-level name."""
        names = {name for fact in self.facts if fact.kind == "identify" for name in fact.properties}
        return {name: latest(history(self.facts, name, self.question.at)).value for name in sorted(names)}
