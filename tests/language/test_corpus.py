"""What a version of the language reads, every later one reads too, and prints the same."""

from __future__ import annotations

import hashlib

import pytest

from intarsia.language import LANGUAGE_VERSION, parse, show
from intarsia.language import tree as t
from intarsia.language.problems.whole import NewerVersion
from tests.language.corpora import corpus, versions

TEXTS = [(version, text, printed) for version in versions() for text, printed in corpus(version)]
FIRST = {1: (346, "b62e711904dd07ac")}
"""How many texts each version began with, and the digest of these: none of them may go or change."""


@pytest.mark.parametrize(("version", "text", "printed"), TEXTS, ids=lambda item: str(item)[:40])
def test_a_text_is_read_and_printed_as_ever(version: int, text: str, printed: str) -> None:
    tree = parse(text, version)
    assert show(tree) == printed
    assert parse(printed) == tree


def test_every_version_has_its_texts_and_none_of_the_first_is_gone() -> None:
    assert versions() == list(range(1, LANGUAGE_VERSION + 1))
    for version, (size, digest) in FIRST.items():
        texts = corpus(version)[:size]
        assert hashlib.sha256(repr(texts).encode()).hexdigest()[:16] == digest


def test_every_kind_of_node_is_in_the_corpus() -> None:
    met = {type(node) for version, text, _ in TEXTS for node in parse(text, version).walk()}
    kinds = {kind for kind in vars(t).values() if isinstance(kind, type) and issubclass(kind, t.Node)}
    assert kinds - met == {t.Node}


def test_a_version_of_the_future_is_refused() -> None:
    with pytest.raises(NewerVersion, match=f"written in version {LANGUAGE_VERSION + 1} of the language"):
        parse("everyone", LANGUAGE_VERSION + 1)
