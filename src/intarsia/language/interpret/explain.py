"""Why is a person in a segment, or not? Each condition with its outcome and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from intarsia.clock import to_iso
from intarsia.language import tree
from intarsia.language.facts import Json
from intarsia.language.interpret.aggregates import Selection, answers_of, events, select
from intarsia.language.interpret.conditions import Sets, answer, chosen_event, is_member
from intarsia.language.interpret.known import Known
from intarsia.language.interpret.operators import Answer, Instant
from intarsia.language.interpret.question import When
from intarsia.language.interpret.subjects import Subject, fits
from intarsia.language.show import show
from intarsia.language.values import number, shortest

EVENTS_SHOWN = 10
"""How many events an explanation names, the latest; their full number stands beside."""

PLACES_SHOWN = 6
"""How many decimals of a quotient an explanation shows."""

NUMERIC_FOLDS = ("sum", "avg", "min", "max")

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What goes into JSON as it is; exact decimals are texts, instants ISO texts in UTC."""


@dataclass(frozen=True)
class Explanation:
    """One condition, whether it holds, and why.

    text   the condition as the language writes it
    facts  what it was decided by, by name; which names there are depends on the condition:
           of a trait `trait`, `value`, `since`, `is_derived`; of an aggregate `value` (of several lines `values`),
           `event_count`, `events`, `refunds`, `left_out_count`, `window_begin`, `window_end`; of a rank also `ranked`,
           `edge`
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
        return Explanation(show(condition), holds=False, facts={"is_known": False})
    parts: tuple[Explanation, ...] = ()
    match condition:
        case tree.And() | tree.Or() | tree.Not():
            return _joined(condition, [explain_person(part, known, sets) for part in _parts(condition)])
        case tree.Had(condition=inner):
            chosen = chosen_event(condition, known)
            parts = () if chosen is None else (explain_subject(inner, chosen),)
            facts: dict[str, Plain] = {"event": None if chosen is None else _event(chosen)}
        case _:
            facts = _facts(condition, known, sets)
    return Explanation(show(condition), is_member(condition, known, sets), facts, parts)


def explain_subject(condition: tree.Condition, subject: Subject) -> Explanation:
    """Why an event or a line meets a condition, or not."""
    facts: Mapping[str, Plain] = {}
    parts: tuple[Explanation, ...] = ()
    match condition:
        case tree.And() | tree.Or() | tree.Not():
            return _joined(condition, [explain_subject(part, subject) for part in _parts(condition)])
        case tree.Test(value=tree.Path() as path):
            facts = {"values": [plain(value) for value in subject.values(path)]}
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
        case tree.Test(value=value, operator=operator):
            return {**_of_value(value, known), **_of_operator(operator, known.when)}
        case tree.Did(event=event, where=where, window=window):
            found = events(event, where, window, known)
            return {**_of_window(window, known.when), **_of_events(found)}
        case tree.Rank(by=by):
            ranking = sets.ranking(condition)
            own = {**_of_value(by, known), "value": plain(answer(by, known))}
            return {**own, "ranked": ranking.ranked, "edge": plain(ranking.edge)}
        case tree.InSegment(name=name):
            return {"segment": name}
        case _:
            return {}


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
        case _:
            return {"value": plain(answer(value, known))}


def _of_operator(operator: tree.Operator, when: When) -> dict[str, Plain]:
    return _of_window(operator.window, when, "test") if isinstance(operator, tree.During) else {}


def _of_window(window: tree.Window | None, when: When, prefix: str = "window") -> dict[str, Plain]:
    """The window as instants: its begin is inside, its end is not."""
    if window is None:
        return {}
    span = when.instants(window)
    bounds = {"begin": span.begin, "end": span.end}
    return {f"{prefix}_{name}": None if bound is None else to_iso(bound) for name, bound in bounds.items()}


def _of_selection(fold: tree.Fold, found: Selection) -> dict[str, Plain]:
    """The events and refunds of an aggregate, and how many of them could not be used (rules 28, 29)."""
    facts = _of_events(found.subjects)
    if found.refunds:
        facts["refund_count"] = len(found.refunds)
        facts["refunds"] = [{**_event(part), "value": plain(value)} for part, value in found.refunds[-EVENTS_SHOWN:]]
    taken = found.target.property
    if taken is not None:
        is_numeric = fold in NUMERIC_FOLDS
        own = [part for subject in found.subjects for part in (subject.lines() if taken.is_of_line else (subject,))]
        parts = [*own, *(part for part, _ in found.refunds)]
        facts["left_out_count"] = sum(_is_left_out(part.raw(taken), is_numeric) for part in own)
        facts["without_rate_count"] = sum(part.lacks_rate(taken) for part in parts)
    return facts


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
