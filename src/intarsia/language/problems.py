"""What can be wrong with a definition: every error of reading one and of checking it against a catalog."""

from __future__ import annotations

from intarsia.errors import UserError
from intarsia.speech import mark


class LanguageError(UserError):
    """A definition that cannot be used as it is written."""

    code = "language"
    says = mark("the definition cannot be used")


# --- reading


class EmptyText(LanguageError):
    """A text without a condition."""

    code = "language.empty-text"
    says = mark("the text is empty")
    advises = mark("write `everyone` to mean the whole base")


class UnexpectedCharacter(LanguageError):
    """A character that no word of the language has."""

    code = "language.unexpected-character"
    says = mark("{character} has no place outside quotes")
    advises = "{advice}"


class UnclosedQuote(LanguageError):
    """A text or a quoted name that does not end."""

    code = "language.unclosed-quote"
    says = mark("the quote {quote} is opened here and never closed")
    advises = mark("close it; a {quote} inside is written twice")


class UnclosedBracket(LanguageError):
    """A bracket that does not end."""

    code = "language.unclosed-bracket"
    says = mark("the bracket is opened here and never closed")
    advises = mark("write `)` where it ends")


class EmptyName(LanguageError):
    """A name without a letter."""

    code = "language.empty-name"
    says = mark("a name cannot be empty")


class UnexpectedWord(LanguageError):
    """Something else stands where the grammar wants a certain thing."""

    code = "language.unexpected-word"
    says = mark("expected {expected}, found {found}")
    advises = "{advice}"


class NotAValue(LanguageError):
    """A name where a test wants a value: quotes are missing, or two traits are compared."""

    code = "language.not-a-value"
    says = mark("a test compares with a value, and {found} is a name")
    advises = mark("write {quoted} if it is a text; one trait cannot be compared with another")


class BadDate(LanguageError):
    """Something that looks like a date or an instant, and is none."""

    code = "language.bad-date"
    says = mark("`{word}` is no date and no instant")
    advises = mark("write a date as 2026-01-31, an instant as 2026-01-31T10:00, 2026-01-31T10:00Z or with +01:00")


class BadNumber(LanguageError):
    """A number that cannot stand where it stands."""

    code = "language.bad-number"
    says = mark("`{word}` cannot stand here: {reason}")


class LastWithoutNumber(LanguageError):
    """`last month`, which some read as the month before and some as the past 30 days (rule 20)."""

    code = "language.last-without-number"
    says = mark("`last {unit}` has two meanings")
    advises = mark("write `previous {unit}` for the whole {unit} before this one, or `last 1 {unit}` for up to now")


class UnknownFunction(LanguageError):
    """A name with a bracket behind it that is no function of the language."""

    code = "language.unknown-function"
    says = mark("no function is called `{name}`")
    advises = mark("the nearest is {nearest}")


class NoArithmetic(LanguageError):
    """A sign of arithmetic between values."""

    code = "language.no-arithmetic"
    says = mark("the language does not calculate, and `{sign}` stands between two values")
    advises = mark("record the result as a trait and test that")


class HeldNegation(LanguageError):
    """A negated test with `for at least`, which could mean two things."""

    code = "language.held-negation"
    says = mark("a negated test with `for {how}` has two meanings")
    advises = mark("for the negation of the whole test with its `for`, put `not` in front of it")


class TooLarge(LanguageError):
    """A definition past one of the limits of rule 45."""

    code = "language.too-large"
    says = mark("{what}: more than {most}")
    advises = "{advice}"


class BadJson(LanguageError):
    """A JSON form that is no tree of the language."""

    code = "language.bad-json"
    says = mark("{path}: {reason}")


class NoSuchTongue(LanguageError):
    """A language of readers in which there are no sentences."""

    code = "language.no-such-tongue"
    says = mark("there are no sentences in `{tongue}`")
    advises = mark("there are some in {known}")


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


class EventNameOutside(LanguageError):
    """`event_name` of an event whose name is already said."""

    code = "language.event-name-outside"
    says = mark("`event_name` can be asked of `any event` only")
    advises = mark("leave it out: the event is `{event}`")


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
    advises = "{advice}"


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


class WrongRank(LanguageError):
    """A rank by something that has no size."""

    code = "language.wrong-rank"
    says = mark("people cannot be ranked by `{name}`, which is {kind}")
    advises = mark("rank by a number, or by `first(..)` or `last(..)` of an event")


class OnlyProfilesIdentified(LanguageError):
    """`is identified` of something else than the profile."""

    code = "language.only-profiles-identified"
    says = mark("`is identified` can be asked of `profile` only, not of `{name}`")
    advises = mark("use `is known`")


class NotYet(LanguageError):
    """Something that the language says and that no engine of this version answers."""

    code = "language.not-yet"
    says = mark("this version does not answer {construct} yet")
