"""A definition as an argument of a command: the text itself, `-` for what is piped in, `@FILE` for a file's content."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from intarsia.cli.app import BadUsage
from intarsia.errors import Phrase, phrase

BYTES_MOST = 1024 * 1024
"""Of a definition from a file or a pipe; so many more than the language takes are comments and blanks."""

Command = TypeVar("Command", bound=Callable[..., Any])


def with_definitions(name: str) -> Callable[[Command], Command]:
    """The argument NAME, which is one definition or several; each as `with_definition` takes it."""

    def read(context: click.Context, _: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_text(value, context.command_path) for value in values)

    return click.argument(name, nargs=-1, required=True, callback=read)


def with_definition(name: str, *, required: bool = True) -> Callable[[Command], Command]:
    """The argument NAME, which is a definition; `-` reads it from standard input, `@FILE` from a file."""

    def read(context: click.Context, _: click.Parameter, value: str | None) -> str | None:
        return value if value is None else _text(value, context.command_path)

    return click.argument(name, required=required, callback=read)


def _text(written: str, command: str) -> str:
    """The definition that is meant; one that was read, without blanks at its end."""

    def refuse(reason: Phrase) -> NoReturn:
        raise BadUsage(reason=reason, command=command)

    if written == "-":
        content = sys.stdin.buffer.read(BYTES_MOST + 1)
    elif written.startswith("@"):
        path = Path(written[1:])
        if not path.is_file():
            refuse(phrase("there is no file {path} to read a definition from", path=path))
        with path.open("rb") as file:
            content = file.read(BYTES_MOST + 1)
    else:
        return written
    if len(content) > BYTES_MOST:
        refuse(phrase("what `{name}` holds is longer than any definition", name=written))
    try:
        return content.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError:
        refuse(phrase("what `{name}` holds is no text in UTF-8", name=written))
