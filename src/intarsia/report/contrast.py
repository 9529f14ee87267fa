"""Who the members of a segment are, compared with everybody else: what differs beyond doubt, and most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intarsia.language import Checked, tree
from intarsia.language.catalog import Catalog
from intarsia.profile.derived import sources
from intarsia.report.features import Feature, Features
from intarsia.report.worth import blocks
from intarsia.segment.asking import Asking
from intarsia.shares import Share

MOST = 5
MOST_OF_ONE_SUBJECT = 2
ORDER = "Order Completed"
GOODS = frozenset(("category", "product", "sku", "brand", "department"))


@dataclass(frozen=True)
class Difference:
    """One feature of which members and the rest have different shares; their intervals do not overlap."""

    feature: Feature
    members: Share
    rest: Share

    @property
    def gap(self) -> float:
        """How much larger the members' share is, -1 to 1."""
        return self.members.value - self.rest.value

    def to_json(self) -> dict[str, object]:
        """The feature and both shares."""
        return {**self.feature.to_json(), "members": self.members.to_json(), "rest": self.rest.to_json()}


def differences(asking: Asking, features: Features, names: Sequence[str]) -> list[list[Difference]]:
    """For each segment the features that differ most, those that its own definition speaks of left out.

    `report_members` is there. Of one subject (a trait, or what was bought) at most two are told.
    """
    yes, known = _counts(asking, "feature_counts"), _counts(asking, "subject_counts")
    found = []
    for place, name in enumerate(names):
        told = Told.of(asking, name)
        differing = (
            difference
            for number, feature in enumerate(features.features)
            if not told.speaks_of(feature, asking.catalog)
            and (difference := _difference(feature, number, features.subjects[number], place, yes, known))
        )
        found.append(_most(sorted(differing, key=lambda item: (-abs(item.gap), item.feature))))
    return found


def _most(ordered: Sequence[Difference]) -> list[Difference]:
    taken: list[Difference] = []
    for item in ordered:
        same = sum(other.feature.subject == item.feature.subject for other in taken)
        if same < MOST_OF_ONE_SUBJECT and len(taken) < MOST and not _is_mirror(item, taken):
            taken.append(item)
    return taken


def _is_mirror(item: Difference, taken: Sequence[Difference]) -> bool:
    """Of a trait with two values one says all."""
    return any(
        other.feature.subject == item.feature.subject
        and other.members.yes + item.members.yes == item.members.known
        and other.rest.yes + item.rest.yes == item.rest.known
        for other in taken
    )


Counts = dict[tuple[int | None, int], int]


def _counts(asking: Asking, block: str) -> Counts:
    """How many people of each segment, and of all (None), are in each feature or subject."""
    rows = asking.session.execute(blocks()[block]).to_pylist()
    return {(row["segment_no"], row["number"]): row["n"] for row in rows}


def _difference(
    feature: Feature, number: int, subject: int, place: int, yes: Counts, known: Counts
) -> Difference | None:
    member_yes, member_known = yes.get((place, number), 0), known.get((place, subject), 0)
    rest_yes, rest_known = yes.get((None, number), 0) - member_yes, known.get((None, subject), 0) - member_known
    if not member_known or not rest_known:
        return None
    members, rest = Share(member_yes, member_known), Share(rest_yes, rest_known)
    return Difference(feature, members, rest) if members.low > rest.high or rest.low > members.high else None


# --- what a definition speaks of itself


@dataclass(frozen=True)
class Told:
    """The traits (by the recorded ones that they rest on), events and names that a definition speaks of."""

    traits: frozenset[str]
    events: frozenset[str]
    names: frozenset[str]

    @staticmethod
    def of(asking: Asking, name: str) -> Told:
        """What a segment's definition speaks of, with the segments that it names."""
        told = list(_checked(asking, name, set()))
        traits = {root for one in told for path in one.traits for root in roots(path[0], one.catalog)}
        events = {event for one in told for event in one.events}
        names = {
            part
            for one in told
            for node in one.tree.walk()
            if isinstance(node, (tree.Path, tree.Event))
            for part in node.names
        }
        return Told(frozenset(traits), frozenset(events), frozenset(names))

    def speaks_of(self, feature: Feature, catalog: Catalog) -> bool:
        """Whether the definition itself makes members differ in this."""
        match feature.kind:
            case "value" | "item" | "true" | "above":
                return bool(self.traits & roots(feature.subject, catalog))
            case "event":
                return feature.subject in self.events
            case "bought":
                return bool(GOODS & self.names)
            case "coupon":
                return "coupon" in self.names
            case _:
                return ORDER in self.events


def roots(name: str, catalog: Catalog) -> frozenset[str]:
    """The recorded traits that a trait rests on."""
    trait = catalog.trait((name,))
    return frozenset((name, *sources(name))) if trait is not None and trait.is_derived else frozenset((name,))


def _checked(asking: Asking, name: str, seen: set[str]) -> Iterator[Checked]:
    if name in seen:
        return
    seen.add(name)
    checked = asking.checked(name)
    yield checked
    for other in sorted(checked.segments):
        yield from _checked(asking, other, seen)
