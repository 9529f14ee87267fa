"""Who is meant by a test besides those whom one thinks of: of whom the value is unknown, or who did nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from intarsia.language import tree as t
from intarsia.language.meaning.values import number

Besides = Literal["unknown", "none", "never", "unknown_or_never"]
"""Who is meant besides: of whom it is unknown, who have none of it, who never had such an event."""

NOTHING = Decimal(0)
"""What `count`, `sum` and `distinct` are of nothing (rule 28)."""
OF_NOTHING_ZERO = ("count", "sum", "distinct")


def besides(node: t.Test, *, is_negated: bool) -> Besides | None:
    """Who is meant by a test, or by its negation, although one would not think of them (rules 7 and 28)."""
    value = node.value
    if isinstance(value, t.Aggregate) and value.fold in OF_NOTHING_ZERO:
        return _besides_of_zero(value, node.operator, is_negated=is_negated)
    if isinstance(node.operator, t.Is):
        is_missing = node.operator.what == ("known" if is_negated else "empty")
        return "never" if is_missing and isinstance(value, t.Aggregate) else None
    if not is_negated or _is_always_known(value):
        return None
    if not isinstance(value, t.Aggregate):
        return "unknown"
    is_end = value.fold in ("first", "last") and len(value.event.names) > 1
    return "unknown_or_never" if is_end else "none"


def needed(node: t.Condition) -> frozenset[t.Event]:
    """The events of which everybody has one who meets a condition, as far as that is plain."""
    match node:
        case t.And(parts=parts):
            return frozenset().union(*map(needed, parts))
        case t.Did() | t.Had() | t.Active() | t.Lapsed() | t.FirstTime() | t.Returned():
            return frozenset({plain(node.event)})
        case t.Sequence(steps=steps):
            return frozenset(plain(step.event) for step in steps if not step.is_absent)
        case t.Test(value=t.Aggregate() as value) if _is_false_of_nothing(value, node.operator, is_negated=False):
            return frozenset({plain(value.event)})
        case t.Not(t.Test(value=t.Aggregate() as value) as part) if _is_false_of_nothing(
            value, part.operator, is_negated=True
        ):
            return frozenset({plain(value.event)})
        case _:
            return frozenset()


def plain(event: t.Event) -> t.Event:
    """An event without what is taken of it."""
    return t.Event(event.names[:1], event.is_any)


def _is_false_of_nothing(value: t.Aggregate, operator: t.Operator, *, is_negated: bool) -> bool:
    """Whether a test fails those who have none; a sum may be of refunds alone."""
    if value.fold in ("count", "distinct"):
        return isinstance(operator, t.Compare | t.OneOf | t.Range) and _holds_of_zero(operator) == is_negated
    return value.fold != "sum" and operator != t.Is("empty") and not is_negated


def _besides_of_zero(value: t.Aggregate, operator: t.Operator, *, is_negated: bool) -> Besides | None:
    if isinstance(operator, t.Is):
        return None
    has_never = _holds_of_zero(operator) != is_negated and not _says_never(value, operator, is_negated=is_negated)
    if is_negated and value.fold == "sum":
        return "unknown_or_never" if has_never else "unknown"
    return "never" if has_never else None


def _holds_of_zero(operator: t.Operator) -> bool:
    match operator:
        case t.Compare(operator=sign, constant=constant):
            limit = _number(constant)
            if limit is None:
                return False
            is_held = {"=": limit == 0, "<": limit > 0, "<=": limit >= 0, ">": limit < 0, ">=": limit <= 0}
            return is_held[sign]
        case t.OneOf(constants=constants):
            return NOTHING in map(_number, constants)
        case t.Range(low=low, high=high):
            least, most = _number(low), _number(high)
            return least is not None and most is not None and least <= 0 <= most
        case _:
            return False


def _number(constant: t.Constant) -> Decimal | None:
    return number(constant.value) if isinstance(constant, t.Number | t.Text) else None


def _says_never(value: t.Aggregate, operator: t.Operator, *, is_negated: bool) -> bool:
    """`count(order) = 0` says of itself who is meant."""
    is_plain = value.fold == "count" and len(value.event.names) == 1 and value.where is None and value.window is None
    return is_plain and not is_negated and operator == t.Compare("=", t.Number(NOTHING))


def _is_always_known(value: t.Value) -> bool:
    """Whether everybody has such a value, so that its negation takes in nobody who lacks it."""
    return isinstance(value, t.Bucket) or (isinstance(value, t.Path) and value.names == ("profile",))


def negated_traits(tree: t.Condition) -> list[tuple[str, ...]]:
    """The paths of the traits in negated tests, each once: people of whom they are unknown are meant too."""
    tests = (
        part
        for node in _of_people(tree)
        for part in ([node.part] if isinstance(node, t.Not) else [node])
        if isinstance(part, t.Test) and (isinstance(node, t.Not) if part.held is None else part.held.of_negation)
    )
    found = (
        test.value.names
        for test in tests
        if isinstance(test.value, t.Path) and besides(test, is_negated=True) is not None
    )
    return list(dict.fromkeys(found))


def _of_people(node: t.Condition) -> Iterator[t.Condition]:
    """The conditions that speak of the people who are meant: none on events, none on those they are ranked among."""
    yield node
    for part in node.parts if isinstance(node, t.And | t.Or) else ():
        yield from _of_people(part)
