"""Texts that are known by their hashes: none is missed, and the hashes are those of the formula."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest

from intarsia.engine.columns.known_texts import KnownTexts
from intarsia.engine.columns.text_hashes import text_hashes

TEXTS = ("", "a", "b", "foobar", "žluťoučký kůň", "سلام", "naïve", "日本", "\U0001f9e9", "a\x00b", "x" * 300)
WRAP = 1 << 64


def by_hand(text: str, salt: int | None = None) -> int:
    """The formula in whole numbers of any length."""
    salted = b"" if salt is None else (salt % WRAP).to_bytes(8, "little")
    found = 0xCBF29CE484222325
    for byte in salted + text.encode():
        found = (found ^ byte) * 0x100000001B3 % WRAP
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        found = (found ^ found >> 33) * factor % WRAP
    return found ^ found >> 33


def test_fnv_without_the_finisher_is_as_its_authors_say() -> None:
    # The last step of the finisher turned back leaves what FNV-1a says of "foobar" in the draft.
    turned_back = by_hand("foobar")
    for factor in (0xC4CEB9FE1A85EC53, 0xFF51AFD7ED558CCD):
        turned_back = (turned_back ^ turned_back >> 33) * pow(factor, -1, WRAP) % WRAP
    assert turned_back ^ turned_back >> 33 == 0x85944171F73967E8


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_hashes_are_those_of_the_formula(kind: pa.DataType) -> None:
    texts = pa.array(TEXTS, pa.string()).cast(kind)
    assert text_hashes(texts).tolist() == [by_hand(text) for text in TEXTS]
    salts = np.arange(len(TEXTS)) * 1_000_003 - 2
    assert text_hashes(texts, salts).tolist() == [by_hand(*pair) for pair in zip(TEXTS, salts.tolist(), strict=True)]


def test_hashes_of_parts_of_columns_of_missing_texts_and_of_none() -> None:
    column = pa.chunked_array([pa.array(["x", *TEXTS], pa.string()).slice(1, 4), pa.array([None, "b"], pa.string())])
    assert text_hashes(column).tolist() == [by_hand(text) for text in (*TEXTS[:4], "", "b")]
    assert text_hashes([]).tolist() == text_hashes(pa.chunked_array([], pa.string())).tolist() == []
    assert text_hashes(TEXTS[:3]).tolist() == [by_hand(text) for text in TEXTS[:3]]


@pytest.mark.parametrize("most_new", [1, 7, 1 << 20])
def test_what_is_known_is_what_was_added(most_new: int) -> None:
    chance, plain = Random(20261122), {("5", 1), ("7", 1), ("7", 2)}
    built = KnownTexts.build([["5", "7"], ["7", "5"]], [np.array([1, 1]), np.array([2, 1])])
    known = KnownTexts(built.hashes, most_new=most_new)
    for _ in range(40):
        some = [(str(chance.randrange(60)), chance.randrange(3)) for _ in range(chance.randrange(12))]
        texts, salts = [text for text, _ in some], np.array([salt for _, salt in some], np.int64)
        assert known.may_know(texts, salts).tolist() == [one in plain for one in some]
        expected = [one in plain or one in some[:number] for number, one in enumerate(some)]
        assert known.add(texts, salts).tolist() == expected
        plain.update(some)
    assert known.hashes.tolist() == sorted(by_hand(*one) for one in plain)
    again = KnownTexts(known.hashes)
    assert again.may_know(["5", "no"], np.array([1, 1])).tolist() == [True, False]
