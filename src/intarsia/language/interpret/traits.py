"""The history of a trait (rule 4): what was said of a person, and since when it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intarsia.language.meaning.facts import Fact, Json
from intarsia.language.meaning.values import inside


@dataclass(frozen=True)
class TraitValue:
    """What a trait says.

    value       None: unknown
    since       when it began to say so without a break; None: since always, or never said
    is_derived  it was computed from other traits
    """

    value: Json = None
    since: int | None = None
    is_derived: bool = False


@dataclass(frozen=True)
class Statement:
    """One value of a trait and the instant that it holds from; None: since always."""

    since: int | None
    id: str
    value: Json

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Its place in the history: by time, then by message id."""
        return self.since is not None, self.since or 0, self.id


def history(facts: Iterable[Fact], name: str, at: int) -> list[Statement]:
    """Every statement about a top-level trait that counts, the latest last.

    facts  counted facts of one person
    The first statement without a time holds since always, a later one from its load on.
    """
    said = [fact for fact in facts if fact.kind == "identify" and name in fact.properties]
    undated = sorted((fact for fact in said if fact.is_undated), key=lambda fact: (fact.recorded_at, fact.id))
    starts: list[tuple[int | None, Fact]] = [(fact.occurred_at, fact) for fact in said if not fact.is_undated]
    starts += [(None, fact) for fact in undated[:1]]
    starts += [(fact.recorded_at, fact) for fact in undated[1:] if fact.recorded_at <= at]
    statements = (Statement(since, fact.id, fact.properties[name]) for since, fact in starts)
    return sorted(statements, key=lambda statement: statement.rank)


def latest(statements: Sequence[Statement], path: Sequence[str] = ()) -> TraitValue:
    """The value of the latest statement, or what lies at the path inside it, and since when it is that."""
    values = [inside(statement.value, path) for statement in statements]
    if not values:
        return TraitValue()
    first = len(values) - 1
    while first and values[first - 1] == values[-1]:
        first -= 1
    return TraitValue(values[-1], statements[first].since)
