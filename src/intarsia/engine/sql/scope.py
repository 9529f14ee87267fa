"""Names inside `where` and `had`: properties of one event, or of one of its order lines, as readings and conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from intarsia.engine.sql.line_readings import LINE_MEASURES, amount, line_reading
from intarsia.engine.sql.operators import Operators
from intarsia.engine.sql.queries import Rows, is_member, only_value, rows_of, source
from intarsia.engine.sql.rates import MICRO_DIGITS
from intarsia.engine.sql.reading import (
    EXACT,
    AmountReading,
    FirstKnown,
    JsonReading,
    NumberReading,
    PlainReading,
    Reading,
)
from intarsia.engine.sql.words import (
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
    is_null,
    is_one_of,
    negated,
    numeral,
    surely,
    text,
    times,
    when,
)
from intarsia.errors import Bug
from intarsia.language import tree
from intarsia.language.catalog import EVENT_NAME, Catalog, EventType, Kind, Property
from intarsia.language.meaning.money import unit_of
from intarsia.language.meaning.orders import AMOUNTS
from intarsia.language.meaning.values import fold_case

ORDER = "Order Completed"
STATEMENTS = ("alias", "group")
"""Kinds of messages that say something and are no event; `happenings` has none of those about traits."""
EVENT_NAMES = "event_names"
"""The relation of every name that an event has: name, and as columns of JSON what the record would note of it."""

_TOTALS = (("total",), ("gross",))


@dataclass(frozen=True)
class EventScope:
    """One event type, and the names of the relations that its rows come from.

    alias       of the relation `sales` (orders and refunds) or `happenings`
    line_alias  of the relation `lines`, where the conditions are asked of one line; None: of the whole event
    with_refunds  the rows may be refunds, which speak by their order where they say nothing themselves
    is_matched    the lines are those that a refund is matched by, not those that it gives back
    """

    catalog: Catalog
    event: EventType
    operators: Operators
    relations: set[str]
    alias: str = "s"
    line_alias: str | None = None
    with_refunds: bool = False
    is_matched: bool = False

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

    def source(self) -> Rows:
        """A query without columns over the events of this type that count, with their lines if they are meant."""
        self.relations.add(self.relation)
        query = rows_of(source(self.relation, self.alias))
        parts = [negated(is_null(self._of_event("profile_no")))]
        if self.is_of_sales:
            if not self.event.is_any:
                parts.append(self._of_event("is_counted"))
            if not self.with_refunds:
                parts.append(compare("=", self._of_event("sign"), integer(1)))
        elif self.event.is_any:
            is_statement = is_one_of(self._of_event("kind"), (text(kind) for kind in STATEMENTS))
            parts.append(negated(is_statement))
        else:
            parts.append(compare("=", self._of_event("name"), self.bindings.bind(self.event.name)))
        return self.with_lines(query).where(all_of(parts))

    def with_lines(self, query: Rows, *, keeping_all: bool = False) -> Rows:
        """The query over events with their lines joined, if they are meant; keeping_all: also those that have none."""
        if self.line_alias is None:
            return query
        self.relations.add("lines")
        lines_no = "matched_no" if self.is_matched and self.is_of_sales else "lines_no"
        on = compare("=", column(self.line_alias, "event_no"), self._of_event(lines_no))
        return query.join(source("lines", self.line_alias), on, keeping_all=keeping_all)

    def places(self, found: Property, line_alias: str = "l") -> list[tuple[EventScope, Property, Sql]]:
        """Where a property is found: of the event or its lines, what it is there, and of which rows that is so.

        Of an event that has not the property itself it is found in its lines, if they may have it.
        """
        of_lines = replace(self, line_alias=line_alias)
        if self.line_alias is not None:
            return [(self, found, TRUE)]
        if found.is_of_line:
            return [(of_lines, found, TRUE)]
        if found.otherwise is None:
            return [(self, found, TRUE)]
        known = self._plain_reading(found.own).known
        return [(self, found.own, known()), (of_lines, found.otherwise, negated(known()))]

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
                return TRUE
            case tree.Nobody():
                return FALSE
            case tree.And(parts=parts):
                return all_of(self.condition(part) for part in parts)
            case tree.Or(parts=parts):
                return any_of(self.condition(part) for part in parts)
            case tree.Not(part=part):
                return negated(self.condition(part))
            case tree.HasLine(condition=inner):
                return self.some_line(lambda line: line.condition(inner))
            case tree.Test(value=tree.Path()):
                return self.test(node)
            case _:
                raise Bug(what=f"{type(node).__name__} inside `where` came through the check")

    def test(self, node: tree.Test, decided: Decided = lambda _, __, holds: holds) -> Sql:
        """Whether a test of a property holds; `decided` may say so otherwise, of the place where the value is read."""
        assert isinstance(node.value, tree.Path)
        found = self.property(node.value.names)
        parts = []
        for place, taken, applies in self.places(found):
            holds = self._here(taken, node, decided) if place is self else self._of_lines(taken, node, decided)
            parts.append(holds if found.otherwise is None else all_of((applies, holds)))
        return any_of(parts)

    def _here(self, found: Property, node: tree.Test, decided: Decided) -> Sql:
        return decided(
            self, found, self.asks.holds(self.reading(found), node.operator, ignoring_case=node.ignoring_case)
        )

    def _of_lines(self, found: Property, node: tree.Test, decided: Decided) -> Sql:
        """Whether some line passes; of an event without lines, the value is unknown, which is empty (rule 8)."""
        holds = self.some_line(lambda line: line._here(found, node, decided))
        if node.operator != tree.Is("empty"):
            return holds
        return any_of((holds, negated(self.some_line(lambda _: TRUE))))

    def some_line(self, condition: Callable[[EventScope], Sql]) -> Sql:
        """Whether at least one line of the event meets a condition."""
        inner = replace(self, alias=f"{self.alias}s", line_alias=f"{self.alias}l", is_matched=True)
        rows = inner.source().select(inner._of_event("event_no")).where(condition(inner))
        return is_member(self._of_event("event_no"), rows)

    def property(self, names: tuple[str, ...]) -> Property:
        """What a name means here: what is in the catalog, else what lies inside an object of the event's own."""
        return self.event.property(names) or Property(names)

    # --- readings

    def reading(self, found: Property) -> Reading:
        """How a property reads in a row, an amount in the workspace's currency."""
        plain = self._plain_reading(found)
        if found.kind is not Kind.MONEY:
            return plain
        converted = NumberReading(lambda: self._converted(found, plain))
        return AmountReading(
            converted,
            plain,
            lambda: self._is_foreign_amount(found, plain),
            lambda: self._is_in_own_currency(found),
        )

    def number(self, found: Property) -> dict[str, Sql]:
        """A property as a number, by name of a column; of an amount also what converts it.

        What a refund gives back, if the rows may be some. `is_own`: it is in the workspace's currency; where there are
        rates also `factor` and `divisor`, see `converted`.
        """
        number = {"number": self._given_reading(found).number()}
        if found.kind is not Kind.MONEY:
            return number
        rate = {name: self._of_giver(found, name) for name in ("factor", "divisor") if self.has_rates}
        return {**number, "is_own": self._is_in_own_currency(found), **rate}

    def is_unrated(self, found: Property, *, is_given: bool = True) -> Sql:
        """Whether an amount is there, but in a currency without a rate; of refunds one given back, or one asked for."""
        plain = self._given_reading(found) if is_given else self._plain_reading(found)
        has_no_rate = is_null(self._of_giver(found, "factor")) if self.has_rates else TRUE
        return all_of((self._is_foreign_amount(found, plain), has_no_rate))

    def is_foreign(self, found: Property) -> Sql:
        """Whether an amount is there, and in another currency than the workspace's."""
        return self._is_foreign_amount(found, self._plain_reading(found))

    def currency(self, found: Property) -> Sql:
        """What an amount of a row is in: of orders in capital letters, else folded."""
        return self._of_giver(found, "currency") if self.is_of_sales else self._sent("props", ("currency",)).folded()

    def _is_foreign_amount(self, found: Property, amount: Reading) -> Sql:
        return all_of((negated(self._is_in_own_currency(found)), negated(is_null(amount.number()))))

    def _is_in_own_currency(self, found: Property) -> Sql:
        named, own = self.currency(found), self.catalog.currency
        own = own.upper() if self.is_of_sales else fold_case(own)
        is_own = compare("=", named, self.bindings.bind(own))
        return any_of((is_null(named), compare("=", named, text("")), is_own))

    def _converted(self, found: Property, amount: Reading) -> Sql:
        if not self.has_rates:
            return cast(NULL, EXACT)
        factor, divisor = self._of_giver(found, "factor"), self._of_giver(found, "divisor")
        return converted(amount.number(), factor, divisor, self.catalog.currency_digits)

    def _of_giver(self, found: Property, name: str) -> Sql:
        """What goes with an amount: the refund's own or, of an amount that it borrows, its order's."""
        own = self._of_event(name)
        return when(self._is_borrowed(found), self._of_event(f"under_{name}"), own) if self.with_refunds else own

    def _is_borrowed(self, found: Property) -> Sql:
        if found.is_of_line:
            return negated(self._of_event("has_lines"))
        if found.otherwise is not None and self.line_alias is not None:
            is_of_event = self._plain_reading(found.own).known()
            return when(is_of_event, self._is_borrowed(found.own), self._is_borrowed(found.otherwise))
        if found.path in _TOTALS:
            return negated(self._of_event("has_total"))
        return negated(self._sent("props", found.path[:1]).known())

    def _plain_reading(self, found: Property) -> Reading:
        if found.is_name:
            return self._name()
        if found.is_of_line:
            return self._line_reading(found.path)
        own = self._event_reading(found.path)
        if found.otherwise is None or self.line_alias is None:
            return own
        return FirstKnown(own, self._line_reading(found.path), own.known)

    def _given_reading(self, found: Property) -> Reading:
        """The same; of a refund what it gives back: its own, and the amounts of an order that it gives back whole."""
        if not self.with_refunds or found.is_name or found.is_of_line:
            return self._plain_reading(found)
        own = self._own(found.path)
        if found.kind is not Kind.MONEY:
            return own
        known = self._sent("props", found.path[:1]).known
        said = FirstKnown(own, self._sent("under_props", found.path), lambda: any_of((known(), self._is_not_whole())))
        return FirstKnown(self._amount_of("total"), said) if found.path in _TOTALS else said

    def _is_not_whole(self) -> Sql:
        return negated(self._of_event("is_whole"))

    def _name(self) -> Reading:
        """How the event's name reads; what plain SQL cannot read of it is in the relation `event_names`."""
        if self.is_of_sales:
            return PlainReading(lambda: text(ORDER))
        self.relations.add(EVENT_NAMES)

        def noted(what: str) -> Sql:
            rows = rows_of(source(EVENT_NAMES, f"{self.alias}n")).select(column(f"{self.alias}n", what))
            is_same = compare("=", column(f"{self.alias}n", "name"), self._of_event("name"))
            return only_value(rows.where(is_same))

        return JsonReading(lambda: noted("props"), lambda: noted("readings"), EVENT_NAME, self.bindings)

    def _event_reading(self, path: tuple[str, ...]) -> Reading:
        if not self.is_of_sales:
            return self._sent("props", path)
        if path in _TOTALS:
            return FirstKnown(self._amount_of("seen" if self.with_refunds else "total"), self._said(("total",)))
        return self._said(path)

    def _amount_of(self, column: str) -> Reading:
        return NumberReading(lambda: amount(self._of_event(f"{column}_minor"), self._of_event(f"{column}_unit")))

    def _sent(self, props: str, path: tuple[str, ...]) -> Reading:
        readings = props.replace("props", "readings")
        return JsonReading(lambda: self._of_event(props), lambda: self._of_event(readings), path, self.bindings)

    def _said(self, path: tuple[str, ...]) -> Reading:
        """What an order says; a refund says what its order does where it has not that property itself."""
        own = self._own(path)
        under = self._sent("under_props", path) if self.with_refunds else own
        if path == ("status",):
            cancelled = PlainReading(lambda: text("cancelled"))
            under = FirstKnown(cancelled, under, lambda: self._of_event("is_cancelled"))
        return FirstKnown(own, under, self._sent("props", path[:1]).known) if self.with_refunds else under

    def _own(self, path: tuple[str, ...]) -> Reading:
        """What an order or a refund says itself; a refund that names no currency has amounts rounded by its order's."""
        own = self._sent("props", path)
        if not self.with_refunds or len(path) > 1 or path[0] not in AMOUNTS:
            return own
        rounded = NumberReading(lambda: _rounded(own.number(), self._of_event("said_unit")))
        return FirstKnown(rounded, own, lambda: all_of((self._of_event("is_open"), surely(own.is_number()))))

    def _line_reading(self, path: tuple[str, ...]) -> Reading:
        """What a line says; one of a refund, failing that, what its order's line of the same article is."""
        own = self._line_said(path)
        if not self.with_refunds or path[0] in LINE_MEASURES:
            return own
        return FirstKnown(own, self._line_said(path, "under_"), self._line_said(path[:1]).known)

    def _line_said(self, path: tuple[str, ...], whose: str = "") -> Reading:
        return line_reading(self._of_line, path, self.bindings, whose)


Decided = Callable[[EventScope, Property, Sql], Sql]
"""What to make of whether a property passes a test, in the scope in which it is read."""


def _rounded(amount: Sql, unit: Sql) -> Sql:
    """An amount rounded half to even to a minor unit."""
    micro = [cast(times(part, integer(10**MICRO_DIGITS)), "hugeint") for part in (amount, unit)]
    return cast(times(cast(half_even(times(integer(2), micro[0]), micro[1]), "decimal(32, 0)"), unit), EXACT)


def converted(amount: Sql, factor: Sql, divisor: Sql, digits: int) -> Sql:
    """An amount in a currency with so many digits by the rate of its row; null where there is none."""
    micro = cast(times(amount, integer(10**MICRO_DIGITS)), "hugeint")
    minor = half_even(times(micro, factor), divisor)
    # Without this cast a case with other amounts would have a type of fewer places than they have.
    return cast(times(cast(minor, "decimal(32, 0)"), numeral(unit_of(digits))), EXACT)
