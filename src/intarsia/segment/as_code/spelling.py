"""Names of segments as names of files that every file system takes, and back.

What a file system dislikes is spelled as `%` and the byte in hex. A name that is too long for a file, or that some file
system takes for another one's, is cut: `FIRST LETTERS~DIGEST`, and the first line of the file says the whole name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

from intarsia.errors import UserError, phrase
from intarsia.ids import digest
from intarsia.speech import mark

STEM_BYTES_MOST = 200
"""Of the name of a file without its ending; file systems take 255 with it."""
CUT_BYTES_MOST = 60
CUT = "~"
HEADER = "-- segment: "
"""Begins the first line of a file whose name is cut; a comment of the language."""

_AWKWARD = frozenset('<>:"/\\|?*%' + CUT)
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""Names that Windows keeps for devices, whatever ends them."""
_BYTES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_IS_CUT = re.compile(rf"[^{CUT}]*{CUT}[0-9a-f]{{12}}")


class BadFileName(UserError):
    """The name of a file is no spelling of a segment's name."""

    code = "segment.bad-file-name"
    says = mark("the name of the file is no segment's: {reason}")
    advises = mark("call it as the segment; `intarsia segment pull` into an empty folder shows how each is spelled")


def stems(names: Collection[str]) -> dict[str, str]:
    """The name of the file of each of some segments, without its ending.

    >>> stems(["loyal", "a/b"])
    {'loyal': 'loyal', 'a/b': 'a%2Fb'}
    """
    seen = Counter(map(_as_seen, names))
    return {name: _cut(name) if seen[_as_seen(name)] > 1 or _is_unsafe(name) else _spelled(name) for name in names}


def is_cut(stem: str) -> bool:
    """Whether the name of a file is only the begin of the segment's."""
    return _IS_CUT.fullmatch(stem) is not None


def name_in(stem: str, first_line: str) -> str:
    """The name of the segment whose file is called so; first_line: of the file. Raises `BadFileName`.

    >>> name_in("a%2Fb", "did order")
    'a/b'
    """
    if not is_cut(stem):
        return _read(stem)
    name = first_line.removeprefix(HEADER)
    if not first_line.startswith(HEADER) or _cut(name) != stem:
        reason = phrase("it is cut, and the first line does not say the whole name behind `{header}`", header=HEADER)
        raise BadFileName(reason=reason)
    return name


def _read(stem: str) -> str:
    """A plain spelling read back; some file systems take letters and their accents apart."""

    def decoded(found: re.Match[str]) -> str:
        return bytes.fromhex(found[0].replace("%", "")).decode()

    if "%" in _BYTES.sub("", stem):
        raise BadFileName(reason=phrase("a `%` stands before two hex digits, which spell a byte"))
    if CUT in stem:
        raise BadFileName(reason=phrase("a `~` is spelled `%7E`"))
    try:
        return unicodedata.normalize("NFC", _BYTES.sub(decoded, stem))
    except UnicodeDecodeError:
        raise BadFileName(reason=phrase("the bytes that it spells are no text in UTF-8")) from None


def _spelled(name: str) -> str:
    letters = [_escaped(letter) if _is_awkward(letter) else letter for letter in name]
    if name.startswith(".") or name.split(".")[0].casefold() in _RESERVED:
        letters[0] = _escaped(name[0])
    return "".join(letters)


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _is_awkward(letter: str) -> bool:
    return letter in _AWKWARD or unicodedata.category(letter) == "Cc"


def _as_seen(name: str) -> str:
    """What file systems that pay no heed to letter case or accents apart take a name for."""
    return unicodedata.normalize("NFC", name.casefold())


def _is_unsafe(name: str) -> bool:
    is_long = len(_spelled(name).encode()) > STEM_BYTES_MOST
    return is_long or name != unicodedata.normalize("NFC", name)


def _cut(name: str) -> str:
    begin = ""
    for letter in unicodedata.normalize("NFC", name):
        spelled = _escaped(letter) if _is_awkward(letter) or (not begin and letter == ".") else letter
        if len((begin + spelled).encode()) > CUT_BYTES_MOST:
            break
        begin += spelled
    return f"{begin}{CUT}{digest(name)[:12]}"
