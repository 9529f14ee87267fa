"""What others have recorded while a keeper went its way."""

from __future__ import annotations

from collections.abc import Iterable

from intarsia.engine.live.live import Live
from intarsia.errors import Bug
from intarsia.language.meaning.facts import Fact
from intarsia.segment.asking import Asking
from intarsia.segment.reached import Reached

_NEW_PEOPLE = "select profile_no, profile_id from lake.profiles where profile_no >= $first order by profile_no"
_OF_OTHERS = """
select distinct profile_no from lake.events
where event_no > $event_no and profile_no is not null and not starts_with(load_id, 'journal-')
"""
_RECORDED = (
    "select event_id, profile_id from lake.events join lake.profiles using (profile_no) where event_no > $event_no"
)


class Meanwhile:
    """Tells who must be read anew, for the record says something else of them than what was taken from the journal.

    live     whose `unread` they become
    reached  up to where it knows the record; who is there then has a place
    """

    def __init__(self, live: Live, reached: Reached) -> None:
        self.reached = reached
        self._live = live
        self._people = len(live.columns.ids)
        self._taken: list[tuple[str, str]] = []

    def took(self, facts: Iterable[tuple[str, Fact]]) -> None:
        """Note what was taken from the journal, each fact with its person's profile id: it is in the record soon."""
        self._taken += [(fact.id, profile_id) for profile_id, fact in facts]

    def has_the_same_people(self, asking: Asking) -> bool:
        """Whether those who came go by the numbers that they have here: they do, unless another process let some in."""
        columns, seen = self._live.columns, self._people
        found = asking.tables.execute(_NEW_PEOPLE, {"first": seen})
        for number, profile_id in zip(found["profile_no"].to_pylist(), found["profile_id"].to_pylist(), strict=True):
            if number == len(columns.ids) and profile_id not in self._live.places:
                self._live.welcome([profile_id])
            if number != seen or columns.ids[number] != profile_id:
                return False
            seen += 1
        self._people = seen
        return seen == len(columns.ids)

    def learn(self, asking: Asking) -> None:
        """See of whom others have recorded something, and what was taken that the record had from somebody else."""
        survivor_of, live = asking.evaluator.persons.survivor_of, self._live
        after = {"event_no": self.reached.event_no}
        of_others = asking.tables.execute(_OF_OTHERS, after)["profile_no"].to_pylist()
        found = asking.tables.execute(_RECORDED, after)
        recorded = set(zip(found["event_id"].to_pylist(), found["profile_id"].to_pylist(), strict=True))
        dropped = {profile_id for event_id, profile_id in self._taken if (event_id, profile_id) not in recorded}
        self._taken.clear()
        live.unread |= {live.places[profile_id] for profile_id in dropped} | set(map(survivor_of, of_others))

    def regroup(self, now: Reached) -> None:
        """See who has become one person, or ceased to be; this is how far the record is known then."""
        before, after = self.reached.regrouping, now.regrouping
        for number in {number for number, _ in set(before.items()) ^ set(after.items())}:
            profile_id = self._live.columns.ids[int(number)]
            if profile_id is None:
                raise Bug(what=f"profile {number} is grouped and has no id")
            self._live.stand(profile_id, after.get(number, int(number)))
        self.reached = now
