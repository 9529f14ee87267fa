"""Whose answer could have changed in a stretch of time? Found in SQL, so that nobody else has to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import FIRST, LAST, MILLISECONDS, shift
from intarsia.lake.session import Session
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.check import Checked
from intarsia.language.interpret.moments import learned_of
from intarsia.language.interpret.persons import ever_joined
from intarsia.language.meaning.joins import Join, by_id
from intarsia.language.meaning.periods import stretches
from intarsia.language.meaning.windows import WindowBefore, interval

_DAY = 24 * MILLISECONDS["hour"]
_SLACK = 5 * _DAY
"""So far may a step back lead from where a step forward began, for months differ by up to three days; and zones."""

_BY_EVENTS_ALONE = (
    *(tree.And, tree.Or, tree.Not, tree.Everyone, tree.Nobody, tree.Test, tree.Path, tree.Aggregate, tree.Event),
    *(tree.Compare, tree.OneOf, tree.Has, tree.TextMatch, tree.Range, tree.Is, tree.During, tree.Window, tree.Length),
    *(tree.Rolling, tree.Calendar, tree.NamedDay, tree.Point, tree.MoreThanAgo, tree.BetweenAgo, tree.BetweenTimes),
    *(tree.Text, tree.Number, tree.Truth, tree.Day, tree.Moment, tree.Ratio, tree.Bucket, tree.Did, tree.Had),
    *(tree.HasLine, tree.Step, tree.Sequence, tree.Active, tree.Lapsed, tree.FirstTime, tree.Returned, tree.Trend),
    *(tree.InSegment, tree.Near, tree.InsideArea),
)
"""What changes only where events happen, are learned, and enter or leave windows; `_needs_more` names exceptions."""


@dataclass(frozen=True)
class Span:
    """The time after `lower`, up to and with `upper`; milliseconds UTC."""

    lower: int
    upper: int


def spans(rules: Iterable[Checked], catalog: Catalog, span: Span) -> list[Span] | None:
    """When events happened that enter or leave a window of the rules within a span; None: anything may matter."""
    found: list[Span] = []
    for rule in rules:
        if next(learned_of(rule.tree, catalog, span.lower, span.upper), None) is not None:
            return None
        for node in rule.tree.walk():
            if not isinstance(node, _BY_EVENTS_ALONE) or _needs_more(node, catalog):
                return None
            found += _spans(node, catalog, span)
    return found


def joined_within(joins: Iterable[Join], span: Span) -> Iterator[str]:
    """The profile ids of those who became one person, or two again, within a span."""
    for join in joins:
        if any(edge is not None and span.lower < edge <= span.upper for edge in (join.recorded_at, join.undone_at)):
            yield from (join.one, join.other)


def concerned(session: Session, happened: list[Span] | None, span: Span, ids: Iterable[str]) -> list[int]:
    """The numbers of the profiles whose membership could have changed within a span; some of the others too.

    happened  when events happened that entered or left windows within it; None: everybody is meant
    ids       profiles that are meant in any case
    """
    if happened is None:
        return _numbers(session, "select profile_no from lake.profiles", {})
    every = [*happened, span]
    spans_table = {
        "lower": pa.array([max(one.lower, FIRST) for one in every], pa.int64()),
        "upper": pa.array([min(one.upper, LAST) for one in every], pa.int64()),
    }
    session.register("moved_spans", pa.table(spans_table))
    _offer_ids(session, ids)
    sql = """
        select distinct profile_no from lake.events
        where profile_no is not null
          and (exists (from moved_spans where epoch_ms(occurred_at) > lower and epoch_ms(occurred_at) <= upper)
               or (epoch_ms(recorded_at) > $lower and epoch_ms(recorded_at) <= $upper))
        union
        select profile_no from lake.profiles semi join moved_ids using (profile_id)
    """
    return _numbers(session, sql, {"lower": span.lower, "upper": span.upper})


def batches(session: Session, numbers: list[int], joins: Iterable[Join], most: int) -> Iterator[list[int]]:
    """Profiles by their numbers, about `most` at a time; those who were ever joined come together, all of them."""
    by_profile = by_id(joins)
    _offer_ids(session, by_profile)
    rows = session.execute("select profile_no, profile_id from lake.profiles semi join moved_ids using (profile_id)")
    number_of = dict(zip(rows["profile_id"].to_pylist(), rows["profile_no"].to_pylist(), strict=True))
    id_of = {number: profile_id for profile_id, number in number_of.items()}
    batch, seen = list[int](), set[int]()
    for number in numbers:
        if number in seen:
            continue
        ids = ever_joined(id_of[number], by_profile) if number in id_of else ()
        own = [number_of[profile_id] for profile_id in sorted(ids) if profile_id in number_of] or [number]
        batch += own
        seen.update(own)
        if len(batch) >= most:
            yield batch
            batch = []
    if batch:
        yield batch


def _offer_ids(session: Session, ids: Iterable[str]) -> None:
    session.register("moved_ids", pa.table({"profile_id": pa.array(sorted(ids), pa.string())}))


def _numbers(session: Session, sql: str, values: dict[str, object]) -> list[int]:
    found = session.execute(f"select profile_no from ({sql}) order by profile_no", values)  # nosec B608
    numbers: list[int] = found["profile_no"].to_pylist()
    return numbers


# --- what a condition depends on


def _needs_more(node: tree.Node, catalog: Catalog) -> bool:
    """Whether more than events that happen, are learned, enter or leave windows changes the answer."""
    match node:
        case tree.Test(held=held) if held is not None:
            return True
        case tree.Test(value=value, operator=tree.During()):
            # `last(order)` is when an event happened; any other value may be a date.
            return not (isinstance(value, tree.Aggregate) and len(value.event.names) == 1)
        case tree.Path(names=names):
            trait = catalog.trait(names) or catalog.trait(names[:1])
            return trait is not None and trait.changes_by_time
        case tree.Number(currency=currency):
            return currency is not None
        case _:
            return False


def _spans(node: tree.Node, catalog: Catalog, span: Span) -> Iterator[Span]:
    match node:
        case tree.Window():
            yield from _passed(node, catalog, span)
        case tree.Trend(window=window):
            yield from _passed(WindowBefore(window.period, window.local, window.calendar), catalog, span)
        case tree.Active():
            for stretch in stretches(node):
                yield from _passed(stretch, catalog, span)
        case tree.Lapsed(length=length) | tree.FirstTime(length=length) | tree.Returned(length=length):
            yield from _passed(tree.Window(tree.Rolling("last", length)), catalog, span)
        case tree.Step(within=within) if within is not None:
            zone = ZoneInfo(catalog.timezone)
            begin = shift(span.lower, -within.count, within.unit, zone, catalog.calendar)
            yield Span(begin - _SLACK, span.upper)


def _passed(window: tree.Window, catalog: Catalog, span: Span) -> Iterator[Span]:
    """What the begin and the end of a window go past within a span."""
    zone = ZoneInfo(catalog.timezone)
    # A calendar period may come back for an hour, where a clock is set back into the day before.
    slack = _SLACK if window.local else _DAY * isinstance(window.period, tree.Calendar | tree.NamedDay)
    first = interval(window, span.lower, zone, catalog.first_weekday, catalog.calendar)
    last = interval(window, span.upper, zone, catalog.first_weekday, catalog.calendar)
    for begin, end in ((first.begin, last.begin), (first.end, last.end)):
        if begin is not None and end is not None and begin - slack < end + slack:
            yield Span(begin - 1 - slack, end + slack)
