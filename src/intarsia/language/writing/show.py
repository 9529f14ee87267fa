"""From tree to text: the one canonical way of writing each definition, so that `parse(show(tree)) == tree`."""

from __future__ import annotations

from functools import singledispatch
from types import UnionType

from intarsia.errors import Bug
from intarsia.language import tree as t
from intarsia.language.leaves import takes_negation_inside
from intarsia.language.words.spelling import spell_decimal, spell_instant, spell_name, spell_path, spell_text


@singledispatch
def show(tree: t.Node) -> str:
    """The canonical text of a tree, or of any part of one.

    `or` inside `and` stands in brackets, and so does an `and` inside an `and`; a negation stands where one would say
    it: `country != 'CZ'`, `never order`, `email is unknown`.

    >>> show(t.And((t.Nobody(), t.Or((t.Nobody(), t.Everyone())))))
    'nobody and (nobody or everyone)'
    """
    raise Bug(what=f"no text for a {type(tree).__name__}")


def _and_then(*parts: str) -> str:
    """The parts that are not empty, with blanks between them."""
    return " ".join(part for part in parts if part)


def _called(name: str, *arguments: str) -> str:
    return f"{name}({', '.join(argument for argument in arguments if argument)})"


# --- conditions


@show.register
def _(node: t.And) -> str:
    return " and ".join(_grouped(part, t.And | t.Or) for part in node.parts)


@show.register
def _(node: t.Or) -> str:
    return " or ".join(_grouped(part, t.Or) for part in node.parts)


def _grouped(part: t.Condition, in_brackets: type | UnionType) -> str:
    return f"({show(part)})" if isinstance(part, in_brackets) else show(part)


@show.register
def _(node: t.Not) -> str:
    part = node.part
    if isinstance(part, t.Did):
        return _did("never", part)
    if isinstance(part, t.Test) and part.held is None and takes_negation_inside(part.operator):
        return _test(part, _negated_operator(part.operator))
    return f"not {_grouped(part, t.And | t.Or)}"


@show.register
def _(node: t.Test) -> str:
    is_negated = node.held is not None and node.held.of_negation
    return _test(node, _negated_operator(node.operator) if is_negated else show(node.operator))


def _test(node: t.Test, operator: str) -> str:
    case = "ignoring case" if node.ignoring_case else ""
    return _and_then(show(node.value), operator, case, show(node.held) if node.held else "")


@show.register
def _(node: t.Everyone | t.Nobody) -> str:
    return type(node).__name__.lower()


@show.register
def _(node: t.Did) -> str:
    return _did("did", node)


def _did(verb: str, node: t.Did) -> str:
    return _and_then(verb, _filtered(node.event, node.where), _window(node.window))


@show.register
def _(node: t.Had) -> str:
    chosen = _and_then(node.which, _filtered(node.event, node.where), _window(node.window))
    return f"{chosen} had ({show(node.condition)})"


@show.register
def _(node: t.HasLine) -> str:
    return f"has line ({show(node.condition)})"


@show.register
def _(node: t.Rank) -> str:
    amount = spell_decimal(node.amount) + ("%" if node.is_percent else "")
    among = f"among ({show(node.among)})" if node.among else ""
    return _and_then(node.direction, amount, "by", show(node.by), among)


@show.register
def _(node: t.InSegment) -> str:
    return _and_then("in segment", spell_text(node.name), f"at {show(node.at)}" if node.at else "")


@show.register
def _(node: t.Moved) -> str:
    return _and_then(node.how, "segment", spell_text(node.name), _window(node.window))


@show.register
def _(node: t.Near) -> str:
    place = f"({spell_decimal(node.latitude)}, {spell_decimal(node.longitude)})"
    return f"near {place} within {spell_decimal(node.kilometres)} km"


@show.register
def _(node: t.InsideArea) -> str:
    return f"inside area {spell_text(node.name)}"


@show.register
def _(node: t.Consent) -> str:
    return f"consent {spell_name(node.channel)} for {spell_name(node.purpose)} is {node.state}"


# --- patterns


@show.register
def _(node: t.Sequence) -> str:
    return _called("sequence", *map(show, node.steps), _window(node.window))


@show.register
def _(node: t.Step) -> str:
    within = f"within {show(node.within)}" if node.within else ""
    return _and_then("no" if node.is_absent else "", _events(node.event, node.where), within)


@show.register
def _(node: t.Active) -> str:
    times = "" if node.times == 1 else f"{node.times} times"
    which = "previous" if node.is_calendar else "last"
    span = t.Length(node.periods, node.period.unit)
    many = show(span) if node.period.count == 1 else f"{node.periods} periods of {show(node.period)}"
    return _called("active", _events(node.event, node.where), times, f"{node.hits} of {which} {many}")


@show.register
def _(node: t.Lapsed) -> str:
    return _called("lapsed", _events(node.event, node.where), show(node.length))


@show.register
def _(node: t.FirstTime) -> str:
    return _called("first_time", _events(node.event, node.where), f"last {show(node.length)}")


@show.register
def _(node: t.Returned) -> str:
    window, gap = f"last {show(node.length)}", f"after {show(node.after)}"
    return _called("returned", _events(node.event, node.where), window, gap)


# --- values


@show.register
def _(node: t.Path) -> str:
    return spell_path(node.names)


@show.register
def _(node: t.Event) -> str:
    if node.is_any:
        return ".".join((f"any {node.names[0]}", *map(spell_name, node.names[1:])))
    return spell_path(node.names)


@show.register
def _(node: t.Aggregate) -> str:
    return _called(node.fold, _events(node.event, node.where), _inner(node.window))


@show.register
def _(node: t.Ratio) -> str:
    return _called("ratio", show(node.top), show(node.bottom))


@show.register
def _(node: t.Trend) -> str:
    return _called("trend", show(node.value), _inner(node.window))


@show.register
def _(node: t.Anniversary) -> str:
    return _called("anniversary", show(node.path))


@show.register
def _(node: t.Bucket) -> str:
    return _called("bucket", spell_text(node.salt))


def _events(event: t.Event, where: t.Condition | None) -> str:
    """Inside a function, where a comma or `)` ends the condition."""
    return _and_then(show(event), f"where {show(where)}" if where else "")


def _filtered(event: t.Event, where: t.Condition | None) -> str:
    """Outside of functions, where brackets end the condition."""
    return _and_then(show(event), f"where ({show(where)})" if where else "")


# --- operators


@show.register
def _(node: t.Compare) -> str:
    return f"{node.operator} {show(node.constant)}"


@show.register
def _(node: t.OneOf) -> str:
    return f"in {_list(node.constants)}"


@show.register
def _(node: t.Has) -> str:
    return f"has {show(node.constants[0])}" if node.mode == "one" else f"has {node.mode} {_list(node.constants)}"


@show.register
def _(node: t.TextMatch) -> str:
    how = f"{node.how} with" if node.how in ("starts", "ends") else node.how
    return f"{how} {spell_text(node.text)}"


@show.register
def _(node: t.Range) -> str:
    return f"between {show(node.low)} and {show(node.high)}"


@show.register
def _(node: t.Is) -> str:
    return f"is {node.what}"


@show.register
def _(node: t.During) -> str:
    return _window(node.window)


@show.register
def _(node: t.Held) -> str:
    return f"for {node.how} {show(node.length)}"


def _negated_operator(operator: t.Operator) -> str:
    """The operator with its negation inside."""
    if isinstance(operator, t.Compare) and operator.operator == "=":
        return f"!= {show(operator.constant)}"
    if isinstance(operator, t.Is):
        return "is unknown" if operator.what == "known" else f"is not {operator.what}"
    return f"not {show(operator)}"


# --- windows


def _window(window: t.Window | None) -> str:
    """A window behind an event or a value."""
    if window is None:
        return ""
    has_in = isinstance(window.period, t.Rolling | t.Calendar | t.NamedDay)
    return _and_then("in" if has_in else "", show(window))


def _inner(window: t.Window | None) -> str:
    """A window behind a comma."""
    return show(window) if window else ""


@show.register
def _(node: t.Window) -> str:
    calendar = f"by {node.calendar} calendar" if node.calendar else ""
    return _and_then(show(node.period), "in local time" if node.local else "", calendar)


@show.register
def _(node: t.Rolling) -> str:
    return f"{node.direction} {show(node.length)}"


@show.register
def _(node: t.Calendar) -> str:
    return f"{node.which} {node.unit}" if node.count == 1 else f"{node.which} {node.count} {node.unit}s"


@show.register
def _(node: t.NamedDay) -> str:
    return node.name


@show.register
def _(node: t.Point) -> str:
    return f"{node.relation} {show(node.time)}"


@show.register
def _(node: t.MoreThanAgo) -> str:
    return f"more than {show(node.length)} ago"


@show.register
def _(node: t.BetweenAgo) -> str:
    return f"between {node.near} and {show(t.Length(node.far, node.unit))} ago"


@show.register
def _(node: t.BetweenTimes) -> str:
    return f"between {show(node.begin)} and {show(node.end)}"


@show.register
def _(node: t.Length) -> str:
    return f"{node.count} {node.unit}{'' if node.count == 1 else 's'}"


# --- literals and names


@show.register
def _(node: t.Text) -> str:
    return spell_text(node.value)


@show.register
def _(node: t.Number) -> str:
    return _and_then(spell_decimal(node.value), node.currency or "")


@show.register
def _(node: t.Truth) -> str:
    return "true" if node.value else "false"


@show.register
def _(node: t.Day) -> str:
    return node.value.isoformat()


@show.register
def _(node: t.Moment) -> str:
    return spell_instant(node.value, node.offset)


def _list(constants: tuple[t.Constant, ...]) -> str:
    return f"({', '.join(map(show, constants))})"
