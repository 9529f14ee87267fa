"""What became of every line of a file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from intarsia.clock import to_iso


@dataclass
class Balance:
    """Physical lines below the header, each in exactly one of the five counts.

    lines_read    counted where the file is read; the others where messages and their receipts are
    imported      their messages were accepted; updated: accepted, about a profile or order that was known before
    duplicate     their messages had been recorded before
    rejected      by `reasons`, the code of each; blank: without content
    header_lines  above the first row, not in `lines_read`
    messages      that were recorded, with those that only accompany others (an identify beside an order)
    overtaken     of the duplicate ones, those that say what does not stand any more
    emptied       values that are unknown from then on, for a cell is empty
    loaded_at     when this very file was loaded before, milliseconds UTC; None: it never was
    rounded       numbers of more than six places, kept with six; cut: times finer than a millisecond
    """

    header_lines: int = 0
    lines_read: int = 0
    imported: int = 0
    updated: int = 0
    duplicate: int = 0
    rejected: int = 0
    blank: int = 0
    messages: int = 0
    rounded: int = 0
    cut: int = 0
    overtaken: int = 0
    emptied: int = 0
    loaded_at: int | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    rejects_path: str | None = None

    def holds(self) -> bool:
        """Whether the five counts add up to the lines that were read."""
        return self.lines_read == self.imported + self.updated + self.duplicate + self.rejected + self.blank

    def to_json(self) -> dict[str, object]:
        """The counts, by name."""
        return {
            "lines_read": self.lines_read,
            "imported": self.imported,
            "updated": self.updated,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "blank": self.blank,
            "holds": self.holds(),
            "header_lines": self.header_lines,
            "messages": self.messages,
            "reasons": dict(sorted(self.reasons.items())),
            "rejects_path": self.rejects_path,
            "rounded": self.rounded,
            "cut": self.cut,
            "overtaken": self.overtaken,
            "emptied": self.emptied,
            "loaded_at": None if self.loaded_at is None else to_iso(self.loaded_at),
        }
