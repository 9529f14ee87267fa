"""Write the generated pages of docs/reference from the code: commands, settings, errors, tables.

`python scripts/build_reference.py` writes them; with `--check` it writes nothing and ends with 1 if one is stale.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click

from intarsia.config import described
from intarsia.errors import IntarsiaError, OutsideError, UserError
from intarsia.lake.schemas import describe

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
FOLDER = ROOT / "docs" / "reference"
GENERATED = "<!-- Written by scripts/build_reference.py; do not edit. -->"
TYPES = {"str": "text", "int": "whole number", "bool": "true or false", "tuple[str, ...]": "list of texts"}
FAMILIES = {
    UserError: (
        "What can be asked otherwise",
        "The command ends with 2: nothing was changed unless the message says so.",
    ),
    OutsideError: (
        "What failed outside",
        "The command ends with 3: a disk, a server or another process failed. Each says whether a repeat makes sense.",
    ),
    IntarsiaError: (
        "What is our mistake",
        "The command ends with 70. Please report it with the command that you ran.",
    ),
}


def pages() -> dict[str, str]:
    """The text of every generated page, by file name."""
    return {
        "commands.md": _joined("Commands", _commands()),
        "errors.md": _joined("Errors", _errors()),
        "settings.md": _joined("Settings", _settings()),
        "tables.md": _joined("Tables on disk", _tables()),
    }


def stale() -> list[str]:
    """The names of the pages that are not what the code says now."""
    return [name for name, text in pages().items() if not _is_fresh(FOLDER / name, text)]


def error_classes() -> list[type[IntarsiaError]]:
    """Every class of error that the product has, by code."""
    for path in sorted((SOURCE / "intarsia").rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if parts[-1] not in ("__init__", "__main__"):
            importlib.import_module(".".join(parts))
    return sorted(_below(IntarsiaError), key=lambda error: error.code)


def commands() -> list[tuple[str, click.Context]]:
    """Every command and group with its full name and a context to ask it in, in the order of the help."""
    if find_spec("intarsia.cli") is None:
        return []
    door = importlib.import_module("intarsia.cli")
    roots = [value for value in vars(door).values() if isinstance(value, click.Group)]
    return list(_commands_below(click.Context(roots[0], info_name="intarsia", terminal_width=100)))


def _is_fresh(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _below(error: type[IntarsiaError]) -> Iterator[type[IntarsiaError]]:
    for child in error.__subclasses__():
        if child.__module__.startswith("intarsia."):
            yield child
            yield from _below(child)


def _commands_below(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield context.command_path, context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None and not command.hidden:
                yield from _commands_below(click.Context(command, parent=context, info_name=name, terminal_width=100))


def _joined(title: str, lines: Iterator[str]) -> str:
    text = "\n".join([f"# {title}", "", GENERATED, "", *lines])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _commands() -> Iterator[str]:
    yield "Results go to standard output, speech to standard error. A command ends with 0 when it did what was asked,"
    yield "with 2, 3 or 70 when not: see [errors](errors.md)."
    for name, context in commands():
        yield from ("", f"## `{name}`", "", inspect.cleandoc(context.command.help or "").replace("\b\n", ""), "")
        pieces = " ".join(context.command.collect_usage_pieces(context))
        yield from ("```text", f"{name} {pieces}".rstrip(), "```", "")
        if isinstance(context.command, click.Group):
            yield from _one_line_each(context, context.command)
        yield from _parameters(context)


def _one_line_each(context: click.Context, group: click.Group) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            anchor = f"{context.command_path} {name}".replace(" ", "-")
            yield f"- [`{name}`](#{anchor}): {command.get_short_help_str(limit=120)}"
    yield ""


def _parameters(context: click.Context) -> Iterator[str]:
    records = [parameter.get_help_record(context) for parameter in context.command.get_params(context)]
    rows = [(names, told) for names, told in filter(None, records) if told and "--help" not in names]
    if rows:
        yield from ("| option | what it does |", "|---|---|")
        yield from (f"| `{_in_a_cell(names)}` | {_in_a_cell(told)} |" for names, told in rows)


def _in_a_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _settings() -> Iterator[str]:
    yield "They stand in the file `workspace.toml` of a workspace."
    yield ""
    yield from ("| setting | type | default | what it means |", "|---|---|---|---|")
    for name, kind, default, sentence in described():
        shown = ", ".join(default) if isinstance(default, tuple) else default
        yield f"| `{name}` | {TYPES.get(kind, kind)} | `{shown}` | {_in_a_cell(sentence)} |"


def _errors() -> Iterator[str]:
    yield "Every error has a stable code, says what is wrong, and where possible what to do next. With `--json` it is"
    yield "an object with `code`, `message`, `position` (or null) and `hint` (or null)."
    remaining = [error for error in error_classes() if "." in error.code]
    for family, (title, told) in FAMILIES.items():
        yield from ("", f"## {title}", "", told)
        for error in [error for error in remaining if issubclass(error, family)]:
            remaining.remove(error)
            yield from _error(error)


def _error(error: type[IntarsiaError]) -> Iterator[str]:
    again = " A repeat makes sense." if issubclass(error, OutsideError) and error.again else ""
    yield from ("", f"### `{error.code}`", "", inspect.cleandoc(error.__doc__ or "") + again, "")
    yield f"> {error.says}"
    if error.advises:
        yield f">\n> hint: {error.advises}"


def _tables() -> Iterator[str]:
    yield "A workspace keeps its record as Delta Lake tables in the folder `lake`. Any program that reads Delta or"
    yield "Parquet may read them; for questions in SQL use the [views](views.md), whose names and columns stay."
    yield "*Personal* columns are kept out of the statistics in a table's log."
    yield ""
    yield describe()


def main(arguments: list[str]) -> int:
    """Write the pages, or only look; the exit status."""
    if "--check" in arguments:
        for name in stale():
            print(f"stale: docs/reference/{name}; run `make reference`", file=sys.stderr)
        return 1 if stale() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
