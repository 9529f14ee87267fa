"""Every setting of a workspace once: name, type, default, and a sentence for the docs."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from intarsia.clock import CALENDARS, CalendarName
from intarsia.errors import Phrase, UserError, phrase
from intarsia.speech import LANGUAGES, mark

FILE_NAME = "workspace.toml"
ENVIRONMENT_NAME = "INTARSIA_WORKSPACE"
THREADS_MOST = 256
CLAIMS_MOST = 100
_MEMORY = re.compile(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?)?B", re.IGNORECASE)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadSetting(UserError):
    """A setting has a value that it cannot have."""

    code = "config.bad-setting"
    says = mark("the setting `{name}` cannot be `{value}`: {reason}")
    advises = mark("correct it in `workspace.toml` or in the option of that name")


class UnreadableSettings(UserError):
    """The file of settings is no TOML."""

    code = "config.unreadable"
    says = mark("the settings in {path} cannot be read: {reason}")
    advises = mark("mend the line that is named, or restore the file from a back-up; the data are untouched")


def _setting(default: Any, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True)
class Settings:
    """How one workspace counts and speaks."""

    timezone: str = _setting("UTC", mark("the IANA name of the zone in which days begin and end"))
    currency: str = _setting("EUR", mark("the currency of all sums, as three capital letters (ISO 4217)"))
    language: str = _setting("en", mark("the language of errors, sentences and reports: en, ru, pl, cs or fa"))
    as_of: str = _setting(
        "",
        mark("the instant as of which questions are asked that name none; empty: the present (for data of past years)"),
    )
    first_weekday: str = _setting("monday", mark("the day on which a week begins"))
    calendar: str = _setting(
        "gregorian", mark("the calendar whose months, quarters and years segments count by: gregorian or jalali")
    )
    order_statuses: tuple[str, ...] = _setting(
        ("completed", "processing", "paid", "shipped", "delivered"),
        mark("an order with another status is kept, but does not count as `order`; one without a status counts"),
    )
    country: str = _setting(
        "", mark("whose phone numbers those without a country's code are, as two capital letters; empty: nobody's")
    )
    identity_joins: tuple[str, ...] = _setting(
        ("all",), mark("the kinds of identifiers that make profiles one person: email, phone, anonymousId ..; or all")
    )
    identity_most: int = _setting(3, mark("an identifier that more profiles claim makes nobody one person"))
    data_note: str = _setting("", mark("a sentence on where the data come from, printed below every report"))
    memory_limit: str = _setting("2GB", mark("how much memory a question may use before it goes to disk"))
    threads: int = _setting(2, mark("how many processor threads a question may use"))

    def __post_init__(self) -> None:
        if self.timezone not in available_timezones():
            _refuse("timezone", self.timezone, phrase("no zone has this name, try Europe/Prague"))
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            _refuse("currency", self.currency, phrase("a currency is three capital letters"))
        _refuse_other("language", self.language, LANGUAGES)
        _refuse_other("first_weekday", self.first_weekday, WEEKDAYS)
        _refuse_other("calendar", self.calendar, CALENDARS)
        if not _MEMORY.fullmatch(self.memory_limit):
            _refuse("memory_limit", self.memory_limit, phrase("it is written as 2GB or 500MB"))
        if self.country and not (len(self.country) == 2 and self.country.isascii() and self.country.isupper()):
            _refuse("country", self.country, phrase("a country is two capital letters, as in CZ"))
        for name, number, most in (
            ("threads", self.threads, THREADS_MOST),
            ("identity_most", self.identity_most, CLAIMS_MOST),
        ):
            if not 1 <= number <= most:
                _refuse(name, number, phrase("it is 1 to {most}", most=most))
        for name, texts in (("identity_joins", self.identity_joins), ("order_statuses", self.order_statuses)):
            if not all(isinstance(text, str) for text in texts):
                _refuse(name, list(texts), phrase("each of them is a text"))

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar_name(self) -> CalendarName:
        """The workspace's calendar, as the type of its two names."""
        return "jalali" if self.calendar == "jalali" else "gregorian"


def _refuse(name: str, value: object, reason: Phrase) -> NoReturn:
    raise BadSetting(name=name, value=value, reason=reason)


def _refuse_other(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        _refuse(name, value, phrase("it is one of {known}", known=", ".join(known)))


def described() -> list[tuple[str, str, object, str]]:
    """Name, type, default and sentence of every setting, in order."""
    return [(item.name, str(item.type), item.default, item.metadata["sentence"]) for item in fields(Settings)]


def read_settings(folder: Path) -> Settings:
    """The settings in a workspace's file; raises `BadSetting` or `UnreadableSettings`."""
    path = folder / FILE_NAME
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableSettings(path=path, reason=error) from error
    return settings_from(found)


def settings_from(found: Mapping[str, Any]) -> Settings:
    """Settings from plain values; an unknown name or a value of another type is refused."""
    known = {item.name: item.default for item in fields(Settings)}
    values = dict(found)
    for name, value in values.items():
        if name not in known:
            _refuse(name, value, phrase("there is no such setting"))
        if isinstance(known[name], tuple) and isinstance(value, list):
            values[name] = tuple(value)
        elif type(value) is not type(known[name]):
            _refuse(name, value, _TYPES[type(known[name])])
    return Settings(**values)


_TYPES: dict[type, Phrase] = {
    str: phrase("it is a text"),
    int: phrase("it is a whole number"),
    tuple: phrase("it is a list of texts"),
}
"""What the value of a setting is, by the type of its default."""


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the file of settings, each with its sentence."""
    lines = []
    for name, _, _, sentence in described():
        value = getattr(settings, name)
        lines += [f"# {sentence}", f"{name} = {json.dumps(value, ensure_ascii=False)}", ""]
    (folder / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
