"""The catalog of a workspace: what its record holds, what is known by name before any data, and its settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from intarsia.config import WEEKDAYS, Settings
from intarsia.language.catalog import Catalog, Family, Trait
from intarsia.language.meaning.money import minor_digits
from intarsia.profile.areas import named_areas
from intarsia.profile.sent import sent
from intarsia.profile.vocabulary import STANDARD_TRAITS
from intarsia.profile.vocabulary import trait as guessed_trait
from intarsia.record.consents import Consents
from intarsia.record.rates import stored_rates
from intarsia.record.words import Word, event_types, words
from intarsia.store.store import Store


def build_catalog(store: Store, settings: Settings) -> Catalog:
    """Everything that a definition may name in the workspace of this store."""
    found = words(store)
    known, events = traits(found), event_types(found)
    return Catalog(
        timezone=settings.timezone,
        currency=settings.currency,
        currency_digits=minor_digits(settings.currency),
        first_weekday=WEEKDAYS.index(settings.first_weekday),
        calendar=settings.calendar_name,
        order_statuses=frozenset(settings.order_statuses),
        traits=known,
        events=events,
        areas=named_areas(store),
        rates=stored_rates(store, settings.currency),
        consents=frozenset((known.channel, known.purpose) for known in Consents(store).all()),
        segments=frozenset(row["name"] for row in store.rows("select name from segment where removed_at is null")),
        sent=sent(found, known, events),
    )


def traits(found: Iterable[Word]) -> dict[tuple[str, ...], Trait]:
    """The standard traits, with and beside them those that were seen or declared."""
    known = dict(STANDARD_TRAITS)
    for word in found:
        if word.scope != "trait" or not word.path:
            continue
        trait = known.get(word.path) or guessed_trait(word.path, word.kind)
        if word.is_corrected:
            family = trait.family if word.family is None else Family(word.family)
            is_personal = trait.is_personal if word.is_personal is None else word.is_personal
            trait = replace(trait, kind=word.kind, family=family, is_personal=is_personal)
        known[word.path] = trait
    return known
