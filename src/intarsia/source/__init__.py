"""The first stage: files of customer data become messages, and every line of a file is accounted for."""

from __future__ import annotations

from intarsia.source.balance import Balance
from intarsia.source.batches import Batch
from intarsia.source.guessing import SHAPES, Shape
from intarsia.source.loading import load, messages
from intarsia.source.looking import ColumnLook, Look, look
from intarsia.source.oddities import Oddity
from intarsia.source.options import Options
from intarsia.source.planning import Plan, plan
from intarsia.source.reasons import Reason, Rejected
from intarsia.source.recorder import Receipt, Recorder

__all__ = [
    "SHAPES",
    "Balance",
    "Batch",
    "ColumnLook",
    "Look",
    "Oddity",
    "Options",
    "Plan",
    "Reason",
    "Receipt",
    "Recorder",
    "Rejected",
    "Shape",
    "load",
    "look",
    "messages",
    "plan",
]
