"""Which constructs of the language a rule uses, by name, and which of them a proof has to reach."""

from __future__ import annotations

from collections.abc import Iterator

from intarsia.language import tree

FOLDS = ("count", "sum", "avg", "min", "max", "distinct", "first", "last")
WINDOWS = (
    *("last", "next", "this", "calendar next", "previous", "previous several", "today", "yesterday", "tomorrow"),
    *("before", "after", "on", "since", "until", "more than ago", "between ago", "between times"),
)
OPERATORS = (
    *("=", "<", "<=", ">", ">=", "in", "has one", "has any", "has all", "contains", "starts", "ends", "matches"),
    *("between", "is known", "is empty", "is identified", "during"),
)
CONDITIONS = (
    *("everyone", "nobody", "and", "or", "not", "did", "first had", "last had", "has line", "in segment"),
    *("top", "bottom", "top percent", "bottom percent", "among", "near", "insidearea", "consent"),
    *("sequence", "absence", "within", "active", "active by the calendar", "lapsed", "firsttime", "returned"),
    *("in segment at", "entered", "left", "held at least", "held less than", "held of a negation"),
)
VALUES = (
    *("trait", "trait inside", "profile", "bucket", "ratio", "trend", "anniversary", "any event", "any order"),
    *("rank by trait", "rank by bucket", "rank by ratio", "rank by trend"),
)
LITERALS = ("text", "number", "number with currency", "truth", "day", "moment", "moment with offset")
CLOCKS = ("in local time", "by jalali calendar", "by gregorian calendar")
REACHABLE = frozenset(
    (
        *(f"operator {name}" for name in OPERATORS),
        *(f"{name} of events" for name in ("count", "first", "last")),
        *(f"{fold} of a property" for fold in FOLDS),
        *(f"{fold} of a line's property" for fold in FOLDS),
        *(f"{fold} over lines" for fold in FOLDS),
        *(f"rank by {fold}" for fold in FOLDS),
        *(f"window {name}" for name in WINDOWS),
        *(f"literal {name}" for name in LITERALS),
        *(*CONDITIONS, *VALUES, *CLOCKS, "ignoring case", "where", "test of a property", "count of lines"),
    )
)
"""Everything that this version answers."""


def kinds(rule: tree.Condition) -> Iterator[str]:
    """The names of the constructs in a rule, each as often as it occurs."""
    yield from _of_condition(rule, is_inside=False)
    for node in rule.walk():
        if isinstance(node, tree.Window):
            yield f"window {_window(node.period)}"
            yield from _clock(node)
        if isinstance(node, tree.Event) and node.is_any:
            yield f"any {node.names[0]}"
        yield from _literal(node)


def _clock(window: tree.Window) -> Iterator[str]:
    if window.local:
        yield "in local time"
    if window.calendar is not None:
        yield f"by {window.calendar} calendar"


def _of_condition(node: tree.Condition, *, is_inside: bool) -> Iterator[str]:
    match node:
        case tree.Test():
            yield from _of_test(node, is_inside=is_inside)
        case tree.Did(where=where):
            yield "did"
            yield from _of_where(where)
        case tree.Had(which=which, where=where, condition=inner):
            yield f"{which} had"
            yield from _of_where(where)
            yield from _of_condition(inner, is_inside=True)
        case tree.Rank(direction=direction, by=by, among=among):
            yield f"{direction} percent" if node.is_percent else direction
            yield f"rank by {_value(by)}"
            yield from _of_value(by)
            if among is not None:
                yield "among"
                yield from _of_condition(among, is_inside=False)
        case tree.HasLine(condition=inner):
            yield "has line"
            yield from _of_condition(inner, is_inside=True)
        case tree.InSegment(at=at):
            yield "in segment" if at is None else "in segment at"
        case tree.Moved(how=how):
            yield how
        case tree.Sequence(steps=steps):
            yield "sequence"
            for step in steps:
                yield from ("absence",) * step.is_absent
                yield from ("within",) * (step.within is not None)
                yield from _of_where(step.where)
        case tree.Active(where=where, is_calendar=is_calendar):
            yield "active by the calendar" if is_calendar else "active"
            yield from _of_where(where)
        case tree.Lapsed(where=where) | tree.FirstTime(where=where) | tree.Returned(where=where):
            yield type(node).__name__.lower()
            yield from _of_where(where)
        case tree.And() | tree.Or() | tree.Not():
            yield type(node).__name__.lower()
            for part in node.children():
                yield from _of_condition(part, is_inside=is_inside)  # type: ignore[arg-type]
        case _:
            yield type(node).__name__.lower()


def _of_test(node: tree.Test, *, is_inside: bool) -> Iterator[str]:
    yield f"operator {_operator(node.operator)}"
    if node.ignoring_case:
        yield "ignoring case"
    if node.held is not None:
        yield f"held {node.held.how}"
        yield from ("held of a negation",) * node.held.of_negation
    if is_inside:
        yield "test of a property"
    else:
        yield from _of_value(node.value)


def _of_where(where: tree.Condition | None) -> Iterator[str]:
    if where is not None:
        yield "where"
        yield from _of_condition(where, is_inside=True)


def _of_value(value: tree.Value) -> Iterator[str]:
    match value:
        case tree.Path(names=("profile",)):
            yield "profile"
        case tree.Path(names=names):
            yield "trait" if len(names) == 1 else "trait inside"
        case tree.Aggregate(where=where):
            yield _aggregate(value)
            yield from _of_where(where)
        case tree.Ratio(top=top, bottom=bottom):
            yield "ratio"
            yield from _of_value(top)
            yield from _of_value(bottom)
        case tree.Trend(value=inner):
            yield "trend"
            yield from _of_value(inner)
        case _:
            yield type(value).__name__.lower()


LINE_NAMES = frozenset(("sku", "category", "quantity", "price", "unit_cost", "product", "colour", "cost"))
"""Names that only lines of orders have."""


def _aggregate(value: tree.Aggregate) -> str:
    names = value.event.names[1:]
    if names[:1] == ("lines",):
        return f"{value.fold} over lines" if names[1:] else "count of lines"
    is_order = value.event.names[0] in ("order", "Order Completed", "refund", "Order Refunded")
    if is_order and names[:1] and names[0] in LINE_NAMES:
        return f"{value.fold} of a line's property"
    return f"{value.fold} of a property" if names else f"{value.fold} of events"


def _value(value: tree.Value) -> str:
    match value:
        case tree.Aggregate(fold=fold):
            return fold
        case tree.Path():
            return "trait"
        case _:
            return type(value).__name__.lower()


def _operator(operator: tree.Operator) -> str:
    match operator:
        case tree.Compare(operator=sign):
            return sign
        case tree.OneOf():
            return "in"
        case tree.Has(mode=mode):
            return f"has {mode}"
        case tree.TextMatch(how=how):
            return how
        case tree.Range():
            return "between"
        case tree.Is(what=what):
            return f"is {what}"
        case tree.During():
            return "during"


def _window(period: tree.Period) -> str:
    match period:
        case tree.Rolling(direction=direction):
            return direction
        case tree.Calendar(which=which, count=count):
            return {"next": "calendar next", "previous": "previous several" if count > 1 else "previous"}.get(
                which, which
            )
        case tree.NamedDay(name=name):
            return name
        case tree.Point(relation=relation):
            return relation
        case tree.MoreThanAgo():
            return "more than ago"
        case tree.BetweenAgo():
            return "between ago"
        case tree.BetweenTimes():
            return "between times"


def _literal(node: tree.Node) -> Iterator[str]:
    match node:
        case tree.Number(currency=str()):
            yield "literal number with currency"
        case tree.Text() | tree.Number() | tree.Truth() | tree.Day():
            yield f"literal {type(node).__name__.lower()}"
        case tree.Moment(offset=offset):
            yield "literal moment" if offset is None else "literal moment with offset"
