"""What is recorded in an open folder: files, people, words, consents, rates, areas; and questions about it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from intarsia.opened import Opened

if TYPE_CHECKING:
    from datetime import datetime

    from intarsia.engine.sql.missing import MissingRate
    from intarsia.language.catalog import Catalog
    from intarsia.profile.areas import Areas
    from intarsia.profile.profiles import Profiles
    from intarsia.record.consents import Consents
    from intarsia.record.rates import RateBook
    from intarsia.record.words import Word
    from intarsia.report.person import PersonExport
    from intarsia.segment.asking import Asking
    from intarsia.segment.word_values import WordValues
    from intarsia.source.sources import Sources


class Recorded(Opened):
    """What a workspace knows, and what can be asked of it; `KeptUp` adds who is in which segment."""

    @cached_property
    def sources(self) -> Sources:
        """Files: look at them, plan, load them."""
        from functools import partial

        from intarsia.record.loads import LoadRecorder
        from intarsia.source.sources import Sources

        return Sources(
            zone=self.settings.zone,
            recorder=partial(LoadRecorder, self._record, self.store),
            now=self.now,
            new_id=self.new_id,
        )

    @cached_property
    def profiles(self) -> Profiles:
        """The people: delete, restore, erase, readmit."""
        from intarsia.profile.profiles import Profiles

        return Profiles(
            self.store,
            erasures=self._erasures,
            open_session=self.session,
            record=self.record,
            instant=self.instant,
            new_id=self.new_id,
            zone=self.settings.zone,
        )

    def export(self, profile_id: str) -> PersonExport:
        """Everything that is held of the person of a profile id; raises `NoSuchProfile`."""
        from intarsia.report.person import PersonExports

        self.project()
        exports = PersonExports(self.store, self._erasures, kinds=self.identity.kinds, open_session=self.session)
        return exports.export(profile_id)

    def words(self) -> list[Word]:
        """What the record holds of traits, events and properties: kind, how many values, how many do not fit."""
        from intarsia.record.words import words

        return words(self.store)

    def builtin_words(self) -> list[Word]:
        """The names that definitions may use although nobody sent or declared them, by scope, event and path."""
        from intarsia.profile.sent import builtin_words

        return builtin_words(self.words())

    def word_values(self, word: str, *, most: int = 20, with_rare: bool = False) -> WordValues:
        """The most frequent values of a trait or a property: `city`, `order.category`; raises `NoSuchWord`.

        with_rare  of what is personal, those too that few people have
        """
        from intarsia.segment.word_values import values_of

        with self.ask() as asking:
            return values_of(asking, word, most=most, with_rare=with_rare)

    def correct_word(self, word: str, **said: str | None) -> Word:
        """Say of what `kind` a word is, or a trait of which `family`: `city`, `Order Completed.coupon`.

        The record is untouched; see `record.correcting.correct`.
        """
        from intarsia.record.correcting import correct

        return correct(self.store, word, **{"kind": None, "family": None, **said})

    def declare_word(self, word: str, **said: Any) -> Word:
        """Make a trait, an event or a property known before data bring it: `Order Shipped`, `city`.

        said  scope, kind, family, is_personal, short: see `record.correcting.declare`
        """
        from intarsia.record.correcting import declare
        from intarsia.segment.definitions import Definitions

        return declare(self.store, word, users=Definitions(self.store).users_of_event, **said)

    @cached_property
    def consents(self) -> Consents:
        """The channels and purposes of consent that are known: those that came, and those that were declared."""
        from intarsia.record.consents import Consents

        return Consents(self.store)

    @cached_property
    def rates(self) -> RateBook:
        """The rates of exchange: load files, record, list, see which are missing."""
        from intarsia.record.rates import RateBook

        def look() -> list[MissingRate]:
            with self.ask() as asking:
                return asking.missing_rates()

        return RateBook(self.store, base=self.settings.currency, zone=self.settings.zone, now=self.now, look=look)

    @cached_property
    def areas(self) -> Areas:
        """The areas on the map that definitions may name: add, list, show, remove."""
        from intarsia.profile.areas import Areas
        from intarsia.segment.definitions import Definitions

        return Areas(self.store, users=Definitions(self.store).users_of_area, now=self.now)

    def catalog(self) -> Catalog:
        """Everything that a definition may name here."""
        self.project()
        return self._catalog()

    def _catalog(self) -> Catalog:
        from intarsia.profile.catalog import build_catalog

        return build_catalog(self.store, self.settings)

    def ask(self, at: str | datetime | None = None, known_at: str | datetime | None = None) -> Asking:
        """A question over the present state of the record; a context manager, to be closed after use.

        at        the instant that is asked about; None: `as_of` of the settings, else the present
        known_at  what was recorded later is left out; None: nothing is
        """
        self.project()
        return self._asked(self.instant(at), self._known_until(known_at))

    def _asked(self, at: int, known_until: int | None = None) -> Asking:
        """A question over what is recorded, without what waits in the journal."""
        from intarsia.record.history import newest
        from intarsia.segment.asking import Asking
        from intarsia.segment.register import Register

        register = Register(self.store)
        catalog = self._catalog()
        session = self.session()
        if known_until is None:
            known_until = max(self.now(), newest(session) or 0, register.newest)
        joins = self.identity.joins(session)
        return Asking(session, catalog, at=at, known_at=known_until, register=register, joins=joins)
