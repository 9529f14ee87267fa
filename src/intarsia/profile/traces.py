"""What tells that a text is about certain people: their ids, their addresses, their numbers; looked for in lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from intarsia.identity.kinds import MERGE
from intarsia.lake.session import Session
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import from_text, plain
from intarsia.language.meaning.values import fold_case
from intarsia.record.messages import ALIAS, ANONYMOUS
from intarsia.source.whose import SHORTEST_WORD, unescaped

PHONE_DIGITS_LEAST = 7
PHONE_DIGITS_COMPARED = 9
"""Of two numbers of phones: the last so many, for one may stand with the country's prefix and the other without."""

CODE_DIGITS_LEAST = 8
"""Fewer digits alone may be a price or a number of pieces, and are no card in a text."""

_WORD = re.compile(r"[\w.@+-]+")
_CELL = re.compile(r"[,;|\t\n\"{}\[\]:=<>`]+")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+\w")
_PHONE = re.compile(r"\+?\d[\d ()./-]{5,}\d")
_MAIL_NAMES = frozenset(("mail", "mails", "email", "emails"))
_PHONE_NAMES = frozenset(("phone", "mobile", "tel", "telephone", "cell", "fax", "whatsapp"))
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_IDS = """
select distinct unnest([event_id, order_id]) as id from lake.events semi join traced using (profile_no)
"""
_TOLD = """
select props, context, [line.props for line in lines] as lines
from lake.events semi join traced using (profile_no)
where regexp_matches(lower(concat_ws(' ', props, context, cast(lines as varchar))), $hint)
"""
_HINT = "|".join(sorted(_PHONE_NAMES | {"@"}))
_NO_CODES = frozenset((ANONYMOUS, ALIAS, MERGE, "email"))
_CLAIMED = "select kind, value from lake.identities semi join traced using (profile_no)"


@dataclass(frozen=True)
class Traces:
    """By what a text is known to be about some people; all of it with letter case folded.

    ids        of their profiles, messages and orders, and their identifiers; addresses: of their e-mail
    phones     the last digits of their numbers
    profiles   the ids of their profiles as they came, letter case and all
    codes      their identifiers of other kinds, such as cards: letters and digits only
    """

    ids: frozenset[str]
    addresses: frozenset[str]
    phones: frozenset[str]
    profiles: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def own(self, ids: Sequence[str], line: str) -> bool:
        """Whether a rejected line is about them.

        ids   the profile ids that could be read in it; they decide. A line without is judged by its words, among which
              a short id or one of digits alone says nothing: it may be a quantity or a price
        line  also as what JSON's escapes in it stand for
        """
        if ids:
            return not self.profiles.isdisjoint(ids)
        told = (line, unescaped(line)) if "\\u" in line else (line,)
        return any(self._telling.are_in(text) or not self.codes.isdisjoint(_codes(text)) for text in told)

    @cached_property
    def _telling(self) -> Traces:
        telling = frozenset(one for one in self.ids if len(one) >= SHORTEST_WORD and not one.isdigit())
        return replace(self, ids=telling)

    def are_in(self, text: str) -> bool:
        """Whether a text holds one of the ids or addresses as a word of its own, or one of the numbers."""
        folded = fold_case(text)
        found = _WORD.findall(folded)
        words = {"", *found, *(word.strip(".") for word in found)}
        if not words.isdisjoint(self._words):
            return True
        if any(phrase in folded for word in words for phrase in self._phrases.get(word, ())):
            return True
        return bool(self.phones) and not self.phones.isdisjoint(_phones(text))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(one for one in self.ids | self.addresses if _WORD.fullmatch(one))

    @cached_property
    def _phrases(self) -> Mapping[str, Sequence[str]]:
        """Those with blanks or signs in them, which may stand anywhere, by their first word."""
        found: dict[str, list[str]] = {}
        for phrase in (self.ids | self.addresses) - self._words - {""}:
            first = _WORD.search(phrase)
            found.setdefault(first[0] if first else "", []).append(phrase)
        return found


def traces(session: Session, numbers: Sequence[int], ids: Iterable[str]) -> Traces:
    """What the record says of people by which a text elsewhere would be known to be about them.

    numbers  of their profiles; ids: of the same
    """
    session.register("traced", pa.table({"profile_no": pa.array(numbers, pa.int64())}))
    found, addresses, phones = set(ids), set[str](), set[str]()
    profiles, codes = frozenset(found), set[str]()
    found.update(one for one in session.execute(_IDS)["id"].to_pylist() if one)
    for row in session.execute(_TOLD, {"hint": _HINT}).to_pylist():
        parts = [row["props"], row["context"], *(row["lines"] or ())]
        for name, text in _texts([from_text(part) for part in parts if part]):
            # By name, for a note may hold the address of somebody else.
            if _is_called(name, _MAIL_NAMES):
                addresses |= set(_ADDRESS.findall(text))
            if _is_called(name, _PHONE_NAMES):
                phones |= _phones(text)
    for row in session.execute(_CLAIMED).to_pylist():
        found.add(row["value"])
        if _is_called(row["kind"], _PHONE_NAMES):
            phones |= _phones(row["value"])
        elif row["kind"] not in _NO_CODES and _is_code(code := _code(row["value"])):
            codes.add(code)
    return Traces(
        frozenset(map(fold_case, found)),
        frozenset(map(fold_case, addresses)),
        frozenset(phones),
        profiles=profiles,
        codes=frozenset(codes),
    )


def _texts(values: Iterable[Json]) -> Iterator[tuple[str, str]]:
    """Every text in values, however deep, with the name that it stands under."""
    todo: list[tuple[str, Json]] = [("", value) for value in values]
    while todo:
        name, value = todo.pop()
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Decimal):
            yield name, plain(value)
        elif isinstance(value, Mapping):
            todo += value.items()
        elif isinstance(value, Sequence):
            todo += [(name, item) for item in value]


def _is_called(name: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(word.lower() for word in _NAME.findall(name))


def _code(text: str) -> str:
    return "".join(filter(str.isalnum, fold_case(text)))


def _is_code(code: str) -> bool:
    return len(code) >= (CODE_DIGITS_LEAST if code.isdigit() else SHORTEST_WORD)


def _codes(text: str) -> set[str]:
    """What may be codes in a text: its words and its cells, however they are parted inside."""
    return {code for piece in (*_WORD.findall(text), *_CELL.split(text)) if _is_code(code := _code(piece))}


def _phones(text: str) -> set[str]:
    digits = ("".join(filter(str.isdigit, found)) for found in _PHONE.findall(text))
    return {found[-PHONE_DIGITS_COMPARED:] for found in digits if len(found) >= PHONE_DIGITS_LEAST}
