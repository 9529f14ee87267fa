"""Which file a load is of, told by its content: the same file under another name is the same file."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from intarsia.ids import digest
from intarsia.source.readers.encoding import open_bytes

AT_ONCE = 2**20
MARK_LENGTH = 16


@dataclass(frozen=True)
class Edition:
    """A file that is being loaded, among all that were.

    mark       tells it from every other: ends the ids of messages that say again what an earlier file said
    loaded_at  when this very file was loaded before, to its end, milliseconds UTC; None: never, or this load is to
               count all the same
    """

    mark: str
    loaded_at: int | None = None

    def again(self, message_id: str) -> str:
        """The id of a message that says again what was said, and has been overtaken since, under `message_id`."""
        return f"{message_id}.{self.mark}"


def edition_of(file_digest: str, loaded: Sequence[int], *, is_new_state: bool) -> Edition:
    """The edition of a load.

    loaded        when files of this digest were loaded to their end
    is_new_state  a file that was loaded before is to count like one that never was
    A load that is cut off and repeated is the same edition.
    """
    number = len(loaded) if is_new_state else 0
    mark = digest(f"{file_digest}\n{number}".encode())[:MARK_LENGTH]
    return Edition(mark, None if is_new_state or not loaded else loaded[-1])


def content_of(message_id: str) -> str:
    """The id that a message had when it was said for the first time (see `Edition.again`)."""
    return message_id.partition(".")[0]


def digest_of(path: Path) -> str:
    """A digest of a file's content, unpacked if it is gzip; of a damaged one, of its bytes."""
    try:
        content, raw = open_bytes(path)
        with raw, content:
            return _sum(iter(lambda: content.read(AT_ONCE), b""))
    except (OSError, EOFError, zlib.error):
        with path.open("rb") as raw:
            return _sum(iter(lambda: raw.read(AT_ONCE), b""))


def _sum(pieces: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
