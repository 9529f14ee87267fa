"""The traits that are known by name before any data come in, and a guess for those that are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from intarsia.language.catalog import Family, Kind, Trait
from intarsia.profile.derived import DERIVED, Derived

Path = tuple[str, ...]

_DEMOGRAPHIC = {
    "birth_date": Kind.DATE,
    "gender": Kind.TEXT,
    "marital_status": Kind.TEXT,
    "household_size": Kind.NUMBER,
    "children": Kind.NUMBER,
    "education": Kind.TEXT,
    "occupation": Kind.TEXT,
    "employment": Kind.TEXT,
    "income": Kind.NUMBER,
    "language": Kind.TEXT,
    "company": Kind.TEXT,
    "title": Kind.TEXT,
    "name": Kind.TEXT,
    "first_name": Kind.TEXT,
    "last_name": Kind.TEXT,
    "username": Kind.TEXT,
    "email": Kind.TEXT,
    "phone": Kind.TEXT,
    "website": Kind.TEXT,
    "avatar": Kind.TEXT,
    "description": Kind.TEXT,
}
_GEOGRAPHIC = {
    "address": Kind.OBJECT,
    "address.street": Kind.TEXT,
    "address.postal_code": Kind.TEXT,
    "address.city": Kind.TEXT,
    "address.region": Kind.TEXT,
    "address.country": Kind.TEXT,
    "address.latitude": Kind.NUMBER,
    "address.longitude": Kind.NUMBER,
    "postal_code": Kind.TEXT,
    "timezone": Kind.TEXT,
}
_PSYCHOGRAPHIC = {
    "interests": Kind.LIST,
    "hobbies": Kind.LIST,
    "values": Kind.LIST,
    "lifestyle": Kind.TEXT,
    "attitudes": Kind.LIST,
    "personality": Kind.TEXT,
    "life_position": Kind.TEXT,
    "choice_criteria": Kind.LIST,
}
_BEHAVIOURAL = {
    "created_at": Kind.INSTANT,
    "loyalty_tier": Kind.TEXT,
    "preferred_channel": Kind.TEXT,
    "acquisition_channel": Kind.TEXT,
}

_NOT_PERSONAL = frozenset({"company", "language", "loyalty_tier", "acquisition_channel", "climate"})
"""Of the standard traits, those that alone say nothing private of a person; everything else is personal."""

_HINTS: tuple[tuple[Family, frozenset[str]], ...] = (
    (
        Family.PSYCHOGRAPHIC,
        frozenset(
            "interest interests hobby hobbies values lifestyle attitude attitudes opinion opinions personality style"
            " motive motives motivation belief beliefs preference preferences favourite favorite taste life".split()
        ),
    ),
    (
        Family.BEHAVIOURAL,
        frozenset(
            "order orders purchase purchases visit visits visited session sessions spend spent revenue basket cart"
            " loyalty tier churn subscription subscribed plan usage login logins signup frequency recency"
            " rfm clv channel source campaign coupon coupons device clicks opens score".split()
        ),
    ),
    (
        Family.GEOGRAPHIC,
        frozenset(
            "country city town village region state province district county zip postcode postal address street"
            " latitude longitude lat lon lng geo location place timezone climate temperature continent".split()
        ),
    ),
)
_PERSONAL_HINTS = frozenset(
    "name email mail phone mobile telephone tel address street birth birthday birthdate born gender sex income salary"
    " education occupation religion ethnicity health passport ssn iban card latitude longitude lat lon lng zip postcode"
    " postal ip photo avatar username login marital married children age interests hobbies".split()
)
_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")


def family_of(name: str | Path) -> Family:
    """The family of criteria that a trait belongs to: stated for the standard ones, else guessed from its words.

    Demographic where nothing hints at another. A guess orders lists and colours pages; no count depends on it.
    """
    path = _path(name)
    if known := STANDARD_TRAITS.get(path):
        return known.family
    words = _words(path)
    return next((family for family, hints in _HINTS if words & hints), Family.DEMOGRAPHIC)


def is_personal(name: str | Path) -> bool:
    """Whether a trait says something private of a person: stated for the standard ones, else guessed from its words."""
    path = _path(name)
    if known := STANDARD_TRAITS.get(path):
        return known.is_personal
    return path[0] == "address" or bool(_words(path) & _PERSONAL_HINTS)


def trait(path: Path, kind: Kind = Kind.ANY) -> Trait:
    """The entry of the catalog for a trait: the standard one where there is one, else one of the seen `kind`."""
    known = STANDARD_TRAITS.get(path)
    return known or Trait(path, kind, family_of(path), is_personal(path))


def _path(name: str | Path) -> Path:
    return tuple(name.split(".")) if isinstance(name, str) else name


def _words(path: Path) -> frozenset[str]:
    """The words in a name, lower case: of `lastPurchase_date` last, purchase and date."""
    return frozenset(word.lower() for part in path for word in _WORDS.findall(part))


def _recorded(family: Family, kinds: Mapping[str, Kind]) -> dict[Path, Trait]:
    return {
        _path(name): Trait(_path(name), kind, family, is_personal=name not in _NOT_PERSONAL)
        for name, kind in kinds.items()
    }


def _derived() -> dict[Path, Trait]:
    return {(name,): _of_derived(one) for name, one in DERIVED.items()}


def _of_derived(one: Derived) -> Trait:
    is_personal, is_timeless = one.name not in _NOT_PERSONAL, "birth_date" not in one.sources
    return Trait((one.name,), one.kind, one.family, is_personal=is_personal, is_derived=True, is_timeless=is_timeless)


STANDARD_TRAITS: Mapping[Path, Trait] = MappingProxyType(
    _recorded(Family.DEMOGRAPHIC, _DEMOGRAPHIC)
    | _recorded(Family.GEOGRAPHIC, _GEOGRAPHIC)
    | _recorded(Family.PSYCHOGRAPHIC, _PSYCHOGRAPHIC)
    | _recorded(Family.BEHAVIOURAL, _BEHAVIOURAL)
    | _derived()
)
"""The standard traits by path, the derived ones among them."""
