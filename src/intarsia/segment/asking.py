"""Questions about definitions over one state of the record: who is in, how many, and why one person is or is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.clock import to_iso
from intarsia.engine.evaluate import Evaluator
from intarsia.errors import UserError
from intarsia.lake.session import Session
from intarsia.language import Checked, check, parse, tree
from intarsia.language.catalog import Catalog, nearest
from intarsia.language.facts import Json, Person
from intarsia.language.interpret import Explanation, GivenSets, Question, Ranking, explain
from intarsia.language.problems import LanguageError
from intarsia.profile.derived import derive, sources
from intarsia.record.history import people
from intarsia.record.values import readings, to_text
from intarsia.segment.definitions import Definition, NoSuchSegment
from intarsia.speech import mark

_IS_LIKE_A_NAME = re.compile(r"[\w\s-]+")


class NoSuchProfile(UserError):
    """Nobody has the profile id."""

    code = "profile.unknown"
    says = mark("no profile has the id `{profile_id}`")
    advises = mark('look for it with `intarsia query "SELECT profile_id FROM profiles WHERE ..."`')


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
    """How many people a definition holds for, out of how many who are known."""

    size: int
    base: int
    as_of: AsOf

    def to_json(self) -> dict[str, object]:
        """Size, base, and what the answer is of."""
        return {"size": self.size, "base": self.base, "as_of": self.as_of.to_json()}


class Asking:
    """One question (an instant, and until when the record is looked at) in one session over the lake.

    definitions  the segments that conditions may name, by name
    Close it, or use it as a context manager: the session is its own.
    """

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        *,
        at: int,
        known_at: int,
        definitions: Mapping[str, Definition],
    ) -> None:
        self.session = session
        self.catalog = catalog
        self.definitions = definitions
        self.as_of = AsOf(at, known_at, session.snapshots["events"].row_count)
        self.evaluator = Evaluator(
            session,
            catalog,
            at=at,
            known_at=known_at,
            segments=_Checking(definitions, catalog),
            derive=derive,
            sources=sources,
            annotate=self._annotate,
        )

    def _annotate(self, values: Mapping[str, Json]) -> tuple[str, str | None]:
        text = to_text(values)
        return text, readings(values, text, ZoneInfo(self.catalog.timezone))

    # --- answers over everybody

    def checked(self, text_or_name: str) -> Checked:
        """The definition of a segment of that name, else the text itself; raises what is wrong with it.

        A text that is no definition, but nearly the name of a segment, is `NoSuchSegment`.
        """
        definition = self.definitions.get(text_or_name)
        text = definition.text if definition else text_or_name
        try:
            return check(parse(text), self.catalog, text)
        except LanguageError:
            if _IS_LIKE_A_NAME.fullmatch(text) and nearest(text.strip(), list(self.definitions), most=1):
                raise NoSuchSegment(text.strip(), self.definitions) from None
            raise

    def numbers(self, text_or_name: str) -> pa.Table:
        """The members: one column `profile_no`."""
        if text_or_name in self.definitions:
            return self.evaluator.members_of(text_or_name)
        return self.evaluator.members(self.checked(text_or_name))

    def count(self, text_or_name: str) -> Count:
        """How many members."""
        return Count(self.numbers(text_or_name).num_rows, self.base, self.as_of)

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
        """The number and the facts of one profile; raises `NoSuchProfile`."""
        found = self.session.execute("select profile_no from lake.profiles where profile_id = ?", [profile_id])
        if not found.num_rows:
            raise NoSuchProfile(profile_id=profile_id)
        number = found["profile_no"][0].as_py()
        read = people(self.session, [number], self.catalog.currency)
        return number, (read[0] if read else Person(profile_id))

    def why(self, text_or_name: str, profile_id: str) -> Explanation:
        """Each condition of a definition with whether it holds for one person, and the facts behind it."""
        checked = self.checked(text_or_name)
        number, person = self.person(profile_id)
        question = Question(self.as_of.at, self.as_of.known_at)
        return explain(checked, person, question, sets=self._sets(checked, number, profile_id), derive=derive)

    def _sets(self, checked: Checked, number: int, profile_id: str) -> GivenSets:
        """Of every rank and segment that a definition names, whether this person is in it."""
        rankings, segments = {}, {}
        for node in checked.tree.walk():
            if isinstance(node, tree.Rank):
                members = self.evaluator.members(check(node, self.catalog))
                rankings[node] = Ranking(_only(members, number, profile_id))
            elif isinstance(node, tree.InSegment):
                segments[node.name] = _only(self.evaluator.members_of(node.name), number, profile_id)
        return GivenSets(rankings, segments)

    # --- closing

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()


def _only(members: pa.Table, number: int, profile_id: str) -> frozenset[str]:
    import pyarrow.compute as compute

    is_in = compute.any(compute.equal(members["profile_no"], number)).as_py()
    return frozenset((profile_id,)) if is_in else frozenset()


class _Checking(Mapping[str, Checked]):
    """The definitions of segments, each parsed and checked when it is first named."""

    def __init__(self, definitions: Mapping[str, Definition], catalog: Catalog) -> None:
        self._definitions = definitions
        self._catalog = catalog

    def __getitem__(self, name: str) -> Checked:
        definition = self._definitions[name]
        return check(definition.tree(), self._catalog, definition.text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)
