"""Ids, content hashes and buckets."""

from __future__ import annotations

from uuid import UUID

import pytest

from intarsia.errors import Bug
from intarsia.ids import BUCKETS, bucket_number, digest, new_id

CHANCE = bytes(range(10))


def test_ids_sort_by_time_whatever_the_chance() -> None:
    early = new_id(1_700_000_000_000, b"\xff" * 10)
    late = new_id(1_700_000_000_001, b"\x00" * 10)
    assert early < late


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = UUID(new_id(1_700_000_000_000, CHANCE))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_700_000_000_000


def test_ids_of_one_instant_differ_by_chance() -> None:
    assert new_id(1, CHANCE) != new_id(1, CHANCE[::-1])


@pytest.mark.parametrize(("at", "random"), [(-1, CHANCE), (2**48, CHANCE), (0, b"")])
def test_an_id_needs_a_time_and_ten_bytes(at: int, random: bytes) -> None:
    with pytest.raises(Bug):
        new_id(at, random)


def test_a_digest_is_half_a_sha_256() -> None:
    assert digest("abc") == digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223"


def test_a_bucket_is_the_first_13_digits_of_the_hash() -> None:
    # printf 'spring-2026\0ada' | sha256sum
    assert bucket_number("spring-2026", "ada") == 0xFCCF5B7F60B96


def test_a_zero_byte_parts_salt_and_person() -> None:
    assert bucket_number("a", "bc") != bucket_number("ab", "c")


def test_buckets_are_even() -> None:
    shares = [bucket_number("salt", str(person)) / BUCKETS for person in range(10_000)]
    assert all(0 <= share < 1 for share in shares)
    assert abs(sum(share < 0.2 for share in shares) - 2_000) < 160
