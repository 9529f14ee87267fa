"""What keeps an identifier from joining people: shared mailboxes and devices, and first names that do not fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import combinations

from intarsia.language.meaning.facts import Json
from intarsia.language.meaning.values import fold_case, raw_text

ROLES = frozenset(
    "abuse account accounting accounts admin administrator all bestellung bestellungen billing biuro booking"
    " bookings buchhaltung bureau career careers commerciale compta contact contacts contacto customer customers"
    " customerservice direction dispatch donotreply dotazy dpo einkauf enquiries enquiry faktura fakturace faktury"
    " feedback finance ftp gdpr hello help helpdesk hostmaster hr info infos information informace invoice"
    " invoices it job jobs kancelaria kancelar kontakt kontakty kundenservice legal list lists mail mailbox"
    " mailerdaemon marketing media newsletter nobody noc noreply objednavky obchod office order orders ordini"
    " pedidos podatelna podpora pomoc post postmaster praca prace press privacy prodej recepce recepcja reception"
    " rechnung rechnungen redaktion reklamace reservation reservations reservierung root sales security sekretariat"
    " sekretariát service servicedesk servis shop sklep spam sprzedaz store studio subscribe support team tech test"
    " unsubscribe uctarna usenet uucp ventas verkauf vertrieb webmaster welcome www zakaznik zamowienia zakupy"
    " инфо офис почта продажи поддержка".split()
)
"""Local parts of addresses behind which nobody in particular sits."""

_BETWEEN = re.compile(r"[.\-_]")
_WORDS = re.compile(r"[^\W\d_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


def is_role(address: str) -> bool:
    """Whether an e-mail address, in its normal form, is of a role and not of a person: `info@`, `no-reply+7@`."""
    local = address.rpartition("@")[0].partition("+")[0]
    return _BETWEEN.sub("", local).rstrip("0123456789") in ROLES


Name = tuple[str, ...]
"""The words of a first name, letter case and European accents folded; () where none is known."""


def first_name(first: Json, full: Json) -> Name:
    """The first name that is said of somebody: as such, else the first word of the whole name."""
    said = _words(first)
    return said or _words(full)[:1]


def _words(value: Json) -> Name:
    text = None if isinstance(value, bool) else raw_text(value)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", fold_case(text or "")))
    return tuple(_WORDS.findall(unicodedata.normalize("NFC", plain)))


def fits(one: Name, other: Name) -> bool:
    """Whether two first names may be one person's: word by word the same or an initial, as far as both go.

    >>> fits(("anna", "maria"), ("anna",)), fits(("j", "p"), ("jean", "pierre")), fits(("jan",), ("jana",))
    (True, True, False)
    """
    return all(_is_alike(a, b) for a, b in zip(one, other, strict=False))


def all_fit(names: Iterable[Name]) -> bool:
    """Whether the first names that are known fit, each with each."""
    return all(fits(one, other) for one, other in combinations({name for name in names if name}, 2))


def _is_alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
