"""`intarsia segment preview`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from intarsia.cli.app import Place, with_json, with_times
from intarsia.cli.definitions import with_definitions
from intarsia.cli.speaking import as_of_line, show_json, speak
from intarsia.errors import phrase
from intarsia.speech import Speech

Previews = Any
"""What `workspace.previews` opens; a door knows no more of it."""


@click.command("preview")
@with_definitions("text_or_name")
@with_times
@with_json
@click.pass_obj
def preview(place: Place, text_or_name: Sequence[str], at: str | None, known_at: str | None, as_json: bool) -> None:
    """Count the people who meet a definition that is being edited: an estimate first, then the exact number.

    Several definitions are counted one after another, and what they have in common is worked out once. The estimate has
    an interval that holds the exact number 95 times in 100; the sample is always of the same people.
    """
    with place.open() as ws, ws.previews(at, known_at) as previews:
        if as_json:
            show_json([previews.preview(text).to_json() for text in text_or_name])
            return
        speech = Speech(place.spoken)
        for number, text in enumerate(text_or_name):
            if len(text_or_name) > 1:
                click.echo(f"{NEXT if number else ''}{text}")
            _show(previews, text, speech)
        speak(as_of_line(previews.as_of.to_json()))


NEXT = "\n"
"""Before each definition but the first."""


def _show(previews: Previews, text: str, speech: Speech) -> None:
    """The estimate as soon as it is there, then the exact number."""
    estimate, why = previews.estimated(text)
    if estimate is None:
        told = phrase("no estimate: {reason}", reason=why)
    else:
        told = phrase(
            "about {size} of {base} people (95 %: {low} to {high}), by {sample} who were asked",
            size=speech.number(estimate.size),
            base=speech.number(estimate.base),
            low=speech.number(estimate.low),
            high=speech.number(estimate.high),
            sample=speech.number(estimate.share.known),
        )
    click.echo(told.said(speech.say))
    exact = phrase("{size} of {base} people, exactly", **_numbers(previews, text, speech))
    click.echo(exact.said(speech.say))


def _numbers(previews: Previews, text: str, speech: Speech) -> dict[str, str]:
    return {"size": speech.number(previews.size(text)), "base": speech.number(previews.base)}
