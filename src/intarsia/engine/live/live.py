"""Who is in which segment now: whoever something happens to, or whose time has come, is evaluated again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

from intarsia.engine.columns.grown import Grown
from intarsia.engine.columns.missing import NotInColumns
from intarsia.engine.columns.new_events import NewEvents
from intarsia.engine.columns.of_facts import FactColumns
from intarsia.engine.columns.values import Array
from intarsia.engine.kernel.answering import Answers
from intarsia.engine.kernel.fallback import seen_from
from intarsia.engine.kernel.keys import Keys
from intarsia.engine.kernel.pattern_passes import NEVER
from intarsia.engine.live.arriving import Arrivals
from intarsia.engine.live.changed import Cause, Change, dated, net
from intarsia.engine.live.due import Due
from intarsia.engine.live.hand import having, with_pins
from intarsia.engine.live.ranks import Flips, Rank, Ranked
from intarsia.engine.live.standing import MOST_GROUPS, Standing
from intarsia.errors import UserError
from intarsia.language import Checked, tree
from intarsia.language.checking.named import FixedList, Named
from intarsia.language.interpret.question import Question, When
from intarsia.language.meaning.facts import Fact, Person

ALL_FROM = 5
"""From this part of everybody on, all are evaluated: one of so many."""
AT_ONCE = 100_000
"""So many people are evaluated at once: what is worked out of them stays small enough to be near the processor."""


class Live:
    """The members of all segments at present.

    columns   of everybody; places: by profile id, also of those who are part of another person
    segments  by name
    answer    says of a segment who is in, of everybody, as of the present: for those that columns do not answer
    arrivals  what must be known of the past to tell which facts only add
    members   who was in before, by the segment's name: changes are told beside that; None: nobody
    at_once   so many people are evaluated at once, where it is everybody
    awaited   when the first thing of somebody will have happened that lies ahead, by place; milliseconds UTC
    is_superseded  asked now and then while everybody is evaluated, whether the definitions are others by now
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
        at_once: int = AT_ONCE,
        is_superseded: Callable[[], bool] = lambda: False,
    ) -> None:
        self.columns = columns
        self.places = places
        self.arrivals = arrivals
        self.unread: set[int] = set()
        self.members: dict[str, Array] = dict(members or {})
        self.by_others: dict[str, str] = {}
        self.unfinished: set[str] = set()
        self._standing = Standing({}, columns.catalog)
        self._is_superseded = is_superseded
        self._ranks: dict[tree.Rank, Rank] = {}
        self._answer = answer
        self._others: dict[str, Array] = {}
        self.awaited: dict[int, int] = {}
        self._at_once = at_once
        self.define(segments)

    @property
    def at(self) -> int:
        """As of when everything is."""
        return self.columns.at

    @property
    def invalid(self) -> dict[str, UserError]:
        """What is wrong with the segments that have no members."""
        return self._standing.invalid

    @property
    def next_change(self) -> Array:
        """Of everybody, the next instant at which an answer may change though nothing is learned, or `NEVER`."""
        return self._due.first

    # --- what happens

    def define(self, segments: Mapping[str, Named], edited: Collection[str] | None = None) -> list[Change]:
        """Take these segments instead of those that there were; everybody is evaluated.

        edited  those that are new, or say something else than before: they are evaluated, and those that rest on them;
                None: all are
        An evaluation that is not wanted any more is cut short: what is left of it is in `unfinished`.
        """
        before, catalog = self._standing, self.columns.catalog
        self._standing = Standing(segments, catalog, None if edited is None else before)
        if edited is None:
            self._due, self._ranks, self._keys = Due(MOST_GROUPS, self.columns.size), {}, Keys()
        standing = self._standing
        left = set(standing.names if edited is None else standing.followed_by(edited)) | self.unfinished
        names = [name for name in standing.names if name in left or name not in before.contents]
        self.by_others = {name: why for name, why in self.by_others.items() if name in standing.contents.keys() - left}
        kept = {rank for theirs in standing.ranks.values() for rank in theirs}
        self._ranks = {rank: found for rank, found in self._ranks.items() if rank in kept}
        for name in set(self.members) - standing.contents.keys() - self.invalid.keys():
            del self.members[name]
        for name in standing.names:
            self.members.setdefault(name, np.zeros(self.columns.size, np.bool_))
        self.unfinished = set(names)
        return self._bring_everybody_up(names, "definition")

    def tick(self, at: int) -> list[Change]:
        """Let it be an instant."""
        due, groups = self._due.at(at)
        self.columns.tick(at)
        for place in [place for place, instant in self.awaited.items() if instant <= at]:
            del self.awaited[place]
            self.unread.add(place)
        concerned = [name for group in groups for name in self._standing.groups[group]]
        since = self._due.first[due]
        return dated(self._bring_up(due, self._standing.followed_by(concerned), "time"), due, since)

    def take(self, facts: Sequence[tuple[str, Fact]], at: int) -> list[Change]:
        """Learn facts, each with the profile id of its person, at an instant.

        Those whom some fact may change are `unread` then, until somebody has read all of their facts.
        """
        changes = self.tick(at)
        self.welcome(list(dict.fromkeys(profile_id for profile_id, _ in facts if profile_id not in self.places)))
        events: dict[int, list[Fact]] = {}
        said: dict[int, list[Fact]] = {}
        of_now = list[tuple[int, Fact]]()
        for profile_id, fact in facts:
            place = self.places[profile_id]
            if fact.occurred_at > at and not fact.is_undated:
                self.await_instant(place, fact.occurred_at)
            else:
                of_now.append((place, fact))
        adds = self.arrivals.add([place for place, _ in of_now], [fact for _, fact in of_now])
        can_add = self.columns.can_add(np.array([place for place, _ in of_now], np.int64)).tolist()
        for (place, fact), only_adds, is_known in zip(of_now, adds, can_add, strict=True):
            if only_adds and is_known:
                (said if fact.kind == "identify" else events).setdefault(place, []).append(fact)
            else:
                self.unread.add(place)
        for place in self.unread:
            events.pop(place, None)
            said.pop(place, None)
        return changes + self._grow(events, said)

    def _grow(self, events: Mapping[int, Sequence[Fact]], said: Mapping[int, Sequence[Fact]]) -> list[Change]:
        """Learn events and statements of people, which only add; who enters and leaves."""
        people = np.array(sorted(events.keys() | said.keys()), np.int64)
        has_said = np.array([place in said for place in people.tolist()], np.bool_)
        is_any = has_said | ~self.columns.base()[people]
        self._add(sorted(events), events)
        self._state(sorted(said), said)
        names = self._standing.about({fact.name for theirs in events.values() for fact in theirs})
        # Whoever is new, or has said something, may enter any segment.
        found = self._bring_up(people[is_any], self._standing.names, "data")
        found = net([*found, *self._bring_up(people[~is_any], names, "data")])
        last = [max(fact.occurred_at for fact in (*events.get(one, ()), *said.get(one, ()))) for one in people.tolist()]
        return dated(found, people, np.array(last, np.int64))

    def read(self, people: Mapping[int, Person]) -> list[Change]:
        """Take what all facts say of some people, by their places."""
        places = np.array(sorted(people), np.int64)
        self.note_past(people)
        self.columns.put(places, self._of_facts([people[place] for place in places.tolist()]))
        self.unread -= people.keys()
        return self._bring_up(places, self._standing.names, "data")

    def note_past(self, people: Mapping[int, Person]) -> None:
        """Note of some people, by their places, what their facts mean for those to come."""
        known = [(place, fact) for place, person in people.items() for fact in person.facts]
        self.arrivals.add([place for place, _ in known], [fact for _, fact in known])
        for place, person in people.items():
            self.await_later(place, person)

    def await_later(self, place: int, person: Person) -> None:
        """Note when the first of somebody's facts will have happened that is dated ahead.

        What is said without a time holds from when it was recorded, which is ahead where a clock was set back.
        """
        begins = [fact.recorded_at if fact.is_undated else fact.occurred_at for fact in person.facts]
        later = [instant for instant in begins if instant > self.at]
        self.awaited.pop(place, None)
        if later:
            self.awaited[place] = min(later)

    def await_instant(self, place: int, instant: int) -> None:
        """Note that something of somebody will have happened at an instant."""
        self.awaited[place] = min(instant, self.awaited.get(place, instant))

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
        self._due.grow(self.columns.size)
        for truths in (self.members, self._others):
            for name, members in truths.items():
                truths[name] = self._for_everybody(members)

    def _for_everybody(self, members: Array) -> Array:
        """Truths of people, also of those behind the last of them, who are not in."""
        more = self.columns.size - len(members)
        return np.append(members, np.zeros(more, np.bool_)) if more > 0 else members

    def _add(self, places: Sequence[int], events: Mapping[int, Sequence[Fact]]) -> None:
        if places:
            found = NewEvents([events[place] for place in places], self._when, self.columns.catalog)
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

    def _bring_up(self, people: Array, names: Sequence[str], cause: Cause) -> list[Change]:
        """Evaluate some segments for some people, then for those whom that moves in a rank; who enters and leaves."""
        if not len(people):
            return []
        if len(people) * ALL_FROM > self.columns.size:
            return self._bring_everybody_up(names, cause)
        found: list[Change] = []
        waiting = [(part, names) for part in np.split(people, range(self._at_once, len(people), self._at_once))]
        while waiting:
            some, asked = waiting.pop()
            if not len(some):
                continue
            flips = Flips(self._ranks, self.columns)
            found += self._evaluated(some, asked, cause, flips.taken)
            if flips.of:
                theirs = self._standing.with_ranks(flips.of)
                others = np.unique(np.concatenate(list(flips.of.values())))
                waiting.append((others if set(theirs) - set(asked) else np.setdiff1d(others, some), theirs))
        return net(found)

    def _bring_everybody_up(self, names: Sequence[str], cause: Cause) -> list[Change]:
        """Evaluate some segments for everybody, so many people at once; first all others, then those with ranks.

        Who is in a rank goes by everybody's numbers: they are put together before anybody is told.
        """
        ranked = self._standing.with_ranks({rank for name in names for rank in self._standing.ranks.get(name, ())})
        self._due.forget(self._standing.whole_groups({*names, *ranked}))
        found = self._by_stretches([name for name in names if name not in ranked], cause)
        known = set[tree.Rank]()
        for name in ranked:
            if self._is_cut_short(cause):
                return found
            for rank in self._standing.ranks.get(name, ()):
                if rank not in known and name not in self.by_others:
                    self._rank_everybody(name, rank)
                    known.add(rank)
            found += self._by_stretches([name], cause)
        if not self._is_cut_short(cause):
            self.unfinished.clear()
        return found

    def _is_cut_short(self, cause: Cause) -> bool:
        """Whether nobody wants to know any more who is in by these definitions; what is learned is always taken."""
        return cause == "definition" and self._is_superseded()

    def _by_stretches(self, names: Sequence[str], cause: Cause) -> list[Change]:
        found: list[Change] = []
        for people in self._stretches() if names else ():
            if self._is_cut_short(cause):
                break
            found += self._evaluated(people, names, cause, self._placed)
        return found

    def _stretches(self) -> list[Array]:
        size = self.columns.size
        return [np.arange(low, min(low + self._at_once, size)) for low in range(0, size, self._at_once)]

    def _rank_everybody(self, name: str, rank: tree.Rank) -> None:
        value, has_place = np.zeros(self.columns.size, np.int64), np.zeros(self.columns.size, np.bool_)
        try:
            for people in self._stretches():
                answers = self._answers(people, {}, self._placed)
                value[people], has_place[people] = answers.places(rank)
        except NotInColumns as reason:
            self._leave_to_others(name, reason)
            return
        everybody = np.arange(self.columns.size)
        kept = self._ranks.setdefault(rank, Rank(rank))
        kept.update(everybody, value, has_place, self.columns.size, self.columns.order_of_ids)

    def _evaluated(self, people: Array, names: Sequence[str], cause: Cause, ranked: Ranked) -> list[Change]:
        """Who of some people enters and leaves some segments; their next changes are written down."""
        found: dict[str, Array] = {}
        answers = self._answers(people, found, ranked)
        answers.prepare(self._standing.needs(names))
        due = {self._standing.group[name]: np.full(len(people), NEVER, np.int64) for name in names}
        done: dict[int, set[int]] = {group: set() for group in due}
        for name in names:
            content, group = self._standing.contents[name], self._standing.group[name]
            if isinstance(content, FixedList):
                found[name] = having(content.ids, self.places, people)
            else:
                found[name] = self._alone(name, content, answers, people, due[group], done[group])
            pinned = with_pins(found[name], self._standing[name], self.places, people, self.at, due[group])
            found[name] = pinned & answers.base
        for group, instants in due.items():
            is_whole = all(name in found for name in self._standing.groups[group])
            self._due.put(people, group, instants, is_whole=is_whole)
        self._due.settle(people)
        return list(self._compared(found, people, cause))

    def _answers(self, people: Array, found: Mapping[str, Array], ranked: Ranked) -> Answers:
        """A question of the present for some people; who is in the segments that it names is told."""

        def given(node: tree.Condition, answers: Answers) -> Array | None:
            match node:
                case tree.InSegment(name=name, at=None):
                    return found[name] if name in found else self.members[name][people]
                case tree.Rank():
                    return ranked(node, answers, people)
            return None

        return Answers(self.columns.part(people), self._when, None, given, keys=self._keys)

    def _placed(self, rank: tree.Rank, _: Answers, people: Array) -> Array:
        """Who of some people a rank takes that is up to date."""
        return self._ranks[rank].taken[people]

    def _compared(self, found: Mapping[str, Array], people: Array, cause: Cause) -> Iterator[Change]:
        for name, present in found.items():
            members = self.members[name]
            moved = np.flatnonzero(members[people] != present)
            if len(moved):
                places, entered = people[moved], present[moved]
                members[places] = entered
                yield Change(name, places, entered, np.full(len(places), self.at), cause)

    def _alone(self, name: str, content: Checked, answers: Answers, people: Array, due: Array, done: set[int]) -> Array:
        """Who of some people meets a rule, by columns or, where they do not say it, by others."""
        if name not in self.by_others:
            try:
                found = answers.members(content)
                answers.lower(due, content.tree, done)
            except NotInColumns as reason:
                self._leave_to_others(name, reason)
            else:
                return found
        return self._others[name][people]

    def _leave_to_others(self, name: str, reason: NotInColumns) -> None:
        self.by_others[name] = str(reason)
        self._others[name] = self._for_everybody(self._answer(name))

    def refresh(self) -> list[Change]:
        """Ask anew who is in the segments that columns do not answer."""
        moved = []
        for name in self.by_others:
            before, self._others[name] = self._others[name], self._for_everybody(self._answer(name))
            moved.append(np.flatnonzero(before != self._others[name]))
        people = np.unique(np.concatenate(moved)) if moved else np.zeros(0, np.int64)
        names = self._standing.followed_by(self.by_others)
        return self._bring_up(people, names, "data")

    @property
    def _when(self) -> When:
        return seen_from(self.columns.catalog, self.at, None)
