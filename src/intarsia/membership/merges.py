"""Which changes come of it that profiles became one person, or ceased to be (rule 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from intarsia.clock import FIRST
from intarsia.language.meaning.joins import Join
from intarsia.membership.ledger import Cause
from intarsia.membership.standing import Standing
from intarsia.segment.asking import Asking


def is_merged_away(asking: Asking, number: int) -> bool:
    """Whether the facts of a profile stand under another's number, so that it is in no segment itself."""
    return asking.evaluator.persons.survivor_of(number) != number


def joins_since_ever(joins: Iterable[Join], known_at: int) -> tuple[Join, ...]:
    """Those who are one by what is known, as if that had been known at every instant."""
    return tuple(replace(join, recorded_at=FIRST, undone_at=None) for join in joins if join.holds(known_at))


def regrouped(standing: Standing, now: Asking, before: Asking) -> frozenset[int]:
    """Those of the changed people who are made of other profiles than in an earlier evaluation."""
    then, since = before.evaluator.persons.profiles_of, now.evaluator.persons.profiles_of
    numbers = standing.changes["profile_no"].to_pylist()
    return frozenset(number for number in numbers if set(then(number)) != set(since(number)))


def merged_causes(
    standing: Standing, causes: Sequence[Cause], now: Asking, regrouped_numbers: frozenset[int], joined: Asking
) -> list[Cause]:
    """The causes with those that are merges put in.

    causes  by data and time alone, in the order of the changes
    joined  the earlier evaluation asked again, of the same facts, with those made one who are so now
    """
    there = frozenset(joined.numbers(standing.definition.name)["profile_no"].to_pylist())
    found: list[Cause] = []
    for row, cause in zip(standing.changes.to_pylist(), causes, strict=True):
        number = row["profile_no"]
        explains = is_merged_away(now, number) or (cause == "data" and row["entered"] == (number in there))
        found.append("merge" if number in regrouped_numbers and explains else cause)
    return found
