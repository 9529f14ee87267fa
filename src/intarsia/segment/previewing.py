"""How many people meet a definition that is being edited: an estimate at once, then the exact number.

Features that were worked out for one text are there for the next one: a text that differs in a threshold is a look at
arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

import numpy as np

from intarsia.engine.columns.build import Builder
from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.loaded import Loaded
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.slices import Slice
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import Fallback, seen_from
from intarsia.errors import Phrase, phrase
from intarsia.language import Checked, check, tree
from intarsia.segment.asking import Asking, AsOf
from intarsia.shares import Share

SALT = "intarsia preview"
"""Deals people into the sample: the same ones each time, on every machine."""
SHARE = 0.01
PEOPLE_LEAST = 2_000
"""So many people are asked at least; where there are no more, everybody is."""


@dataclass(frozen=True)
class Estimate:
    """How many people meet a definition, by a sample.

    share  how many of the sample do; base: how many people there are
    """

    share: Share
    base: int

    @property
    def size(self) -> int:
        """The estimate, in whole people."""
        return round(self.base * self.share.value)

    @property
    def low(self) -> int:
        """The lower end of the interval of 95 %, in whole people: no fewer than were found."""
        return max(floor(self.base * self.share.low), self.share.yes)

    @property
    def high(self) -> int:
        """The upper end: of those who were asked and do not meet it, none is in."""
        return min(ceil(self.base * self.share.high), self.base - (self.share.known - self.share.yes))

    def to_json(self) -> dict[str, int]:
        """The estimate with its interval, and how many of how many in the sample meet the definition."""
        found = {"size": self.size, "low": self.low, "high": self.high}
        return {**found, "sample_size": self.share.known, "in_sample": self.share.yes}


@dataclass(frozen=True)
class Preview:
    """What is known of a text.

    estimate      by the sample; None: there is none, and `no_estimate` says why
    size, base    exact
    """

    text: str
    estimate: Estimate | None
    no_estimate: Phrase | None
    size: int
    base: int
    as_of: AsOf

    def to_json(self) -> dict[str, object]:
        """All of it."""
        return {
            "definition": self.text,
            "estimate": None if self.estimate is None else self.estimate.to_json(),
            "no_estimate": None if self.no_estimate is None else str(self.no_estimate),
            "size": self.size,
            "base": self.base,
            "as_of": self.as_of.to_json(),
        }


class NoEstimate(Exception):
    """Of a definition that a sample does not answer; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


class Previews:
    """An editing session over one question; close the question, not this.

    columns  of everybody, as of the question; None: read out of the tables when they are needed, and kept open
    people_least, share  how many people are asked for an estimate, and which share of everybody, if that is more
    """

    def __init__(
        self,
        asking: Asking,
        columns: Columns | None = None,
        *,
        people_least: int = PEOPLE_LEAST,
        share: float = SHARE,
    ) -> None:
        self.as_of = asking.as_of
        self._asking = asking
        self._columns = Loaded(Builder(asking.evaluator)) if columns is None else columns
        self._when = seen_from(asking.catalog, asking.as_of.at, asking.as_of.known_at)
        self._people_least = people_least
        self._share = share

    # --- who is asked

    @cached_property
    def base(self) -> int:
        """How many people there are."""
        return int(self._columns.base().sum())

    @cached_property
    def sample(self) -> Array:
        """The places of those who are asked for an estimate: those of the base who come first in the buckets."""
        people = np.flatnonzero(self._columns.base())
        count = max(ceil(self._share * len(people)), self._people_least)
        if count >= len(people):
            return people
        first = np.argpartition(self._columns.buckets(SALT)[people], count)[:count]
        return np.sort(people[first])

    @cached_property
    def _everybody(self) -> Answers:
        fallback = Fallback(lambda: self._asking.evaluator, self._columns.size)
        return Answers(self._columns, self._when, fallback)

    @cached_property
    def _some(self) -> Answers:
        return Answers(Slice(self._columns, self.sample), self._when, None)

    # --- answers

    def preview(self, text_or_name: str) -> Preview:
        """The estimate, if there can be one, and the exact number."""
        estimate, reason = self.estimated(text_or_name)
        return Preview(text_or_name, estimate, reason, self.size(text_or_name), self.base, self.as_of)

    def estimated(self, text_or_name: str) -> tuple[Estimate | None, Phrase | None]:
        """The estimate, or why there is none."""
        try:
            return self.estimate(text_or_name), None
        except NoEstimate as none:
            return None, none.reason

    def estimate(self, text_or_name: str) -> Estimate:
        """How many people meet a definition, by the sample.

        Raises what is wrong with the text, and `NoEstimate` where everybody is needed, or columns do not answer.
        """
        checked = self._checked(text_or_name)
        for node in checked.tree.walk():
            if isinstance(node, tree.Rank):
                raise NoEstimate(phrase("a rank looks at everybody"))
            if isinstance(node, tree.InSegment | tree.Moved):
                raise NoEstimate(phrase("it names a segment, and who is in one is worked out of everybody"))
        if not len(self.sample):
            raise NoEstimate(phrase("nobody is known"))
        try:
            members = self._some.members(checked)
        except NotInColumns as lacking:
            raise NoEstimate(phrase("columns do not have {lacking}", lacking=lacking.what)) from lacking
        return Estimate(Share(int(members.sum()), len(members)), self.base)

    def size(self, text_or_name: str) -> int:
        """Exactly how many people meet a definition, or are in a segment."""
        return int(self.members(text_or_name).sum())

    def members(self, text_or_name: str) -> Array:
        """Of each place of the columns, whether the person there meets it."""
        return self._everybody.members(self._checked(text_or_name))

    def _checked(self, text_or_name: str) -> Checked:
        """A definition; a segment by its name, with those who are in or out of it by hand."""
        if text_or_name in self._asking.definitions:
            return check(tree.InSegment(text_or_name), self._asking.evaluator.catalog)
        return self._asking.checked(text_or_name)
