"""What can be wrong with a definition as a whole, and the base of all its errors."""

from __future__ import annotations

from intarsia.errors import UserError
from intarsia.speech import mark


class LanguageError(UserError):
    """A definition that cannot be used as it is written."""

    code = "language"
    says = mark("the definition cannot be used")


# --- the whole text


class NewerVersion(LanguageError):
    """A text in a version of the language that came later than this program."""

    code = "language.newer-version"
    says = mark("the definition is written in version {version} of the language, and this program reads up to {known}")
    advises = mark("bring intarsia up to date")


class TooLarge(LanguageError):
    """A definition past one of the limits of rule 45."""

    code = "language.too-large"
    says = mark("{what}: more than {most}")


class BadJson(LanguageError):
    """A JSON form that is no tree of the language."""

    code = "language.bad-json"
    says = mark("{path}: {reason}")


class NoSuchTongue(LanguageError):
    """A language of readers in which there are no sentences."""

    code = "language.no-such-tongue"
    says = mark("there are no sentences in `{tongue}`")
    advises = mark("there are some in {known}")
