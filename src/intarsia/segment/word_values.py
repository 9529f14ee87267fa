"""Which values a trait or a property has, the most frequent first."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from intarsia.engine.sql.words import json_place
from intarsia.language.catalog import Catalog, EventType, Property, nearest
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import to_text
from intarsia.language.meaning.orders import GROSS, TOTAL
from intarsia.language.meaning.values import inside
from intarsia.profile.derived import derive, sources
from intarsia.profile.vocabulary import is_personal
from intarsia.record.correcting import NoSuchWord
from intarsia.record.vocabulary import LINE_AMOUNTS, LINE_DECIMALS, LINE_TEXTS, ORDER_NAMES
from intarsia.record.words import label_of, read_label
from intarsia.segment.asking import Asking

FEW = 5
"""A personal value that fewer people have is kept back: it could tell who they are."""

Names = tuple[str, ...]
Counts = list[tuple[str, int, int]]
"""Values, each with how often it came and how many people have it."""


@dataclass(frozen=True)
class WordValues:
    """The most frequent values of a trait or a property.

    counted    "people" for a trait, by what it is now; "events" or "lines" for a property, by what came
    values     the values as texts with their counts, the most frequent first
    distinct   how many values there are in all
    kept_back  how many of them are not told, since fewer than `FEW` people have them
    """

    word: str
    counted: str
    values: tuple[tuple[str, int], ...]
    distinct: int
    kept_back: int

    def to_json(self) -> dict[str, object]:
        """Word, what is counted, the values with their counts, how many there are and how many are kept back."""
        values = [{"value": value, "count": count} for value, count in self.values]
        rest = {"distinct": self.distinct, "kept_back": self.kept_back}
        return {"word": self.word, "counted": self.counted, "values": values, **rest}


def values_of(asking: Asking, label: str, *, most: int, with_rare: bool) -> WordValues:
    """The most frequent values of what a label names: `city`, `order.category`, `Order Completed.lines.sku`.

    with_rare  those of personal words too that fewer than `FEW` people have
    Raises `NoSuchWord`.
    """
    catalog, names = asking.catalog, read_label(label) or ()
    event = catalog.event(names[0]) if len(names) > 1 else None
    known = None if event is None else event.property(names[1:])
    if names in catalog.traits:
        counted, found, personal = "people", _of_trait(asking, names), catalog.traits[names].is_personal
    elif event is not None and known is not None:
        counted, found = ("lines" if known.is_of_line else "events"), _of_property(asking, event, known)
        personal = is_personal(known.path)
    else:
        raise NoSuchWord(name=label, nearest=next(iter(nearest(label, _labels(catalog), most=1)), None))
    told = [(value, count) for value, count, people in found if with_rare or not personal or people >= FEW]
    return WordValues(label, counted, tuple(told[:most]), len(found), len(found) - len(told))


def _labels(catalog: Catalog) -> list[str]:
    paths = ((event.name, *path) for event in catalog.events.values() for path in event.properties)
    return [*map(label_of, catalog.traits), *map(label_of, paths)]


# --- traits


def _of_trait(asking: Asking, names: Names) -> Counts:
    """What people's trait is now; of a list, what is in it."""
    trait = asking.catalog.traits[names]
    read = sorted({names[0], *(sources(names[0]) if trait.is_derived else ())})
    asking.session.register("traits_told", asking.evaluator.traits(read))
    sql = "select traits, count(*) as n from traits_told semi join people using (profile_no) group by 1"
    said = asking.session.execute(sql)
    found: Counter[str] = Counter()
    for text, count in zip(said["traits"].to_pylist(), said["n"].to_pylist(), strict=True):
        for value in _items(_value(asking, names, json.loads(text, parse_float=Decimal, parse_int=Decimal))):
            found[value] += count
    return _in_order((value, count, count) for value, count in found.items())


def _value(asking: Asking, names: Names, traits: Mapping[str, Json]) -> Json:
    catalog, value = asking.catalog, traits.get(names[0])
    if catalog.traits[names].is_derived:
        zone = ZoneInfo(catalog.timezone)
        derived = derive(names[0], traits, asking.as_of.at, zone, calendar=catalog.calendar)
        value = value if derived is None else derived
    return inside(value, names[1:])


def _items(value: Json) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else to_text(item) for item in items if item is not None]


# --- properties


def _of_property(asking: Asking, event: EventType, known: Property) -> Counts:
    """What events or lines said, as they came: each version of an order counts."""
    asking.evaluator.relation("facts")
    names = ORDER_NAMES if event.name == ORDER_NAMES[0] else (event.name,)
    lines = "(select profile_no, name, unit, unnest(lines, recursive := true) from facts)"
    source = lines if known.is_of_line else "facts"
    value = _line_sql(known.path) if known.is_of_line else _event_sql(known.path)
    sql = (
        f"select value, count(*) as n, count(distinct profile_no) as people from (select profile_no, {value} as value "
        f"from {source} where name in (select unnest($names))) where value is not null group by 1"  # nosec B608
    )
    values: dict[str, object] = {"names": list(names)}
    if "$place" in value:
        values["place"] = json_place(*known.path)
    rows = asking.session.execute(sql, values)
    return _in_order(zip(*(rows[name].to_pylist() for name in ("value", "n", "people")), strict=True))


def _event_sql(path: Names) -> str:
    if path in (TOTAL, GROSS):
        return _amount("total_minor")
    own = {("order_id",), ("status",), ("currency",)}
    plain = "json_extract_string(props, $place)"
    return f"coalesce({path[0]}, {plain})" if path in own else plain


def _line_sql(path: Names) -> str:
    name = path[0]
    if len(path) == 1 and name in LINE_AMOUNTS:
        return _amount(f"{name}_minor")
    if len(path) == 1 and name in (*LINE_TEXTS, *LINE_DECIMALS):
        return f"cast({name} as varchar)"
    return "json_extract_string(props, $place)"


def _amount(minor: str) -> str:
    return f"cast({minor} * unit as varchar)"


def _in_order(found: Iterable[tuple[str, int, int]]) -> Counts:
    """The most frequent first, equally frequent ones by their letters."""
    together: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for value, count, people in found:
        together[_shortest(value)].append((count, people))
    counts = [(value, sum(n for n, _ in each), sum(p for _, p in each)) for value, each in together.items()]
    return sorted(counts, key=lambda item: (-item[1], item[0]))


def _shortest(value: str) -> str:
    """A decimal without the zeros that its column fills it up with."""
    head, point, tail = value.partition(".")
    is_decimal = point and head.lstrip("-").isdigit() and tail.isdigit()
    return value.rstrip("0").rstrip(".") if is_decimal else value
