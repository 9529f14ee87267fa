"""Who is in which segment by the ledger, held in memory by whoever writes it all the time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from intarsia.engine.columns.values import Array
from intarsia.lake.session import Session
from intarsia.membership.ledger import blocks

_NEWER = """
select segment_id, profile_no, entered from lake.memberships where change_no > $change_no order by change_no
"""


class InLedger:
    """Members by the ledger, by the segment's id, of people who go by their numbers; also of segments that are gone.

    size       how many people there are
    change_no  the last change that is seen
    """

    def __init__(self, size: int, members: dict[str, Array], change_no: int) -> None:
        self.size = size
        self.members = members
        self.change_no = change_no

    @classmethod
    def read(cls, session: Session, size: int) -> InLedger:
        """Those by the whole ledger."""
        found = cls(size, {}, _last(session))
        members = session.execute(blocks()["members"])
        found._apply(members, np.ones(members.num_rows, np.bool_))
        return found

    def of(self, segment_id: str) -> Array:
        """Who is in: a truth for each."""
        if segment_id not in self.members:
            self.members[segment_id] = np.zeros(self.size, np.bool_)
        return self.members[segment_id]

    def others(self, segment_ids: Iterable[str]) -> dict[str, Array]:
        """The numbers of who is in segments that are none of these, by the segment's id; those alone with any."""
        ids = set(segment_ids)
        found = {name: np.flatnonzero(members) for name, members in self.members.items() if name not in ids}
        return {name: members for name, members in found.items() if len(members)}

    def widen(self, size: int) -> None:
        """Let there be so many people; those who are new are in no segment."""
        if size == self.size:
            return
        more = np.zeros(size - self.size, np.bool_)
        self.size = size
        self.members = {name: np.append(members, more) for name, members in self.members.items()}

    def catch_up(self, session: Session) -> None:
        """See what was written since."""
        found = session.execute(_NEWER, {"change_no": self.change_no})
        self._apply(found, found["entered"].to_numpy())
        self.change_no = _last(session)

    def put(self, segment_id: str, numbers: Array, entered: Array) -> None:
        """Note what is written now."""
        self.of(segment_id)[numbers] = entered

    def _apply(self, changes: pa.Table, entered: Array) -> None:
        """Changes, each as who is in after it: the last one of somebody counts."""
        names = changes["segment_id"].combine_chunks().dictionary_encode()
        codes, numbers = names.indices.to_numpy(), changes["profile_no"].to_numpy()
        for code, segment_id in enumerate(names.dictionary.to_pylist()):
            rows = codes == code
            members = self.of(segment_id)
            inside = numbers[rows] < self.size
            members[numbers[rows][inside]] = entered[rows][inside]


def _last(session: Session) -> int:
    found = session.execute("select coalesce(max(change_no), 0) as n from lake.memberships")
    return int(found["n"][0].as_py())
