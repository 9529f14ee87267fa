"""What can be wrong with a definition that is checked against a catalog: its names and its tests."""

from __future__ import annotations

from intarsia.language.problems.whole import LanguageError
from intarsia.speech import mark

# --- checking: names


class UnknownTrait(LanguageError):
    """A trait that nobody has declared or sent."""

    code = "language.unknown-trait"
    says = mark("no trait is called `{name}`")
    advises = mark("the nearest is {nearest}")


class UnknownEvent(LanguageError):
    """An event that nobody has declared or sent."""

    code = "language.unknown-event"
    says = mark("no event is called `{name}`")
    advises = mark("the nearest is {nearest}")


class UnknownProperty(LanguageError):
    """A property that the event has not, nor one of its lines."""

    code = "language.unknown-property"
    says = mark("the event `{event}` has no property `{name}`")
    advises = mark("the nearest is {nearest}")


class TraitInWhere(LanguageError):
    """The name of a trait where only properties of the event can stand."""

    code = "language.trait-in-where"
    says = mark("`{name}` is a trait, and here only properties of the event `{event}` can stand")
    advises = mark("test the trait outside the brackets, joined with `and`")


class UnknownSegment(LanguageError):
    """A segment that the workspace has not."""

    code = "language.unknown-segment"
    says = mark("no segment is called `{name}`")
    advises = mark("the nearest is {nearest}")


class SegmentInvalid(LanguageError):
    """A segment that is named, and whose own definition cannot be used (rule 41)."""

    code = "language.segment-invalid"
    says = mark("the segment `{name}` is invalid: {reason}")
    advises = mark("mend the definition of `{name}` first, or do not name it")


class SegmentNotYetThere(LanguageError):
    """`in segment .. at` an instant at which there was no such segment (rule 40)."""

    code = "language.segment-not-yet-there"
    says = mark("there was no segment `{name}` at {at}: it was put down at {created_at}")
    advises = mark("ask about a later instant; to apply its rule to the past, ask for the rule with `--at`")


class TooManyMoves(LanguageError):
    """`entered segment` or `left segment` that takes more answers than anybody would wait for."""

    code = "language.too-many-moves"
    says = mark("who entered or left `{name}` takes {needed} answers, more than {most}")
    advises = mark("give it a shorter window: entered segment '{name}' in last 7 days")


# --- checking: what can be asked of what


class WrongTest(LanguageError):
    """A test that makes no sense for the kind of the value."""

    code = "language.wrong-test"
    says = mark("`{test}` cannot be asked of `{name}`, which is {kind}")
    advises = mark("use {advice}")


class ListNeedsHas(LanguageError):
    """A list that is compared like a single value (rule 13)."""

    code = "language.list-needs-has"
    says = mark("`{test}` cannot be asked of `{name}`, which is {kind}")
    advises = mark("a list is asked with `has`: {advice}")


class ObjectNeedsName(LanguageError):
    """An object that is compared like a single value."""

    code = "language.object-needs-name"
    says = mark("`{test}` cannot be asked of `{name}`, which is {kind}")
    advises = mark("name what is inside it: {advice}")


class NoOrder(LanguageError):
    """A literal that is neither a number nor a date next to `<` or `between` (rule 11)."""

    code = "language.no-order"
    says = mark("`{test}` needs a number or a date, and {found} is neither")
    advises = mark("there is no alphabetical order; use `=`, `in (..)` or `starts with`")


class EmptyRange(LanguageError):
    """A `between` whose first edge is the greater one: nothing lies between."""

    code = "language.empty-range"
    says = mark("nothing lies between {low} and {high}")
    advises = mark("the smaller edge goes first: between {high} and {low}")


class MixedRange(LanguageError):
    """A `between` with a number and a date."""

    code = "language.mixed-range"
    says = mark("`between` needs two numbers or two dates, and {low} and {high} are one of each")


class DateInList(LanguageError):
    """A date where the items of a list are compared, which are texts and numbers."""

    code = "language.date-in-list"
    says = mark("`has` compares texts and numbers, and {found} is a date")
    advises = mark("put the date in quotes: has '{found}'")


class BadPattern(LanguageError):
    """A pattern that RE2 cannot read."""

    code = "language.bad-pattern"
    says = mark("the pattern cannot be read: {reason}")
    advises = mark("patterns are RE2: no look-around, no back-references")


class WrongFold(LanguageError):
    """A function over events that has nothing to work on."""

    code = "language.wrong-fold"
    says = mark("`{fold}` {reason}")


class NotAnEvent(LanguageError):
    """A property where an event is wanted."""

    code = "language.not-an-event"
    says = mark("an event is wanted here, and `{name}` is a property of one")
    advises = mark("write `{event}`")


class NotInWhere(LanguageError):
    """A condition about a person where one event is spoken of."""

    code = "language.not-in-where"
    says = mark("{construct} speaks of a person, and here one event is tested")
    advises = mark("put it outside the brackets, joined with `and`")


class HasLineOutside(LanguageError):
    """`has line` where no order with lines is spoken of."""

    code = "language.has-line-outside"
    says = mark("`has line` has no order here whose lines it could ask")
    advises = mark("it stands in the `where` or `had` of an event with lines: did order where (has line (..))")


class AbsenceFirst(LanguageError):
    """A sequence whose first step is an absence (rule 33)."""

    code = "language.absence-first"
    says = mark("a sequence begins with something that happened, and this step is an absence")
    advises = mark("put the absence behind a step, or ask for it by itself: `never order in last 30 days`")


class AbsencesTogether(LanguageError):
    """Two absences of a sequence with no step between them (rule 33)."""

    code = "language.absences-together"
    says = mark("between two steps of a sequence stands one absence, and this is the second")
    advises = mark("name both in one: `no any event where event_name in ('A', 'B')`")


class FirstWithin(LanguageError):
    """`within` at the first step of a sequence, where there is nothing to count from (rule 32)."""

    code = "language.first-within"
    says = mark("`within` counts from the step before, and this is the first step")
    advises = mark("say when the first step happened at the end: sequence(view, order, in last 90 days)")


class NotANumber(LanguageError):
    """A ratio or a trend of what is no number."""

    code = "language.not-a-number"
    says = mark("a number is wanted here, and `{name}` is {kind}")
    advises = mark("name a number, a sum of money, or a `count` of events")


class TrendOfNothing(LanguageError):
    """A trend of what is not worked out from the events of a window."""

    code = "language.trend-of-nothing"
    says = mark("`trend` compares what happened in two windows, and `{name}` has none")
    advises = mark("take it of events: trend(sum(order.total), last 3 months)")


class TwoWindows(LanguageError):
    """A trend of an aggregate that has a window of its own."""

    code = "language.two-windows"
    says = mark("`{window}` stands inside a trend, which is asked `{whole}` and of the window before")
    advises = mark("leave the window inside out")


class NothingBefore(LanguageError):
    """A trend over a window before which there is none of the same length."""

    code = "language.nothing-before"
    says = mark("there is no equally long window before `{window}`")
    advises = mark("take one with a begin and an end: `last 3 months`, `previous month`, `on 2026-01-31`")


class MoneyAndOther(LanguageError):
    """An amount with its currency next to what is no money."""

    code = "language.money-and-other"
    says = mark("`{amount}` is an amount of money, and `{name}` is {kind}")
    advises = mark("leave the currency out, or tell what the word holds: intarsia word correct NAME --kind money")


class UnknownCurrency(LanguageError):
    """A currency of which the workspace has no rates."""

    code = "language.unknown-currency"
    says = mark("there are no rates of the currency `{currency}`")
    advises = mark("the nearest is {nearest}; `intarsia rate load` takes rates from a file")


class NoRates(LanguageError):
    """Another currency in a workspace without any rates."""

    code = "language.no-rates"
    says = mark("there are no rates of the currency `{currency}`, nor of any other")
    advises = mark("load some with `intarsia rate load`, or say the amount in {own}")


class WrongRank(LanguageError):
    """A rank by something that has no size."""

    code = "language.wrong-rank"
    says = mark("people cannot be ranked by `{name}`, which is {kind}")
    advises = mark("rank by a number, or by `first(..)` or `last(..)` of an event")


class HeldOfTraits(LanguageError):
    """`for at least` behind something else than the test of a trait with a value."""

    code = "language.held-of-traits"
    says = mark("`for {how}` asks how long a trait has been so, and `{test}` is no such test")
    advises = mark("put it behind the test of a trait with a value: tier = 'gold' for at least 30 days")


class OpenAnniversary(LanguageError):
    """A test of an anniversary that says nothing, as one comes every year (rule 22)."""

    code = "language.open-anniversary"
    says = mark("`{test}` cannot be asked of `{name}`: an anniversary comes every year")
    advises = mark("use a window with a begin and an end: {name} in next 7 days")


class OnlyProfilesIdentified(LanguageError):
    """`is identified` of something else than the profile."""

    code = "language.only-profiles-identified"
    says = mark("`is identified` can be asked of `profile` only, not of `{name}`")
    advises = mark("use `is known`")
