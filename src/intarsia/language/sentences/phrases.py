"""The phrases that sentences about definitions are made of, one table for each language of readers.

A table holds the same keys for every language, a phrase with named gaps for each; names and values fill them as they
are written. Where a key ends in `.not`, it is said of the negation. A new language is a new table in `TONGUES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """How one language says a definition.

    phrases       by key
    units         the forms of each unit of time
    nouns         the forms of names of events that are words of the language themselves: an order, not an order event
    form_of       which of the forms goes with a number
    with_article  something of which one is spoken of: an order, a view
    """

    phrases: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]
    with_article: Callable[[str], str]


def _one_or_many(count: int) -> int:
    return 0 if count == 1 else 1


def _a_or_an(said: str) -> str:
    first = next((letter for letter in said if letter.isalnum()), "")
    return f"an {said}" if first.lower() in "aeiou" and first else f"a {said}"


ENGLISH = Tongue(
    phrases={
        # the whole
        "people": "People {clause}",
        "people.everyone": "Everyone",
        "people.nobody": "Nobody",
        # conditions on people
        "everyone": "of any kind",
        "nobody": "who do not exist",
        "test": "whose {test}",
        "identified": "who are known by an id of their own",
        "identified.not": "who are anonymous",
        "not": "who are not among those ({clause})",
        "did": "with at least one {events}",
        "did.not": "without any {events} (also those who never had one)",
        "did.not.of_those": "without any {events}",
        "did.not.ever": "without any {events} ever",
        "had": "whose {which} {events} was {one}",
        "had.not": "whose {which} {events} was not {one} (also those who have none)",
        "one": "one",
        "rank": "who are among the {direction} {amount} by {value}",
        "rank.not": "who are not among the {direction} {amount} by {value}",
        "rank.among": "who are among the {direction} {amount} of the people ({among}) by {value}",
        "rank.among.not": (
            "who are not among the {direction} {amount} of the people ({among}) by {value} "
            "(also all who are not of these people or have no such value)"
        ),
        "rank.any": "{rank} (of those who have any)",
        "rank.any.not": "{rank} (also those who have none)",
        "rank.known": "{rank} (of those of whom it is known)",
        "rank.known.not": "{rank} (also those of whom it is unknown)",
        "rank.everybody": "{rank}",
        "rank.everybody.not": "{rank}",
        "segment": "who are in the segment {name}",
        "segment.not": "who are not in the segment {name}",
        "segment.at": "who were in the segment {name} as of {time}",
        "segment.at.not": "who were not in the segment {name} as of {time}",
        "moved.entered": "who entered the segment {name} {window}",
        "moved.entered.not": "who did not enter the segment {name} {window}",
        "moved.entered.ever": "who entered the segment {name} at some time",
        "moved.entered.ever.not": "who never entered the segment {name}",
        "moved.left": "who left the segment {name} {window}",
        "moved.left.not": "who did not leave the segment {name} {window}",
        "moved.left.ever": "who left the segment {name} at some time",
        "moved.left.ever.not": "who never left the segment {name}",
        "near": "who live within {distance} km of the point {latitude}, {longitude}",
        "near.not": "who do not live within {distance} km of the point {latitude}, {longitude} (or nobody knows where)",
        "area": "who live inside the area {name}",
        "area.not": "who do not live inside the area {name} (or nobody knows where)",
        "consent.given": "whose consent to {channel} for {purpose} is given",
        "consent.given.not": (
            "whose consent to {channel} for {purpose} is not given (withdrawn, expired, not confirmed or never asked)"
        ),
        "consent.withdrawn": "whose consent to {channel} for {purpose} is withdrawn",
        "consent.withdrawn.not": (
            "whose consent to {channel} for {purpose} is not withdrawn "
            "(given, also again after a withdrawal, expired, not confirmed or never asked)"
        ),
        "consent.unknown": "whose consent to {channel} for {purpose} is unknown (never asked or not confirmed)",
        "consent.unknown.not": "whose consent to {channel} for {purpose} is known (given, withdrawn or expired)",
        "sequence": "who had one after the other ({steps})",
        "sequence.within": "who had one after the other ({steps}; the first of these {window})",
        "step": "{events}",
        "step.within": "{events} within {length}",
        "step.absent": "no {events}",
        "step.absent.within": "no {events} within {length}",
        "active": "with at least one {events} in at least {hits} of {periods}",
        "active.times": "with at least {times} {events} in at least {hits} of {periods}",
        "active.each": "with at least one {events} in each of {periods}",
        "active.times.each": "with at least {times} {events} in each of {periods}",
        "active.once": "with at least one {events} {window}",
        "active.times.once": "with at least {times} {events} {window}",
        "periods": "the last {count} periods of {length}",
        "periods.units": "the last {length}",
        "periods.calendar": "the previous {count} whole periods of {length}",
        "periods.calendar.units": "the {length} before this one",
        "lapsed": "with at least one {events} ever but none {window}",
        "first_time": "whose very first {events} was {window}",
        "returned": "with at least one {events} {window} after a pause of at least {after}",
        # conditions on one event
        "event.everyone": "anything is so",
        "event.nobody": "nothing is so",
        "event.test": "{test}",
        "event.not": "not ({clause})",
        "there_is": "there is {line}",
        "line.where": "a line where ({condition})",
        "line.where.not": "no line where ({condition})",
        "line.whose": "a line whose {test}",
        "line.whose.not": "no line whose {test}",
        "line.empty": "a line whose {test} (or no line at all)",
        "line.empty.not": "no line whose {test} (but at least one line)",
        # events
        "event": "{name} event",
        "event.many": "{name} events",
        "event.any": "event of any name",
        "event.any.many": "events of any name",
        "event.any.order": "order of any status",
        "event.any.order.many": "orders of any status",
        "events.where": "{event} where ({condition})",
        "such": "such {event}",
        "events.with": "{event} with {lines}",
        "events.window": "{events} {window}",
        # values
        "the": "the {value}",
        "profile": "profile id",
        "either": "{name} (or, if it has none, that of one of its lines)",
        "either.not": "{name} (or, if it has none, that of all its lines)",
        "either.of_line": "{name} (that of the {event} or, if it has none, of the line)",
        "of_event": "{name} of the {event}",
        "property.of": "{property} of {events}",
        "fold.count": "number of {events}",
        "fold.count.property": "number of {events} with a known {property}",
        "fold.count.values": "number of known values of {of}",
        "fold.sum": "sum of {of}",
        "fold.avg": "average {of}",
        "fold.min": "smallest {of}",
        "fold.max": "largest {of}",
        "fold.distinct": "number of different values of {of}",
        "fold.first": "first {events}",
        "fold.first.property": "{property} of the first {events}",
        "fold.last": "last {events}",
        "fold.last.property": "{property} of the last {events}",
        "lines": "line of {event}",
        "lines.many": "lines of {event}",
        "ratio": "ratio of {top} to {bottom}",
        "trend": "change in {value} ({window}, against as long before)",
        "anniversary": "anniversary of {name}",
        "bucket": "random share {name}",
        # tests
        "=": "{value} is {constant}",
        "=.not": "{value} is not {constant}",
        "<": "{value} is below {constant}",
        "<.not": "{value} is not below {constant}",
        "<=": "{value} is at most {constant}",
        "<=.not": "{value} is not at most {constant}",
        ">": "{value} is above {constant}",
        ">.not": "{value} is not above {constant}",
        ">=": "{value} is at least {constant}",
        ">=.not": "{value} is not at least {constant}",
        "event.during": "{value} was {window}",
        "event.during.not": "{value} was not {window}",
        "event.<": "{value} was before {constant}",
        "event.<.not": "{value} was not before {constant}",
        "event.<=": "{value} was {constant} or earlier",
        "event.<=.not": "{value} was not {constant} or earlier",
        "event.>": "{value} was after {constant}",
        "event.>.not": "{value} was not after {constant}",
        "event.>=": "{value} was {constant} or later",
        "event.>=.not": "{value} was not {constant} or later",
        "time.<": "{value} is before {constant}",
        "time.<.not": "{value} is not before {constant}",
        "time.<=": "{value} is {constant} or earlier",
        "time.<=.not": "{value} is not {constant} or earlier",
        "time.>": "{value} is after {constant}",
        "time.>.not": "{value} is not after {constant}",
        "time.>=": "{value} is {constant} or later",
        "time.>=.not": "{value} is not {constant} or later",
        "in": "{value} is {constants}",
        "in.not": "{value} is not {constants}",
        "in.neither": "{value} is neither {constants}",
        "has.one": "{value} list has {constants}",
        "has.one.not": "{value} list does not have {constants}",
        "has.any": "{value} list has at least one of {constants}",
        "has.any.not": "{value} list has none of {constants}",
        "has.all": "{value} list has all of {constants}",
        "has.all.not": "{value} list does not have all of {constants}",
        "contains": "{value} contains {constant}",
        "contains.not": "{value} does not contain {constant}",
        "starts": "{value} starts with {constant}",
        "starts.not": "{value} does not start with {constant}",
        "ends": "{value} ends with {constant}",
        "ends.not": "{value} does not end with {constant}",
        "matches": "{value} matches the pattern {constant}",
        "matches.not": "{value} does not match the pattern {constant}",
        "between": "{value} is between {low} and {high}",
        "between.not": "{value} is not between {low} and {high}",
        "known": "{value} is known",
        "known.not": "{value} is unknown",
        "empty": "{value} is empty or unknown",
        "empty.not": "{value} is known and not empty",
        "is.identified": "{value} is identified",
        "is.identified.not": "{value} is not identified",
        "during": "{value} is {window}",
        "during.not": "{value} is not {window}",
        "chosen": "{value} had {line}",
        "test.ignoring_case": "{test} (in capital or small letters)",
        "test.held.at least": "{test} (and has been so for at least {length})",
        "test.held.less than": "{test} (and has been so for less than {length})",
        "test.or_unknown": "{test} (or is unknown)",
        "test.or_none": "{test} (or there is none)",
        "test.or_never": "{test} (also those without any {event})",
        "test.or_unknown_or_never": "{test} (or is unknown, also those without any {event})",
        "test.with_unknown": "{test} (includes {count} people whose {value} is unknown)",
        "test.with_unknown.one": "{test} (includes 1 person whose {value} is unknown)",
        "test.with_unknown.none": "{test} (includes nobody whose {value} is unknown)",
        # windows
        "rolling.last": "in the last {length}",
        "rolling.last.one": "in the last {unit}",
        "rolling.next": "in the next {length}",
        "rolling.next.one": "in the next {unit}",
        "calendar.this": "in this {unit}",
        "calendar.next": "in the next calendar {unit}",
        "calendar.previous": "in the previous calendar {unit}",
        "calendar.previous.many": "in the {length} before this one",
        "today": "today",
        "yesterday": "yesterday",
        "tomorrow": "tomorrow",
        "before": "before {time}",
        "after": "after {time}",
        "on": "on {time}",
        "on.instant": "at {time}",
        "since": "since {time}",
        "until": "up to {time}",
        "ago.more": "more than {length} ago",
        "ago.between": "between {near} and {length} ago",
        "times.between": "between {begin} and {end}",
        "window.local": "{window} in the person's local time",
        "window.calendar.jalali": "{window} by the Jalali calendar",
        "window.calendar.gregorian": "{window} by the Gregorian calendar",
        # words between
        "and": " and ",
        "or": " or ",
        "or.between_ands": ", or ",
        "list": ", ",
        "list.or": " or ",
        "list.and": " and ",
        "list.nor": " nor ",
        "list.more": "{items} and {count} more",
        "then": ", then ",
        "length": "{count} {unit}",
        "true": "true",
        "false": "false",
    },
    units={
        unit: (unit, f"{unit}s") for unit in ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
    },
    nouns={noun: (noun, f"{noun}s") for noun in ("order", "refund", "view", "signup", "event")},
    form_of=_one_or_many,
    with_article=_a_or_an,
)

TONGUES: dict[str, Tongue] = {"en": ENGLISH}
"""By language code."""
