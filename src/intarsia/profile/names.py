"""How names of places are compared: in any script, without regard to case, accents or punctuation."""

from __future__ import annotations

import re
import unicodedata

from intarsia.language.meaning.values import fold_case

_DROPPED = str.maketrans("", "", ".'’‘ʼʻ`´ʹ·")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_GAPS = re.compile(r"[\s\-‐-―_/,;:()\[\]\"«»„“”|&+*!?]+")


LONGEST_CODE = 3
"""Codes of countries have two or three letters."""


def place_key(text: str) -> str:
    """The form of a place's name that it is looked up by: "Plzeň" and "PLZEN" are "plzen", "St. Louis" is "st louis".

    Only European accents are dropped; the vowel signs of other scripts stay. Empty if nothing is left to look up.
    The table of places is built with this function: a change here needs a new table.
    """
    letters = unicodedata.normalize("NFD", _bare(text))
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", letters))
    return _GAPS.sub(" ", plain.translate(_LETTERS_WITHOUT_DECOMPOSITION)).strip()


def country_key(text: str) -> str:
    """`place_key` of a country's name; what is short as a code keeps its accents: ČR is Czechia, CR Costa Rica."""
    key = place_key(text)
    return key if len(key) > LONGEST_CODE else _GAPS.sub(" ", _bare(text)).strip()


def _bare(text: str) -> str:
    return fold_case(text).translate(_DROPPED)
