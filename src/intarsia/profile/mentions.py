"""Texts that people wrote in the workspace and that still name somebody: told, for whoever wrote them to see to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from intarsia.language.problems.whole import LanguageError
from intarsia.language.reading.tokens import tokens
from intarsia.language.words.token import TokenKind
from intarsia.profile.owned import Quoted
from intarsia.store.forgetting import Read, Written, texts_in

_OF_OURS = frozenset(
    ("erasure.told", "erasure.numbers", "erasure.state", "area.coordinates", "run.meaning", "run_segment.meaning",
     "segment.kind", "word.scope", "word.kind", "word.family", "load.shape", "rate.base", "rate.currency", "rate.day",
     "rate.rate", "identity_kind.form", "rfm_definition.counting", "rfm_definition.currency",
     "change_set.plan")
)  # fmt: skip
"""Columns in which no text of anybody's stands; those called `.._id` are ours too."""

_KINDS: Mapping[str, tuple[str, str]] = {
    "segment.name": ("segment", "name"),
    "segment_version.text": ("segment", "segment_id"),
    "run_segment.name": ("segment", "name"),
    "change_set_segment.name_before": ("former name", "name_before"),
    "change_set_segment.name_after": ("former name", "name_after"),
    "former_name.name": ("former name", "name"),
    "segment_tree.name": ("tree", "name"),
    "segment_tree_version.text": ("tree", "tree_id"),
    "segment_tree_name.name": ("tree", "tree_id"),
    "pin.reason": ("pin", "profile_id"),
    "pin.author": ("pin", "profile_id"),
    "word.event": ("word", "event"),
    "word.path": ("word", "path"),
    "word.unfit_example": ("word", "path"),
    "short_name.short": ("word", "short"),
    "short_name.event": ("word", "short"),
    "area.name": ("area", "name"),
    "load.file": ("load", "file"),
    "load.balance": ("load", "file"),
    "consent.channel": ("consent", "channel"),
    "consent.purpose": ("consent", "purpose"),
    "rate.source": ("rate", "source"),
    "erasure.reason": ("erasure", "reason"),
    "identity_kind.name": ("identifier kind", "name"),
    "identity_kind.path": ("identifier kind", "name"),
}
"""What the row of a column is called, and the column that tells which."""


@dataclass(frozen=True, order=True)
class Mention:
    """Something that still names somebody: what sort of thing it is, and which."""

    what: str
    name: str

    def to_json(self) -> dict[str, object]:
        """Both."""
        return {"what": self.what, "name": self.name}


def mentions(read: Read, quoted: Quoted) -> list[Mention]:
    """What still names some people after their own rows are gone, each once, by sort and name.

    read  answers questions to the store; quoted: what a text has of them
    """
    names = {row["segment_id"]: row["name"] for row in read("select segment_id, name from segment")}
    names |= {row["tree_id"]: row["name"] for row in read("select tree_id, name from segment_tree")}

    @cache
    def names_them(text: str, is_rule: bool) -> bool:
        return _names_them(text, is_rule, quoted)

    found = {
        _mention(written, names)
        for written in texts_in(read)
        if not _is_of_ours(written) and names_them(written.text, "language_version" in written.row)
    }
    found |= {Mention("decision", one) for one, reason in quoted.decisions() if quoted.may_be_named_in(reason)}
    return sorted(found)


def _is_of_ours(written: Written) -> bool:
    return written.column.endswith("_id") or f"{written.table}.{written.column}" in _OF_OURS


def _names_them(text: str, is_rule: bool, quoted: Quoted) -> bool:
    """A rule names them by what it quotes, and only if nobody else has that; any other text by itself."""
    pieces = _pieces(text) if is_rule else None
    if pieces is None:
        return quoted.may_be_named_in(text)
    return any(quoted.may_be_named_in(piece) and not quoted.others_have(piece) for piece in pieces)


def _pieces(text: str) -> list[str] | None:
    """The texts and names that a rule quotes, and its comments; None: it is no rule."""
    try:
        found = tokens(text)
    except LanguageError:
        return None
    return [*(token.value for token in found if token.kind in (TokenKind.TEXT, TokenKind.QUOTED)), *_comments(text)]


def _comments(text: str) -> Iterator[str]:
    end = 0
    for token in tokens(text):
        yield text[end : token.span.start]
        end = token.span.end


def _mention(written: Written, names: Mapping[str, str]) -> Mention:
    what, column = _KINDS.get(f"{written.table}.{written.column}", (written.table.replace("_", " "), written.column))
    name = str(written.row.get(column) or written.text)
    if column.endswith("_id"):
        name = names.get(name, name)
    if column == "path":
        name = ".".join(map(str, json.loads(name))) or str(written.row["event"])
    return Mention(what, name)
