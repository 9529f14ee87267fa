"""The root of the command line: which workspace, how errors end, and the groups of commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from intarsia import workspace
from intarsia.cli.speaking import show_error, speak
from intarsia.errors import Bug, IntarsiaError, OutsideError, UserError, phrase
from intarsia.speech import LANGUAGES, mark

Command = TypeVar("Command", bound=Callable[..., Any])


class NoWorkspaceNamed(UserError):
    """A command was not told which workspace is meant."""

    code = "cli.no-workspace"
    says = mark("no workspace is named")
    advises = mark("name its folder with `-w DIR` or in INTARSIA_WORKSPACE; `intarsia init DIR` makes one")


class BadUsage(UserError):
    """A command was called with words that it does not take, or without some that it needs."""

    code = "cli.usage"
    says = "{reason}"
    advises = mark("`{command} --help` shows what it takes")


class SystemRefused(OutsideError):
    """The machine did not let a command read or write: a disk is full, a folder cannot be written."""

    code = "cli.system"
    says = mark("the system refused: {reason}")
    advises = mark("see to what is named, then run the command again")


class Place:
    """What the root options say: the folder of the workspace, and the language of speech."""

    def __init__(self, folder: str | None = None, language: str | None = None) -> None:
        self.folder = folder
        self.language = language

    def open(self) -> workspace.Workspace:
        """The workspace that is meant, whose language is spoken from then on unless another was asked for.

        An erasure that was cut off is finished first, and told of. Raises `NoWorkspaceNamed`, `NoWorkspace`.
        """
        if not self.folder:
            raise NoWorkspaceNamed()
        found = workspace.open_workspace(self.folder)
        self.language = self.language or found.settings.language
        for done in found.finish_erasures():
            speak(_finished(done.to_json()))
        if found.is_erasing:
            speak("an erasure is not finished: another process is at it, or the disk refuses; the next command goes on")
        return found

    @property
    def spoken(self) -> str:
        """The language of speech: the one that was asked for, else the opened workspace's, else English."""
        return self.language or "en"


def _finished(done: Mapping[str, Any]) -> str:
    """What is said of an erasure that was cut off and is finished now."""
    people = "1 person" if done["people"] == 1 else f"{done['people']:,} people"
    said = f"an erasure of {done['erased_at']} that was cut off is finished now: {people}"
    files = ", ".join(done["loaded_from"])
    mentions = ", ".join(f"{mention['what']} {mention['name']}" for mention in done["mentions"])
    said += f"; still holds them, for it is yours: {files}" if files else ""
    return said + (f"; still names them: {mentions}" if mentions else "")


class ReaderGone(Exception):
    """Whoever reads the answer has seen enough, as in `| head`."""


class Root(click.Group):
    """The root group; loads the modules of commands when they are asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises `ReaderGone` where click and rich would end with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):
                raise ReaderGone from end
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it in
        """The commands in the order in which somebody new would use them."""
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """One command, from the module that holds it."""
        if cmd_name not in _HOMES:
            return None
        from importlib import import_module

        module, name = _HOMES[cmd_name]
        command: click.Command = getattr(import_module(f"intarsia.cli.{module}"), name)
        return command


_HOMES = {
    "init": ("setting_up", "init"),
    "demo": ("demo", "demo"),
    "source": ("sources", "source"),
    "receive": ("receiving", "receive"),
    "word": ("words", "word"),
    "consent": ("consents", "consent"),
    "area": ("areas", "area"),
    "rate": ("rates", "rate"),
    "profile": ("profiles", "profile"),
    "identity": ("identity", "identity"),
    "list": ("lists", "lists"),
    "segment": ("segments", "segment"),
    "tree": ("trees", "tree"),
    "evaluate": ("memberships", "evaluate"),
    "work": ("working", "work"),
    "status": ("working", "status"),
    "membership": ("memberships", "membership"),
    "rfm": ("rfm", "rfm"),
    "report": ("reports", "report"),
    "query": ("query", "query"),
}


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-w", "--workspace", "folder", envvar="INTARSIA_WORKSPACE", help="The folder of the workspace.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of errors, sentences and reports. [default: the workspace's]"
)
@click.version_option(package_name="intarsia")
@click.pass_context
def root(ctx: click.Context, folder: str | None, language: str | None) -> None:
    """Know each customer, say who is meant, keep who is in, report what a segment is worth.

    Answers go to stdout, speech to stderr; every command takes --json. Exit status: 0 done, 2 the request cannot
    be done as it is, 3 something outside failed, 70 a mistake of ours.
    """
    place = ctx.ensure_object(Place)
    place.folder, place.language = folder, language


def with_json(command: Command) -> Command:
    """The option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")(command)


def with_times(command: Command) -> Command:
    """The options `--at` and `--known-at`."""
    known = click.option("--known-at", metavar="ISO", help="Leave out what was recorded later. [default: nothing]")
    at = click.option("--at", metavar="ISO", help="The instant that is asked about. [default: the present]")
    return at(known(command))


def main() -> None:
    """Run the command line; ends the process with the exit status."""
    place = Place()
    try:
        _refuse_undecodable(sys.argv[1:])
        status = root.main(prog_name="intarsia", standalone_mode=False, obj=place)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(BadUsage.exit_status)
    except Exception as error:
        if os.environ.get("INTARSIA_TRACEBACK"):
            raise
        said = told(error)
        show_error(said, place.language or _language(), as_json="--json" in sys.argv[1:])
        sys.exit(said.exit_status)


def _refuse_undecodable(words: Sequence[str]) -> None:
    """Raise `BadUsage` for bytes that are no letters in the terminal's encoding; names of files may have them."""
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word) and not Path(word).exists():
            shown = word.encode("ascii", "backslashreplace").decode()
            reason = phrase("`{word}` holds bytes that are no letters in UTF-8", word=shown)
            raise BadUsage(reason=reason, command="intarsia")


def told(error: Exception) -> IntarsiaError:
    """What is said of an exception, in the one shape of errors."""
    match error:
        case IntarsiaError():
            return error
        case click.ClickException():
            return _misused(error, getattr(error, "ctx", None))
        case OSError():
            return SystemRefused(reason=error)
        case _:
            return Bug(what=f"{type(error).__name__}: {error}")


_OF_ROOT = frozenset(name for option in root.params for name in option.opts) - {"--version"}
"""Options that no command takes behind its name."""


def _misused(error: click.ClickException, context: click.Context | None) -> BadUsage:
    """What click says of a command's words, with what to do where we know it."""
    command = context.command_path if context else "intarsia"
    _, _, inside = command.partition(" ")
    if inside and isinstance(error, click.NoSuchOption) and error.option_name in _OF_ROOT:
        reason = phrase("`{option}` stands before `{group}`", option=error.option_name, group=inside.split(" ")[0])
        return BadUsage(reason=reason, command="intarsia")
    said, step = _meant(error, context) or error.format_message().rstrip("."), None
    takes = {str(parameter.name) for parameter in context.command.params} if context else set()
    if said.startswith("Got unexpected extra argument") and takes & {"definition", "text_or_name"}:
        step = phrase(
            'the shell takes a definition apart at a bare ": write \\" for each one inside double quotes, or give the '
            "definition as `@FILE` or, from a pipe, as `-`"
        )
    return BadUsage(reason=said, command=command, next_step=step)


_SAME = (("add", "create", "new"), ("rm", "remove", "delete"), ("edit", "update", "change"))
"""Words for one command, of which a group has one."""


def _meant(error: click.ClickException, context: click.Context | None) -> str | None:
    """What is said of a command that goes by another word here, whatever is spelled like it; None of anything else."""
    group, asked = context.command if context else None, getattr(error, "command_name", None)
    if context is None or not isinstance(group, click.Group):
        return None
    there = group.list_commands(context)
    others = (word for words in _SAME if asked in words for word in words if word in there)
    return next((f"{error.message} Did you mean {other!r}?" for other in others), None)


def _language() -> str:
    """The language that was asked for, read without click, which may have failed."""
    words = [part for word in sys.argv[1:] for part in word.split("=", 1)]
    named = words[words.index("--language") + 1 :][:1] if "--language" in words else []
    return named[0] if named and named[0] in LANGUAGES else "en"
