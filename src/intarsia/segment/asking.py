"""Questions about definitions over one state of the record: who is in, how many, and why one person is or is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from types import TracebackType
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.engine.sql.missing import MissingRate, everything
from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language import Checked, check, parse, show, tree
from intarsia.language.catalog import Catalog, nearest
from intarsia.language.checking.named import Pin
from intarsia.language.interpret import Explanation, Question, Ranking, explain, value_of
from intarsia.language.interpret.ahead import Forward
from intarsia.language.interpret.explain import of_pins
from intarsia.language.interpret.whole import Whole
from intarsia.language.interpret.why import Why, why_of
from intarsia.language.meaning.facts import Fact, Json, Person
from intarsia.language.meaning.joins import Join
from intarsia.language.meaning.json_text import to_text
from intarsia.language.problems.whole import LanguageError
from intarsia.language.sentences.besides import negated_traits
from intarsia.profile.derived import derive, sources
from intarsia.record.history import facts_of, people
from intarsia.record.values import readings
from intarsia.segment.definitions import NoSuchSegment
from intarsia.segment.doubts import Doubt, doubts
from intarsia.segment.invalid import invalid
from intarsia.segment.register import Register
from intarsia.segment.sets_of_one import SetsOfOne, only

_IS_LIKE_A_NAME = re.compile(r"[\w\s-]+")


@dataclass(frozen=True)
class AsOf:
    """What an answer is of.

    at            the instant that was asked about; known_at: what was recorded later was left out; milliseconds UTC
    record_state  how many messages the record held
    """

    at: int
    known_at: int
    record_state: int

    def to_json(self) -> dict[str, object]:
        """The instants in ISO 8601, UTC, and the state of the record."""
        return {"at": to_iso(self.at), "known_at": to_iso(self.known_at), "record_state": self.record_state}


@dataclass(frozen=True)
class Count:
    """How many people a definition holds for, out of how many who are known.

    anonymous, base_anonymous  how many of both no fact identifies: none came with a `userId`
    doubts  what of the definition can find nobody, though its names are known
    missing_rates  days and currencies whose amounts the definition looks at, and of which nobody said the rate: a sum
                   over them is unknown, a test of them does not hold
    """

    size: int
    base: int
    as_of: AsOf
    anonymous: int = 0
    base_anonymous: int = 0
    missing_rates: tuple[MissingRate, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Size, base, what the answer is of, how many of both are anonymous, missing rates, and doubts."""
        return {
            "size": self.size,
            "base": self.base,
            "as_of": self.as_of.to_json(),
            "anonymous": self.anonymous,
            "base_anonymous": self.base_anonymous,
            "missing_rates": [rate.to_json() for rate in self.missing_rates],
            "doubts": [doubt.to_json() for doubt in self.doubts],
        }


class Asking:
    """One question (an instant, and until when the record is looked at) in one session over the lake.

    register    the segments that conditions may name
    defined_at  the definitions are those in force then; None: as of `known_at`
    joins       which profiles are one person, for every `known_at`
    Close it, or use it as a context manager: the session is its own.
    """

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        *,
        at: int,
        known_at: int,
        register: Register,
        defined_at: int | None = None,
        joins: Iterable[Join] = (),
    ) -> None:
        self.tables = session
        self.catalog = catalog
        self.register = register
        self.definitions = register.in_force(known_at if defined_at is None else defined_at)
        self._past = register.past(catalog)
        self.as_of = AsOf(at, known_at, session.snapshots["events"].row_count)
        self.evaluator = Evaluator(
            session,
            self._past,
            at=at,
            known_at=known_at,
            segments=register.named(catalog),
            defined_at=defined_at,
            derive=derive,
            sources=sources,
            annotate=self._annotate,
            read=lambda session, numbers: people(session, numbers, catalog.currency),
            joins=joins,
        )

    @property
    def session(self) -> Session:
        """The session, with the relations of the question; `tables` is the same, for the tables of the lake alone."""
        return self.evaluator.session

    def _annotate(self, values: Mapping[str, Json]) -> tuple[str, str | None]:
        text = to_text(values)
        return text, readings(values, text, ZoneInfo(self.catalog.timezone))

    def again(self, at: int, known_at: int) -> Asking:
        """Another question over the same state of the record, by the same definitions; close it before this one."""
        return Asking(
            self.tables.branch(),
            self.catalog,
            at=at,
            known_at=known_at,
            register=self.register,
            defined_at=self.evaluator.defined_at,
            joins=self.evaluator.joins,
        )

    @cached_property
    def invalid(self) -> dict[str, UserError]:
        """Why segments cannot be asked, by name."""
        return invalid(self.register, self.definitions, self.catalog)

    # --- answers over everybody

    def checked(self, text_or_name: str) -> Checked:
        """The definition of a segment of that name, else the text itself; raises what is wrong with it.

        A text that is no definition, but nearly the name of a segment, is `NoSuchSegment`.
        """
        definition = self.definitions.get(text_or_name)
        if definition is not None:
            is_list = definition.kind == "list"
            rule = tree.InSegment(text_or_name) if is_list else self.register.tree(definition)
            return check(rule, self._past, None if is_list else definition.text)
        try:
            return check(parse(text_or_name), self.catalog, text_or_name)
        except LanguageError:
            name = text_or_name.strip()
            if _IS_LIKE_A_NAME.fullmatch(name) and nearest(name, list(self.definitions), most=1):
                raise NoSuchSegment(name, self.definitions) from None
            raise

    def numbers(self, text_or_name: str) -> pa.Table:
        """The members: one column `profile_no`."""
        if text_or_name in self.definitions:
            return self.evaluator.members_of(text_or_name)
        return self.evaluator.members(self.checked(text_or_name))

    def several(self, names: Iterable[str]) -> tuple[dict[str, pa.Table], dict[str, UserError]]:
        """The members of each of some segments, by name, and why the others are invalid or cannot be asked."""
        found: dict[str, pa.Table] = {}
        wrong: dict[str, UserError] = {}
        for name in names:
            try:
                if name in self.invalid:
                    raise self.invalid[name]
                found[name] = self.numbers(name)
            except UserError as error:
                wrong[name] = error
        return found, wrong

    def count(self, text_or_name: str) -> Count:
        """How many members."""
        members, anonymous = self.numbers(text_or_name), self.evaluator.anonymous
        missing = tuple(self.missing_rates(text_or_name))
        known, doubts = (anonymous(members), anonymous()), self.doubts(text_or_name)
        return Count(members.num_rows, self.base, self.as_of, *known, missing, doubts)

    def doubts(self, text_or_name: str) -> tuple[Doubt, ...]:
        """What of a definition can find nobody: names of which no value ever came, values that nothing ever has."""
        definition = self.definitions.get(text_or_name)
        return doubts(self.checked(text_or_name), text_or_name if definition is None else definition.text)

    def missing_rates(self, text_or_name: str | None = None) -> list[MissingRate]:
        """The days and currencies of which nobody said the rate, of what a definition looks at; None: of everything."""
        if text_or_name is None:
            return self.evaluator.missing_rates(everything(self.catalog))
        return self.evaluator.missing_rates_of(self.checked(text_or_name))

    def unknown_among(self, name: str) -> dict[tuple[str, ...], int]:
        """By the path of a trait in a negated test of a segment, how many members are in although it is unknown."""
        found = {}
        for names in negated_traits(self.checked(name).tree):
            lacks = tree.Not(tree.Test(tree.Path(names), tree.Is("known")))
            lacking = check(tree.And((tree.InSegment(name), lacks)), self.catalog)
            found[names] = self.evaluator.members(lacking).num_rows
        return found

    @cached_property
    def base(self) -> int:
        """How many people are known."""
        return self.evaluator.everyone()

    def members(self, text_or_name: str) -> pa.Table:
        """The members by `profile_no` and `profile_id`, in the order of the ids' bytes."""
        self.session.register("asked_members", self.numbers(text_or_name))
        return self.session.execute(
            "select * from people semi join asked_members using (profile_no) order by profile_id"
        )

    # --- answers about one person

    def person(self, profile_id: str) -> tuple[int, Person]:
        """The person to whom a profile belongs: number and facts; raises `NoSuchProfile`, `ErasedProfile`.

        Of one who was merged of several profiles, the number and the id are those of the one that was known first.
        """
        found = self.tables.execute("select profile_no from lake.profiles where profile_id = ?", [profile_id])
        if not found.num_rows:
            raise self.register.stranger(profile_id, ZoneInfo(self.catalog.timezone))
        number = self.evaluator.persons.survivor_of(found["profile_no"][0].as_py())
        [person] = self.persons([number])
        return number, person

    def persons(self, numbers: Sequence[int]) -> list[Person]:
        """The people under these numbers with everything recorded of them, in this order."""
        profiles_of = self.evaluator.persons.profiles_of
        wanted = [profile for number in numbers for profile in profiles_of(number)]
        self.tables.register("wanted_people", pa.table({"profile_no": pa.array(wanted, pa.int64())}))
        rows = self.tables.execute("from lake.profiles semi join wanted_people using (profile_no)").to_pylist()
        id_of = {row["profile_no"]: row["profile_id"] for row in rows}
        read = {person.id: person.facts for person in people(self.tables, wanted, self.catalog.currency)}
        return [_as_one([id_of[profile] for profile in profiles_of(number)], read) for number in numbers]

    def facts_of(self, numbers: Sequence[int]) -> list[int]:
        """How many facts there are of each of the people under these numbers."""
        profiles_of = self.evaluator.persons.profiles_of
        found = facts_of(self.tables, [profile for number in numbers for profile in profiles_of(number)])
        return [sum(found.get(profile, 0) for profile in profiles_of(number)) for number in numbers]

    def why(self, text_or_name: str, profile_id: str) -> Why:
        """Each condition of a definition with whether it holds for one person, and its facts; and what would flip it.

        Of a segment that the person was put into by hand, or is kept out of, the definition is a part of the answer.
        """
        checked = self.checked(text_or_name)
        number, person = self.person(profile_id)
        question = Question(self.as_of.at, self.as_of.known_at)
        sets = self._sets(number, person)
        found = explain(checked, person, question, sets=sets, derive=derive)
        is_named = text_or_name in self.definitions
        pins = sets.pins.get(text_or_name, ()) if is_named else ()
        if pins and checked.tree != tree.InSegment(text_or_name):
            holds = bool(only(self.numbers(text_or_name), number, person.id))
            found = Explanation(show(tree.InSegment(text_or_name)), holds, of_pins(pins), (found,))
        asked = tree.InSegment(text_or_name) if is_named else checked.tree
        evaluator = self.evaluator
        named, defined_at = evaluator.named, evaluator.defined_at
        forward = Forward(Whole(person, question, self._past, sets, named, defined_at, derive))
        return why_of(found, asked, forward)

    def _sets(self, number: int, person: Person) -> SetsOfOne:
        """Of every rank and segment that a definition may name, whether this person is in it."""
        return SetsOfOne(
            number,
            person.id,
            lambda rank: self._ranking(rank, number, person.id),
            self.evaluator.members_of,
            lambda node: self.evaluator.members(check(node, self._past)),
            lambda node: self.evaluator.moments(node, number),
            self._pins(person),
        )

    def _ranking(self, rank: tree.Rank, number: int, profile_id: str) -> Ranking:
        """Whether one person is among the first, how many people had a place, and the value of the last one taken."""
        taken = self._ranked(rank)
        placed = self._ranked(replace(rank, amount=Decimal(100), is_percent=True))
        last, edge = taken, None
        if taken.num_rows > 1:
            before = self._ranked(replace(rank, amount=Decimal(taken.num_rows - 1), is_percent=False))
            last = _without(taken, before)
        if taken.num_rows:
            [person] = self.persons(last["profile_no"].to_pylist())
            question = Question(self.as_of.at, self.as_of.known_at)
            edge = value_of(rank.by, person, question, self.catalog, derive=derive)
        return Ranking(only(taken, number, profile_id), placed.num_rows, edge)

    def _ranked(self, rank: tree.Rank) -> pa.Table:
        return self.evaluator.members(check(rank, self._past))

    def _pins(self, person: Person) -> dict[str, tuple[Pin, ...]]:
        """By which pins and exclusions a person is in segments or kept out, by the segments' names."""
        at, known_at = self.as_of.at, self.as_of.known_at
        found = {name: self.evaluator.named[name].by_hand(person.ids, at, known_at) for name in self.definitions}
        return {name: pins for name, pins in found.items() if pins}

    # --- closing

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tables.close()


def _as_one(ids: Sequence[str], read: Mapping[str, tuple[Fact, ...]]) -> Person:
    """A person out of the facts of their profiles, the first of which is the survivor."""
    facts = (fact for profile_id in ids for fact in read.get(profile_id, ()))
    return Person(ids[0], tuple(facts), tuple(sorted(ids[1:], key=str.encode)))


def _without(members: pa.Table, others: pa.Table) -> pa.Table:
    import pyarrow.compute as compute

    return members.filter(compute.invert(compute.is_in(members["profile_no"], others["profile_no"].combine_chunks())))
