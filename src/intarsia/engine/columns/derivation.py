"""Derived traits of everybody: each different set of what they follow from is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from intarsia.engine.columns.rows import Names
from intarsia.engine.columns.values import Array, Coded, Dictionary, coded_by
from intarsia.language.catalog import Catalog
from intarsia.language.interpret.question import Derive
from intarsia.language.meaning.values import inside


@dataclass(frozen=True)
class Derivation:
    """What makes derived traits; `sources`: which recorded traits each is made from."""

    derive: Derive
    sources: Callable[[str], Iterable[str]]

    def values(self, names: Names, recorded: Callable[[Names], Coded], catalog: Catalog, at: int) -> Coded:
        """A derived trait as of an instant, or part of it; of whom nothing follows, what was recorded (rule 4).

        recorded  what was recorded of a trait of everybody
        """
        name, own = names[0], recorded(names)
        known = {source: recorded((source,)) for source in self.sources(name)}
        sets, of_person = _different([values.codes for values in known.values()], len(own.codes))
        zone, found = ZoneInfo(catalog.timezone), []
        for one in sets:
            pairs = zip(known.items(), one, strict=True)
            said = {source: values.dictionary.values[code] for (source, values), code in pairs if code}
            found.append(inside(self.derive(name, said, at, zone, calendar=catalog.calendar), names[1:]))
        derived = coded_by(Dictionary([None], []), found)
        codes = derived.codes.astype(np.int64)[of_person]
        if not own.codes.any():
            return Coded(codes, derived.dictionary)
        of_own = coded_by(derived.dictionary, own.dictionary.values).codes.astype(np.int64)
        return Coded(np.where(codes > 0, codes, of_own[own.codes]), derived.dictionary)


def _different(codes: list[Array], size: int) -> tuple[list[list[int]], Array]:
    """The different rows of some columns of codes, and which of them each row is."""
    place = np.zeros(size, np.int64)
    for column in codes:
        # Numbered anew after each column, so that no number becomes too large.
        _, place = np.unique(place * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    _, one_of_each = np.unique(place, return_index=True)
    return [[int(column[row]) for column in codes] for row in one_of_each], place
