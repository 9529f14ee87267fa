"""What a share of people can be, of whom some were asked: the interval of 95 %."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The normal quantile of 95 % intervals."""


@dataclass(frozen=True)
class Share:
    """`yes` of `known` people; `low` and `high` are the ends of its 95 % interval (Wilson 1927, without correction)."""

    yes: int
    known: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; `known` >= 1."""
        return self.yes / self.known

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return max(0.0, self._centre() - self._margin())

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return min(1.0, self._centre() + self._margin())

    def _centre(self) -> float:
        return (self.yes + Z * Z / 2) / (self.known + Z * Z)

    def _margin(self) -> float:
        return Z / (self.known + Z * Z) * sqrt(self.yes * (self.known - self.yes) / self.known + Z * Z / 4)

    def to_json(self) -> dict[str, object]:
        """Counts, share and interval."""
        numbers = {"share": self.value, "low": self.low, "high": self.high}
        return {"yes": self.yes, "known": self.known} | {name: round(value, 6) for name, value in numbers.items()}
