"""What a `where` speaks of: an event with all its lines, or one line that also sees its event (rules 15, 27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.facts import Fact, Json
from intarsia.language.interpret.boolean import decide
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.money import currency_named
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
    def is_in_foreign_currency(self) -> bool:
        """Whether the amounts are in a currency other than the workspace's, for which no rate is known."""
        named = currency_named(self.fact.properties.get("currency"))
        return named is not None and named != currency_named(self.catalog.currency)

    def raw(self, found: Property) -> Json:
        """The value of a property of the event or, here, of the line, as it was sent."""
        if found.is_of_line:
            return inside(self.line, found.path)
        path = TOTAL if self.type.name == ORDER and found.path == GROSS else found.path
        return inside(self.fact.properties, path)

    def lacks_rate(self, found: Property) -> bool:
        """Whether a property is an amount that cannot be said in the workspace's currency (rule 29)."""
        is_foreign = found.kind is Kind.MONEY and self.is_in_foreign_currency
        return is_foreign and number(self.raw(found)) is not None

    def value(self, found: Property) -> Json:
        """The value of a property; an amount in a currency without a known rate is unknown."""
        return None if found.kind is Kind.MONEY and self.is_in_foreign_currency else self.raw(found)

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
