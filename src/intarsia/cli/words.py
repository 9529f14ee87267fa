"""`intarsia word list|values|correct|declare`."""

from __future__ import annotations

from typing import Any

import click

from intarsia.cli.app import Place, with_json
from intarsia.cli.invalid import tell
from intarsia.cli.speaking import show_json, show_rows, speak

KINDS = ("text", "number", "money", "boolean", "date", "instant", "list", "object", "any")
SCOPES = ("trait", "event", "line")
FAMILIES = ("demographic", "geographic", "psychographic", "behavioural")


@click.group()
def word() -> None:
    """See which traits, events and properties the record holds; correct their kind or family."""


@word.command("list")
@click.option(
    "--all", "with_builtin", is_flag=True, help="Also the names that are built in, of which nothing came yet."
)
@with_json
@click.pass_obj
def list_words(place: Place, with_builtin: bool, as_json: bool) -> None:
    """List every word with its kind, how many values came, and how many of them do not fit."""
    with place.open() as ws:
        found = [*ws.words(), *(ws.builtin_words() if with_builtin else ())]
    rows = [one.to_json() for one in found]
    if as_json:
        show_json(rows)
    else:
        columns = ("word", "scope", "kind", "family", "short", "seen", "unfit", "unfit_example")
        show_rows(rows, columns, numbers=("seen", "unfit"))


@word.command("values")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--rare", is_flag=True, help="Of what is personal, also values that fewer than five people have.")
@with_json
@click.pass_obj
def values(place: Place, name: str, limit: int, rare: bool, as_json: bool) -> None:
    """List the most frequent values of NAME: a trait (city), or a property of an event (order.category).

    A trait is counted by the people who have the value now, a property by the events or lines that came with it.
    """
    with place.open() as ws:
        found = ws.word_values(name, most=limit, with_rare=rare)
    if as_json:
        show_json(found.to_json())
        return
    show_rows(
        [{"value": value, found.counted: count} for value, count in found.values],
        ("value", found.counted),
        numbers=(found.counted,),
    )
    told = f"{len(found.values):,} of {found.distinct:,} values"
    few = f"; {found.kept_back:,} are kept back, for fewer than five people have each: --rare shows them"
    speak(told + (few if found.kept_back else ""))


@word.command("correct")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="What its values are.")
@click.option("--family", type=click.Choice(FAMILIES), help="Of a trait: its family of criteria.")
@click.option("--scope", type=click.Choice(SCOPES), help="Which is meant, where a trait and a property share a name.")
@with_json
@click.pass_obj
def correct(place: Place, /, name: str, as_json: bool, **said: str | None) -> None:
    """Say of what kind or family NAME is, such as `city` or `Order Completed.coupon`. The record is untouched."""
    with place.open() as ws:
        before = ws.segments.invalid()
        found = ws.correct_word(name, **said).to_json()
        invalid = {segment: error for segment, error in ws.segments.invalid().items() if segment not in before}
    _answer(found, as_json=as_json)
    tell(invalid, place.spoken)


@word.command("declare")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="What its values are. [default: any]")
@click.option("--family", type=click.Choice(FAMILIES), help="Of a trait: its family of criteria. [default: guessed]")
@click.option("--personal/--not-personal", "is_personal", default=None, help="Of a trait: whether it is private.")
@click.option("--short", help="Of an event: its short name in rules, such as `shipped`.")
@click.option("--scope", type=click.Choice(SCOPES), help="What NAME is. [default: by its first name]")
@with_json
@click.pass_obj
def declare(place: Place, /, name: str, as_json: bool, **said: Any) -> None:
    """Make NAME known before any data bring it, so that rules may use it.

    NAME is a trait (city, address.city), a property of an event (Order Completed.coupon) or of order lines
    (Order Completed.lines.colour); an event with --short or --scope event. A name that holds a dot stands in
    double quotes.
    """
    with place.open() as ws:
        found = ws.declare_word(name, **said).to_json()
    _answer(found, as_json=as_json)


def _answer(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    told = [f"{found['scope']} `{found['word']}`: {found['kind']}"]
    told += [str(found["family"])] if found["family"] else []
    told += [f"`{found['short']}` in rules"] if found["short"] else []
    speak(", ".join(told))
