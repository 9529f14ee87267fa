"""Shapes in which each row is by itself: profiles, events, consents, messages as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from intarsia.source.batches import EMPTIED, LINES_AT_ONCE, MESSAGES_AT_ONCE, Batch, Message, Naming
from intarsia.source.planning import Plan
from intarsia.source.reasons import Rejected, Unfit
from intarsia.source.rows import Blank, Row, Table
from intarsia.source.whose import ids_reader

MakeMessages = Callable[[Row], Sequence[Message]]
"""What makes the messages of a row: the one that it stands for, then those that only accompany it."""


def rowwise(plan: Plan, make: MakeMessages) -> Iterator[Batch]:
    """The file's messages; `make` gives the messages of a row or raises `Unfit`.

    A message without an id gets one from its content.
    """
    table, naming, read_ids = plan.open(), Naming(), ids_reader(plan)
    batch, before = Batch(naming=naming), 0
    for item in table.rows():
        if isinstance(item, Row):
            try:
                _add(batch, item, make(item), naming)
            except Unfit as unfit:
                batch.rejected.append(Rejected(item.line, item.height, unfit.reason, item.raw, read_ids(item)))
        elif isinstance(item, Blank):
            batch.blank_lines += item.height
        else:
            batch.rejected.append(Rejected(item.line, item.height, item.reason, item.raw))
        if len(batch.messages) >= MESSAGES_AT_ONCE or len(batch.rejected) >= LINES_AT_ONCE:
            yield _closed(batch, table, before)
            batch, before = Batch(naming=naming), table.lines_read
    batch = _closed(batch, table, before)
    batch.share_done = 1.0
    yield batch


def _add(batch: Batch, row: Row, messages: Sequence[Message], naming: Naming) -> None:
    lines = tuple(range(row.line, row.line + row.height))
    for message in messages:
        emptied = message.pop(EMPTIED, ())
        if message.get("messageId") in (None, ""):
            message["messageId"] = naming.name(message)
        batch.add(message, lines, emptied)
        lines = ()


def _closed(batch: Batch, table: Table, before: int) -> Batch:
    batch.lines_read = table.lines_read - before
    batch.share_done = table.share_read()
    return batch
