"""Every error class says what is wrong under a code of its own, and its gaps can be filled."""

from __future__ import annotations

import re
from collections import Counter

from scripts.build_reference import error_classes

CODE = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?")


def test_every_error_has_a_code_of_its_own() -> None:
    codes = Counter(error.code for error in error_classes())
    assert {code: times for code, times in codes.items() if times > 1} == {}
    assert [error.__name__ for error in error_classes() if "code" not in vars(error)] == []


def test_codes_are_stage_and_words_with_hyphens() -> None:
    assert [error.code for error in error_classes() if not CODE.fullmatch(error.code)] == []


def test_sentences_begin_small_and_end_without_a_full_stop() -> None:
    sentences = [text for error in error_classes() for text in (error.says, error.advises) if text]
    shouted = [text for text in sentences if text[:1].isupper() and text[1:2].islower()]
    assert shouted + [text for text in sentences if text.endswith((".", "!"))] == []
