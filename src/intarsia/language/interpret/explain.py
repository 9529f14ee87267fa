"""Why is a person in a segment, or not? Each condition with its outcome and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from intarsia.clock import to_iso
from intarsia.language import tree
from intarsia.language.catalog import Kind
from intarsia.language.checking.named import Pin
from intarsia.language.interpret.aggregates import Selection, answers_of, events, select, undecided
from intarsia.language.interpret.anniversaries import anniversary_in, celebrated_day, next_anniversary
from intarsia.language.interpret.conditions import answer, chosen_event, is_member, so_long
from intarsia.language.interpret.consents import Agreed, agreed
from intarsia.language.interpret.held import Lasting
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, Instant
from intarsia.language.interpret.patterns import Pattern, activity, choice, comebacks, last
from intarsia.language.interpret.places import metres_to, point_of
from intarsia.language.interpret.question import When
from intarsia.language.interpret.sets import Sets
from intarsia.language.interpret.subjects import Subject, fits, lacking_rate, property_of
from intarsia.language.meaning.deletion import deletion
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.orders import REFUND
from intarsia.language.meaning.trends import halves
from intarsia.language.meaning.values import number, shortest
from intarsia.language.meaning.windows import Interval
from intarsia.language.writing.show import show

EVENTS_SHOWN = 10
"""How many events an explanation names, the latest; their full number stands beside."""

PERIODS_SHOWN = 12
"""How many periods of `active` an explanation shows, the newest."""

PLACES_SHOWN = 6
"""How many decimals of a quotient an explanation shows."""

NUMERIC_FOLDS = ("sum", "avg", "min", "max")

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What goes into JSON as it is; exact decimals are texts, instants ISO texts in UTC."""


@dataclass(frozen=True)
class Explanation:
    """One condition, whether it holds, and why.

    text   the condition as the language writes it
    facts  what it was decided by, by name; which names there are depends on the condition: of a trait `trait`, `value`,
           `since`, `is_derived`; of an aggregate `value` (of several lines `values`), `event_count`, `events`,
           `refunds`, `left_out_count`, `missing_rates`, `window_begin`, `window_end`; of a ratio `value`, `top`,
           `bottom`, of a trend `value`, `now`, `before`; of a rank also `ranked`, `edge`; of a sequence `steps_met`,
           `step_count` and one choice of `events` that meets so many; of `active` `hit_count` and `periods`, the newest
           first; of `first_time` and `lapsed` the first or last `event`; of `returned` the `event` and the `earlier`
           one; of a place `latitude`, `longitude` and `metres` or `area`; of a consent `state`, `event`, `expires`; of
           a segment `segment`, `pins`, `at`, `entered_at` or `left_at`; of somebody who is in no segment `is_known`, or
           `deleted_since` and `reason`; of a test with `for` also `is_so` (now, the
           negation where that is meant), `held_begin` and `held_since`; of an anniversary also `anniversary`, the one
           in the window or the next
    parts  of `and`, `or`, `not`, `had`, `has line`: the conditions below
    is_joint  it is an `and` or an `or`: its parts say why
    """

    text: str
    holds: bool
    facts: Mapping[str, Plain] = field(default_factory=dict)
    parts: tuple[Explanation, ...] = ()
    is_joint: bool = False

    def failing(self) -> Iterator[Explanation]:
        """The smallest conditions because of which this one does not hold; none where it does.

        Of `and` those that fail, of `or` all; a `not` is named whole.
        """
        if self.holds:
            return
        if self.is_joint:
            for part in self.parts:
                yield from part.failing()
        else:
            yield self

    def to_json(self) -> dict[str, Plain]:
        """The tree in plain values: text, holds, facts, parts."""
        parts = [part.to_json() for part in self.parts]
        return {"text": self.text, "holds": self.holds, "facts": self.facts, "parts": parts}


def explain_person(condition: tree.Condition, known: Known, sets: Sets) -> Explanation:
    """Why a condition holds for a person, or not."""
    if not known.is_in_base:
        return Explanation(show(condition), holds=False, facts=_of_absence(known))
    parts: tuple[Explanation, ...] = ()
    match condition:
        case tree.And() | tree.Or() | tree.Not():
            return _joined(condition, [explain_person(part, known, sets) for part in _parts(condition)])
        case tree.Had(condition=inner):
            chosen = chosen_event(condition, known)
            parts = () if chosen is None else (explain_subject(inner, chosen),)
            facts: dict[str, Plain] = {"event": None if chosen is None else _event(chosen)}
            facts |= _of_filters(condition, known)
        case _:
            facts = _facts(condition, known, sets)
    return Explanation(show(condition), is_member(condition, known, sets), facts, parts)


def _of_absence(known: Known) -> dict[str, Plain]:
    """Why somebody is not in the base: nothing was known of them by then, or they are deleted."""
    found = deletion(known.facts)
    if found is None:
        return {"is_known": False}
    return {"deleted_since": to_iso(found.occurred_at), "reason": plain(found.properties.get("reason"))}


def explain_subject(condition: tree.Condition, subject: Subject) -> Explanation:
    """Why an event or a line meets a condition, or not."""
    facts: Mapping[str, Plain] = {}
    parts: tuple[Explanation, ...] = ()
    match condition:
        case tree.And() | tree.Or() | tree.Not():
            return _joined(condition, [explain_subject(part, subject) for part in _parts(condition)])
        case tree.Test(value=tree.Path() as path):
            facts = {"values": [plain(value) for value in subject.values(property_of(subject.type, path.names))]}
        case tree.HasLine(condition=inner):
            parts = tuple(explain_subject(inner, line) for line in subject.lines())
    return Explanation(show(condition), fits(condition, subject), facts, parts)


def _parts(condition: tree.And | tree.Or | tree.Not) -> tuple[tree.Condition, ...]:
    return (condition.part,) if isinstance(condition, tree.Not) else condition.parts


def _joined(condition: tree.And | tree.Or | tree.Not, parts: list[Explanation]) -> Explanation:
    outcomes = [part.holds for part in parts]
    match condition:
        case tree.And():
            holds = all(outcomes)
        case tree.Or():
            holds = any(outcomes)
        case tree.Not():
            holds = not outcomes[0]
    return Explanation(show(condition), holds, parts=tuple(parts), is_joint=not isinstance(condition, tree.Not))


# --- the facts behind one condition


def _facts(condition: tree.Condition, known: Known, sets: Sets) -> dict[str, Plain]:
    match condition:
        case tree.Test(value=value, held=tree.Held() as held):
            return {**_of_value(value, known), **_of_held(so_long(condition, held, known, sets))}
        case tree.Test(value=tree.Anniversary() as value, operator=operator):
            return {**_of_anniversary(value, operator, known), **_of_operator(operator, known.when)}
        case tree.Test(value=value, operator=operator):
            return {**_of_value(value, known), **_of_operator(operator, known.when)}
        case tree.Did(event=event, where=where, window=window):
            found = events(event, where, window, known)
            return {**_of_window(window, known.when), **_of_events(found), **_of_filters(condition, known)}
        case tree.Rank(by=by):
            ranking = sets.ranking(condition)
            own = {**_of_value(by, known), "value": plain(answer(by, known))}
            return {**own, "ranked": ranking.ranked, "edge": plain(ranking.edge)}
        case tree.Sequence() | tree.Active() | tree.Lapsed() | tree.FirstTime() | tree.Returned():
            return {**_of_pattern(condition, known), **_of_filters(condition, known)}
        case tree.Near() | tree.InsideArea():
            return _of_place(condition, known)
        case tree.Consent(channel=channel, purpose=purpose):
            return _of_consent(agreed(known, channel, purpose))
        case tree.InSegment(name=name, at=None):
            return {"segment": name, **of_pins(sets.by_hand(name, known))}
        case tree.InSegment(name=name, at=at) if at is not None:
            return {"segment": name, "at": show(at)}
        case tree.Moved(how=how, name=name, window=window):
            instants: list[Plain] = [to_iso(at) for at in sets.moments(condition, known)]
            return {"segment": name, **_of_window(window, known.when), f"{how}_at": instants[-EVENTS_SHOWN:]}
        case _:
            return {}


def of_pins(pins: Iterable[Pin]) -> dict[str, Plain]:
    """Who was put into a segment by hand, or kept out of it: since when, why, by whom, until when."""
    told: list[Plain] = [pin.to_json() for pin in pins]
    return {"pins": told} if told else {}


def _of_pattern(pattern: Pattern, known: Known) -> dict[str, Plain]:
    match pattern:
        case tree.Sequence(steps=steps, window=window):
            found = choice(pattern, known)
            told: dict[str, Plain] = {"steps_met": found.steps_met, "step_count": len(steps)}
            return {**_of_window(window, known.when), **told, "events": [_event(event) for event in found.events]}
        case tree.Active():
            counted = activity(pattern, known)
            newest: list[Plain] = [
                {**_of_span(period.span), "event_count": period.event_count} for period in counted[:PERIODS_SHOWN]
            ]
            return {"hit_count": sum(period.is_hit for period in counted), "periods": newest}
        case tree.Returned(length=length):
            pairs = list(comebacks(pattern, known))
            pairs = [pair for pair in pairs if pair.is_after_a_break] or pairs
            shown: dict[str, Plain] = {"event": None, "earlier": None}
            if pairs:
                shown = {"event": _event(pairs[-1].event), "earlier": _event(pairs[-1].earlier)}
            return {**_of_window(last(length), known.when), **shown}
        case tree.Lapsed() | tree.FirstTime():
            ever = events(pattern.event, pattern.where, None, known)
            end = ever[-1:] if isinstance(pattern, tree.Lapsed) else ever[:1]
            named: dict[str, Plain] = {"event_count": len(ever), "event": _event(end[0]) if end else None}
            return {**_of_window(last(pattern.length), known.when), **named}


def _of_place(condition: tree.Near | tree.InsideArea, known: Known) -> dict[str, Plain]:
    point = point_of(known)
    where: dict[str, Plain] = {
        "latitude": None if point is None else plain(point[0]),
        "longitude": None if point is None else plain(point[1]),
    }
    if isinstance(condition, tree.InsideArea):
        return {**where, "area": condition.name}
    metres = metres_to(condition, known)
    return {**where, "metres": None if metres is None else str(metres)}


def _of_consent(found: Agreed) -> dict[str, Plain]:
    fact = found.fact
    event: Plain = None
    if fact is not None:
        event = {"id": fact.id, "name": fact.name, "occurred_at": to_iso(fact.occurred_at)}
    return {"state": found.state, "event": event, "expires": plain(found.expires)}


def _of_value(value: tree.Value, known: Known) -> dict[str, Plain]:
    match value:
        case tree.Path(names=names):
            said = known.trait(names)
            since = None if said.since is None else to_iso(said.since)
            return {
                "trait": ".".join(names),
                "value": plain(said.value),
                "since": since,
                "is_derived": said.is_derived,
            }
        case tree.Aggregate(window=window):
            found = select(value, known)
            asked = [plain(one) for one in answers_of(value, known)]
            result: dict[str, Plain] = {"value": asked[0]} if len(asked) == 1 else {"values": asked}
            return {**result, **_of_window(window, known.when), **_of_selection(value.fold, found)}
        case tree.Ratio(top=top, bottom=bottom):
            parts = {"top": _of_value(top, known), "bottom": _of_value(bottom, known)}
            return {"value": plain(answer(value, known)), **parts}
        case tree.Trend():
            now, before = halves(value)
            parts = {"now": _of_value(now, known), "before": _of_value(before, known)}
            return {"value": plain(answer(value, known)), **parts}
        case _:
            return {"value": plain(answer(value, known))}


def _of_held(found: Lasting) -> dict[str, Plain]:
    since = None if found.since is None else to_iso(found.since)
    return {"is_so": found.is_so, "held_begin": to_iso(found.begin), "held_since": since}


def _of_anniversary(value: tree.Anniversary, operator: tree.Operator, known: Known) -> dict[str, Plain]:
    """The anniversary that lies in the window, else the next one."""
    day, found = celebrated_day(value, known), None
    if day is not None and isinstance(operator, tree.During):
        found = anniversary_in(operator.window, day, known.when)
    celebrated = plain(next_anniversary(value, known)) if found is None else found.isoformat()
    return {**_of_value(value.path, known), "anniversary": celebrated}


def _of_operator(operator: tree.Operator, when: When) -> dict[str, Plain]:
    """The window of a test, and what its amounts in other currencies are as of the question."""
    if isinstance(operator, tree.During):
        return _of_window(operator.window, when, "test")
    said = (node for node in operator.walk() if isinstance(node, tree.Number) and node.currency is not None)
    amounts = {show(node): plain(when.in_own_currency(node)) for node in said}
    return {"amounts": amounts} if amounts else {}


def _of_window(window: tree.Window | None, when: When, prefix: str = "window") -> dict[str, Plain]:
    """The window as instants: its begin is inside, its end is not."""
    if window is None:
        return {}
    return {f"{prefix}_{name}": bound for name, bound in _of_span(when.instants(window)).items()}


def _of_span(span: Interval) -> dict[str, Plain]:
    bounds = {"begin": span.begin, "end": span.end}
    return {name: None if bound is None else to_iso(bound) for name, bound in bounds.items()}


def _of_selection(fold: tree.Fold, found: Selection) -> dict[str, Plain]:
    """The events and refunds of an aggregate, and how many of them could not be used (rules 28, 29)."""
    facts = _of_events(found.subjects)
    if found.refunds:
        facts["refund_count"] = len(found.refunds)
        refunds = [(part, value) for (part, _), value in zip(found.refunds, found.given_back, strict=True)]
        facts["refunds"] = [
            {**_event(part), "name": REFUND, "value": plain(value)} for part, value in refunds[-EVENTS_SHOWN:]
        ]
    taken = found.target.property
    if taken is not None:
        is_numeric = fold in NUMERIC_FOLDS
        own = [part for subject in found.subjects for part in subject.parts(taken)]
        values = [part.raw(taken) for part in own]
        values += [value for _, value in found.refunds] if taken.kind is Kind.MONEY else []
        facts["left_out_count"] = sum(_is_left_out(value, is_numeric) for value in values)
    if taken is not None or found.unsure:
        facts["without_rate_count"] = len(found.without_rate)
    if found.without_rate:
        facts["missing_rates"] = found.missing_rates
    return facts


def _of_filters(condition: tree.Did | tree.Had | Pattern, known: Known) -> dict[str, Plain]:
    """How many events a filter could not be asked of, and the rates that it needs; nothing where it could (rule 29)."""
    if isinstance(condition, tree.Sequence):
        found = [asked for step in condition.steps for asked in undecided(step, known)]
    else:
        found = list(undecided(condition, known))
    if not found:
        return {}
    missing = {part.missing_rate(amount) for where, subject in found for part, amount in lacking_rate(where, subject)}
    return {"without_rate_count": len(found), "missing_rates": sorted(missing)}


def _is_left_out(value: Json, is_numeric: bool) -> bool:
    return (number(value) if is_numeric else value) is None


def _of_events(found: Sequence[Subject]) -> dict[str, Plain]:
    return {"event_count": len(found), "events": [_event(subject) for subject in found[-EVENTS_SHOWN:]]}


def _event(subject: Subject) -> dict[str, Plain]:
    fact = subject.fact
    shown: dict[str, Plain] = {"id": fact.id, "name": fact.name, "occurred_at": to_iso(fact.occurred_at)}
    if subject.line is not None:
        shown["line"] = plain(subject.line)
    return shown


def plain(value: Answer) -> Plain:
    """A value for JSON: a number as its exact decimal text, a quotient rounded to six places, an instant in ISO."""
    if isinstance(value, Instant):
        return to_iso(value.at)
    if isinstance(value, Fraction):
        return shortest(Decimal(round(value * 10**PLACES_SHOWN)).scaleb(-PLACES_SHOWN))
    if isinstance(value, Decimal):
        return shortest(value)
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    return [plain(item) for item in value]
