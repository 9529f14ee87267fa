"""Who is in which segment now: whoever something happens to, or whose time has come, is evaluated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from intarsia.engine.columns.columns import Columns
from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import seen_from
from intarsia.engine.kernel.needs import OfType, by_type
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.ranks import Rank
from intarsia.errors import UserError
from intarsia.language import Checked, tree
from intarsia.language.checking.named import FixedList, Named
from intarsia.language.interpret.crowd import SegmentLoop
from intarsia.language.interpret.question import Question, When
from intarsia.language.meaning.facts import Fact, Person
from intarsia.language.problems.checking import SegmentInvalid

Cause = Literal["data", "time", "merge", "definition"]
ALL_FROM = 5
"""From this part of everybody on, all are evaluated: one of so many."""


@dataclass(frozen=True)
class Change:
    """Some people entered a segment, or left it.

    places  theirs; entered: of each, whether they entered; at: when that was noticed, milliseconds UTC
    """

    segment: str
    places: Array
    entered: Array
    at: int
    cause: Cause


class Live:
    """The members of all segments at present.

    columns   of everybody; places: by profile id, also of those who are part of another person
    segments  by name
    answer    says of a segment who is in, of everybody, as of the present: for those that columns do not answer
    arrivals  what must be known of the past to tell which facts only add
    members   who was in before, by the segment's name: changes are told beside that; None: nobody
    """

    def __init__(
        self,
        columns: Grown,
        places: dict[str, int],
        segments: Mapping[str, Named],
        *,
        answer: Callable[[str], Array],
        arrivals: Arrivals,
        members: Mapping[str, Array] | None = None,
    ) -> None:
        self.columns = columns
        self.places = places
        self.arrivals = arrivals
        self.unread: set[int] = set()
        self.members: dict[str, Array] = dict(members or {})
        self.by_others: dict[str, str] = {}
        self.invalid: dict[str, UserError] = {}
        self.next_change = np.full(columns.size, NEVER, np.int64)
        self._answer = answer
        self._others: dict[str, Array] = {}
        self._awaited: dict[int, int] = {}
        self._ranks: dict[tree.Rank, Rank] = {}
        self._flipped: list[Array] = []
        self._needs: list[OfType] = []
        self._segments: dict[str, Named] = {}
        self._contents: dict[str, Checked | FixedList] = {}
        self.define(segments)

    @property
    def at(self) -> int:
        """As of when everything is."""
        return self.columns.at

    # --- what happens

    def define(self, segments: Mapping[str, Named]) -> list[Change]:
        """Take these segments instead of those that there were; everybody is evaluated."""
        self._segments, self._contents, self.invalid, self.by_others = dict(segments), {}, {}, {}
        self._ranks = {}
        for name in sorted(segments):
            self._place(name, ())
        rules = (content.tree for content in self._contents.values() if isinstance(content, Checked))
        self._needs = by_type(rules, self.columns.catalog)
        for name in set(self.members) - self._contents.keys() - self.invalid.keys():
            del self.members[name]
        for name in self._contents:
            self.members.setdefault(name, np.zeros(self.columns.size, np.bool_))
        return self._bring_up(None, "definition")

    def tick(self, at: int) -> list[Change]:
        """Let it be an instant."""
        due = np.flatnonzero(self.next_change <= at)
        self.columns.tick(at)
        for place in [place for place, instant in self._awaited.items() if instant <= at]:
            del self._awaited[place]
            self.unread.add(place)
        return self._bring_up(due, "time") if len(due) else []

    def take(self, facts: Sequence[tuple[str, Fact]], at: int) -> list[Change]:
        """Learn facts, each with the profile id of its person, at an instant.

        Those whom some fact may change are `unread` then, until somebody has read all of their facts.
        """
        changes = self.tick(at)
        self.welcome(list(dict.fromkeys(profile_id for profile_id, _ in facts if profile_id not in self.places)))
        events: dict[int, list[Fact]] = {}
        said: dict[int, list[Fact]] = {}
        for profile_id, fact in facts:
            place = self.places[profile_id]
            if fact.occurred_at > at and not fact.is_undated:
                self.await_instant(place, fact.occurred_at)
            elif not self.arrivals.adds(place, fact) or not self._is_plain(place):
                self.unread.add(place)
            else:
                (said if fact.kind == "identify" else events).setdefault(place, []).append(fact)
        places = np.array(sorted((events.keys() | said.keys()) - self.unread), np.int64)
        self._add([place for place in places.tolist() if place in events], events)
        self._state([place for place in places.tolist() if place in said], said)
        return changes + (self._bring_up(places, "data") if len(places) else [])

    def read(self, people: Mapping[int, Person]) -> list[Change]:
        """Take what all facts say of some people, by their places."""
        places = np.array(sorted(people), np.int64)
        for place, person in people.items():
            self.arrivals.learn(place, person.facts)
            self.await_later(place, person)
        self.columns.put(places, self._of_facts([people[place] for place in places.tolist()]))
        self.unread -= people.keys()
        return self._bring_up(places, "data") if len(places) else []

    def await_later(self, place: int, person: Person) -> None:
        """Note when the first of somebody's facts will have happened that is dated ahead."""
        later = [fact.occurred_at for fact in person.facts if fact.occurred_at > self.at and not fact.is_undated]
        self._awaited.pop(place, None)
        if later:
            self._awaited[place] = min(later)

    def await_instant(self, place: int, instant: int) -> None:
        """Note that something of somebody will have happened at an instant."""
        self._awaited[place] = min(instant, self._awaited.get(place, instant))

    def rename(self, names: Mapping[str, str]) -> None:
        """Call segments otherwise from the next definition on: their new names by the old ones."""
        found = {old: self.members.pop(old) for old in names if old in self.members}
        self.members.update({names[old]: members for old, members in found.items()})

    def stand(self, profile_id: str, place: int) -> None:
        """Let the facts of a profile stand under a person's place from now on."""
        before = self.places[profile_id]
        if before != place:
            self.places[profile_id] = place
            self.unread |= {before, place}

    def welcome(self, ids: Sequence[str]) -> None:
        """Make places for people of whom nothing is known yet."""
        if not ids:
            return
        self.places.update(zip(ids, self.columns.welcome(ids).tolist(), strict=True))
        self.next_change = np.append(self.next_change, np.full(len(ids), NEVER))
        for truths in (self.members, self._others):
            for name, members in truths.items():
                truths[name] = np.append(members, np.zeros(len(ids), np.bool_))

    def _is_plain(self, place: int) -> bool:
        """Whether somebody is known and was not deleted, or is new."""
        return bool(self.columns.base()[place]) or self.columns.is_new(place)

    def _add(self, places: Sequence[int], events: Mapping[int, Sequence[Fact]]) -> None:
        if places:
            found = self._of_facts([self._with(place, events[place]) for place in places])
            self.unread.update(self.columns.add(np.array(places, np.int64), found).tolist())

    def _state(self, places: Sequence[int], said: Mapping[int, Sequence[Fact]]) -> None:
        if places:
            found = self._of_facts([self._with(place, said[place]) for place in places])
            spoken = [{name for fact in said[place] for name in fact.properties} for place in places]
            self.columns.state(np.array(places, np.int64), found, spoken)

    def _with(self, place: int, facts: Sequence[Fact]) -> Person:
        return Person(self.columns.ids[place] or "", tuple(facts))

    def _of_facts(self, people: Sequence[Person]) -> FactColumns:
        return FactColumns(people, Question(self.at), self.columns.catalog, self.columns.derivation)

    # --- evaluating

    def _place(self, name: str, above: tuple[str, ...]) -> None:
        """Put a segment behind those that it names."""
        if name in self._contents or name in self.invalid or name not in self._segments:
            return
        try:
            content = self._segments[name].in_force(None).content
            for needed in () if isinstance(content, FixedList) else sorted(content.segments):
                if needed in (*above, name):
                    raise SegmentLoop(circle=" → ".join((*above, name, needed)))
                self._place(needed, (*above, name))
                if needed in self.invalid:
                    raise SegmentInvalid(name=needed, reason=self.invalid[needed])
            self._contents[name] = content
        except UserError as error:
            self.invalid[name] = error

    def _bring_up(self, people: Array | None, cause: Cause) -> list[Change]:
        """Evaluate some people, or everybody, and those whom that moves in a rank; who enters and leaves."""
        if people is not None and len(people) * ALL_FROM > self.columns.size:
            people = None
        while True:
            self._flipped = []
            found = self._evaluated(people)
            if people is None:
                break
            others = np.setdiff1d(np.concatenate(self._flipped), people) if self._flipped else people[:0]
            if not len(others):
                break
            people = np.union1d(people, others)
        return list(self._compared(found, people, cause))

    def _compared(self, found: Mapping[str, Array], people: Array | None, cause: Cause) -> Iterable[Change]:
        for name, present in found.items():
            members = self.members[name]
            moved = np.flatnonzero((members if people is None else members[people]) != present)
            places = moved if people is None else people[moved]
            if len(places):
                members[places] = present[moved]
                yield Change(name, places, present[moved], self.at, cause)

    def _evaluated(self, people: Array | None) -> dict[str, Array]:
        """Who of some people is in which segment; their next changes are written down."""
        columns: Columns = self.columns if people is None else self.columns.part(people)
        everybody = np.arange(self.columns.size) if people is None else people
        found: dict[str, Array] = {}

        def given(node: tree.Condition, answers: Answers) -> Array | None:
            match node:
                case tree.InSegment(name=name, at=None):
                    return found[name]
                case tree.Rank():
                    return self._ranked(node, answers, everybody)
            return None

        answers = Answers(columns, self._when, None, given)
        answers.prepare(self._needs)
        next_change = np.full(len(everybody), NEVER, np.int64)
        for name, content in self._contents.items():
            if isinstance(content, FixedList):
                found[name] = self._have(content.ids, everybody)
            else:
                found[name] = self._alone(name, content, answers, everybody, next_change)
            found[name] = self._by_hand(name, found[name], everybody, next_change) & answers.base
        self.next_change[everybody] = next_change
        return found

    def _alone(self, name: str, content: Checked, answers: Answers, people: Array, next_change: Array) -> Array:
        if name not in self.by_others:
            try:
                found = answers.members(content)
                np.minimum(next_change, answers.next_changes(content.tree), out=next_change)
            except NotInColumns as reason:
                self.by_others[name] = str(reason)
                self._others[name] = self._answer(name)
            else:
                return found
        return self._others[name][people]

    def refresh(self) -> list[Change]:
        """Ask anew who is in the segments that columns do not answer."""
        moved = []
        for name in self.by_others:
            before, self._others[name] = self._others[name], self._answer(name)
            moved.append(np.flatnonzero(before != self._others[name]))
        people = np.unique(np.concatenate(moved)) if moved else np.zeros(0, np.int64)
        return self._bring_up(people, "data") if len(people) else []

    def _ranked(self, node: tree.Rank, answers: Answers, people: Array) -> Array:
        rank = self._ranks.setdefault(node, Rank(node))
        order = self.columns.order_of_ids
        self._flipped.append(rank.update(people, *answers.places(node), self.columns.size, order))
        return rank.taken[people]

    def _have(self, ids: Iterable[str], people: Array) -> Array:
        """Who has one of some profile ids."""
        return np.isin(people, np.array([self.places[one] for one in ids if one in self.places], np.int64))

    def _by_hand(self, name: str, found: Array, people: Array, next_change: Array) -> Array:
        """With those who were put in by hand, without those who were kept out."""
        named = self._segments[name]
        for pin in named.pins:
            later = [edge for edge in pin.edges() if edge > self.at]
            if later and pin.profile_id in self.places:
                is_theirs = people == self.places[pin.profile_id]
                next_change[is_theirs] = np.minimum(next_change[is_theirs], min(later))
        put_in, kept_out = named.put_in(self.at, None), named.kept_out(self.at, None)
        if put_in:
            found = found | self._have(put_in, people)
        return found & ~self._have(kept_out, people) if kept_out else found

    @property
    def _when(self) -> When:
        return seen_from(self.columns.catalog, self.at, self.at)
