"""Standard traits are known by name; of the others, family and privacy are guessed from their words."""

from __future__ import annotations

import pytest

from intarsia.language.catalog import Family, Kind, Trait
from intarsia.profile.derived import DERIVED
from intarsia.profile.vocabulary import STANDARD_TRAITS, family_of, is_personal, trait


@pytest.mark.parametrize(
    "name",
    [
        *("email", "phone", "name", "first_name", "last_name", "birth_date", "gender", "income", "education"),
        *("occupation", "interests", "address", "address.street", "address.city", "age", "city", "latitude"),
    ],
)
def test_what_tells_of_a_person_is_personal(name: str) -> None:
    assert is_personal(name)


def test_what_tells_nothing_of_a_person_is_not() -> None:
    assert [name for name in ("company", "loyalty_tier", "favourite_colour", "plan") if is_personal(name)] == []


@pytest.mark.parametrize("name", ["homePhone", "work_email", "address.flat", "zip_code", "maritalStatus", "clientIP"])
def test_new_traits_that_sound_personal_are_taken_for_personal(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("gender", Family.DEMOGRAPHIC),
        ("country", Family.GEOGRAPHIC),
        ("interests", Family.PSYCHOGRAPHIC),
        ("loyalty_tier", Family.BEHAVIOURAL),
        ("shipping_city", Family.GEOGRAPHIC),
        ("homeCountry", Family.GEOGRAPHIC),
        ("favourite colour", Family.PSYCHOGRAPHIC),
        ("travel_preferences", Family.PSYCHOGRAPHIC),
        ("orders_count", Family.BEHAVIOURAL),
        ("lastPurchaseDate", Family.BEHAVIOURAL),
        ("shoe_size", Family.DEMOGRAPHIC),
        ("firstName", Family.DEMOGRAPHIC),
        ("capacity", Family.DEMOGRAPHIC),
    ],
)
def test_the_family_is_stated_or_guessed_from_whole_words(name: str, family: Family) -> None:
    assert family_of(name) is family


def test_the_catalog_entry_of_a_standard_trait_does_not_depend_on_what_was_seen() -> None:
    assert trait(("birth_date",), Kind.TEXT) == Trait(("birth_date",), Kind.DATE, Family.DEMOGRAPHIC, True)
    assert trait(("address", "city")) == Trait(("address", "city"), Kind.TEXT, Family.GEOGRAPHIC, True)


def test_the_catalog_entry_of_a_new_trait_has_the_kind_that_was_seen() -> None:
    assert trait(("shoe_size",), Kind.NUMBER) == Trait(("shoe_size",), Kind.NUMBER)


def test_every_derived_trait_is_a_standard_trait_that_says_so() -> None:
    assert {path[0] for path, known in STANDARD_TRAITS.items() if known.is_derived} == set(DERIVED)
    for path, known in STANDARD_TRAITS.items():
        assert known.path == path
