"""What is only some people's: ids that they have beside those of their profiles, and what a rule may quote of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from intarsia.identity.forms import FORMS, Form, normal_form
from intarsia.identity.kinds import EXPLICIT, MERGE, IdentifierKind
from intarsia.lake.session import Session
from intarsia.lake.statements import statements
from intarsia.language.meaning.values import fold_case
from intarsia.profile.traces import Traces
from intarsia.source.whose import SHORTEST_WORD

PeopleOf = Callable[[Session, Sequence[str]], Sequence[Sequence[str]]]
"""The persons of some ids: of each the ids of all its profiles, for several may be one person."""


def further_ids(session: Session, persons: Sequence[Iterable[int]]) -> list[list[str]]:
    """Of each person the ids that only they gave as theirs: an `anonymousId` beside the id, what an `alias` was before.

    persons  of each the numbers of all profiles. An id is left out that somebody else gave too, or that a profile has
    """
    rows = [(number, place) for place, person in enumerate(persons) for number in person]
    columns = {"profile_no": [number for number, _ in rows], "person": [place for _, place in rows]}
    session.register("giving_people", pa.table({name: pa.array(found, pa.int64()) for name, found in columns.items()}))
    found: list[list[str]] = [[] for _ in persons]
    for row in session.execute(_blocks()["further"], {"explicit": list(EXPLICIT)}).to_pylist():
        found[row["person"]].append(row["value"])
    return found


def owners(session: Session, ids: Sequence[str], people_of: PeopleOf) -> Mapping[str, str]:
    """Of ids that no profile has a profile that gave each as its own; those that two people gave are left out."""
    session.register("sought_ids", pa.table({"value": pa.array(ids, pa.string())}))
    claims: dict[str, list[str]] = {}
    for row in session.execute(_blocks()["claiming"], {"explicit": list(EXPLICIT)}).to_pylist():
        claims.setdefault(row["value"], []).append(row["profile_id"])
    return {value: found[0] for value, found in claims.items() if len(set(map(tuple, people_of(session, found)))) == 1}


def shared_decisions(session: Session, numbers: Iterable[int], ours: Sequence[str]) -> list[int]:
    """The rows of other people's decisions on who is one person that these profiles are a part of, by number.

    ours  reasons that were not written by people
    """
    _offer(session, numbers)
    found: list[int] = session.execute(_blocks()["shared_decisions"], {"ours": list(ours)})["claim_no"].to_pylist()
    return found


def are_named(session: Session, numbers: Iterable[int], text: str) -> bool:
    """Whether a text holds a first or last name of one of these people, as words of their own."""
    _offer(session, numbers)
    names: list[str] = session.execute(_blocks()["names"])["name"].to_pylist()
    folded = fold_case(text)
    return any(re.search(rf"\b{re.escape(fold_case(name.strip()))}\b", folded) for name in names if name.strip())


class Quoted:
    """What tells whether a value in a rule means some people, and nobody else.

    numbers  of their profiles, whose rows are still in the lake; ids: of them; kinds: of identifiers that are known
    """

    def __init__(
        self,
        session: Session,
        numbers: Sequence[int],
        ids: Iterable[str],
        traces: Traces,
        kinds: Iterable[IdentifierKind],
    ) -> None:
        self._session = session
        self._numbers = tuple(numbers)
        self._ids = frozenset(map(fold_case, ids))
        self._traces = traces
        self._addresses = replace(traces, ids=frozenset())
        self._kinds = tuple(kinds)

    def is_named_in(self, text: str) -> bool:
        """Whether a text that people wrote names one of them; a short number says nothing, though it be an id."""
        return self._traces.own((), text)

    def may_be_named_in(self, text: str) -> bool:
        """The same, and whether one of their ids is a part of a longer word, as in the name of a file."""
        folded = fold_case(text)
        return self.is_named_in(text) or any(one in folded and _stands_alone(one, folded) for one in self._telling_ids)

    @cached_property
    def _telling_ids(self) -> frozenset[str]:
        return frozenset(one for one in self._ids if len(one) >= SHORTEST_WORD and not one.isdigit())

    def is_id(self, value: str) -> bool:
        """Whether a value that is compared with `profile` is one of their ids; whoever is left may have the same."""
        folded = fold_case(value)
        return folded in self._ids and not self._has({"id": folded}, "another_id")

    def is_theirs(self, names: Sequence[str], value: str) -> bool:
        """Whether a value that is compared with a trait or property is theirs, and nobody who is left has it.

        names  of the trait. Addresses and telephone numbers count under any name, other identifiers under their own
        """
        forms = {kind.form for kind in self._kinds if any(path[-1] == names[-1] for path in kind.paths)}
        is_claimed = not self._claimed.isdisjoint(_forms(value, forms))
        return (is_claimed or self._addresses.are_in(value)) and not self.others_have(value)

    def others_have(self, value: str) -> bool:
        """Whether anybody who is left, or a guest, has a value as it stands, or claims it as an identifier."""
        quoted = value if value.isdecimal() else json.dumps(value, ensure_ascii=False)
        forms = sorted({value, fold_case(value), *_forms(value, FORMS)})
        return self._has({"quoted": quoted.lower(), "plain": value.lower(), "forms": forms}, "another")

    def decisions(self) -> list[tuple[str, str]]:
        """The decisions on who is one person that others keep: the id of a profile, and the reason."""
        _offer(self._session, self._numbers)
        rows = self._session.execute(_blocks()["reasons"]).to_pylist()
        return [(row["profile_id"], row["reason"]) for row in rows]

    def _has(self, values: Mapping[str, object], block: str) -> bool:
        _offer(self._session, self._numbers)
        return bool(self._session.execute(_blocks()[block], values)["found"][0].as_py())

    @cached_property
    def _claimed(self) -> frozenset[str]:
        _offer(self._session, self._numbers)
        values = self._session.execute(_blocks()["claimed"], {"explicit": [*EXPLICIT, MERGE]})
        return frozenset(values["value"].to_pylist())


def _stands_alone(word: str, text: str) -> bool:
    """Whether a word is somewhere in a text without a letter or digit right before or behind it."""
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None


def _forms(value: str, forms: Iterable[Form]) -> set[str]:
    """The normal forms of a value; a telephone number without a country is known by its last digits elsewhere."""
    return {found for form in forms if (found := normal_form(value, form, "")) is not None}


def _offer(session: Session, numbers: Iterable[int]) -> None:
    session.register("owning_people", pa.table({"profile_no": pa.array(sorted(numbers), pa.int64())}))


def _blocks() -> Mapping[str, str]:
    return statements(Path(__file__).with_name("owned.sql"))
