"""How a file is to be read, where its content does not say so itself."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intarsia.config import BadSetting

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Options:
    """What a user may say about a file; None means: found from the content.

    zone              whose wall clock is meant by times without an offset
    day_first         whether 03/04/2024 is 3 April
    decimal_comma     whether 1,234 is a little more than one
    currency          of amounts in a file without a currency column, three capital letters
    empty_is_unknown  an empty cell says nothing; if false, it says that the value is an empty text
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
    empty_is_unknown: bool = True
    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    sheet: str | None = None
    skip: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.encoding is not None and not _reads_text(self.encoding):
            raise BadSetting(name="encoding", value=self.encoding, reason="Python has no such encoding of text")
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in "\"'\r\n"):
            raise BadSetting(name="delimiter", value=self.delimiter, reason="it is one character, and no quote")
        currency = self.currency
        if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise BadSetting(name="currency", value=currency, reason="a currency is three capital letters")


def _reads_text(encoding: str) -> bool:
    try:
        b"a".decode(encoding, "replace")
        return isinstance(codecs.getincrementaldecoder(encoding)("surrogateescape").decode(b"a"), str)
    except (LookupError, UnicodeError, TypeError):
        return False
