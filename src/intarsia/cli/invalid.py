"""How commands tell of segments that are invalid: why, what becomes of their members, how to mend them."""

from __future__ import annotations

from collections.abc import Mapping

from intarsia.cli.speaking import HINT, speak, speak_of
from intarsia.errors import Phrase, UserError, phrase
from intarsia.speech import translator


def tell(invalid: Mapping[str, UserError], language: str) -> None:
    """Say of each segment that it is invalid, and what to do."""
    for name, error in invalid.items():
        speak_of([told(name, error)], language)
        step = error.hint(translator(language).gettext)
        if step is not None:
            speak(f"  {translator(language).gettext(HINT)}: {step}")


def told(name: str, error: UserError) -> Phrase:
    """What is said of an invalid segment wherever it is shown."""
    return phrase("`{name}` is invalid and keeps its members: {reason}", name=name, reason=error)
