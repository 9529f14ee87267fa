"""What columns do not answer: SQL does, and says who was put into a segment by hand or stands on a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.errors import phrase
from intarsia.language import tree
from intarsia.language.catalog import Catalog
from intarsia.language.checking.check import check
from intarsia.language.interpret.exchange import Exchange
from intarsia.language.interpret.question import When


class Fallback:
    """The SQL back end for the same question, its answers as truths.

    ask     makes the question, when it is needed for the first time
    people  the numbers of the profiles that are asked about, in the order of the columns; None: all, by number
    """

    def __init__(self, ask: Callable[[], Evaluator], size: int, people: Array | None = None) -> None:
        self._ask = ask
        self._size = size
        self._people = people

    @cached_property
    def evaluator(self) -> Evaluator:
        """The question of the SQL back end."""
        return self._ask()

    def members(self, node: tree.Condition, names: Catalog) -> Array:
        """Who meets a condition; `names`: the catalog that it was checked against."""
        return self._truth(self.evaluator.members(check(node, names)))

    def with_one_of(self, ids: Iterable[str]) -> Array:
        """Who has one of some profile ids."""
        return self._truth(self.evaluator.with_one_of(ids))

    def _truth(self, answer: pa.Table) -> Array:
        found = np.zeros(self._size, np.bool_)
        found[answer["profile_no"].to_numpy()] = True
        return found if self._people is None else found[self._people]


def seen_from(catalog: Catalog, at: int, known_at: int | None) -> When:
    """What windows and literals are seen from, at an instant, by what was known then of rates and areas.

    at, known_at  milliseconds UTC; None: all that is recorded is known
    """
    exchange = Exchange(catalog.currency, catalog.currency_digits, catalog.rates.until(known_at))
    zone = ZoneInfo(catalog.timezone)
    return When(at, zone, catalog.first_weekday, catalog.calendar, _nobodys_zone, exchange, known_at)


def _nobodys_zone() -> ZoneInfo:
    raise NotInColumns(phrase("a window in local time"))
