"""Intarsia: know each customer, say who is meant, keep who is in, report what a segment is worth.

>>> import intarsia
>>> with intarsia.create("shop", timezone="Europe/Prague", currency="CZK") as ws:
...     receipt = ws.record([{"type": "identify", "messageId": "m1", "userId": "ada", "traits": {"city": "Praha"}}])
...     receipt.count("accepted")
1
"""

from intarsia.errors import Bug, IntarsiaError, OutsideError, UserError
from intarsia.workspace import Workspace, create
from intarsia.workspace import open_workspace as open

__all__ = ["Bug", "IntarsiaError", "OutsideError", "UserError", "Workspace", "create", "open"]
