"""A file of SQL is parted into named statements."""

from __future__ import annotations

from pathlib import Path

from intarsia.lake.statements import statements


def test_a_statement_goes_from_its_name_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "some.sql"
    path.write_text("-- For readers.\n\n-- name: one\n-- Why.\nselect 1\n\n-- name: two\nselect '-- name: three'\n")
    found = statements(path)
    assert list(found) == ["one", "two"]
    assert found["one"] == "-- Why.\nselect 1\n\n"
    assert found["two"] == "select '-- name: three'\n"


def test_a_file_without_names_has_no_statements(tmp_path: Path) -> None:
    path = tmp_path / "none.sql"
    path.write_text("select 1\n")
    assert statements(path) == {}
