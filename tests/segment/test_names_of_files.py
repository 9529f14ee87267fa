"""Names of segments as names of files: every file system takes them, and each comes back as it was."""

from __future__ import annotations

import random
import unicodedata

import pytest

from intarsia.segment.as_code.spelling import HEADER, STEM_BYTES_MOST, BadFileName, is_cut, name_in, stems

ALPHABET = 'abcABC ßéé./\\:*?"<>|%~-_\tаЯ\u200cسیم日🙂'
AWKWARD = {*'<>:"/\\|?*\t'}
RESERVED = {"con", "nul", "com1", "lpt9"}


def back(name: str, stem: str) -> str:
    """What is read of the file of a name, after a file system took its letters and accents apart."""
    return name_in(unicodedata.normalize("NFD", stem) if not is_cut(stem) else stem, f"{HEADER}{name}")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("loyal", "loyal"),
        ("Big spenders", "Big spenders"),
        ("a/b", "a%2Fb"),
        ("100%", "100%25"),
        (".hidden", "%2Ehidden"),
        ("con", "%63on"),
        ("Nul.txt", "%4Eul.txt"),
        ("console", "console"),
        ("~", "%7E"),
        ("مشتریان", "مشتریان"),
    ],
)
def test_a_name_is_spelled_as_it_is_but_for_what_a_file_system_dislikes(name: str, stem: str) -> None:
    assert stems([name]) == {name: stem}
    assert name_in(stem, "") == name


def test_names_that_differ_only_in_letter_case_or_in_how_an_accent_is_written_are_cut() -> None:
    names = ["VIP", "vip", "caf\u00e9", "cafe\u0301", "other"]
    found = stems(names)
    assert [name for name in names if is_cut(found[name])] == names[:4]
    assert found["other"] == "other"
    seen = {unicodedata.normalize("NFC", stem.casefold()) for stem in found.values()}
    assert len(seen) == len(names)
    assert [back(name, found[name]) for name in names] == names


def test_a_name_that_is_too_long_for_a_file_is_cut_and_the_file_says_the_whole() -> None:
    names = ["x" * 200, "س" * 200, "s" * 199 + "y", "/" * 100]
    found = stems(names)
    assert [is_cut(stem) for stem in found.values()] == [False, True, False, True]
    assert max(len(stem.encode()) for stem in found.values()) <= STEM_BYTES_MOST
    assert [back(name, found[name]) for name in names] == names


@pytest.mark.parametrize("seed", range(20))
def test_any_names_come_back_and_no_file_system_takes_two_for_one(seed: int) -> None:
    dice = random.Random(seed)
    names = sorted(
        {"".join(dice.choices(ALPHABET, k=dice.choice((1, 2, 3, 40, 120)))).strip() for _ in range(60)} - {""}
    )
    found = stems(names)
    seen = {unicodedata.normalize("NFC", stem.casefold()) for stem in found.values()}
    assert len(seen) == len(names), seed
    for name, stem in found.items():
        assert back(name, stem) == name, (seed, name, stem)
        assert not AWKWARD & set(stem), (seed, stem)
        assert not stem.startswith("."), (seed, stem)
        assert stem.split(".")[0].casefold() not in RESERVED, (seed, stem)
        assert len(stem.encode()) <= STEM_BYTES_MOST, (seed, stem)


@pytest.mark.parametrize("stem", ["a%zz", "100%", "%FF", "a~b", "VIP~0123456789ab"])
def test_the_name_of_a_file_that_spells_nothing_is_refused(stem: str) -> None:
    with pytest.raises(BadFileName) as caught:
        name_in(stem, f"{HEADER}VIP")
    assert "`intarsia segment pull`" in str(caught.value.hint())
