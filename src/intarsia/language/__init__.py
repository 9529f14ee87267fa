"""The segment language: text to tree to text, tree to JSON and back, tree to a sentence, its check, help in writing it.

>>> tree = parse("country = 'CZ' and never order in last 90 days")
>>> show(tree)
"country = 'CZ' and never order in last 90 days"
>>> [suggestion.text for suggestion in complete("never order in la", 17, Catalog())]
['last']
"""

from __future__ import annotations

from intarsia.language.assist.check_at import Look, Standing, check_at
from intarsia.language.assist.complete import Suggestion, complete
from intarsia.language.catalog import Catalog
from intarsia.language.checking.check import Checked, check
from intarsia.language.json_form.form import from_json, to_json
from intarsia.language.json_form.schema import json_schema
from intarsia.language.reading.parse import parse
from intarsia.language.sentences.sentence import sentence, tongue_of
from intarsia.language.version import LANGUAGE_VERSION
from intarsia.language.writing.show import show

__all__ = [
    "LANGUAGE_VERSION",
    "Catalog",
    "Checked",
    "Look",
    "Standing",
    "Suggestion",
    "check",
    "check_at",
    "complete",
    "from_json",
    "json_schema",
    "parse",
    "sentence",
    "show",
    "to_json",
    "tongue_of",
]
