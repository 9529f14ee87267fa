"""`and`, `or`, `not`, `everyone`, `nobody`: alike for people, events and lines."""

from __future__ import annotations

from collections.abc import Callable

from intarsia.language import tree


def decide(condition: tree.Condition, holds: Callable[[tree.Condition], bool]) -> bool:
    """Whether a condition holds, where `holds` answers for the single tests in it; there are two truth values."""
    match condition:
        case tree.Everyone():
            return True
        case tree.Nobody():
            return False
        case tree.And(parts=parts):
            return all(decide(part, holds) for part in parts)
        case tree.Or(parts=parts):
            return any(decide(part, holds) for part in parts)
        case tree.Not(part=part):
            return not decide(part, holds)
        case _:
            return holds(condition)
