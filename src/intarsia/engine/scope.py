"""Names inside `where` and `had`: properties of one event, or of one of its order lines, as readings and conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from intarsia.engine.operators import Operators
from intarsia.engine.rates import MICRO_DIGITS
from intarsia.engine.reading import (
    EXACT,
    AmountReading,
    FirstKnown,
    JsonReading,
    NumberReading,
    PlainReading,
    Reading,
    TextReading,
)
from intarsia.engine.words import (
    FALSE,
    NULL,
    TRUE,
    Bindings,
    Sql,
    all_of,
    any_of,
    cast,
    column,
    compare,
    half_even,
    integer,
    is_member,
    is_null,
    negated,
    rows_of,
    source,
    text,
    times,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import EVENT_NAME, Catalog, EventType, Kind, Property
from intarsia.language.money import unit_of
from intarsia.language.values import fold_case

ORDER = "Order Completed"
STATEMENTS = ("alias", "group")
"""Kinds of messages that say something and are no event; `happenings` has none of those about traits."""
EVENT_NAMES = "event_names"
"""The relation of every name that an event has: name, and as columns of JSON what the record would note of it."""

_LINE_TEXTS = ("sku", "product", "category")
_LINE_NUMBERS = ("quantity", "price", "unit_cost")
_LINE_AMOUNTS = ("discount", "total", "cost")
_TOTALS = (("total",), ("gross",))


@dataclass(frozen=True)
class EventScope:
    """One event type, and the names of the relations that its rows come from.

    alias       of the relation `sales` (orders and refunds) or `happenings`
    line_alias  of the relation `lines`, where the conditions are asked of one line; None: of the whole event
    with_refunds  the rows may be refunds, which speak by their order where they say nothing themselves
    """

    catalog: Catalog
    event: EventType
    operators: Operators
    relations: set[str]
    alias: str = "s"
    line_alias: str | None = None
    with_refunds: bool = False

    @property
    def bindings(self) -> Bindings:
        """Where values are bound."""
        return self.operators.bindings

    @property
    def asks(self) -> Operators:
        """What asks operators of a row, which is some person's."""
        return self.operators.of(self._of_event("profile_no"))

    @property
    def is_of_sales(self) -> bool:
        """Whether the rows are orders, and perhaps refunds."""
        return self.event.name == ORDER

    @property
    def has_rates(self) -> bool:
        """Whether the rows have amounts, and there are rates by which some of them may be converted."""
        kinds = (known.kind for known in (*self.event.properties.values(), *self.event.lines.values()))
        return self.operators.own.has_rates and Kind.MONEY in kinds

    @property
    def relation(self) -> str:
        """The relation that holds such events."""
        name = "sales" if self.is_of_sales else "happenings"
        return f"rated_{name}" if self.has_rates else name

    # --- rows

    def source(self) -> exp.Select:
        """A query without columns over the events of this type that count, with their lines if they are meant."""
        self.relations.add(self.relation)
        query = rows_of(source(self.relation, self.alias))
        parts = [negated(is_null(self._of_event("profile_no")))]
        if self.is_of_sales:
            if not self.event.is_any:
                parts.append(self._of_event("is_counted"))
            if not self.with_refunds:
                parts.append(compare("=", self._of_event("sign"), exp.Literal.number(1)))
        elif self.event.is_any:
            statements = [text(kind) for kind in STATEMENTS]
            parts.append(negated(exp.In(this=self._of_event("kind"), expressions=statements)))
        else:
            parts.append(compare("=", self._of_event("name"), self.bindings.bind(self.event.name)))
        return self.with_lines(query).where(all_of(parts), copy=False)

    def with_lines(self, query: exp.Select) -> exp.Select:
        """The query over events with their lines joined, if they are meant."""
        if self.line_alias is None:
            return query
        self.relations.add("lines")
        on = compare("=", column(self.line_alias, "event_no"), self._of_event("lines_no"))
        return query.join(source("lines", self.line_alias), on=on, copy=False)

    def _of_event(self, name: str) -> Sql:
        return column(self.alias, name)

    def _of_line(self, name: str) -> Sql:
        if self.line_alias is None:
            raise Bug(what=f"the line's {name} was asked of a whole order")
        return column(self.line_alias, name)

    # --- conditions

    def condition(self, node: tree.Condition) -> Sql:
        """A condition of `where` or `had` about the event, or the line, of a row."""
        match node:
            case tree.Everyone():
                return TRUE.copy()
            case tree.Nobody():
                return FALSE.copy()
            case tree.And(parts=parts):
                return all_of(self.condition(part) for part in parts)
            case tree.Or(parts=parts):
                return any_of(self.condition(part) for part in parts)
            case tree.Not(part=part):
                return negated(self.condition(part))
            case tree.HasLine(condition=inner):
                return self._some_line(lambda scope: scope.condition(inner))
            case tree.Test(value=tree.Path(names=names), operator=operator, ignoring_case=ignoring_case):
                return self._test(self.property(names), operator, ignoring_case)
            case _:
                raise Bug(what=f"{type(node).__name__} inside `where` came through the check")

    def _test(self, found: Property, operator: tree.Operator, ignoring_case: bool) -> Sql:
        if found.is_of_line and self.line_alias is None:
            return self._some_line(lambda scope: scope._test(found, operator, ignoring_case))
        return self.asks.holds(self.reading(found), operator, ignoring_case=ignoring_case)

    def _some_line(self, condition: Callable[[EventScope], Sql]) -> Sql:
        """Whether at least one line of the event meets a condition."""
        inner = replace(self, alias=f"{self.alias}s", line_alias=f"{self.alias}l")
        rows = inner.source().select(inner._of_event("event_no"), copy=False).where(condition(inner), copy=False)
        return is_member(self._of_event("event_no"), rows)

    def property(self, names: tuple[str, ...]) -> Property:
        """What a name means here: what is in the catalog, else what lies inside an object of the event's own."""
        return self.event.property(names) or Property(names)

    # --- readings

    def reading(self, found: Property, *, own_only: bool = False) -> Reading:
        """How a property reads in a row, an amount in the workspace's currency.

        own_only  a refund does not borrow from its order
        """
        plain = self._plain_reading(found, own_only)
        if found.kind is not Kind.MONEY:
            return plain
        converted = NumberReading(lambda: self._converted(plain))
        return AmountReading(converted, plain, lambda: self._is_foreign_amount(plain), self._is_in_own_currency)

    def number(self, found: Property) -> dict[str, Sql]:
        """A property as a number, by name of a column; of an amount also what converts it.

        A refund's own, if the rows may be some. `is_own`: it is in the workspace's currency; where there are rates
        also `factor` and `divisor`, see `converted`.
        """
        number = {"number": self._plain_reading(found, self.with_refunds).number()}
        if found.kind is not Kind.MONEY:
            return number
        rate = {name: self._of_event(name) for name in ("factor", "divisor") if self.has_rates}
        return {**number, "is_own": self._is_in_own_currency(), **rate}

    def is_unrated(self, found: Property) -> Sql:
        """Whether an amount is there, but in a currency without a rate; a refund's own amount, if it may be one."""
        plain = self._plain_reading(found, self.with_refunds)
        has_no_rate = is_null(self._of_event("factor")) if self.has_rates else TRUE.copy()
        return all_of((self._is_foreign_amount(plain), has_no_rate))

    def currency(self) -> Sql:
        """What the amounts of a row name as their currency: of orders in capital letters, else folded."""
        return self._of_event("currency") if self.is_of_sales else self._sent("props", ("currency",)).folded()

    def _is_foreign_amount(self, amount: Reading) -> Sql:
        return all_of((negated(self._is_in_own_currency()), negated(is_null(amount.number()))))

    def _is_in_own_currency(self) -> Sql:
        named, own = self.currency(), self.catalog.currency
        own = own.upper() if self.is_of_sales else fold_case(own)
        is_own = compare("=", named.copy(), self.bindings.bind(own))
        return any_of((is_null(named), compare("=", named.copy(), text("")), is_own))

    def _converted(self, amount: Reading) -> Sql:
        if not self.has_rates:
            return cast(NULL.copy(), EXACT)
        factor, divisor = self._of_event("factor"), self._of_event("divisor")
        return converted(amount.number(), factor, divisor, self.catalog.currency_digits)

    def _plain_reading(self, found: Property, own_only: bool) -> Reading:
        if found.is_name:
            return self._name()
        return self._line_reading(found.path) if found.is_of_line else self._event_reading(found.path, own_only)

    def _name(self) -> Reading:
        """How the event's name reads; what plain SQL cannot read of it is in the relation `event_names`."""
        if self.is_of_sales:
            return PlainReading(lambda: text(ORDER))
        self.relations.add(EVENT_NAMES)

        def noted(what: str) -> Sql:
            rows = rows_of(source(EVENT_NAMES, f"{self.alias}n")).select(column(f"{self.alias}n", what), copy=False)
            is_same = compare("=", column(f"{self.alias}n", "name"), self._of_event("name"))
            return exp.Subquery(this=rows.where(is_same, copy=False))

        return JsonReading(lambda: noted("props"), lambda: noted("readings"), EVENT_NAME, self.bindings)

    def _event_reading(self, path: tuple[str, ...], own_only: bool) -> Reading:
        if not self.is_of_sales:
            return self._sent("props", path)
        if path in _TOTALS:
            amount = NumberReading(lambda: _amount(self._of_event("total_minor"), self._of_event("total_unit")))
            return FirstKnown(amount, self._said(("total",), False))
        return self._said(path, own_only)

    def _sent(self, props: str, path: tuple[str, ...]) -> Reading:
        readings = props.replace("props", "readings")
        return JsonReading(lambda: self._of_event(props), lambda: self._of_event(readings), path, self.bindings)

    def _said(self, path: tuple[str, ...], own_only: bool) -> Reading:
        """What an order says; a refund says what its order does where it has not that property itself."""
        own = self._sent("props", path)
        if own_only:
            return own
        under = self._sent("under_props", path) if self.with_refunds else own
        if path == ("status",):
            cancelled = PlainReading(lambda: text("cancelled"))
            under = FirstKnown(cancelled, under, lambda: self._of_event("is_cancelled"))
        return FirstKnown(own, under, self._sent("props", path[:1]).known) if self.with_refunds else under

    def _line_reading(self, path: tuple[str, ...]) -> Reading:
        rest = JsonReading(
            lambda: self._of_line("line_props"), lambda: self._of_line("line_readings"), path, self.bindings
        )
        if len(path) > 1 or path[0] not in (*_LINE_TEXTS, *_LINE_NUMBERS, *_LINE_AMOUNTS):
            return rest
        name = path[0]
        if name in _LINE_TEXTS:
            typed: Reading = TextReading(
                lambda: self._of_line(name), lambda: self._of_line("line_readings"), name, self.bindings
            )
        elif name in _LINE_NUMBERS:
            typed = NumberReading(lambda: self._of_line(name))
        else:
            minor = f"line_{name}_minor"
            typed = NumberReading(lambda: _amount(self._of_line(minor), self._of_line("line_unit")))
        return FirstKnown(typed, rest)


def _amount(minor: Sql, unit: Sql) -> Sql:
    """Minor units as an exact decimal in major units."""
    return times(cast(minor, "decimal(22, 0)"), unit)


def converted(amount: Sql, factor: Sql, divisor: Sql, digits: int) -> Sql:
    """An amount in a currency with so many digits by the rate of its row; null where there is none."""
    micro = cast(times(amount, integer(10**MICRO_DIGITS)), "hugeint")
    minor = half_even(times(micro, factor), divisor)
    # Without this cast a case with other amounts would have a type of fewer places than they have.
    return cast(times(cast(minor, "decimal(32, 0)"), exp.Literal.number(unit_of(digits))), EXACT)
