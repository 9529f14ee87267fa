"""Numbers that are too large to be exact: refused, never answered wrongly (rules 14 and 31)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from intarsia.engine.sql.fractions import TOO_LARGE
from intarsia.errors import UserError, phrase
from intarsia.speech import mark


class NumbersTooLarge(UserError):
    """A sum, an amount or a fraction needs more digits than there are."""

    code = "engine.numbers-too-large"
    says = mark("numbers in the record are so large that the answer could not be exact: {reason}")
    advises = mark("nobody was counted; look for the largest amounts, which are likely to be mistakes of a source")


@contextmanager
def numbers_that_fit() -> Iterator[None]:
    """While SQL calculates; raises `NumbersTooLarge` where it runs out of digits."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
        said = str(error)
        if not isinstance(error, duckdb.OutOfRangeException) and not any(known in said for known in _SIGNS):
            raise
        is_ours = TOO_LARGE in said
        reason = phrase("a fraction is too large to be ranked") if is_ours else said.splitlines()[0]
        raise NumbersTooLarge(reason=reason) from error


_SIGNS = (TOO_LARGE, "out of range", "Could not cast value", "Overflow", "overflow")
"""What DuckDB says where a number does not fit, and what else these classes of errors are for does not say."""
