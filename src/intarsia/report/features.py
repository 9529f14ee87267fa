"""What can be said of a person with yes or no: values of traits, and what they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from intarsia.analysis.days import DaysBack
from intarsia.language.catalog import Kind
from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.json_text import from_text, plain
from intarsia.language.meaning.values import number, text
from intarsia.profile.derived import derive, sources
from intarsia.report.worth import blocks
from intarsia.segment.asking import Asking

LEAST_PEOPLE = 10
"""A feature that fewer people have is left out: it would tell of persons, not of a group."""
MOST_VALUES = 20
"""So many values of one trait are looked at, the commonest."""
FEW_NUMBERS = 8
"""A number with at most so many values is looked at value by value, else against its median."""
MOST_CATEGORIES = 40
DERIVED = ("age", "generation", "country_code", "region", "city", "climate")


@dataclass(frozen=True, order=True)
class Feature:
    """One thing that holds of a person or does not.

    kind     value: the trait `subject` is `value`; item: it holds `value`; true: it is true; above: it is greater
             bought: has an order line of category `value`; coupon: has an order with a coupon; event: did `subject`
             orders: more orders than `value`; basket: a mean order above `value` minor units
    """

    kind: str
    subject: str
    value: str = ""

    def to_json(self) -> dict[str, object]:
        """Kind, subject and value."""
        return {"kind": self.kind, "subject": self.subject, "value": self.value}


@dataclass
class Features:
    """Features in the order of their numbers, and of each the number of its subject.

    In the question's session stand `feature_yes` (feature_no, profile_no: those of whom it holds) and `feature_known`
    (subject_no, profile_no: those of whom it can be said at all).
    """

    features: list[Feature] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    _yes: list[pa.Table] = field(default_factory=list)
    _known: list[pa.Table] = field(default_factory=list)

    def add_subject(self, known: Iterable[int]) -> int:
        """A subject that can be spoken of for these people; its number."""
        self._known.append(_numbered("subject_no", len(self._known), known))
        return len(self._known) - 1

    def add(self, feature: Feature, subject: int, yes: Sequence[int]) -> None:
        """A feature that holds of these people, unless they are too few."""
        if len(yes) >= LEAST_PEOPLE:
            self._yes.append(_numbered("feature_no", len(self.features), yes))
            self.features.append(feature)
            self.subjects.append(subject)

    def offer(self, asking: Asking) -> None:
        """Make the two relations."""
        for name, column, parts in (
            ("feature_yes", "feature_no", self._yes),
            ("feature_known", "subject_no", self._known),
        ):
            asking.session.register(name, pa.concat_tables([_numbered(column, 0, ()), *parts]))


def _numbered(column: str, value: int, people: Iterable[int]) -> pa.Table:
    numbers = pa.array(people, pa.int64())
    return pa.table({column: pa.array([value] * len(numbers), pa.int64()), "profile_no": numbers})


def features(asking: Asking, window: DaysBack) -> Features:
    """Everything that members and others are compared by; `report_worth` is there."""
    found = Features()
    _add_traits(found, asking)
    _add_orders(found, asking, window)
    _add_events(found, asking, window)
    found.offer(asking)
    return found


# --- traits


def _add_traits(found: Features, asking: Asking) -> None:
    for name, values in sorted(_trait_values(asking).items()):
        scalars = {person: value for person, value in values.items() if value is not None}
        if not scalars:
            continue
        subject = found.add_subject(scalars)
        for feature, people in _trait_features(name, scalars):
            found.add(feature, subject, people)


def _trait_values(asking: Asking) -> dict[str, dict[int, Json]]:
    """The value of each trait for each person who has it; objects left out."""
    catalog = asking.catalog
    recorded = {path[0] for path, trait in catalog.traits.items() if len(path) == 1 and trait.kind is not Kind.OBJECT}
    table = asking.evaluator.traits(sorted(recorded))
    found: dict[str, dict[int, Json]] = {}
    read: dict[str, Mapping[str, Json]] = {}
    for person, traits in zip(table["profile_no"].to_pylist(), table["traits"].to_pylist(), strict=True):
        if traits not in read:
            read[traits] = _with_derived(from_text(traits), asking)
        for name, value in read[traits].items():
            found.setdefault(name, {})[person] = value
    return found


def _with_derived(traits: Mapping[str, Json], asking: Asking) -> Mapping[str, Json]:
    zone = ZoneInfo(asking.catalog.timezone)
    fitting = [name for name in DERIVED if any(traits.get(source) is not None for source in sources(name))]
    at, calendar = asking.as_of.at, asking.catalog.calendar
    derived = {name: derive(name, traits, at, zone, calendar=calendar) for name in fitting}
    return {**traits, **derived}


def _trait_features(name: str, values: Mapping[int, Json]) -> Iterator[tuple[Feature, list[int]]]:
    """The features of one trait, each with those of whom it holds."""
    numbers = {person: read for person, value in values.items() if (read := _number(value)) is not None}
    if len(numbers) * 2 > len(values) and len(set(numbers.values())) > FEW_NUMBERS:
        cut = sorted(numbers.values())[(len(numbers) - 1) // 2]
        yield Feature("above", name, plain(cut)), [person for person, value in numbers.items() if value > cut]
        return
    by_item: dict[tuple[str, str], list[int]] = {}
    for person, value in values.items():
        for kind, item in _items(value):
            by_item.setdefault((kind, item), []).append(person)
    for kind, item in sorted(by_item, key=lambda key: (-len(by_item[key]), key))[:MOST_VALUES]:
        yield Feature(kind, name, item), by_item[(kind, item)]


def _number(value: Json) -> Decimal | None:
    return None if isinstance(value, bool) else number(value)


def _items(value: Json) -> set[tuple[str, str]]:
    if isinstance(value, bool):
        return {("true", "")} if value else set()
    if isinstance(value, (str, Decimal)):
        read = text(value)
        return {("value", read)} if read else set()
    if isinstance(value, Sequence):
        return {("item", read) for item in value if isinstance(item, (str, Decimal)) and (read := text(item))}
    return set()


# --- behaviour


def _add_orders(found: Features, asking: Asking, window: DaysBack) -> None:
    """Of those who bought in the window: what, how often, how much at once, with a coupon."""
    session = asking.session
    for relation in ("report_coupons", "report_bought"):
        session.execute(blocks()[relation], window.bounds())
    buyers = session.execute(blocks()["buyers"]).to_pylist()
    if not buyers:
        return
    subject = found.add_subject([row["profile_no"] for row in buyers])
    for kind, column in (("orders", "orders"), ("basket", "basket_minor")):
        cut = sorted(row[column] for row in buyers)[(len(buyers) - 1) // 2]
        above = [row["profile_no"] for row in buyers if row[column] > cut]
        found.add(Feature(kind, kind, str(cut)), subject, above)
    coupons = [row["profile_no"] for row in buyers if row["has_coupon"]]
    found.add(Feature("coupon", "coupon"), subject, coupons)
    for category, people in _lists(session.execute(blocks()["bought"], {"most": MOST_CATEGORIES})):
        if len(people) < len(buyers):
            found.add(Feature("bought", "bought", category), subject, people)


def _add_events(found: Features, asking: Asking, window: DaysBack) -> None:
    """Of everybody: the events other than orders that they had in the window."""
    asking.evaluator.relation("happenings")
    everyone = asking.session.execute("select profile_no from people")["profile_no"].to_pylist()
    subject = found.add_subject(everyone)
    for event, people in _lists(asking.session.execute(blocks()["did"], window.bounds())):
        found.add(Feature("event", event), subject, people)


def _lists(table: pa.Table) -> Iterator[tuple[str, list[int]]]:
    """The rows of a relation of names and lists of people."""
    rows: list[dict[str, Any]] = table.to_pylist()
    counts = Counter({row["name"]: len(row["people"]) for row in rows})
    people = {row["name"]: row["people"] for row in rows}
    yield from ((name, people[name]) for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
