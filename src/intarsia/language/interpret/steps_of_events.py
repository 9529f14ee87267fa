"""What would turn a condition that speaks of events: one more, so much more, none until a day."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import Kind, Property
from intarsia.language.interpret.aggregates import ENDS, Target, answers_of, target
from intarsia.language.interpret.conditions import answer
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.making import made_event, value_for
from intarsia.language.interpret.numbers import nearest_passing
from intarsia.language.interpret.operators import as_number
from intarsia.language.interpret.patterns import activity, choice, last
from intarsia.language.interpret.steps import OPEN, Step, lasting, open_step, told, unit_of
from intarsia.language.interpret.whole import Asked
from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.orders import ORDER
from intarsia.language.writing.show import show

EVENTS_MOST = 1000
"""More events than these are not made to see whether they would do."""
_EXACT = Context(prec=80)

Events = tree.Did | tree.Had | tree.Active | tree.Lapsed | tree.FirstTime | tree.Returned | tree.Step


def of_events(node: Asked, becomes: bool, known: Known) -> Step:
    """What would turn a condition that speaks of events."""
    window = _window(node)
    if window is not None and not known.when.instants(window).holds(known.question.at):
        return Step(node, becomes, phrase("what happens now is not in the time that is asked about"), can_change=False)
    match node:
        case tree.Did():
            return _of_did(node, becomes, known)
        case tree.Test(value=tree.Aggregate() as aggregate, held=None):
            return _of_aggregate(node, aggregate, becomes, known)
        case tree.Test(value=tree.Ratio() | tree.Trend() as value):
            has, shown = told(answer(value, known)), show(node if becomes else tree.Not(node))
            return Step(node, becomes, phrase("`{test}` would have to hold; the value is {has}", test=shown, has=has))
        case tree.Had(condition=inner):
            wanted = inner if becomes else tree.Not(inner)
            where = wanted if node.where is None else tree.And((node.where, wanted))
            return _by_one(node, becomes, known, where)
        case tree.Lapsed() | tree.FirstTime() | tree.Returned():
            return _by_one(node, becomes, known, node.where)
        case tree.Active(hits=hits, times=times):
            has = sum(period.is_hit for period in activity(node, known))
            says = phrase("{hits} periods would have to have enough of `{events}`; {has} have", hits=hits, has=has,
                          events=events_shown(node))  # fmt: skip
            adds = tuple(_made(node, node.where, known, number) for number in range(min(times, EVENTS_MOST)))
            return Step(node, becomes, says, adds=adds if becomes else ())
        case tree.Sequence(steps=steps):
            met = choice(node, known).steps_met
            says = phrase("{all} steps would have to be met one after the other; {met} are", all=len(steps), met=met)
            end = steps[-1]
            adds = () if end.is_absent or not becomes else (_made(end, end.where, known, 0),)
            return Step(node, becomes, says, adds=adds)
        case _:
            return open_step(node, becomes)


def _window(node: Asked) -> tree.Window | None:
    """The window that events have to lie in."""
    match node:
        case tree.Test(value=tree.Aggregate(window=window)) | tree.Did(window=window) | tree.Had(window=window):
            return window
        case _:
            return None


def _goes_away(event: tree.Event, known: Known) -> bool:
    """Whether what has happened may be undone: orders are cancelled, and given back."""
    return target(event, known.catalog).type.name == ORDER


def events_shown(node: Events | tree.Aggregate) -> str:
    """The events that a condition goes over, as the language writes them."""
    window = None
    if isinstance(node, tree.Did | tree.Had | tree.Aggregate):
        window = node.window
    elif isinstance(node, tree.Lapsed | tree.FirstTime | tree.Returned):
        window = last(node.length)
    return show(tree.Did(node.event, node.where, window)).removeprefix("did ")


def _made(
    node: Events | tree.Aggregate,
    where: tree.Condition | None,
    known: Known,
    number: int,
    taken: tuple[Property, Json] | None = None,
) -> Fact:
    goal = target(node.event, known.catalog)
    return made_event(goal.type, where, taken, known.when, known.question, number)


def _of_did(node: tree.Did, becomes: bool, known: Known) -> Step:
    shown = events_shown(node)
    if not becomes:
        says = phrase("no `{events}` would have to be left", events=shown)
        return Step(node, becomes, says, can_change=_goes_away(node.event, known))
    return Step(node, becomes, phrase("one `{events}`", events=shown), adds=(_made(node, node.where, known, 0),))


def _by_one(node: Events, becomes: bool, known: Known, where: tree.Condition | None) -> Step:
    """A condition that one more event may turn."""
    says = phrase("one more `{event}` with which that is so", event=show(node.event))
    return Step(node, becomes, says, adds=(_made(node, where, known, 0),), otherwise=OPEN)  # type: ignore[arg-type]


# --- aggregates


def _of_aggregate(test: tree.Test, aggregate: tree.Aggregate, becomes: bool, known: Known) -> Step:
    goal = target(aggregate.event, known.catalog, aggregate.fold)
    numbers = [as_number(value) for value in answers_of(aggregate, known)]
    has = numbers[0] if len(numbers) == 1 else None
    if has is None or aggregate.fold in ENDS:
        return _of_end(test, aggregate, goal, becomes, known)
    is_money = goal.property is not None and goal.property.kind is Kind.MONEY
    is_count = aggregate.fold in ("count", "distinct")
    unit = unit_of(is_count, is_money, known.catalog.currency_digits)
    near = nearest_passing(test.operator, has, unit, known.when, holds=becomes)
    if aggregate.fold == "avg":
        return _of_average(test, becomes, has)
    if near.above is None or aggregate.fold == "min":
        return _fewer(test, aggregate, becomes, has, near.below, goal, known)
    if aggregate.fold == "max":
        return _one_with(test, aggregate, goal, becomes, near.above, known)
    return _more(test, aggregate, goal, becomes, Gap(as_decimal(has), near.above), known)


def as_decimal(number: Decimal | Fraction) -> Decimal:
    """A number that is no quotient."""
    assert isinstance(number, Decimal)
    return number


class Gap:
    """What is missing from one number to another, which is greater."""

    def __init__(self, has: Decimal, needs: Decimal) -> None:
        self.has, self.needs = has, needs
        self.missing = _EXACT.subtract(needs, has)

    def shown(self) -> dict[str, object]:
        """The three numbers for people."""
        return {"missing": told(self.missing), "has": told(self.has), "needs": told(self.needs)}


def _more(test: tree.Test, aggregate: tree.Aggregate, goal: Target, becomes: bool, gap: Gap, known: Known) -> Step:
    """So many more events or values, or so much more in sum."""
    where = aggregate.where
    adds: tuple[Fact, ...] = ()
    if aggregate.fold == "sum":
        says = phrase("`{value}` is {missing} short of {needs}; it is {has}", value=show(aggregate), **gap.shown())
        assert goal.property is not None
        adds = (_made(aggregate, where, known, 0, (goal.property, gap.missing)),)
        return Step(test, becomes, says, adds=adds)
    events = events_shown(aggregate)
    if aggregate.fold == "count":
        says = phrase("{missing} more of `{events}` (has {has}, needs {needs})", events=events, **gap.shown())
    else:
        says = phrase(
            "{missing} more different values of `{events}` (has {has}, needs {needs})", events=events, **gap.shown()
        )
    if gap.missing <= EVENTS_MOST:
        adds = tuple(
            _made(aggregate, where, known, number, _value_of(goal, aggregate.fold, number))
            for number in range(int(gap.missing))
        )
    return Step(test, becomes, says, adds=adds)


def _value_of(goal: Target, fold: tree.Fold, number: int) -> tuple[Property, Json] | None:
    """A value that is counted; of `distinct` another one each time."""
    if goal.property is None:
        return (Property(("quantity",), is_of_line=True), Decimal(1)) if goal.is_over_lines else None
    return goal.property, Decimal(number + 1) * Decimal("1000.01") if fold == "distinct" else Decimal(1)


def _fewer(
    test: tree.Test,
    aggregate: tree.Aggregate,
    becomes: bool,
    has: Decimal | Fraction,
    needs: Decimal | None,
    goal: Target,
    known: Known,
) -> Step:
    """What has happened does not go away but by leaving a window; a minimum can be undercut."""
    if needs is None or (needs < 0 and aggregate.fold in ("count", "distinct")):
        is_fixed = not _goes_away(aggregate.event, known)
        return lasting(test, becomes, show(aggregate)) if is_fixed else open_step(test, becomes)
    if aggregate.fold == "min":
        return _one_with(test, aggregate, goal, becomes, needs, known)
    of = {"value": show(aggregate), "has": told(has), "needs": told(needs)}
    says = phrase("`{value}` would have to fall to {needs}; it is {has}", **of)
    return Step(test, becomes, says, can_change=_goes_away(aggregate.event, known))


def _of_average(test: tree.Test, becomes: bool, has: Decimal | Fraction) -> Step:
    shown = show(test if becomes else tree.Not(test))
    return Step(test, becomes, phrase("`{test}` would have to hold; the value is {has}", test=shown, has=told(has)))


def _one_with(
    test: tree.Test, aggregate: tree.Aggregate, goal: Target, becomes: bool, needs: Decimal, known: Known
) -> Step:
    """One event with a value."""
    assert goal.property is not None
    events, of = events_shown(aggregate), ".".join(aggregate.event.names)
    says = phrase("one of `{events}` with `{of}` {needs}", events=events, of=of, needs=told(needs))
    return Step(test, becomes, says, adds=(_made(aggregate, aggregate.where, known, 0, (goal.property, needs)),))


def _of_end(test: tree.Test, aggregate: tree.Aggregate, goal: Target, becomes: bool, known: Known) -> Step:
    """The first or last event, or a number that is unknown: one more event may do it."""
    taken = None
    if goal.property is not None:
        found = value_for(test.operator, known.when, holds=becomes, ignoring_case=test.ignoring_case)
        taken = None if found is None else (goal.property, found[0])
    made = _made(aggregate, aggregate.where, known, 0, taken)
    says = phrase("one more `{event}` with which that is so", event=show(aggregate.event))
    return Step(test, becomes, says, adds=(made,), otherwise=OPEN)
