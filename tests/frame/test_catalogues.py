"""Every sentence of the product can be said in every language."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from tests.frame.reading import PACKAGE, SOURCE

LANGUAGES = ("ru", "pl", "cs", "fa")
LOCALE = SOURCE / PACKAGE / "locale"
METHODS = [("**.py", "python"), ("**/*.html", "jinja2")]
KEYWORDS = {
    **dict.fromkeys(("mark", "phrase", "_", "N_", "say", "gettext")),
    **dict.fromkeys(("say_many", "ngettext"), (1, 2)),
}
GAP = re.compile(r"\{[a-z_0-9.!:]*\}")


def said() -> set[str]:
    """Every sentence that the source marks for translation; of two forms the first."""
    found = extract_from_dir(SOURCE / PACKAGE, METHODS, keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def catalogue(language: str) -> Catalog:
    """The catalogue of one language, from its source."""
    with (LOCALE / language / "LC_MESSAGES" / "intarsia.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form of the language."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def faults(message: Message) -> str | None:
    """What is wrong with one entry, or None."""
    if message.fuzzy:
        return "is only guessed"
    if not forms(message) or not all(forms(message)):
        return "is not translated"
    source = message.id if isinstance(message.id, str) else message.id[-1]
    if any(set(GAP.findall(form)) - set(GAP.findall(source)) for form in forms(message)):
        return "has a gap that the sentence has not"
    if isinstance(message.id, str) and set(GAP.findall(source)) != set(GAP.findall(forms(message)[0])):
        return "has lost a gap"
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    texts = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue(language)}
    assert sorted(said() - texts) == [], "run `make messages` and translate what is new"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_complete_and_keep_their_gaps(language: str) -> None:
    wrong = [f"{message.id!r} {fault}" for message in catalogue(language) if message.id and (fault := faults(message))]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_fresh(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    path = LOCALE / language / "LC_MESSAGES" / "intarsia.mo"
    with path.open("rb") as file:
        assert entries(read_mo(file)) == entries(read_mo(compiled)), "run `make messages`"


def entries(found: Catalog) -> dict[object, object]:
    """Sentence to translation."""
    return {
        message.id if isinstance(message.id, str) else tuple(message.id): message.string
        for message in found
        if message.id
    }


def test_a_lost_gap_is_found(tmp_path: Path) -> None:
    path = tmp_path / "intarsia.po"
    path.write_text('msgid "no {name}"\nmsgstr "нет"\n\nmsgid "b"\nmsgstr ""\n', encoding="utf-8")
    with path.open("rb") as file:
        found = [faults(message) for message in read_po(file, locale="ru") if message.id]
    assert found == ["has lost a gap", "is not translated"]
