"""Every setting of a workspace once: name, type, default, and a sentence for the docs."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from intarsia.clock import CALENDARS, CalendarName
from intarsia.errors import UserError
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
    language: str = _setting("en", mark("the language of reports: en, ru, pl, cs or fa"))
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
            raise BadSetting(name="timezone", value=self.timezone, reason="no zone has this name, try Europe/Prague")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise BadSetting(name="currency", value=self.currency, reason="a currency is three capital letters")
        if self.language not in LANGUAGES:
            raise BadSetting(name="language", value=self.language, reason="it is one of " + ", ".join(LANGUAGES))
        if self.first_weekday not in WEEKDAYS:
            named = ", ".join(WEEKDAYS)
            raise BadSetting(name="first_weekday", value=self.first_weekday, reason=f"it is one of {named}")
        if self.calendar not in CALENDARS:
            raise BadSetting(name="calendar", value=self.calendar, reason="it is one of " + ", ".join(CALENDARS))
        if not 1 <= self.threads <= THREADS_MOST:
            raise BadSetting(name="threads", value=self.threads, reason=f"it is 1 to {THREADS_MOST}")
        if not _MEMORY.fullmatch(self.memory_limit):
            raise BadSetting(name="memory_limit", value=self.memory_limit, reason="it is written as 2GB or 500MB")
        if self.country and not (len(self.country) == 2 and self.country.isascii() and self.country.isupper()):
            raise BadSetting(name="country", value=self.country, reason="a country is two capital letters, as in CZ")
        if not all(isinstance(kind, str) for kind in self.identity_joins):
            raise BadSetting(name="identity_joins", value=list(self.identity_joins), reason="each of them is a text")
        if not 1 <= self.identity_most <= CLAIMS_MOST:
            raise BadSetting(name="identity_most", value=self.identity_most, reason=f"it is 1 to {CLAIMS_MOST}")
        if not all(isinstance(status, str) for status in self.order_statuses):
            raise BadSetting(name="order_statuses", value=list(self.order_statuses), reason="each of them is a text")

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar_name(self) -> CalendarName:
        """The workspace's calendar, as the type of its two names."""
        return "jalali" if self.calendar == "jalali" else "gregorian"


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
            raise BadSetting(name=name, value=value, reason="there is no such setting")
        if isinstance(known[name], tuple) and isinstance(value, list):
            values[name] = tuple(value)
        elif type(value) is not type(known[name]):
            raise BadSetting(name=name, value=value, reason=f"it is a {type(known[name]).__name__}")
    return Settings(**values)


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the file of settings, each with its sentence."""
    lines = []
    for name, _, _, sentence in described():
        value = getattr(settings, name)
        lines += [f"# {sentence}", f"{name} = {json.dumps(value, ensure_ascii=False)}", ""]
    (folder / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
