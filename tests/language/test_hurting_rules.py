"""Rules that are large and not refused cost as much as they are long, not its square."""

from __future__ import annotations

import time
from typing import Any

import pytest

from intarsia.engine.kernel.fallback import seen_from
from intarsia.language import check, parse, tree
from intarsia.language.assist.check_at import check_at
from intarsia.language.interpret import making
from intarsia.language.interpret.operators import passes
from intarsia.language.limits import LIST_LITERALS, TEXT_BYTES
from intarsia.language.problems.checking import UnknownTrait
from intarsia.language.problems.whole import TooLarge
from tests.language.asking import CATALOG, NOW, instant

SECONDS_MOST = 4.0
"""Of processor; the square of it took three times as long on a machine without other work."""


def test_of_a_long_list_few_values_are_tried_as_what_would_flip_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def counted(*asked: Any, **how: Any) -> bool:
        tried.append(asked[0])
        return passes(*asked, **how)

    monkeypatch.setattr(making, "passes", counted)
    at = instant(NOW)
    when = seen_from(CATALOG, at, at)
    rule = parse(f"age in ({', '.join(str(number) for number in range(LIST_LITERALS))})")
    assert isinstance(rule, tree.Test)
    assert making.value_for(rule.operator, when, holds=True) == (0,)
    found = making.value_for(rule.operator, when, holds=False)
    assert found is not None
    assert not passes(found[0], rule.operator, when)
    assert len(tried) < 10 * making.CONSTANTS_TRIED


def test_a_text_that_is_too_long_is_not_read_by_who_looks_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("intarsia.language.assist.check_at.recovered", never)
    monkeypatch.setattr("intarsia.language.assist.check_at.tolerant_tokens", never)
    for position in (None, 5):
        look = check_at("age > 3 or " * TEXT_BYTES, position, CATALOG)
        assert [type(problem) for problem in look.problems] == [TooLarge]
        assert (look.standing, look.sentence) == (None, None)


def test_a_path_of_thirty_thousand_names_is_read_and_refused() -> None:
    text = ".".join(["a"] * 30_000) + " = 1"
    begin = time.process_time()
    rule = parse(text)
    with pytest.raises(UnknownTrait):
        check(rule, CATALOG, text)
    assert time.process_time() - begin < SECONDS_MOST
    assert isinstance(rule, tree.Test)
    assert isinstance(rule.value, tree.Path)
    assert rule.value.names == ("a",) * 30_000
