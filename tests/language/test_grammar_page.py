"""The grammar on the page is that of the parser: whatever it can say is read."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from intarsia.language import parse, show
from intarsia.language import tree as t
from intarsia.language.words.meanings import SIGNS, WORDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "language.md"
BLOCK = re.search(r"^```ebnf\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
PIECE = re.compile(r'"[^"]*"|[a-z]+|[{}\[\]()|;=]')
LEXICAL = {
    "name": ["a", "country", '"two words"', "страна", "x2"],
    "text": ["'x'", "''", "'it''s'"],
    "number": ["1", "-0.5", "12.25"],
    "integer": ["1", "3", "30"],
    "near": ["0", "7"],
    "far": ["8", "90"],
    "hits": ["1", "2"],
    "many": ["2", "6"],
    "share": ["0.5", "10"],
    "degrees": ["50.08", "-14"],
    "currency": ["EUR"],
    "date": ["2026-01-31"],
    "instant": ["2026-01-31T10:00", "2026-01-31T10:00Z"],
}
DEEP = 6

Rules = dict[str, list[str]]


def grammar() -> Rules:
    """The pieces on the right side of every rule."""
    assert BLOCK is not None
    text = re.sub(r"\(\*.*?\*\)", "", BLOCK[1], flags=re.S)
    found = {}
    for rule in re.split(r";\s*\n", text):
        if rule.strip():
            name, _, body = rule.partition("=")
            found[name.strip()] = PIECE.findall(body)
    return found


class Sayer:
    """Says something at random that a grammar allows."""

    def __init__(self, rules: Rules, chance: random.Random) -> None:
        self._rules = rules
        self._chance = chance
        self.used: Counter[str] = Counter()

    def say(self, name: str, depth: int = 0) -> list[str]:
        """Words of one rule; deep inside, the shortest way out is taken."""
        if name in LEXICAL:
            return [self._chance.choice(LEXICAL[name])]
        if depth > DEEP and name == "condition":
            return ["everyone"]
        if depth > DEEP and name == "value":
            return ["a"]
        self.used[name] += 1
        return self._choice(self._rules[name], depth)

    def _choice(self, pieces: list[str], depth: int) -> list[str]:
        options, level, start = [], 0, 0
        for place, piece in enumerate([*pieces, "|"]):
            level += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(piece, 0)
            if piece == "|" and level == 0:
                options.append(pieces[start:place])
                start = place + 1
        return self._sequence(self._chance.choice(options), depth)

    def _sequence(self, pieces: list[str], depth: int) -> list[str]:
        said: list[str] = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if piece in "([{":
                end = self._end(pieces, place)
                times = {"(": 1, "[": self._chance.randint(0, 1), "{": self._chance.choice((0, 0, 1, 2))}[piece]
                for _ in range(times):
                    said += self._choice(pieces[place + 1 : end], depth)
                place = end
            elif piece.startswith('"'):
                said.append(piece.strip('"'))
            else:
                said += self.say(piece, depth + 1)
            place += 1
        return said

    @staticmethod
    def _end(pieces: list[str], start: int) -> int:
        level = 0
        for place in range(start, len(pieces)):
            level += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(pieces[place], 0)
            if level == 0:
                return place
        raise AssertionError(pieces)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_grammar_on_the_page_says_is_read(seed: int) -> None:
    sayer = Sayer(grammar(), random.Random(seed))
    for _ in range(40):
        text = " ".join(sayer.say("condition"))
        assert show(parse(show(parse(text)))) == show(parse(text)), text


def test_every_rule_of_the_page_and_every_kind_of_node_is_said() -> None:
    rules = grammar()
    sayer = Sayer(rules, random.Random(1))
    met: set[type[t.Node]] = set()
    for _ in range(1500):
        met |= {type(node) for node in parse(" ".join(sayer.say("condition"))).walk()}
    assert set(rules) == set(sayer.used)
    kinds = {kind for kind in vars(t).values() if isinstance(kind, type) and issubclass(kind, t.Node)}
    assert kinds - met == {t.Node}


def test_every_word_of_the_page_has_a_meaning() -> None:
    words = {piece.strip('"') for body in grammar().values() for piece in body if piece.startswith('"')}
    units = {"second", "minute", "hour", "day", "week", "month", "quarter", "year"}
    explained = {word for phrase in WORDS for word in phrase.split()} | set(SIGNS)
    assert words - units - explained == set()
