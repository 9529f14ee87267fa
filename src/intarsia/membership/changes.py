"""What one evaluation changes: who enters and leaves, when, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import pyarrow as pa

from intarsia.language.meaning.joins import Join
from intarsia.membership.by_hand import by_hand
from intarsia.membership.dating import Dating
from intarsia.membership.ledger import Cause, Key, Ledger, blocks, changes_table
from intarsia.membership.merges import joins_since_ever, merged_causes, regrouped
from intarsia.membership.runs import KeptRun, Look, SegmentRun, SegmentState
from intarsia.membership.standing import ByQuestion, Standing, Standings
from intarsia.membership.tallies import without_erased
from intarsia.segment.asking import Asking

AsKnown = Callable[[Asking, Look, Sequence[Join] | None, int], Asking]


class Changes:
    """One question put to all segments, beside the ledger.

    last      the last run that counts
    as_known  opens the same question again, by what an earlier evaluation saw; with those joined that it is told, or
              None: that were then; as of an instant
    """

    def __init__(self, asking: Asking, last: KeptRun | None, as_known: AsKnown) -> None:
        self._asking = asking
        self._last = last
        self._as_known = as_known
        self._ledger = Ledger(asking.session)
        counted = ByQuestion(asking, self._ledger)
        self._standings = Standings(asking, counted, last.states if last else {})

    # --- for the ledger

    def tables(self) -> Iterator[pa.Table]:
        """The changes of each segment that has any; everybody leaves a segment that was removed.

        Of a removed one the cause is `definition`, and the instant that of the run.
        """
        for standing in self._standings.found.values():
            if standing.changes.num_rows:
                yield changes_table(
                    standing.changes,
                    segment_id=standing.id,
                    version=standing.definition.version,
                    causes=self._causes_of(standing),
                    instants=[self._instant(standing, key) for key in _keys(standing)],
                )
        for segment_id, rows in self._removed.items():
            yield changes_table(
                rows,
                segment_id=segment_id,
                version=rows["definition_version"][0].as_py(),
                causes=["definition"] * rows.num_rows,
                instants=[self._asking.as_of.at] * rows.num_rows,
            )

    def _instant(self, standing: Standing, key: Key) -> int:
        if key in self._by_hand:
            return self._by_hand[key]
        return standing.since if standing.is_redefined else self._instants.get(key, self._asking.as_of.at)

    def _causes_of(self, standing: Standing) -> list[Cause]:
        """Why, in the order of its changes."""
        keyed = zip(_keys(standing), self._causes[standing.id], strict=True)
        return ["manual" if key in self._by_hand else cause for key, cause in keyed]

    @cached_property
    def _by_hand(self) -> dict[Key, int]:
        """When those of the changes were that somebody made by hand."""
        return by_hand(self._asking, list(self._standings.found.values()), self._instants)

    @cached_property
    def _instants(self) -> dict[Key, int]:
        return Dating(self._asking, self._ledger, self._standings.found.values()).instants()

    @cached_property
    def _causes(self) -> dict[str, list[Cause]]:
        """Why, in the order of each segment's changes."""
        found: dict[str, list[Cause]] = {}
        for look, standings in self._by_look().items():
            if look is None or not self._has_learned(look):
                cause: Cause = "definition" if look is None else "time"
                found.update({standing.id: [cause] * standing.changes.num_rows for standing in standings})
            else:
                with self._as_known(self._asking, look, None, self._asking.as_of.at) as before:
                    found.update({standing.id: self._compared(standing, before) for standing in standings})
                    self._put_merges(found, look, standings, before)
            if look is not None and self._last is not None and self._last.erased_since:
                with self._as_known(self._asking, look, self._asking.evaluator.joins, look.at) as then:
                    found.update({item.id: without_erased(item, found[item.id], then) for item in standings})
        return found

    def _put_merges(self, found: dict[str, list[Cause]], look: Look, standings: list[Standing], before: Asking) -> None:
        """Put in, among the causes of changes, that profiles became one person or ceased to be."""
        numbers = {standing.id: regrouped(standing, self._asking, before) for standing in standings}
        if any(numbers.values()):
            joins = joins_since_ever(self._asking.evaluator.joins, self._asking.as_of.known_at)
            with self._as_known(self._asking, look, joins, self._asking.as_of.at) as joined:
                for standing in standings:
                    causes, own = found[standing.id], numbers[standing.id]
                    found[standing.id] = merged_causes(standing, causes, self._asking, own, joined)

    def _by_look(self) -> dict[Look | None, list[Standing]]:
        """The segments with changes by what was seen when they were last evaluated; None: they are newly defined."""
        found: dict[Look | None, list[Standing]] = {}
        for standing in self._standings.found.values():
            if standing.changes.num_rows:
                look = None if standing.previous is None or standing.is_redefined else standing.previous.look
                found.setdefault(look, []).append(standing)
        return found

    def _has_learned(self, look: Look) -> bool:
        values = {
            "known_at": self._asking.as_of.known_at,
            "seen_event_no": look.event_no,
            "seen_claim_no": look.claim_no,
            "seen_known_at": look.known_at,
        }
        return bool(self._asking.session.execute(blocks()["learned"], values)["learned"][0].as_py())

    def _compared(self, standing: Standing, before: Asking) -> list[Cause]:
        session = self._asking.session
        session.register("standing_changes", standing.changes)
        session.register("members_as_known", before.numbers(standing.definition.name))
        causes: list[Cause] = session.execute(blocks()["causes"])["cause"].to_pylist()
        return causes

    @cached_property
    def _removed(self) -> dict[str, pa.Table]:
        """Who is in segments that are no longer there, by the segment's id, as changes with the version they had."""
        there = [definition.segment_id for definition in self._standings.order]
        return self._ledger.leaving_all_but(there)

    # --- for the store

    @cached_property
    def look(self) -> Look:
        """What is looked at."""
        numbers = self._asking.session.execute(
            "select coalesce((select max(event_no) from lake.events), 0) as event_no, "
            "coalesce((select max(claim_no) from lake.identities), 0) as claim_no"
        )
        [last] = numbers.to_pylist()
        return Look(self._asking.as_of.at, self._asking.as_of.known_at, last["event_no"], last["claim_no"])

    @cached_property
    def states(self) -> dict[str, SegmentState]:
        """How each segment stands; an invalid one as it stood when it was last evaluated."""
        before = self._last.states if self._last else {}
        found: dict[str, SegmentState] = {}
        for definition in self._standings.order:
            standing, segment_id = self._standings.found.get(definition.name), definition.segment_id
            if standing is not None:
                found[segment_id] = SegmentState(
                    segment_id,
                    definition.name,
                    definition.version,
                    standing.meaning,
                    standing.since,
                    standing.size,
                    self.look,
                )
            elif segment_id in before:
                found[segment_id] = before[segment_id]
        return found

    def asks_nothing_new(self) -> bool:
        """Whether instant, record and definitions are those of the last run."""
        last = self._last
        if last is None or self.look.at != last.look.at or self._has_learned(last.look):
            return False
        return _said(self.states) == _said(last.states)

    # --- for people

    def answers(self) -> Iterator[SegmentRun]:
        """What is found of each segment, in order, the removed ones last."""
        for definition in self._standings.order:
            standing, id_and_name = self._standings.found.get(definition.name), (definition.segment_id, definition.name)
            if standing is None:
                error, size = self._standings.invalid[definition.name], self._ledger.size(definition.segment_id)
                yield SegmentRun(*id_and_name, definition.version, size, error=error)
            else:
                yield SegmentRun(
                    *id_and_name,
                    definition.version,
                    standing.size,
                    standing.entered,
                    standing.left,
                    self._dated_by_run(standing),
                )
        for segment_id, rows in self._removed.items():
            state = self._last.states.get(segment_id) if self._last else None
            version, left = rows["definition_version"][0].as_py(), rows.num_rows
            name = state.name if state else segment_id
            yield SegmentRun(segment_id, name, version, 0, 0, left, left, is_removed=True)

    def _dated_by_run(self, standing: Standing) -> int:
        if standing.is_redefined:
            return 0
        return sum(key not in self._instants and key not in self._by_hand for key in _keys(standing))


def _keys(standing: Standing) -> list[Key]:
    return [(standing.id, number) for number in standing.changes["profile_no"].to_pylist()]


def _said(states: dict[str, SegmentState]) -> set[tuple[str, str, int, str]]:
    return {(state.segment_id, state.name, state.version, state.meaning) for state in states.values()}
