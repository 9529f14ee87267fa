"""The reference is complete: every command, setting, error code and table column has its place on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from intarsia.config import described
from intarsia.lake.schemas import TABLES
from scripts.build_reference import FOLDER, commands, error_classes, pages, stale


def page(name: str) -> str:
    """The text of a page of docs/reference."""
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_generated_pages_are_fresh() -> None:
    assert stale() == [], "run `make reference`"


def test_every_command_and_option_has_its_place() -> None:
    text = page("commands.md")
    assert [name for name, _ in commands() if f"## `{name}`\n" not in text] == []
    options = {name for _, context in commands() for option in context.command.params for name in option.opts}
    assert sorted(name for name in options if name.startswith("--") and name not in text) == []


def test_every_command_is_told_and_every_option_too() -> None:
    assert [name for name, context in commands() if not context.command.help] == []
    silent = [
        f"{name} {parameter.opts[0]}"
        for name, context in commands()
        for parameter in context.command.params
        if parameter.param_type_name == "option" and not getattr(parameter, "help", None)
    ]
    assert silent == []


def test_every_error_code_has_its_section() -> None:
    text = page("errors.md")
    assert [error.code for error in error_classes() if "." in error.code and f"### `{error.code}`" not in text] == []


def test_every_setting_has_its_line() -> None:
    text = page("settings.md")
    assert [name for name, *_ in described() if f"| `{name}` |" not in text] == []


def test_every_column_has_its_line() -> None:
    sections = {part.split("`", 1)[0]: part for part in page("tables.md").split("\n## `")[1:]}
    missing = [
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if f"| `{column.name}` |" not in sections[table.name]
    ]
    assert missing == []


def test_a_stale_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "settings.md").write_text("# Settings of last year\n", encoding="utf-8")
    monkeypatch.setattr("scripts.build_reference.FOLDER", tmp_path)
    assert stale() == ["settings.md"]
