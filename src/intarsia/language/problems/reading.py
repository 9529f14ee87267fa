"""What can be wrong with a text while it is read: signs, quotes, brackets, words in the wrong place."""

from __future__ import annotations

from intarsia.language.problems.whole import LanguageError
from intarsia.speech import mark


class EmptyText(LanguageError):
    """A text without a condition."""

    code = "language.empty-text"
    says = mark("the text is empty")
    advises = mark("write `everyone` to mean the whole base")


class UnexpectedCharacter(LanguageError):
    """A character that no word of the language has."""

    code = "language.unexpected-character"
    says = mark("{character} has no place outside quotes")


class CurlyQuotes(LanguageError):
    """A text in quotes as word processors make them."""

    code = "language.curly-quotes"
    says = mark("{found} stands in quotes that are not straight")
    advises = mark("write {quoted}")


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


class NotAValue(LanguageError):
    """A name where a test wants a value: quotes are missing, or two traits are compared."""

    code = "language.not-a-value"
    says = mark("a test compares with a value, and {found} is a name")


class NotQuoted(LanguageError):
    """A name without quotes, or in double ones, where one in single quotes is wanted."""

    code = "language.not-quoted"
    says = mark("{expected} is wanted here, and {found} is none")
    advises = mark("write {quoted}")


class BadDate(LanguageError):
    """Something that looks like a date or an instant, and is none."""

    code = "language.bad-date"
    says = mark("`{word}` is no date and no instant")


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
