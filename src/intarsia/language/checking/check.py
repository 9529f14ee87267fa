"""Does a definition make sense in a catalog? Names are looked up, tests held against the kinds of their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intarsia.errors import Phrase, UserError, phrase
from intarsia.language.catalog import Catalog, EventType, Kind
from intarsia.language.checking.names import LINES, PERSON, PROFILE, Naming, Scope, Taken
from intarsia.language.checking.patterns import check_pattern
from intarsia.language.checking.tests import Asked, check_test, check_window
from intarsia.language.meaning.windows import has_one_before
from intarsia.language.problems.checking import (
    HasLineOutside,
    NotANumber,
    NothingBefore,
    NotInWhere,
    TrendOfNothing,
    TwoWindows,
    WrongFold,
    WrongRank,
)
from intarsia.language.tree import (
    Active,
    Aggregate,
    And,
    Anniversary,
    Bucket,
    Condition,
    Consent,
    Did,
    Event,
    Everyone,
    FirstTime,
    Had,
    HasLine,
    InSegment,
    InsideArea,
    Lapsed,
    Moved,
    Near,
    Nobody,
    Node,
    Not,
    Or,
    Path,
    Rank,
    Ratio,
    Returned,
    Sequence,
    Test,
    Trend,
    Value,
)
from intarsia.language.words.meanings import KINDS
from intarsia.language.writing.show import show


@dataclass(frozen=True)
class Checked:
    """A definition that makes sense, and what it rests on.

    traits    paths of the traits that it asks for; without `profile`, which everybody has
    events    names as they are sent
    segments  names of the segments that it names itself
    """

    tree: Condition
    catalog: Catalog
    traits: frozenset[tuple[str, ...]]
    events: frozenset[str]
    segments: frozenset[str]


def check(tree: Condition, catalog: Catalog, text: str | None = None) -> Checked:
    """The tree with what it rests on, or the first LanguageError in it, in the order of the text.

    text  what the tree was read from, so that errors can show the place
    """
    naming = Naming(catalog, text)
    _check_condition(naming, tree, PERSON)
    return Checked(tree, catalog, frozenset(naming.traits), frozenset(naming.events), frozenset(naming.segments))


def problems_of(tree: Condition, catalog: Catalog, text: str | None = None) -> list[UserError]:
    """Everything that `check` would refuse: of each condition that is joined with others, the first problem."""
    naming = Naming(catalog, text, problems=[])
    with naming.gathering():
        _check_condition(naming, tree, PERSON)
    return naming.problems or []


def kind_of(value: Value, catalog: Catalog, event: EventType | None = None) -> Kind | None:
    """The kind of a value, of a person or in a `where` of an event; None where it makes no sense."""
    try:
        return _asked(Naming(catalog), value, Scope(event)).kind
    except UserError:
        return None


# --- conditions


def _check_condition(naming: Naming, node: Condition, scope: Scope) -> None:
    match node:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                with naming.gathering():
                    _check_condition(naming, part, scope)
        case Not(part=part):
            _check_condition(naming, part, scope)
        case Everyone() | Nobody():
            pass
        case Test(value=value):
            check_test(naming, node, _asked(naming, value, scope, node))
        case HasLine(condition=condition):
            _check_has_line(naming, node, scope)
            _check_condition(naming, condition, Scope(scope.event, is_line=True))
        case _ if scope.event is not None:
            naming.fail(NotInWhere, node, construct=_construct(node))
        case Did(event=event, where=where, window=window):
            _check_where(naming, where, _scope_of(naming, event))
            check_window(naming, window)
        case Had():
            _check_had(naming, node)
        case Rank():
            _check_rank(naming, node)
        case Sequence() | Active() | Lapsed() | FirstTime() | Returned():
            check_pattern(naming, node, lambda event, where: _check_where(naming, where, _scope_of(naming, event)))
        case Near():
            naming.point(node)
        case InsideArea():
            naming.area(node)
        case Consent():
            naming.consent(node)
        case InSegment():
            naming.segment(node)
        case Moved(window=window):
            naming.segment(node)
            check_window(naming, window)


def _scope_of(naming: Naming, event: Event) -> Scope:
    return Scope(naming.event(event))


def _check_where(naming: Naming, where: Condition | None, scope: Scope) -> None:
    if where is not None:
        _check_condition(naming, where, scope)


def _check_had(naming: Naming, node: Had) -> None:
    scope = _scope_of(naming, node.event)
    _check_where(naming, node.where, scope)
    check_window(naming, node.window)
    _check_condition(naming, node.condition, scope)


def _check_has_line(naming: Naming, node: HasLine, scope: Scope) -> None:
    if scope.event is None or scope.is_line or not scope.event.lines:
        naming.fail(HasLineOutside, node)


def _check_rank(naming: Naming, node: Rank) -> None:
    asked = _asked(naming, node.by, PERSON)
    is_time_of_event = asked.is_computed and asked.kind is Kind.INSTANT
    if asked.kind not in (Kind.NUMBER, Kind.MONEY, Kind.ANY) and not is_time_of_event:
        naming.fail(WrongRank, node.by, name=show(node.by), kind=Phrase(KINDS[asked.kind]))
    _check_where(naming, node.among, PERSON)


_CONSTRUCTS: dict[type[Node], str | Phrase] = {
    Sequence: "`sequence`",
    Active: "`active`",
    Lapsed: "`lapsed`",
    FirstTime: "`first_time`",
    Returned: "`returned`",
    Near: "`near`",
    InsideArea: "`inside area`",
    Consent: "`consent`",
    Did: "`did`",
    Had: "`had`",
    Rank: phrase("a rank"),
    InSegment: "`in segment`",
    Ratio: "`ratio`",
    Trend: "`trend`",
    Anniversary: "`anniversary`",
    Bucket: "`bucket`",
}


def _construct(node: Node) -> str | Phrase:
    if isinstance(node, Moved):
        return f"`{node.how} segment`"
    return _CONSTRUCTS[type(node)]


# --- values


def _asked(naming: Naming, value: Value, scope: Scope, tested: Test | None = None) -> Asked:
    """The kind of a value that is tested or ranked by."""
    if isinstance(value, Path):
        return Asked(naming.path(value, scope, tested), is_trait=scope.event is None and value.names != PROFILE)
    if scope.event is not None:
        construct = f"`{value.fold}`" if isinstance(value, Aggregate) else _construct(value)
        naming.fail(NotInWhere, value, construct=construct)
    if isinstance(value, Aggregate):
        return _aggregate(naming, value)
    if isinstance(value, Anniversary):
        naming.path(value.path, scope)
        return Asked(Kind.DATE)
    if isinstance(value, Bucket):
        return Asked(Kind.NUMBER, is_computed=True)
    if isinstance(value, Ratio):
        for part in (value.top, value.bottom):
            _check_number(naming, part)
        return Asked(Kind.NUMBER, is_computed=True)
    _check_trend(naming, value)
    return Asked(Kind.NUMBER, is_computed=True)


def _check_number(naming: Naming, part: Value) -> None:
    """Refuse to divide what is no number."""
    asked = _asked(naming, part, PERSON)
    if asked.kind not in (Kind.NUMBER, Kind.MONEY, Kind.ANY):
        naming.fail(NotANumber, part, name=show(part), kind=Phrase(KINDS[asked.kind]))


def _check_trend(naming: Naming, node: Trend) -> None:
    """Refuse a trend of what has a window already, or none, and one without an equally long window before."""
    check_window(naming, node.window)
    if not has_one_before(node.window):
        naming.fail(NothingBefore, node.window, window=show(node.window))
    _check_number(naming, node.value)
    for part in _leaves(node.value):
        if not isinstance(part, Aggregate):
            naming.fail(TrendOfNothing, part, name=show(part))
        if part.window is not None:
            naming.fail(TwoWindows, part.window, window=show(part.window), whole=show(node.window))


def _leaves(value: Value) -> Iterator[Value]:
    """The parts of a value that are no ratio."""
    if isinstance(value, Ratio):
        yield from _leaves(value.top)
        yield from _leaves(value.bottom)
    else:
        yield value


def _aggregate(naming: Naming, node: Aggregate) -> Asked:
    taken = naming.taken(node.event)
    _check_fold(naming, node, taken)
    # `last(order.category)` chooses a whole order; `last(order.lines.category)` a line.
    is_of_event = node.fold in ("first", "last") and node.event.names[1:2] != LINES
    _check_where(naming, node.where, Scope(taken.event, taken.is_over_lines and not is_of_event))
    check_window(naming, node.window)
    if node.fold in ("count", "distinct"):
        return Asked(Kind.NUMBER, is_computed=True)
    if taken.property is None:
        return Asked(Kind.INSTANT, is_computed=True)
    if node.fold in ("first", "last"):
        return Asked(taken.property.kind)
    return Asked(Kind.MONEY if taken.property.kind is Kind.MONEY else Kind.NUMBER, is_computed=True)


def _check_fold(naming: Naming, node: Aggregate, taken: Taken) -> None:
    """Refuse a function that has nothing to work on: a sum of texts, a sum of events."""
    fold, written = node.fold, show(node.event)
    if taken.property is None:
        if fold == "count" or (fold in ("first", "last") and not taken.is_over_lines):
            return
        call = f"{fold}({written}.{_example(taken)})"
        if fold in ("first", "last"):
            reason = phrase("of lines has no time of its own")
            step = phrase("name a property, as in {call}, or take the time of the order", call=call)
            naming.fail(WrongFold, node.event, fold=fold, reason=reason, next_step=step)
        step = phrase("name one, as in {call}, or use `count`", call=call)
        reason = phrase("needs a property of the event")
        naming.fail(WrongFold, node.event, fold=fold, reason=reason, next_step=step)
    kind = taken.property.kind
    facts = {"name": written, "kind": Phrase(KINDS[kind])}
    if fold in ("sum", "avg", "min", "max") and kind not in (Kind.NUMBER, Kind.MONEY, Kind.ANY):
        reason = phrase("needs numbers, and `{name}` is {kind}", **facts)
        step = phrase("use `count`, `distinct`, `first` or `last`")
        naming.fail(WrongFold, node.event, fold=fold, reason=reason, next_step=step)
    if fold == "distinct" and kind in (Kind.LIST, Kind.OBJECT):
        reason = phrase("needs single values, and `{name}` is {kind}", **facts)
        naming.fail(WrongFold, node.event, fold=fold, reason=reason, next_step=phrase("use `count`"))


def _example(taken: Taken) -> str:
    """A property that the function could take."""
    properties = taken.event.lines if taken.is_over_lines else taken.event.properties
    numeric = [path for path, known in properties.items() if known.kind in (Kind.NUMBER, Kind.MONEY)]
    found = next(iter(numeric or properties), ("total",))
    return show(Path(found))
