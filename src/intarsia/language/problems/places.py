"""What can be wrong with a definition that speaks of places and of consent."""

from __future__ import annotations

from intarsia.language.problems.whole import LanguageError
from intarsia.speech import mark


class UnknownArea(LanguageError):
    """An area that the workspace has not."""

    code = "language.unknown-area"
    says = mark("no area is called `{name}`")
    advises = mark("the nearest is {nearest}")


class NoAreas(LanguageError):
    """An area is named in a workspace that has none."""

    code = "language.no-areas"
    says = mark("no area is called `{name}`: none has been added")
    advises = mark("add one from a file: `intarsia area add NAME FILE.geojson`")


class UnknownConsent(LanguageError):
    """A channel and a purpose about which nobody was asked, and that were not declared."""

    code = "language.unknown-consent"
    says = mark("nobody was ever asked for consent to `{channel}` for `{purpose}`")
    advises = mark("known are {nearest}; `intarsia consent declare CHANNEL PURPOSE` makes another known")


class NoConsents(LanguageError):
    """A consent is asked for in a workspace where nobody has been asked for any."""

    code = "language.no-consents"
    says = mark("nobody was ever asked for consent to anything")
    advises = mark("load what is known of it, or declare it before: `intarsia consent declare CHANNEL PURPOSE`")


class OffTheGlobe(LanguageError):
    """A point that no place on earth has, or no distance."""

    code = "language.off-the-globe"
    says = mark("{latitude} north, {longitude} east, within {kilometres} km is no place on earth")
    advises = mark("degrees north come first, up to 90, then degrees east, up to 180; the distance is above 0")
