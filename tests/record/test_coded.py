"""Columns in which each distinct value stands once."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from intarsia.record.coded import coded, combined


def test_a_column_holds_each_value_once_and_gives_all_back() -> None:
    column = coded(["a", None, "b", "a", None])
    assert list(column.values) == ["a", None, "b"]
    assert list(column) == ["a", None, "b", "a", None]


def test_numbers_that_are_equal_are_one_value_and_truths_are_none_of_them() -> None:
    assert list(coded([1, 1.0, Decimal("1.00")]).values) == [1]
    assert [repr(value) for value in coded([1, True, 0, False])] == ["1", "True", "0", "False"]


def test_values_without_a_hash_are_all_kept() -> None:
    values: list[object] = [["a"], {"b": 1}, ["a"], Decimal("sNaN")]
    assert [repr(value) for value in coded(values)] == [repr(value) for value in values]
    assert [repr(value) for value in coded(values[3:])] == ["Decimal('sNaN')"]


def test_a_function_is_called_once_a_value() -> None:
    called: list[str] = []

    def upper(text: str) -> str:
        called.append(text)
        return text.upper()

    column = coded(["b", "a", "b"]).map(upper)
    assert list(column) == ["B", "A", "B"]
    assert called == ["b", "a"]


def test_columns_are_combined_once_a_combination() -> None:
    called: list[tuple[str, int]] = []

    def joined(text: str, number: int) -> str:
        called.append((text, number))
        return f"{text}{number}"

    assert list(combined([coded(["a", "a", "b", "a"]), coded([1, 2, 1, 1])], joined)) == ["a1", "a2", "b1", "a1"]
    assert called == [("a", 1), ("a", 2), ("b", 1)]


def test_values_are_tallied_by_first_appearance() -> None:
    assert coded(["b", "a", "b", None]).tally() == [("b", 2), ("a", 1), (None, 1)]


def test_part_of_a_column_knows_nothing_of_the_rest() -> None:
    part = coded(["b", "a", "b", "c"]).at([3, 0])
    assert (list(part), list(part.values)) == (["c", "b"], ["c", "b"])
    assert part.tally() == [("c", 1), ("b", 1)]


def test_a_column_becomes_an_arrow_array_of_a_type() -> None:
    array = coded([Decimal("1.5"), None, Decimal("1.5")]).arrow(pa.decimal128(18, 6))
    assert array.to_pylist() == [Decimal("1.5"), None, Decimal("1.5")]
    assert coded([]).arrow(pa.string()).to_pylist() == []
