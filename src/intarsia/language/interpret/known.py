"""What is known of one person as of a question: the facts that count, ordered, and read as traits and events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from intarsia.language.catalog import Catalog, EventType
from intarsia.language.facts import Fact, Json, Person
from intarsia.language.interpret.question import Derive, Question, When
from intarsia.language.interpret.traits import TraitValue, history, latest
from intarsia.language.orders import ORDER, Refund, orders, refunds
from intarsia.language.values import inside

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
        """Whether the person was known at all: the base of every segment (rule 1)."""
        return bool(self.facts)

    @cached_property
    def when(self) -> When:
        """What the windows of a definition are seen from."""
        return When(self.question.at, ZoneInfo(self.catalog.timezone), self.catalog.first_weekday)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The counted facts by (time, id)."""
        counted = (fact for fact in self.person.facts if self.question.counts(fact))
        return tuple(sorted(counted, key=lambda fact: (fact.occurred_at, fact.id)))

    # --- events

    def events(self, event: EventType) -> tuple[Fact, ...]:
        """The person's events of a type by (time, id); orders as they count, each once."""
        if event.name == ORDER:
            return self._orders
        return tuple(fact for fact in self.facts if fact.kind != "identify" and fact.name == event.name)

    @cached_property
    def _orders(self) -> tuple[Fact, ...]:
        return orders(self.facts, self.catalog.order_statuses)

    @cached_property
    def refunds(self) -> tuple[Refund, ...]:
        """The person's refunds as they count, by (time, id)."""
        return refunds(self.facts, self.catalog.order_statuses)

    # --- traits

    def trait(self, path: tuple[str, ...]) -> TraitValue:
        """What a trait says, and since when; a derived one from its source, failing that as recorded (rule 4)."""
        if path == PROFILE:
            return TraitValue(self.id)
        declared = self.catalog.trait(path)
        if declared is not None and declared.is_derived and self.derive is not None:
            value = inside(self.derive(path[0], self.traits, self.question.at, self.when.zone), path[1:])
            if value is not None:
                return TraitValue(value, is_derived=True)
        return latest(history(self.facts, path[0], self.question.at), path[1:])

    @cached_property
    def traits(self) -> dict[str, Json]:
        """Every recorded trait by its top-level name."""
        names = {name for fact in self.facts if fact.kind == "identify" for name in fact.properties}
        return {name: latest(history(self.facts, name, self.question.at)).value for name in sorted(names)}
