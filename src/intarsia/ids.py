"""Ids that sort by time, the hash that names content, and the one that deals people into buckets."""

from __future__ import annotations

import hashlib
from uuid import UUID

from intarsia.errors import Bug

RANDOM_BYTES = 10
"""How much chance an id takes; the caller brings it."""

BUCKETS = 2**52
"""How many buckets there are: a share of people is a bucket number by this."""


def new_id(at: int, random: bytes) -> str:
    """An id that sorts by `at` as text: a UUID of version 7 (RFC 9562, section 5.7).

    at      milliseconds since 1970 UTC, from 0 to 2**48 - 1
    random  ten bytes, of which 74 bits are used
    """
    if not 0 <= at < 2**48 or len(random) != RANDOM_BYTES:
        raise Bug(what=f"an id of the instant {at} with {len(random)} random bytes")
    chance = int.from_bytes(random, "big")
    version, variant = 7 << 76, 2 << 62
    above, below = (chance >> 62) & 0xFFF, chance & (2**62 - 1)
    return str(UUID(int=(at << 80) | version | (above << 64) | variant | below))


def digest(content: bytes | str) -> str:
    """32 hex digits that name the content: the first half of its SHA-256, of a text in UTF-8."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:32]


def bucket_number(salt: str, profile_id: str) -> int:
    """The bucket of a person, from 0 to 2**52 - 1: the same for ever, another for each salt (rule 38).

    The first 13 hex digits of SHA-256 over the salt, a zero byte and the profile id, in UTF-8.
    """
    found = hashlib.sha256(salt.encode() + b"\0" + profile_id.encode()).hexdigest()
    return int(found[:13], 16)
