"""Columns of events that only add to what is known of people: they are read as they come, each by itself.

What facts say of one another (versions of an order, refunds, who is deleted) is for `of_facts`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from intarsia.engine.columns.of_facts import rows_of
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array
from intarsia.language.catalog import Catalog, EventType
from intarsia.language.interpret.known import STATEMENTS
from intarsia.language.interpret.question import When
from intarsia.language.interpret.subjects import Subject
from intarsia.language.meaning.facts import Fact
from intarsia.language.meaning.orders import ORDER, counts, instant_and_id, is_event


class NewEvents:
    """New events of some people, who have nothing else of their instants; `people`: the events of each."""

    def __init__(self, people: Sequence[Sequence[Fact]], when: When, catalog: Catalog) -> None:
        self._size = len(people)
        self._facts = [
            (place, fact) for place, facts in enumerate(people) for fact in sorted(facts, key=instant_and_id)
        ]
        self._named = defaultdict[str, list[tuple[int, Fact]]](list)
        for place, fact in self._facts:
            self._named[fact.name].append((place, fact))
        self._when = when
        self._catalog = catalog

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """Those of one type, with the columns of some properties; of orders those that count."""
        found = list(self._of_type(event))
        subjects = [Subject(fact, event, self._catalog, self._when) for _, fact in found]
        count = Counter(place for place, _ in found)
        of_each = (count[place] for place in range(self._size))
        return rows_of(event, subjects, of_each, paths, line_paths if event.lines and with_lines else None)

    def identified(self) -> Array:
        """Who of the people has an event that came with a `userId`."""
        found = np.zeros(self._size, np.bool_)
        found[[place for place, fact in self._facts if not fact.is_anonymous]] = True
        return found

    def _of_type(self, event: EventType) -> Iterable[tuple[int, Fact]]:
        if event.name == ORDER:
            statuses = None if event.is_any else self._catalog.order_statuses
            return (one for one in self._named[ORDER] if is_event(one[1], ORDER) and counts(one[1], statuses))
        if event.is_any:
            return (one for one in self._facts if one[1].kind not in STATEMENTS)
        return self._named[event.name]
