"""How a file is to be read, where its content does not say so itself."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from intarsia.config import BadSetting
from intarsia.errors import phrase

UTC = ZoneInfo("UTC")

EmptyCells = Literal["unknown", "keep", "text"]
EMPTY_CELLS: tuple[EmptyCells, ...] = ("unknown", "keep", "text")


@dataclass(frozen=True)
class Options:
    """What a user may say about a file; None means: found from the content.

    zone              whose wall clock is meant by times without an offset
    day_first         whether 03/04/2024 is 3 April
    decimal_comma     whether 1,234 is a little more than one
    currency          of amounts in a file without a currency column, three capital letters
    empty_cells       what an empty cell of a trait says (rule 8): that it is unknown from then on; nothing ("keep");
                      that it is an empty text. Of an event's or order's property the first two are the same
    encoding          a Python codec
    delimiter         the character between cells
    has_header        whether the first line names the columns
    sheet             the name of an XLSX sheet; None: the first
    skip              columns that are left out
    """

    zone: ZoneInfo = UTC
    day_first: bool | None = None
    decimal_comma: bool | None = None
    currency: str | None = None
    empty_cells: EmptyCells = "unknown"
    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    sheet: str | None = None
    skip: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.encoding is not None and not _reads_text(self.encoding):
            reason = phrase("Python has no such encoding of text")
            raise BadSetting(name="encoding", value=self.encoding, reason=reason)
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in "\"'\r\n"):
            reason = phrase("it is one character, and no quote")
            raise BadSetting(name="delimiter", value=self.delimiter, reason=reason)
        currency = self.currency
        if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise BadSetting(name="currency", value=currency, reason=phrase("a currency is three capital letters"))


def _reads_text(encoding: str) -> bool:
    try:
        b"a".decode(encoding, "replace")
        return isinstance(codecs.getincrementaldecoder(encoding)("surrogateescape").decode(b"a"), str)
    except (LookupError, UnicodeError, TypeError):
        return False
