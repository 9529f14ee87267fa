"""The whole answer to "why?": each condition with its facts, the nearest change, and when it comes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from intarsia.language import tree
from intarsia.language.interpret.ahead import Ahead, Forward
from intarsia.language.interpret.explain import Explanation, Plain
from intarsia.language.interpret.flips import Nearest, nearest


@dataclass(frozen=True, kw_only=True)
class Why(Explanation):
    """Why somebody is in or not, by a whole definition.

    ahead    when the answer becomes another if nothing happens
    nearest  the nearest change that would make it another
    """

    ahead: Ahead
    nearest: Nearest

    def to_json(self) -> dict[str, Plain]:
        """The tree in plain values: text, holds, facts, parts; and `nearest` and `ahead`."""
        return {**super().to_json(), "nearest": self.nearest.to_json(), "ahead": self.ahead.to_json()}


def why_of(found: Explanation, asked: tree.Condition, forward: Forward) -> Why:
    """An explanation with what would change the answer.

    asked  the condition whose outcome the explanation is of
    """
    return Why(
        text=found.text,
        holds=found.holds,
        facts=found.facts,
        parts=found.parts,
        is_joint=found.is_joint,
        ahead=forward.of(asked),
        nearest=nearest(asked, forward),
    )
