"""What to do about a name that a workspace does not know, where no other looks like it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import islice

from intarsia.language.advice.told import Told
from intarsia.language.catalog import EVENT_NAME, Catalog, EventType, Kind
from intarsia.language.words.spelling import spell_name, spell_path, spell_text
from intarsia.speech import mark

SHOWN = 5
"""So many names are listed."""

_EVENT = mark("`{event}` is an event: write `did {event}`, or count({event}) > 1")
_SEGMENT = mark("write `in segment {name}`")
_WORD_LIST = mark("`intarsia word list` shows the names that there are")
_NO_TRAITS = mark("nothing is known of people yet: load a file of them with `intarsia source load`")
_FUNCTIONS: dict[str, str] = {
    **dict.fromkeys(("count", "first", "last"), mark("`{name}` is a function: {name}(order)")),
    **dict.fromkeys(("sum", "avg", "min", "max", "distinct"), mark("`{name}` is a function: {name}(order.total)")),
    "bucket": mark("`bucket` is a function: bucket('spring') < 0.2"),
    "anniversary": mark("`anniversary` is a function: anniversary(birth_date) in next 7 days"),
    "ratio": mark("`ratio` is a function: ratio(count(order), count(view)) > 0.5"),
    "trend": mark("`trend` is a function: trend(sum(order.total), last 3 months) < -0.5"),
    "segment": mark("write `in segment '..'` with its name in single quotes"),
    "consent": mark("write consent email for marketing is given: channel, purpose, state"),
}

USUAL_EVENTS = ("order", "view", "cart", "refund", "signup")
"""Short names that come with the product, the usual ones first."""
_USUAL_PROPERTIES = ("total", "category", "product", "sku", "quantity", "price", "coupon", "status")

Names = tuple[str, ...]


def instead_of_trait(names: Names, catalog: Catalog, rest: str | None) -> Told | None:
    """Of a name that is no trait and surely something else: a property of an event. None: it is none.

    rest  of the test, behind the name; None: people are ranked by it, or it is part of another value
    """
    is_of_event = len(names) > 1 and _event_like(names[0], catalog) is not None
    inside = names[1:] if is_of_event else names
    if is_of_event:
        named = _event_like(names[0], catalog)
        event = named if named is not None and named.property(inside) is not None else None
    else:
        event = next((event for event in _events(catalog) if event.property(inside) is not None), None)
    found = None if event is None else event.property(inside)
    if event is None or found is None:
        return None
    called, path = "any event" if inside == EVENT_NAME else spell_name(event.short or event.name), spell_path(inside)
    is_number = found.kind in (Kind.NUMBER, Kind.MONEY)
    if rest is None or (is_of_event and is_number and rest.lstrip()[:1] in _COMPARISONS):
        instead = f"{'sum' if is_number else 'last'}({called}.{path}){rest or ''}"
    else:
        instead = f"did {called} where ({path}{rest})"
    return mark("it is a property of `{event}`: write `{instead}`"), {"event": called, "instead": instead}


def _event_like(name: str, catalog: Catalog) -> EventType | None:
    """The event of that name, also in other letter case."""
    other = (event for event in catalog.events.values() if name.casefold() == (event.short or event.name).casefold())
    return catalog.event(name) or next(other, None)


_COMPARISONS = ("<", ">", "=", "!")


def about_trait(names: Names, catalog: Catalog) -> Told:
    """Of a name that is no trait."""
    event = catalog.event(names[0])
    if event is not None:
        return _EVENT, {"event": spell_name(names[0])}
    if len(names) == 1 and names[0] in catalog.segments:
        return _SEGMENT, {"name": spell_text(names[0])}
    if len(names) == 1 and names[0] in _FUNCTIONS:
        return _FUNCTIONS[names[0]], {"name": names[0]}
    return (_WORD_LIST if catalog.traits else _NO_TRAITS), {}


def about_event(names: Names, catalog: Catalog) -> Told:
    """Of a name that is no event."""
    of = next((event for event in _events(catalog) if event.property(names) is not None), None)
    if of is not None:
        path = ".".join((spell_name(of.short or of.name), spell_path(names)))
        gaps = {"name": spell_path(names[:1]), "path": path}
        return mark("`{name}` is a property of an event: write {path}"), gaps
    if not catalog.events:
        return mark("nothing that people did is known yet: load a file of it with `intarsia source load`"), {}
    known = _some(spell_name(event.short or event.name) for event in _events(catalog))
    return mark("there are {known}; `intarsia word list` shows all"), {"known": known}


def _events(catalog: Catalog) -> list[EventType]:
    """All events: the usual ones first, then those with short names, then the others."""
    return sorted(
        catalog.events.values(),
        key=lambda event: (_rank(event.short, USUAL_EVENTS), event.short is None, event.short or event.name),
    )


def _rank(name: str | None, usual: tuple[str, ...]) -> int:
    return usual.index(name) if name in usual else len(usual)


def about_property(event: EventType) -> Told:
    """Of a name that is no property of an event."""
    paths = {spell_path(path) for path in (*event.properties, *event.lines)}
    names = sorted(paths, key=lambda name: (_rank(name, _USUAL_PROPERTIES), name))
    if not names:
        return mark("it has none"), {}
    return mark("it has {known}; `intarsia word list` shows all"), {"known": _some(names)}


def about_segment(catalog: Catalog) -> Told:
    """Of a name that is no segment."""
    if not catalog.segments:
        return mark("there are none yet: `intarsia segment add` makes one"), {}
    known = ", ".join(map(spell_text, islice(sorted(catalog.segments), SHOWN)))
    return mark("there are {known}; `intarsia segment list` shows all"), {"known": known}


def _some(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in islice(names, SHOWN))


# --- letters of other scripts

_LETTERS = {
    "a": "аα", "c": "сϲ", "d": "ԁ", "e": "е", "h": "һ", "i": "іι", "j": "ј", "k": "кκ", "o": "оο", "p": "рρ", "s": "ѕ",
    "u": "υ", "v": "ѵν", "x": "хχ", "y": "уγ", "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ",
    "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ",
}  # fmt: skip
"""By Latin letter, those of Cyrillic and Greek that look like it."""
_LATIN = str.maketrans({other: latin for latin, others in _LETTERS.items() for other in others})
_SCRIPTS = {
    "CYRILLIC": mark("its `{letter}` is a Cyrillic letter: write `{name}`"),
    "GREEK": mark("its `{letter}` is a Greek letter: write `{name}`"),
    "LATIN": mark("its `{letter}` is a Latin letter: write `{name}`"),
}


def about_letters(written: str, known: Iterable[str]) -> Told | None:
    """Of a name that looks like a known one, with a letter of another script; None where none does."""
    looks = written.translate(_LATIN)
    meant = next((name for name in known if name != written and name.translate(_LATIN) == looks), None)
    if meant is None:
        return None
    letter = next(own for own, other in zip(written, meant, strict=True) if own != other)
    script = unicodedata.name(letter, "").split(" ")[0]
    return (_SCRIPTS[script], {"letter": letter, "name": meant}) if script in _SCRIPTS else None
