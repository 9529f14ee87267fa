"""What a column is about, guessed from its name in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

NAMES: Mapping[str, str] = {
    "profile_id": "customer id|customer no|customer number|customer code|client id|client no|user id|userid|uid|"
    "profile id|profile|customer|client|member id|household id|person id|contact id|buyer id|account id|shopper id|"
    "subscriber id|master id|external id|klient|klient id|id klienta|id klienta|numer klienta|id zakaznika|zakaznik|"
    "cislo zakaznika|kod klienta|клиент|id клиента|код клиента|номер клиента|покупатель|id покупателя|مشتری|"
    "شناسه مشتری|کد مشتری|شماره مشتری|kundennummer|kunden id|id cliente|cliente|id client",
    "anonymous_id": "anonymous id|cookie id|device id|visitor id",
    "order_id": "order id|order no|order number|order|invoice no|invoice number|invoice id|invoice|basket id|"
    "transaction id|receipt no|receipt id|receipt number|bill no|sales order id|sales order number|document no|"
    "zamowienie|numer zamowienia|nr zamowienia|id zamowienia|nr faktury|numer faktury|faktura|objednavka|"
    "cislo objednavky|id objednavky|cislo faktury|заказ|номер заказа|id заказа|чек|номер чека|счет|сфактура|"
    "سفارش|شماره سفارش|شناسه سفارش|شماره فاکتور|bestellnummer|rechnungsnummer|numero de pedido",
    "refund_of": "original order id|original invoice|refund of|refunded order id|original order",
    "date": "order date|invoice date|purchase date|transaction date|transaction timestamp|transaction time|"
    "purchased at|ordered at|paid at|sold at|date time|datetime|timestamp|date|time|occurred at|event time|"
    "event timestamp|redemption date|sale date|created at|order time|order purchase timestamp|data|data zamowienia|"
    "data zakupu|data faktury|datum|datum objednavky|datum nakupu|cas|czas|дата|дата заказа|дата покупки|"
    "время|تاریخ|تاریخ سفارش|تاریخ خرید|زمان|bestelldatum|fecha|date de commande",
    "known_since": "updated at|last updated|modified|modified at|as of|last modified|valid from|timestamp|stand|"
    "zaktualizowano|aktualizovano|обновлено|تاریخ بروزرسانی",
    "sku": "sku|stock code|product id|item id|article no|article number|article id|item code|product code|ean|upc|"
    "coupon upc|kod produktu|id produktu|kod zbozi|cislo zbozi|артикул|код товара|id товара|کد کالا|کد محصول|"
    "شناسه محصول|artikelnummer",
    "product": "product name|product|description|item|item name|article|product title|product type|nazwa produktu|"
    "produkt|nazev produktu|nazev zbozi|zbozi|товар|название товара|наименование|نام محصول|محصول|کالا|نام کالا",
    "category": "category|product category|department|category name|kategoria|kategorie|категория|دسته|دسته بندی",
    "brand": "brand|manufacturer|marka|znacka|бренд|марка|برند",
    "quantity": "quantity|qty|units|pieces|cds|order qty|order quantity|ilosc|sztuk|mnozstvi|pocet|pocet kusu|"
    "количество|кол во|تعداد|menge|cantidad",
    "price": "unit price|price|price each|item price|cena|cena jednostkowa|cena za kus|jednotkova cena|цена|"
    "цена за единицу|قیمت|قیمت واحد|einzelpreis|precio",
    "unit_cost": "unit cost|cost|cost price|purchase price|product standard cost|standard cost|koszt|"
    "koszt jednostkowy|nakupni cena|себестоимость|закупочная цена|بهای تمام شده",
    "line_total": "line total|sales value|line amount|extended amount|item total|wartosc|wartosc pozycji|"
    "cena celkem polozka|сумма строки|стоимость",
    "amount": "amount|sales amount|sales|revenue|value|spend|kwota|castka|сумма|مبلغ",
    "total": "order total|total|total amount|grand total|invoice total|total price|total paid|payment value|"
    "order value|suma|razem|wartosc zamowienia|celkem|celkova cena|итого|сумма заказа|جمع|مبلغ کل|جمع کل|gesamt",
    "discount": "discount|discount amount|line discount|retail disc|rabat|sleva|скидка|تخفیف|rabatt",
    "order_discount": "order discount|total discount|cart discount",
    "shipping": "shipping|shipping cost|freight|delivery cost|freight value|dostawa|doprava|доставка|هزینه ارسال",
    "tax": "tax|vat|tax amount|podatek|dan|dph|налог|ндс|مالیات",
    "channel": "channel|medium|kanal|канал|کانال",
    "purpose": "purpose|consent purpose|ucel|cel|цель|هدف",
    "consent_state": "consent|consent status|state|status|given|stav|souhlas|stan|zgoda|статус|согласие|وضعیت|رضایت",
    "expires_at": "expires|expiry|expires on|expiration|valid until|valid to|platnost do|wazne do|действует до|انقضا",
    "currency": "currency|currency code|waluta|mena|валюта|ارز|واحد پول|wahrung|moneda",
    "status": "status|order status|state of order|stav|stav objednavky|status zamowienia|статус|статус заказа|وضعیت",
    "coupon": "coupon|coupon code|promo code|voucher|discount code|kupon|kod rabatowy|купон|промокод|کد تخفیف",
    "event": "event|event name|event type|action|zdarzenie|udalost|событие|رویداد",
    "message_id": "message id|event id|messageid",
    "email": "email|e mail|email address|e mail address|mail|adres email|adres e mail|почта|эл почта|"
    "электронная почта|имейл|ایمیل|پست الکترونیک|correo",
    "phone": "phone|phone number|telephone|mobile|mobile phone|cell phone|tel|telefon|numer telefonu|mobil|komorka|"
    "телефон|номер телефона|мобильный|تلفن|موبایل|شماره تلفن|تلفن همراه|telefono",
    "first_name": "first name|firstname|given name|forename|imie|jmeno|krestni jmeno|имя|نام|vorname|nombre|prenom",
    "last_name": "last name|lastname|surname|family name|nazwisko|prijmeni|фамилия|نام خانوادگی|nachname|apellido",
    "name": "name|full name|customer name|nazwa|imie i nazwisko|nazev|cele jmeno|фио|полное имя|نام کامل",
    "birth_date": "birth date|birthdate|date of birth|dob|birthday|data urodzenia|datum narozeni|дата рождения|"
    "день рождения|تاریخ تولد|geburtsdatum|fecha de nacimiento",
    "gender": "gender|sex|plec|pohlavi|пол|جنسیت|geschlecht",
    "country": "country|country name|country code|country region|kraj|panstwo|zeme|stat|страна|کشور|land|pais|pays",
    "region": "region|state|province|state province|state province code|county|wojewodztwo|kraj region|область|"
    "регион|استان|bundesland",
    "city": "city|town|miasto|miejscowosc|mesto|obec|город|شهر|stadt|ciudad|ville",
    "postcode": "postcode|post code|postal code|zip|zip code|zipcode|kod pocztowy|psc|индекс|почтовый индекс|"
    "کد پستی|plz|codigo postal",
    "address": "address|address line1|address line 1|street|street address|adres|ulica|adresa|ulice|адрес|улица|آدرس|"
    "نشانی",
    "latitude": "latitude|lat|szerokosc geograficzna|zemepisna sirka|широта|عرض جغرافیایی",
    "longitude": "longitude|lon|lng|long|dlugosc geograficzna|zemepisna delka|долгота|طول جغرافیایی",
    "income": "income|yearly income|annual income|household income|dochod|prijem|доход|درآمد",
    "education": "education|wyksztalcenie|vzdelani|образование|تحصیلات",
    "occupation": "occupation|job|profession|zawod|povolani|профессия|شغل",
    "marital_status": "marital status|stan cywilny|rodinny stav|семейное положение|وضعیت تاهل",
    "language": "language|jezyk|jazyk|язык|زبان",
}
"""Names of each role, folded as `fold_name` does, parted by `|`; of two roles with one name the shape decides."""

PERSONAL = (
    *("email", "phone", "first_name", "last_name", "name", "birth_date", "gender", "address"),
    *("income", "education", "occupation", "marital_status", "language"),
)
PLACES = ("country", "region", "city", "postcode", "latitude", "longitude")
LINE_FIELDS = ("sku", "product", "category", "brand", "quantity", "price", "unit_cost", "discount", "line_total")
ORDER_FIELDS = ("total", "currency", "status", "coupon", "shipping", "tax")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "profiles": ("profile_id", "known_since", *PERSONAL, *PLACES),
    "purchases": (
        *("profile_id", "order_id", "refund_of", "date", "amount", "order_discount"),
        *(*LINE_FIELDS, *ORDER_FIELDS, *PERSONAL, *PLACES),
    ),
    "events": ("profile_id", "anonymous_id", "event", "date", "message_id"),
    "consents": ("profile_id", "email", "date", "channel", "purpose", "consent_state", "expires_at", "message_id"),
    "messages": (),
}
"""Which roles each shape knows."""

_ABOUT_THE_CUSTOMER = frozenset({"customer", "client", "user", "buyer", "billing", "shipping", "contact", "member"})
_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "đ": "d", "ي": "ی", "ك": "ک", "\u200c": " "})
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def fold_name(name: str) -> str:
    """A column's name in lower case words without accents: `CustomerID` and `customer_id` are `customer id`."""
    parted = _HUMP.sub(" ", name).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", bare).strip()


def snake_name(name: str) -> str:
    """A column's name as the name of a trait or property: `HouseOwnerFlag` is `house_owner_flag`."""
    parted = _HUMP.sub("_", name).casefold()
    return re.sub(r"[\W_]+", "_", parted).strip("_") or "column"


BARE_ID = {"profiles": "profile_id", "purchases": "order_id", "events": "message_id"}
"""What a column named `id` holds, by shape."""


@cache
def _ranks() -> dict[str, dict[str, int]]:
    """By folded name: its roles, each with the place of the name in the role's list (0: the likeliest)."""
    found: dict[str, dict[str, int]] = {}
    for role, names in NAMES.items():
        for rank, name in enumerate((role, *names.split("|"))):
            found.setdefault(fold_name(name), {}).setdefault(role, rank)
    return found


def ranked_roles(name: str, shape: str) -> dict[str, int]:
    """The roles that a column of this name may have in a load of that shape, with a rank: the smaller the likelier."""
    folded = fold_name(name)
    if folded == "id" and shape in BARE_ID:
        return {BARE_ID[shape]: 0}
    found = _ranks().get(folded)
    if found is None:
        rest = " ".join(word for word in folded.split() if word not in _ABOUT_THE_CUSTOMER)
        found = _ranks().get(rest, {})
    hidden = {"name"} if shape == "purchases" and folded == "name" else set()
    roles = {role: rank for role, rank in found.items() if role in FIELDS[shape] and role not in hidden}
    return roles if roles or shape != "purchases" or folded != "name" else {"product": 50}
