"""What of an error a Persian reader would meet in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from intarsia.errors import IntarsiaError, Phrase
from intarsia.language.reading.values import FUNCTIONS
from intarsia.speech import translator

LATIN = re.compile(r"[A-Za-z]+")
GAP = re.compile(r"\{[a-z_]+\}")
CODE = re.compile(
    r"""`[^`]*` | '(?:[^']|'')*' | "[^"]*"                      # what is quoted
    | \$[\w.\[\]]*                                              # a place inside JSON
    | \d{4}-\d\d-\d\dT[\d:.]+Z? | U\+[0-9A-F]+                  # an instant, a character's number
    """,
    re.VERBOSE,
)
NAMES = frozenset(("order", "total", "view", "city", "where", "true", "false", "known", "is", "has", "in", "at"))
"""Words of examples in the segment language, which stand as they are written; beside those of its functions."""


def left_in_english(error: IntarsiaError, *names: str) -> list[str]:
    """The Latin words of the message and the hint in Persian that are neither code nor names, and no translator wrote.

    names  further names that belong there: of files, columns, settings, currencies
    What was read (`text`; a currency may come back in capital letters), paths, and what other programs say are names.
    """
    brought: set[str] = set()
    untranslated = []

    def say(words: str) -> str:
        said = translator("fa").gettext(words)
        if said == words and LATIN.search(_plain(words)):
            untranslated.append(words)
        brought.update(LATIN.findall(GAP.sub("", said)))
        return said

    told = [error.message(say), error.hint(say) or ""]
    for theirs in sorted(_of_others(error.facts), key=len, reverse=True):
        told = [text.replace(theirs, "") for text in told]
    read = error.text or ""
    known = brought.union(NAMES, FUNCTIONS, LATIN.findall(" ".join((read, read.upper(), *names))))
    return untranslated + [word for text in told for word in LATIN.findall(_plain(text)) if word not in known]


def _plain(text: str) -> str:
    return CODE.sub("", GAP.sub("", text))


def _of_others(facts: Mapping[str, object]) -> Iterator[str]:
    """The facts that are paths, or texts of other programs and the system."""
    for fact in facts.values():
        if isinstance(fact, Phrase):
            yield from _of_others(fact.gaps)
        elif isinstance(fact, IntarsiaError):
            yield from _of_others(fact.facts)
        elif isinstance(fact, Path | BaseException):
            yield str(fact)
