"""The segment language: text to tree to text, tree to JSON and back, tree to a sentence, and its check.

>>> tree = parse("country = 'CZ' and never order in last 90 days")
>>> show(tree)
"country = 'CZ' and never order in last 90 days"
"""

from __future__ import annotations

from intarsia.language.check import Checked, check
from intarsia.language.json_form import LANGUAGE_VERSION, from_json, to_json
from intarsia.language.json_schema import json_schema
from intarsia.language.parse import parse
from intarsia.language.sentence import sentence, tongue_of
from intarsia.language.show import show

__all__ = [
    "LANGUAGE_VERSION",
    "Checked",
    "check",
    "from_json",
    "json_schema",
    "parse",
    "sentence",
    "show",
    "to_json",
    "tongue_of",
]
