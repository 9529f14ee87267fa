"""What tells that a text is about certain people: their ids, their addresses, their numbers; looked for in lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from intarsia.lake.session import Session
from intarsia.language.facts import Json
from intarsia.language.values import fold_case
from intarsia.record.values import from_text, plain

PHONE_DIGITS_LEAST = 7
PHONE_DIGITS_COMPARED = 9
"""Of two numbers of phones: the last so many, for one may stand with the country's prefix and the other without."""

_WORD = re.compile(r"[\w.@+-]+")
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
_CLAIMED = "select kind, value from lake.identities semi join traced using (profile_no)"


@dataclass(frozen=True)
class Traces:
    """By what a text is known to be about some people; all of it with letter case folded.

    ids        of their profiles, messages and orders; addresses: of their e-mail
    phones     the last digits of their numbers
    """

    ids: frozenset[str]
    addresses: frozenset[str]
    phones: frozenset[str]

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
    return Traces(frozenset(map(fold_case, found)), frozenset(map(fold_case, addresses)), frozenset(phones))


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


def _phones(text: str) -> set[str]:
    digits = ("".join(filter(str.isdigit, found)) for found in _PHONE.findall(text))
    return {found[-PHONE_DIGITS_COMPARED:] for found in digits if len(found) >= PHONE_DIGITS_LEAST}
