"""What a `where` speaks of: an event with all its lines, or one line that also sees its event (rules 15, 27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from intarsia.clock import day_holding
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.facts import Fact, Json
from intarsia.language.interpret.boolean import decide
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.orders import GROSS, ORDER, TOTAL
from intarsia.language.values import inside, number


@dataclass(frozen=True)
class Subject:
    """An event, or with `line` one line of it."""

    fact: Fact
    type: EventType
    catalog: Catalog
    when: When
    line: Mapping[str, Json] | None = None

    def lines(self) -> Iterator[Subject]:
        """Each line of the event; of a line, itself."""
        if self.line is not None:
            yield self
        else:
            yield from (replace(self, line=line) for line in self.fact.lines)

    @property
    def foreign_currency(self) -> str | None:
        """The currency that the amounts are in; None: the workspace's."""
        return self.when.exchange.foreign(self.fact.properties.get("currency"))

    @property
    def day(self) -> date:
        """The event's own day, by whose rates its amounts are converted."""
        return day_holding(self.fact.occurred_at, self.when.zone)

    def raw(self, found: Property) -> Json:
        """The value of a property of the event or, here, of the line, as it was sent."""
        if found.is_name:
            return self.fact.name
        if found.is_of_line:
            return inside(self.line, found.path)
        path = TOTAL if self.type.name == ORDER and found.path == GROSS else found.path
        return inside(self.fact.properties, path)

    def value(self, found: Property) -> Json:
        """The value of a property; an amount in the workspace's currency, unknown where there is no rate to it."""
        return self.in_own_currency(found, self.raw(found))

    def in_own_currency(self, found: Property, raw: Json) -> Json:
        """What was sent as the value of a property, converted if it is an amount in another currency."""
        amount, currency = number(raw), self.foreign_currency
        if found.kind is not Kind.MONEY or amount is None or currency is None:
            return raw
        return self.when.exchange.converted(amount, currency, self.day)

    def cannot_be_converted(self, found: Property, raw: Json) -> bool:
        """Whether what was sent is an amount in a currency of which nobody said the rate of the day."""
        return raw is not None and self.in_own_currency(found, raw) is None

    def values(self, path: tree.Path) -> list[Json]:
        """What a name means here: one value of the event's own, or one of each of its lines."""
        found = property_of(self.type, path.names)
        return [line.value(found) for line in self.lines()] if found.is_of_line else [self.value(found)]


def property_of(event: EventType, names: tuple[str, ...]) -> Property:
    """What a name means: the event's own property, else a line's, else what lies inside an object of its own."""
    return event.property(names) or Property(names)


def fits(condition: tree.Condition, subject: Subject) -> bool:
    """Whether an event or a line meets a condition of a `where` or `had`."""
    return decide(condition, lambda part: _fits_test(part, subject))


def _fits_test(condition: tree.Condition, subject: Subject) -> bool:
    match condition:
        case tree.Test(value=tree.Path() as path, operator=operator, ignoring_case=ignoring_case, held=None):
            # Of a line's property one line is enough, and a negation says that no line does.
            found = subject.values(path)
            return any(passes(value, operator, subject.when, ignoring_case=ignoring_case) for value in found)
        case tree.HasLine(condition=inner):
            return any(fits(inner, line) for line in subject.lines())
        case _:
            raise Bug(what=f"the condition {condition} on an event came through the check")
