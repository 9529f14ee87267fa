"""What a `where` speaks of: an event with all its lines, or one line that also sees its event (rules 15, 27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intarsia.clock import day_holding
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.interpret.boolean import decide
from intarsia.language.interpret.operators import passes
from intarsia.language.interpret.question import When
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.orders import GROSS, ORDER, TOTAL
from intarsia.language.meaning.refunds import Refund
from intarsia.language.meaning.values import inside, number


@dataclass(frozen=True)
class Subject:
    """An event, or with `line` one line of it. `refund`: it is one, with what its order says."""

    fact: Fact
    type: EventType
    catalog: Catalog
    when: When
    line: Mapping[str, Json] | None = None
    refund: Refund | None = None

    def lines(self) -> Iterator[Subject]:
        """Each line of the event; of a line, itself."""
        if self.line is not None:
            yield self
        else:
            yield from (replace(self, line=line) for line in self.fact.lines)

    def foreign_currency(self, found: Property) -> str | None:
        """The currency that an amount is in; None: the workspace's."""
        named = self.fact.properties.get("currency")
        if self.refund is not None:
            if found.otherwise is not None and self.line is not None and self.raw(found.own) is None:
                return self.foreign_currency(found.otherwise)
            named = self.refund.currency_of(self._path(found), is_of_line=found.is_of_line)
        return self.when.exchange.foreign(named)

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
        if found.otherwise is not None and self.line is not None and self.raw(found.own) is None:
            return self.raw(found.otherwise)
        return inside(self.fact.properties, self._path(found))

    def _path(self, found: Property) -> tuple[str, ...]:
        return TOTAL if self.type.name == ORDER and found.path == GROSS and not found.is_of_line else found.path

    def value(self, found: Property) -> Json:
        """The value of a property; an amount in the workspace's currency, unknown where there is no rate to it."""
        return self.in_own_currency(found, self.raw(found))

    def in_own_currency(self, found: Property, raw: Json) -> Json:
        """What was sent as the value of a property, converted if it is an amount in another currency."""
        amount = number(raw)
        if found.kind is not Kind.MONEY or amount is None:
            return raw
        currency = self.foreign_currency(found)
        if currency is None:
            return raw
        return self.when.exchange.converted(amount, currency, self.day)

    def cannot_be_converted(self, found: Property, raw: Json) -> bool:
        """Whether what was sent is an amount in a currency of which nobody said the rate of the day."""
        return raw is not None and self.in_own_currency(found, raw) is None

    def lacks_rate(self, found: Property) -> bool:
        """Whether the value of a property is an amount in a currency of which nobody said the rate of the day."""
        return self.cannot_be_converted(found, self.raw(found))

    def missing_rate(self, found: Property) -> str:
        """The rate that an amount needs: `USD on 2026-05-02`."""
        return f"{self.foreign_currency(found)} on {self.day}"

    def parts(self, found: Property) -> Iterator[Subject]:
        """What has the property: the event itself, or each of its lines."""
        is_of_lines = found.is_of_line or (found.otherwise is not None and self.raw(found.own) is None)
        return self.lines() if is_of_lines else iter((self,))

    def values(self, found: Property) -> list[Json]:
        """What is asked: one value of the event's own, or one of each of its lines; of no line, the unknown value."""
        return [part.value(found) for part in self.parts(found)] or [None]


def property_of(event: EventType, names: tuple[str, ...]) -> Property:
    """What a name means: the event's own property, else a line's, else what lies inside an object of its own."""
    return event.property(names) or Property(names)


def fits(condition: tree.Condition, subject: Subject) -> bool:
    """Whether an event or a line meets a condition of a `where` or `had`."""
    return decide(condition, lambda part: _fits_test(part, subject))


def outcome(condition: tree.Condition, subject: Subject) -> bool | None:
    """The same; None where it cannot be said, for it depends on an amount of which nobody said the rate (rule 29)."""
    match condition:
        case tree.And(parts=parts):
            found = [outcome(part, subject) for part in parts]
            return False if False in found else _if_sure(True, found)
        case tree.Or(parts=parts):
            return _any_outcome(outcome(part, subject) for part in parts)
        case tree.Not(part=part):
            inner = outcome(part, subject)
            return None if inner is None else not inner
        case tree.HasLine(condition=inner_condition):
            return _any_outcome(outcome(inner_condition, line) for line in subject.lines())
        case tree.Test(value=tree.Path() as path, operator=operator, ignoring_case=ignoring_case):
            amount = property_of(subject.type, path.names)
            if amount.kind is Kind.MONEY and any(part.lacks_rate(amount) for part in subject.parts(amount)):
                rated = (part.value(amount) for part in subject.parts(amount) if not part.lacks_rate(amount))
                passed = any(passes(value, operator, subject.when, ignoring_case=ignoring_case) for value in rated)
                return True if passed else None
    return fits(condition, subject)


def _any_outcome(outcomes: Iterable[bool | None]) -> bool | None:
    found = list(outcomes)
    return True if True in found else _if_sure(False, found)


def _if_sure(answer: bool, outcomes: Sequence[bool | None]) -> bool | None:
    return None if None in outcomes else answer


def lacking_rate(condition: tree.Condition, subject: Subject) -> Iterator[tuple[Subject, Property]]:
    """The amounts that a condition asks of, of an event or of its lines, of which nobody said the rate."""
    names = {node.names for node in condition.walk() if isinstance(node, tree.Path)}
    for amount in (property_of(subject.type, name) for name in sorted(names)):
        if amount.kind is Kind.MONEY:
            yield from ((part, amount) for part in subject.parts(amount) if part.lacks_rate(amount))


def _fits_test(condition: tree.Condition, subject: Subject) -> bool:
    match condition:
        case tree.Test(value=tree.Path() as path, operator=operator, ignoring_case=ignoring_case, held=None):
            # Of a line's property one line is enough, and a negation says that no line does.
            found = subject.values(property_of(subject.type, path.names))
            return any(passes(value, operator, subject.when, ignoring_case=ignoring_case) for value in found)
        case tree.HasLine(condition=inner):
            return any(fits(inner, line) for line in subject.lines())
        case _:
            raise Bug(what=f"the condition {condition} on an event came through the check")
