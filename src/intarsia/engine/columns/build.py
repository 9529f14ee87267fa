"""Columns built from the lake: what SQL says of everybody as of the present, grouped by person and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.columns import ConsentState
from intarsia.engine.columns.event_rows import EventRows
from intarsia.engine.columns.profile_ids import NOBODY, IdTexts, ProfileIds
from intarsia.engine.columns.rows import Names, Rows
from intarsia.engine.columns.values import Array, Coded, Values, coded
from intarsia.engine.sql.evaluate import Evaluator
from intarsia.engine.sql.history import trait_history
from intarsia.engine.sql.ids import ANONYMOUS, PERSON_IDS
from intarsia.engine.sql.queries import named, query_source, rows_of
from intarsia.engine.sql.words import Bindings, call, column, json_place
from intarsia.ids import bucket_number
from intarsia.language.catalog import EventType
from intarsia.language.meaning.consents import pair


class Builder:
    """Builds columns out of one question of the SQL back end, as of the present and by all that is known."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._session = evaluator.session
        self._events = EventRows(evaluator)
        self.catalog = evaluator.catalog

    @property
    def has_refunds(self) -> bool:
        """Whether anything was refunded."""
        return self._evaluator.has_refunds()

    # --- people

    @cached_property
    def size(self) -> int:
        """One more than the largest number of a profile: people go by it in every column."""
        found = self._session.execute("select coalesce(max(profile_no), -1) + 1 as n from lake.profiles")
        return int(found["n"][0].as_py())

    def base(self) -> Array:
        """Who is in the base."""
        found = self._session.execute("select profile_no from people")
        members = np.zeros(self.size, np.bool_)
        members[found["profile_no"].to_numpy()] = True
        return members

    def trait(self, names: Names) -> Values:
        """What a trait is of everybody, derived ones as they are derived now."""
        trait = self.catalog.trait(names)
        return self._values(names, is_derived=trait is not None and trait.is_derived)

    def recorded(self, names: Names) -> Coded:
        """What was recorded of a trait of everybody."""
        return self._values(names, is_derived=False)

    def _values(self, names: Names, *, is_derived: bool) -> Coded:
        tables = [self._recorded(names)]
        if is_derived:
            self._evaluator.offer_derived(frozenset((names[0],)))
            sql = """
                select profile_no, json_extract(props, $place) as c0 from derived
                where json_type(props, $place) <> 'NULL'
            """
            tables.append(self._session.execute(sql, {"place": json_place(*names)}))
        of_person = np.full(self.size, -1, np.int64)
        texts: list[str | None] = []
        for table in tables:
            encoded = table["c0"].combine_chunks().dictionary_encode()
            numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            profile_no = table["profile_no"].to_numpy()
            is_there = numbers >= 0
            of_person[profile_no[is_there]] = numbers[is_there] + len(texts)
            texts += encoded.dictionary.to_pylist()
        return coded(of_person, texts)

    def _recorded(self, names: Names) -> pa.Table:
        """By person, the latest of what was said of a trait, as JSON in the column `c0`."""
        bindings = Bindings()
        self._evaluator.relation("statements")
        said = trait_history(names[0], self._evaluator.at, bindings)
        place = bindings.bind(json_place(*names))
        value = call("json_extract", column("t", "props"), place)
        query = rows_of(query_source(said, "t")).select(column("t", "profile_no"), named(value, "c0"))
        return self._session.execute(query.sql(), bindings.values)

    def consents(self, channel: str, purpose: str) -> tuple[Array, list[ConsentState]]:
        """What each person agreed to, as the place of a state, and the states; the first is that of silence."""
        self._evaluator.relation("consents")
        sql = """
            select profile_no, state, expires, last_day, ends_at from consents
            where channel = $channel and purpose = $purpose
        """
        found = self._session.execute(sql, dict(zip(("channel", "purpose"), pair(channel, purpose), strict=True)))
        states = {ConsentState(): 0}
        of_person = np.zeros(self.size, np.int32)
        for row in found.to_pylist():
            state = ConsentState(row["state"], row["expires"], row["last_day"], row["ends_at"])
            of_person[row["profile_no"]] = states.setdefault(state, len(states))
        return of_person, list(states)

    def buckets(self, salt: str) -> Array:
        """The bucket of each person for a salt."""
        found = self._session.execute("select profile_no, profile_id from people")
        buckets = np.zeros(self.size, np.int64)
        numbers = [bucket_number(salt, profile_id) for profile_id in found["profile_id"].to_pylist()]
        buckets[found["profile_no"].to_numpy()] = numbers
        return buckets

    def order_of_ids(self) -> Array:
        """The place of everybody in the order of profile ids."""
        found = self._session.execute("select profile_no from people order by profile_id")
        place = np.zeros(self.size, np.int64)
        place[found["profile_no"].to_numpy()] = np.arange(found.num_rows)
        return place

    def profile_ids(self) -> ProfileIds:
        """The profile ids of everybody in the base, all of who was made of several profiles."""
        self._evaluator.relation(PERSON_IDS)
        found = self._session.execute("select profile_no, profile_id, own_no from person_ids")
        people, profiles = found["profile_no"].to_numpy(), found["own_no"].to_numpy()
        own, others = np.full(self.size, NOBODY, np.int64), dict[int, Sequence[int]]()
        is_own = people == profiles
        own[people[is_own]] = np.flatnonzero(is_own)
        for number in np.flatnonzero(~is_own).tolist():
            first = int(own[people[number]])
            others[first] = *others.get(first, ()), number
        return ProfileIds(IdTexts(found["profile_id"].combine_chunks()), own, others)

    def identified(self) -> Array:
        """Who is known by name."""
        self._evaluator.relation(ANONYMOUS)
        anonymous = self._session.execute("select profile_no from anonymous")
        found = self.base()
        found[anonymous["profile_no"].to_numpy()] = False
        return found

    # --- events

    def rows(self, event: EventType, paths: Iterable[Names], line_paths: Iterable[Names], *, with_lines: bool) -> Rows:
        """What everybody did of one type, with the columns of some properties; of orders those that count."""
        return self._events.rows(event, paths, line_paths, with_lines=with_lines, size=self.size)

    def refunds(self, event: EventType, taken: Names, paths: Iterable[Names]) -> Rows:
        """Refunds: in the column `GIVEN_BACK` what each takes off; in the others what it is matched by."""
        return self._events.refunds(event, taken, paths, self.size)
