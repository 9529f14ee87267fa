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

    phrases      by key
    units        the forms of each unit of time
    form_of      which of the forms goes with a number
    """

    phrases: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]


def _one_or_many(count: int) -> int:
    return 0 if count == 1 else 1


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
        "not": "who are not among those ({clause})",
        "did": "with at least one {events}",
        "did.not": "without any {events} (also those who never had one)",
        "did.not.ever": "without any {events} ever",
        "had": "whose {which} {events} had ({condition})",
        "had.not": "whose {which} {events} did not have ({condition}) or who never had one",
        "rank": "who are among the {direction} {amount} by {value}",
        "rank.among": "who are among the {direction} {amount} by {value}, ranked among those ({among})",
        "segment": "who are in the segment {name}",
        "segment.not": "who are not in the segment {name}",
        "segment.at": "who were in the segment {name} at {time}",
        "moved.entered": "who entered the segment {name}",
        "moved.left": "who left the segment {name}",
        "near": "who live within {distance} km of {latitude}, {longitude}",
        "area": "who live inside the area {name}",
        "consent.given": "who gave their consent to {channel} for {purpose}",
        "consent.withdrawn": "who withdrew their consent to {channel} for {purpose}",
        "consent.unknown": "who never answered whether they want {channel} for {purpose}",
        "sequence": "who had, one after the other: {steps}",
        "sequence.within": "who had, one after the other: {steps}; beginning {window}",
        "step": "{events}",
        "step.within": "{events} within {length}",
        "step.absent": "no {events}",
        "step.absent.within": "no {events} within {length}",
        "active": "with at least one {events} in at least {hits} of {periods}",
        "active.times": "with at least {times} {events} in at least {hits} of {periods}",
        "periods": "the last {count} periods of {length}",
        "periods.calendar": "the previous {count} whole periods of {length}",
        "lapsed": "with at least one {events} ever, but none in the last {length}",
        "first_time": "whose first {events} ever was in the last {length}",
        "returned": "with at least one {events} in the last {length} after a pause of at least {after}",
        # conditions on one event
        "event.everyone": "anything is so",
        "event.nobody": "nothing is so",
        "event.test": "{test}",
        "event.not": "not ({clause})",
        "line": "one line has ({condition})",
        "line.not": "no line has ({condition})",
        # events
        "event": "{name} event",
        "event.many": "{name} events",
        "event.any": "event of any name",
        "event.any.many": "events of any name",
        "event.any.order": "order event of any status",
        "event.any.order.many": "order events of any status",
        "events.where": "{event} where ({condition})",
        "events.window": "{events} {window}",
        # values
        "fold.count": "number of {events}",
        "fold.count.property": "number of known {events}",
        "fold.sum": "sum of {events}",
        "fold.avg": "average of {events}",
        "fold.min": "smallest {events}",
        "fold.max": "largest {events}",
        "fold.distinct": "number of different {events}",
        "fold.first": "first {events}",
        "fold.last": "last {events}",
        "ratio": "ratio of {top} to {bottom}",
        "trend": "change of {value}, {window} against as long before,",
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
        "has.one": "{value} has the item {constants}",
        "has.one.not": "{value} does not have the item {constants}",
        "has.any": "{value} has at least one of the items {constants}",
        "has.any.not": "{value} has none of the items {constants}",
        "has.all": "{value} has all of the items {constants}",
        "has.all.not": "{value} does not have all of the items {constants}",
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
        "identified": "{value} is identified",
        "identified.not": "{value} is not identified",
        "during": "{value} is {window}",
        "during.not": "{value} is not {window}",
        "test.ignoring_case": "{test} in capital or small letters",
        "test.held.at least": "{test}, and has been so for at least {length}",
        "test.held.less than": "{test}, and has been so for less than {length}",
        "test.or_unknown": "{test} (or is unknown)",
        # windows
        "rolling.last": "in the last {length}",
        "rolling.next": "in the next {length}",
        "calendar.this": "in this {unit}",
        "calendar.next": "in the next {unit}",
        "calendar.previous": "in the previous {unit}",
        "calendar.previous.many": "in the previous {length}, whole ones,",
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
        "window.calendar": "{window} by the {calendar} calendar",
        # words between
        "and": " and ",
        "or": " or ",
        "or.between_ands": ", or ",
        "list": ", ",
        "list.or": " or ",
        "list.and": " and ",
        "list.more": "{items} and {count} more",
        "then": ", then ",
        "length": "{count} {unit}",
        "true": "true",
        "false": "false",
    },
    units={
        unit: (unit, f"{unit}s") for unit in ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
    },
    form_of=_one_or_many,
)

TONGUES: dict[str, Tongue] = {"en": ENGLISH}
"""By language code."""
