"""What to do about a name that a workspace does not know, where no other looks like it."""

from __future__ import annotations

from itertools import islice

from intarsia.language.catalog import Catalog, EventType
from intarsia.language.spelling import spell_name, spell_path
from intarsia.speech import mark

SHOWN = 5
"""So many names are listed."""

_EVENT = mark("`{event}` is an event: write `did {event}`, or count({event}) > 1")
_SEGMENT = mark("write `in segment '{name}'`")
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

Told = tuple[str, dict[str, str]]
Names = tuple[str, ...]


def about_trait(names: Names, catalog: Catalog) -> Told:
    """Of a name that is no trait."""
    event = catalog.event(names[0])
    if event is not None:
        return _EVENT, {"event": spell_name(names[0])}
    if len(names) == 1 and names[0] in catalog.segments:
        return _SEGMENT, {"name": names[0]}
    if len(names) == 1 and names[0] in _FUNCTIONS:
        return _FUNCTIONS[names[0]], {"name": names[0]}
    return (_WORD_LIST if catalog.traits else _NO_TRAITS), {}


def about_event(names: Names, catalog: Catalog) -> Told:
    """Of a name that is no event."""
    of = next((event for event in catalog.events.values() if event.property(names) is not None), None)
    if of is not None:
        path = ".".join((spell_name(of.short or of.name), spell_path(names)))
        return mark("`{name}` is a property of an event: write {path}"), {"path": path}
    if not catalog.events:
        return mark("nothing that people did is known yet: load a file of it with `intarsia source load`"), {}
    known = _some([spell_name(event.short or event.name) for event in catalog.events.values()])
    return mark("there are {known}; `intarsia word list` shows all"), {"known": known}


def about_property(event: EventType) -> Told:
    """Of a name that is no property of an event."""
    names = [spell_path(path) for path in (*event.properties, *event.lines)]
    if not names:
        return mark("it has none"), {}
    return mark("it has {known}; `intarsia word list` shows all"), {"known": _some(names)}


def about_segment(catalog: Catalog) -> Told:
    """Of a name that is no segment."""
    if not catalog.segments:
        return mark("there are none yet: `intarsia segment add` makes one"), {}
    known = ", ".join(f"'{name}'" for name in islice(sorted(catalog.segments), SHOWN))
    return mark("there are {known}; `intarsia segment list` shows all"), {"known": known}


def _some(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in islice(sorted(set(names)), SHOWN))
