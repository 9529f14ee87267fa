"""What the words and signs of the language mean, in one line each: for completion, and for whoever points at one."""

from __future__ import annotations

from intarsia.language.catalog import Kind
from intarsia.speech import mark

WORDS: dict[str, str] = {
    # conditions
    "and": mark("both must hold"),
    "or": mark("at least one must hold; `and` binds closer"),
    "not": mark("the opposite, which includes people of whom it is unknown"),
    "everyone": mark("all people who are known"),
    "nobody": mark("no one at all"),
    "did": mark("did it at least once"),
    "never": mark("did it not once; includes people who never did anything"),
    "where": mark("only the events that meet a condition"),
    "had": mark("what the chosen event was like"),
    "has line": mark("one line of the order meets the whole condition"),
    "line": mark("one line of the order meets the whole condition"),
    "any event": mark("an event of any name"),
    "any order": mark("an order of any status, cancelled ones too"),
    # values
    "count": mark("how many events"),
    "sum": mark("the sum of a property; of money, refunds taken off; 0 of no events"),
    "avg": mark("the average of a property; unknown of no events"),
    "min": mark("the smallest value of a property"),
    "max": mark("the greatest value of a property"),
    "distinct": mark("how many different values a property had"),
    "first": mark("the first event ever: its time, a property, or with `had` what it was like"),
    "last": mark("the latest event: its time, a property, or with `had` what it was like"),
    "ratio": mark("one value divided by another"),
    "trend": mark("how much a value changed against as long before: -0.5 is halved, 1 is doubled"),
    "anniversary": mark("the day of each year on which a date comes round"),
    "bucket": mark("a stable random share of people: a number from 0 up to 1"),
    # patterns
    "sequence": mark("one event after the other"),
    "no": mark("that this did not happen in between"),
    "within": mark("at most so long after the step before; or so far away"),
    "active": mark("did it in so many of the last periods"),
    "times": mark("so many events in each period"),
    "periods": mark("periods of another length"),
    "of": mark("out of how many periods"),
    "lapsed": mark("did it, but not for so long"),
    "first_time": mark("did it for the first time ever in the last days"),
    "returned": mark("did it again after a pause"),
    # sets of people
    "in segment": mark("is a member of another segment"),
    "segment": mark("a segment of this workspace, by its name"),
    "entered": mark("became a member of a segment"),
    "left": mark("ceased to be a member of a segment"),
    "at": mark("as it was on that day; or the edge of a length"),
    "top": mark("the people with the greatest values"),
    "bottom": mark("the people with the smallest values"),
    "by": mark("by which value; or by whose calendar"),
    "among": mark("ranks only the people who meet a condition"),
    "near": mark("lives within a distance of a point: degrees north, degrees east"),
    "km": mark("kilometres"),
    "inside": mark("lives inside an area of this workspace"),
    "area": mark("an area of this workspace, by its name"),
    "consent": mark("what somebody said to being written to, by channel and purpose"),
    "given": mark("the latest word is yes, and it has not expired"),
    "withdrawn": mark("the latest word is no"),
    # tests
    "in": mark("is one of a list; or lies in a window of time"),
    "between": mark("lies between two edges, both inside"),
    "contains": mark("the letters are somewhere inside; capital or small does not matter"),
    "starts": mark("begins with these letters; capital or small does not matter"),
    "ends": mark("ends with these letters; capital or small does not matter"),
    "with": mark("which letters"),
    "matches": mark("a pattern (RE2) is found somewhere inside"),
    "has": mark("the list has this item"),
    "any": mark("at least one of these"),
    "all": mark("every one of these"),
    "is": mark("known, unknown or empty"),
    "is known": mark("there is a value"),
    "known": mark("there is a value"),
    "is unknown": mark("there is no value, or nobody was asked"),
    "unknown": mark("there is no value, or nobody was asked"),
    "is empty": mark("unknown, an empty text or an empty list"),
    "empty": mark("unknown, an empty text or an empty list"),
    "is not empty": mark("there is a value with something in it"),
    "is identified": mark("some message came with the person's own id"),
    "identified": mark("some message came with the person's own id"),
    "is not identified": mark("no message came with the person's own id: known by a device alone"),
    "ignoring case": mark("capital and small letters are the same"),
    "case": mark("capital and small letters are the same"),
    "for": mark("for how long it has been so; or for which purpose"),
    "for at least": mark("has been so, without a break, for so long or longer"),
    "at least": mark("has been so, without a break, for so long or longer"),
    "least": mark("has been so, without a break, for so long or longer"),
    "for less than": mark("is so now, and has not been so for that long"),
    "less than": mark("is so now, and has not been so for that long"),
    "than": mark("than how long"),
    "true": mark("yes"),
    "false": mark("no"),
    # windows of time
    "next": mark("from now on so long, or the next whole period"),
    "this": mark("the whole period that it is now"),
    "previous": mark("the whole periods before this one"),
    "today": mark("this calendar day"),
    "yesterday": mark("the calendar day before this one"),
    "tomorrow": mark("the calendar day after this one"),
    "before": mark("before an instant, or before a day begins"),
    "after": mark("after an instant, or after a day ends; or after a pause"),
    "on": mark("within a day"),
    "since": mark("from then on, it included"),
    "until": mark("up to then, it included"),
    "more than": mark("longer ago than so much"),
    "ago": mark("before now"),
    "in local time": mark("by the clock of the place where the person lives"),
    "local time": mark("by the clock of the place where the person lives"),
    "time": mark("once; or by the clock of the place where the person lives"),
    "by jalali calendar": mark("months, quarters and years of the Jalali calendar"),
    "jalali": mark("months, quarters and years of the Jalali calendar"),
    "by gregorian calendar": mark("months, quarters and years of the Gregorian calendar"),
    "gregorian": mark("months, quarters and years of the Gregorian calendar"),
    "calendar": mark("whose months, quarters and years they are"),
}
"""By word, or by words that go together."""

SIGNS: dict[str, str] = {
    "=": mark("is equal; capital and small letters are not the same"),
    "!=": mark("is not equal, or is unknown"),
    "<>": mark("is not equal, or is unknown"),
    "<": mark("is smaller, or earlier"),
    "<=": mark("is smaller or equal, or not later"),
    ">": mark("is greater, or later"),
    ">=": mark("is greater or equal, or not earlier"),
    "(": mark("opens a bracket"),
    ")": mark("closes the bracket"),
    ",": mark("and another one"),
    ".": mark("something inside it"),
    "%": mark("of all who are ranked"),
}

LITERALS: dict[str, str] = {
    "text": mark("a text in single quotes"),
    "number": mark("a number"),
    "date": mark("a date, without quotes"),
    "instant": mark("a date and a time, without quotes"),
    "currency": mark("an amount of that currency"),
    "segment": mark("the name of a segment"),
    "area": mark("the name of an area"),
    "channel": mark("a channel that people are written to on"),
    "purpose": mark("a purpose that people are written to for"),
}

UNIT = mark("a length of time")

KINDS: dict[Kind, str] = {
    Kind.TEXT: mark("a text"),
    Kind.NUMBER: mark("a number"),
    Kind.MONEY: mark("an amount of money"),
    Kind.BOOLEAN: mark("true or false"),
    Kind.DATE: mark("a date"),
    Kind.INSTANT: mark("a point in time"),
    Kind.LIST: mark("a list"),
    Kind.OBJECT: mark("an object"),
    Kind.ANY: mark("a value of any kind"),
}

OF_NAMES = {
    "trait": mark("{kind}, said of a person"),
    "derived trait": mark("{kind}, worked out from what is said of a person"),
    "property": mark("{kind}, said of the event `{event}`"),
    "line property": mark("{kind}, said of each line of the event `{event}`"),
    "lines": mark("the lines of the event `{event}`"),
    "event": mark("an event, sent as `{event}`"),
    "event name": mark("the name of the event, a text"),
    "profile": mark("the id that the person has in your data, a text"),
    "segment": mark("a segment of this workspace"),
    "area": mark("an area of this workspace"),
    "channel": mark("a channel, with facts of consent"),
    "purpose": mark("a purpose, with facts of consent"),
}
"""What a name stands for."""


def meaning_of(text: str) -> str | None:
    """What a word, words that go together, or a sign mean; None of anything else."""
    plain = text.removesuffix("(").rstrip()
    return SIGNS.get(text) or WORDS.get(plain) or WORDS.get(plain.split(" ")[0])
