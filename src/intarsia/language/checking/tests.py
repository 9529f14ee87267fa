"""Which tests make sense for which kind of value (rules 8-13, 19)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from intarsia.clock import parse_date, parse_instant
from intarsia.errors import Phrase, phrase
from intarsia.language.advice.dates import about_years
from intarsia.language.advice.numbers import share_of
from intarsia.language.advice.told import Told
from intarsia.language.catalog import Kind
from intarsia.language.checking.names import PERSON, PROFILE, Naming
from intarsia.language.meaning.values import number
from intarsia.language.meaning.windows import NoSuchPeriod
from intarsia.language.problems.checking import (
    BadPattern,
    DateInList,
    EmptyRange,
    HeldOfTraits,
    ListNeedsHas,
    MixedRange,
    MoneyAndOther,
    NoOrder,
    ObjectNeedsName,
    OnlyProfilesIdentified,
    OpenAnniversary,
    WrongTest,
)
from intarsia.language.problems.reading import BadNumber
from intarsia.language.tree import (
    Anniversary,
    BetweenTimes,
    Bucket,
    Calendar,
    Compare,
    Constant,
    Day,
    During,
    Has,
    Held,
    Is,
    Moment,
    MoreThanAgo,
    Number,
    OneOf,
    Operator,
    Path,
    Point,
    Range,
    Test,
    Text,
    TextMatch,
    Truth,
    Window,
)
from intarsia.language.words.meanings import KINDS
from intarsia.language.writing.show import show


class Asks(Enum):
    """What an operator asks of a value."""

    EQUALITY = "equality"
    ORDER = "order"
    ITEMS = "items"
    TEXT = "text"
    TIME = "time"
    STATE = "state"


@dataclass(frozen=True)
class Asked:
    """The value of a test: its kind, whether it is worked out from events, and whether it is a person's trait."""

    kind: Kind
    is_computed: bool = False
    is_trait: bool = False


Nature = Literal["number", "time", "text", "truth"]

MEANINGFUL: dict[Kind, frozenset[Asks]] = {
    Kind.TEXT: frozenset({Asks.EQUALITY, Asks.ORDER, Asks.TEXT, Asks.TIME, Asks.STATE}),
    Kind.NUMBER: frozenset({Asks.EQUALITY, Asks.ORDER, Asks.TEXT, Asks.STATE}),
    Kind.MONEY: frozenset({Asks.EQUALITY, Asks.ORDER, Asks.TEXT, Asks.STATE}),
    Kind.BOOLEAN: frozenset({Asks.EQUALITY, Asks.STATE}),
    Kind.DATE: frozenset({Asks.EQUALITY, Asks.ORDER, Asks.TEXT, Asks.TIME, Asks.STATE}),
    Kind.INSTANT: frozenset({Asks.EQUALITY, Asks.ORDER, Asks.TEXT, Asks.TIME, Asks.STATE}),
    Kind.LIST: frozenset({Asks.ITEMS, Asks.STATE}),
    Kind.OBJECT: frozenset({Asks.STATE}),
    Kind.ANY: frozenset(Asks),
}
"""What can be asked of a value of each kind; a text may read as a number or a date, so it takes their tests too."""

SENSELESS: dict[Kind, frozenset[Nature]] = {
    Kind.NUMBER: frozenset({"time", "truth"}),
    Kind.MONEY: frozenset({"time", "truth"}),
    Kind.BOOLEAN: frozenset({"time", "number"}),
    Kind.DATE: frozenset({"number", "truth"}),
    Kind.INSTANT: frozenset({"number", "truth"}),
}
"""What a value of each kind is never equal to, and never smaller or greater than."""

_OF_NUMBERS = phrase("`=`, `<`, `>` or `between` with numbers")
_OF_TIMES = phrase("`in last 30 days`, `before 2026-01-31` or another test of time, dates without quotes")
_USUAL_TESTS: dict[Kind, Phrase] = {
    Kind.TEXT: phrase("`= '..'`, `in ('..', '..')` or `contains '..'`"),
    Kind.NUMBER: _OF_NUMBERS,
    Kind.MONEY: _OF_NUMBERS,
    Kind.BOOLEAN: phrase("`= true` or `= false`"),
    Kind.DATE: _OF_TIMES,
    Kind.INSTANT: _OF_TIMES,
}


def check_test(naming: Naming, node: Test, asked: Asked) -> None:
    """Refuse a test that makes no sense for the kind of its value, or that is broken in itself."""
    if node.held is not None:
        _check_held(naming, node, node.held, asked)
    if isinstance(node.value, Anniversary):
        _check_anniversary(naming, node, Asked(naming.path(node.value.path, PERSON)))
        return
    operator = node.operator
    _check_kind(naming, node, asked)
    match operator:
        case Compare(operator="=") | OneOf() | Has():
            for constant in constants(operator):
                _check_equal(naming, node, constant, asked)
        case Compare() | Range():
            for constant in constants(operator):
                _check_ordered(naming, node, constant, asked)
        case TextMatch(how="matches"):
            _check_pattern(naming, operator)
        case Is(what="identified"):
            _check_identified(naming, node)
        case During(window=window):
            check_window(naming, window)
    if isinstance(operator, Range):
        _check_range(naming, operator)
    if isinstance(node.value, Bucket):
        _check_shares(naming, operator)


def constants(operator: Operator) -> tuple[Constant, ...]:
    """The constants that a value is compared with."""
    match operator:
        case Compare(constant=constant):
            return (constant,)
        case OneOf(constants=several) | Has(constants=several):
            return several
        case Range(low=low, high=high):
            return low, high
        case _:
            return ()


def check_window(naming: Naming, window: Window | None) -> None:
    """Refuse a window in which nothing can lie."""
    if window is None:
        return
    period = window.period
    if isinstance(period, Calendar) and period.unit in ("second", "minute", "hour"):
        naming.fail(NoSuchPeriod, period, which=period.which, unit=period.unit, count=period.count)
    if isinstance(period, BetweenTimes) and _is_after(period.begin, period.end):
        naming.fail(EmptyRange, window, low=show(period.begin), high=show(period.end))


# --- the kind of the value


def asks(operator: Operator) -> Asks:
    """What an operator asks of a value."""
    match operator:
        case Compare(operator="=") | OneOf():
            return Asks.EQUALITY
        case Compare() | Range():
            return Asks.ORDER
        case Has():
            return Asks.ITEMS
        case TextMatch():
            return Asks.TEXT
        case During():
            return Asks.TIME
        case Is():
            return Asks.STATE


def _check_kind(naming: Naming, node: Test, asked: Asked) -> None:
    wanted = asks(node.operator)
    if wanted not in MEANINGFUL[asked.kind] or (asked.is_computed and wanted is Asks.TEXT):
        _refuse_kind(naming, node, asked)


def _refuse_kind(naming: Naming, node: Test, asked: Asked) -> NoReturn:
    name = show(node.value)
    facts = {"test": show(node.operator), "name": name, "kind": Phrase(KINDS[asked.kind])}
    if asked.kind is Kind.LIST:
        searched = node.operator.text if isinstance(node.operator, TextMatch) else "..."
        items = constants(node.operator) or (Text(searched),)
        naming.fail(ListNeedsHas, node, advice=f"{name} has {show(items[0])}", **facts)
    if asked.kind is Kind.OBJECT:
        naming.fail(ObjectNeedsName, node, advice=f"{name}.city", **facts)
    naming.fail(WrongTest, node, advice=_USUAL_TESTS[asked.kind], **facts)


# --- the constants


def nature(constant: Constant) -> Nature:
    """What a constant is next to `<`: a text that reads as a number or as a date is one."""
    match constant:
        case Number():
            return "number"
        case Day() | Moment():
            return "time"
        case Truth():
            return "truth"
        case Text(value=value):
            if number(value) is not None:
                return "number"
            return "time" if _reads_as_time(value) else "text"


def _reads_as_time(value: str) -> bool:
    return parse_date(value) is not None or parse_instant(value, ZoneInfo("UTC")) is not None


def _check_equal(naming: Naming, node: Test, constant: Constant, asked: Asked) -> None:
    _check_currency(naming, node, constant, asked)
    if isinstance(constant, Text):
        if asked == Asked(Kind.INSTANT, is_computed=True):
            _refuse_constant(naming, node, constant, asked)
        return
    if isinstance(node.operator, Has) and isinstance(constant, Day | Moment):
        naming.fail(DateInList, constant, found=show(constant))
    if nature(constant) in SENSELESS.get(asked.kind, ()):
        _refuse_constant(naming, node, constant, asked)


def _check_ordered(naming: Naming, node: Test, constant: Constant, asked: Asked) -> None:
    _check_currency(naming, node, constant, asked)
    found = nature(constant)
    if found in ("text", "truth"):
        sign = node.operator.operator if isinstance(node.operator, Compare) else "between"
        naming.fail(NoOrder, constant, test=sign, found=show(constant))
    if found in SENSELESS.get(asked.kind, ()):
        _refuse_constant(naming, node, constant, asked)


def _refuse_constant(naming: Naming, node: Test, constant: Constant, asked: Asked) -> None:
    facts = {"test": show(node.operator), "name": show(node.value), "kind": Phrase(KINDS[asked.kind])}
    told = _about_years(node.operator) if asked.kind in (Kind.DATE, Kind.INSTANT) else None
    step = None if told is None else Phrase(*told)
    naming.fail(WrongTest, constant, advice=_USUAL_TESTS[asked.kind], next_step=step, **facts)


def _about_years(operator: Operator) -> Told | None:
    """What to write instead of a test of a date with years."""
    match operator:
        case Compare(operator=sign, constant=Number(value=year, currency=None)):
            return about_years(sign, str(year))
        case Range(low=Number(value=low, currency=None), high=Number(value=high, currency=None)):
            return about_years("between", str(low), str(high))
        case _:
            return None


def _check_shares(naming: Naming, operator: Operator) -> None:
    """Refuse to compare a bucket, a share from 0 to 1, with a number that is none."""
    for constant in constants(operator):
        shown = constant.value if isinstance(constant, Number) else None
        value = number(constant.value) if isinstance(constant, Text) else shown
        if value is not None and not 0 <= value <= 1:
            step = Phrase(*share_of(value if 1 < value <= 100 else Decimal(50)))
            naming.fail(BadNumber, constant, word=show(constant), reason=_OF_SHARES, next_step=step)


_OF_SHARES = phrase("a bucket is a share from 0 to 1")


def _check_currency(naming: Naming, node: Test, constant: Constant, asked: Asked) -> None:
    """An amount with its currency is compared with money; the items of a list are none."""
    if not isinstance(constant, Number) or constant.currency is None:
        return
    if isinstance(node.operator, Has) or asked.kind not in (Kind.MONEY, Kind.ANY):
        facts = {"amount": show(constant), "name": show(node.value), "kind": Phrase(KINDS[asked.kind])}
        naming.fail(MoneyAndOther, constant, **facts)
    naming.currency(constant)


def _check_range(naming: Naming, node: Range) -> None:
    if nature(node.low) != nature(node.high):
        naming.fail(MixedRange, node, low=show(node.low), high=show(node.high))
    if _is_after(node.low, node.high):
        naming.fail(EmptyRange, node, low=show(node.low), high=show(node.high))


def _is_after(low: Constant, high: Constant) -> bool:
    """Whether the first edge is surely the greater one."""
    match low, high:
        case Number(), Number():
            return low.currency == high.currency and low.value > high.value
        case Day(), Day():
            return low.value > high.value
        case Moment(), Moment():
            return low.offset == high.offset and low.value > high.value
        case _:
            return False


# --- the rest


def _check_pattern(naming: Naming, node: TextMatch) -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(node.text, options)
    except re2.error as error:
        reason = error.args[0]
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        naming.fail(BadPattern, node, reason=said)


def _check_held(naming: Naming, node: Test, held: Held, asked: Asked) -> None:
    """How long something has been so is known of traits; a window would move while it is asked."""
    if not asked.is_trait or isinstance(node.operator, During):
        naming.fail(HeldOfTraits, held, how=held.how, test=show(replace(node, held=None)))


def _check_anniversary(naming: Naming, node: Test, asked: Asked) -> None:
    """An anniversary comes every year, so only a window that is closed at both ends says something about it."""
    if Asks.TIME not in MEANINGFUL[asked.kind]:
        _refuse_kind(naming, node, asked)
    match node.operator:
        case Is(what="known"):
            pass
        case During(window=window) if _is_closed(window):
            check_window(naming, window)
        case _:
            naming.fail(OpenAnniversary, node.operator, test=show(node.operator), name=show(node.value))


def _is_closed(window: Window) -> bool:
    match window.period:
        case MoreThanAgo():
            return False
        case Point(relation=relation):
            return relation == "on"
        case _:
            return True


def _check_identified(naming: Naming, node: Test) -> None:
    if isinstance(node.value, Path) and node.value.names == PROFILE:
        return
    naming.fail(OnlyProfilesIdentified, node, name=show(node.value))
