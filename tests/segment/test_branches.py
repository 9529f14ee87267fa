"""The text of a segment tree: read, written back, and what is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intarsia.segment.branches import (
    LEVELS_MOST,
    SEGMENTS_MOST,
    Branch,
    MalformedTree,
    read_branches,
    write_branches,
)

MARKET = """
vip           -- written to by hand
loyal
    cold places
    'warm -- very'   -- not '--'
lapsed -- who knows

'it''s'
"""


def test_a_tree_is_lines_and_what_is_below_a_line_is_indented() -> None:
    assert read_branches(MARKET) == (
        Branch("vip"),
        Branch("loyal", (Branch("cold places"), Branch("warm -- very"))),
        Branch("lapsed"),
        Branch("it's"),
    )


def test_spans_are_of_the_names() -> None:
    spans = [one.span for branch in read_branches(MARKET) for one in branch.walk()]
    said = [MARKET[span.start : span.end] for span in spans if span]
    assert said == ["vip", "loyal", "cold places", "'warm -- very'", "lapsed", "'it''s'"]


def test_levels_may_be_indented_as_one_likes_but_alike() -> None:
    assert read_branches("a\n b\n      c\n d\n     e") == read_branches("a\n  b\n    c\n  d\n    e")
    assert read_branches("a\r\n  b\r\n") == read_branches("a\n  b")


def test_the_same_segment_may_stand_below_several_others() -> None:
    assert write_branches(read_branches("a\n  c\nb\n  c")) == "a\n  c\nb\n  c"


@pytest.mark.parametrize(
    ("text", "reason", "shown"),
    [
        ("", "names no segment", ""),
        ("-- nothing\n", "names no segment", "-- nothing\n"),
        ("  a", "first line is indented", "a"),
        ("a\n    b\n  c", "indented like none above", "c"),
        ("a\n  b\n c", "indented like none above", "c"),
        ("a\n\tb", "with a tab", "b"),
        ("a\nb\na", "`a` stands here for the second time", "a"),
        ("a\n  b\n    a", "`a` stands below itself", "a"),
        ("a\n'b", "a quote is not closed", "'b"),
        ("'a' b", "something stands behind the name", "'a' b"),
        ("\n".join(" " * level + f"s{level}" for level in range(LEVELS_MOST + 1)), "more than 12 levels", "s12"),
        ("\n".join(f"s{number}" for number in range(SEGMENTS_MOST + 1)), "more than 500 segments", "s500"),
    ],
)
def test_what_is_no_tree_is_refused_with_the_place(text: str, reason: str, shown: str) -> None:
    with pytest.raises(MalformedTree, match=reason) as caught:
        read_branches(text)
    span = caught.value.span
    assert span is not None
    assert text[span.start : span.end] == shown
    assert caught.value.text == text


NAMES = st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1)
BRANCHES = st.recursive(
    st.builds(Branch, NAMES.map(str.strip).filter(bool)),
    lambda below: st.builds(
        Branch,
        NAMES.map(str.strip).filter(bool),
        st.lists(below, max_size=3, unique_by=lambda one: one.name).map(tuple),
    ),
    max_leaves=6,
)


def repeats(branch: Branch, above: frozenset[str] = frozenset()) -> bool:
    within = above | {branch.name}
    return branch.name in above or any(repeats(one, within) for one in branch.branches)


@given(BRANCHES.filter(lambda branch: not repeats(branch)))
def test_what_is_written_is_read_back(branch: Branch) -> None:
    assert read_branches(write_branches((branch,))) == (branch,)
