"""Names inside `where` and `had`: properties of one event, or of one of its order lines, as readings and conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from intarsia.engine.operators import Operators
from intarsia.engine.reading import (
    FirstKnown,
    JsonReading,
    NumberReading,
    PlainReading,
    RatedReading,
    Reading,
    TextReading,
)
from intarsia.engine.words import (
    FALSE,
    TRUE,
    Bindings,
    Sql,
    all_of,
    any_of,
    cast,
    column,
    compare,
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
from intarsia.language.catalog import Catalog, EventType, Kind, Property
from intarsia.language.values import fold_case

ORDER = "Order Completed"

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
    def relation(self) -> str:
        """The relation that holds such events."""
        return "sales" if self.event.name == ORDER else "happenings"

    # --- rows

    def source(self) -> exp.Select:
        """A query without columns over the events of this type that count, with their lines if they are meant."""
        self.relations.add(self.relation)
        query = rows_of(source(self.relation, self.alias))
        parts = [negated(is_null(self._of_event("profile_no")))]
        if self.relation == "sales":
            parts.append(self._of_event("is_counted"))
            if not self.with_refunds:
                parts.append(compare("=", self._of_event("sign"), exp.Literal.number(1)))
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
        return self.operators.holds(self.reading(found), operator, ignoring_case=ignoring_case)

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
        """How a property reads in a row; with `own_only` a refund does not borrow from its order."""
        plain = self._line_reading(found.path) if found.is_of_line else self._event_reading(found.path, own_only)
        return RatedReading(plain, self._is_rated) if found.kind is Kind.MONEY else plain

    def is_unrated(self, found: Property) -> Sql:
        """Whether an amount is there, but in a currency without a rate; a refund's own amount, if it may be one."""
        own_only = self.with_refunds
        plain = self._line_reading(found.path) if found.is_of_line else self._event_reading(found.path, own_only)
        return all_of((negated(self._is_rated()), negated(is_null(plain.number()))))

    def _is_rated(self) -> Sql:
        if self.relation == "sales":
            named, own = self._of_event("currency"), self.catalog.currency.upper()
        else:
            named = self._sent("props", ("currency",)).folded()
            own = fold_case(self.catalog.currency)
        is_own = compare("=", named.copy(), self.bindings.bind(own))
        return any_of((is_null(named), compare("=", named.copy(), text("")), is_own))

    def _event_reading(self, path: tuple[str, ...], own_only: bool) -> Reading:
        if self.relation != "sales":
            return self._sent("props", path)
        if path in _TOTALS:
            amount = NumberReading(lambda: self._amount(self._of_event("total_minor")))
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
            typed = NumberReading(lambda: self._amount(self._of_line(f"line_{name}_minor")))
        return FirstKnown(typed, rest)

    def _amount(self, minor: Sql) -> Sql:
        """Minor units as an exact decimal in major units."""
        digits = self.catalog.currency_digits
        unit = exp.Literal.number("1" if digits == 0 else "0." + "0" * (digits - 1) + "1")
        return times(cast(minor, "decimal(22, 0)"), unit)
