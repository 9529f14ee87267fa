"""Every example of the language is answered by both back ends alike, and nearly each tells people apart."""

from __future__ import annotations

from random import Random

import pytest

from intarsia.clock import to_iso
from tests.engine.populations import Message
from tests.engine.shop import Shop, instant, order, said, track
from tests.engine.test_places import CENTRE, with_areas
from tests.language.examples import EXAMPLES

NOW = "2026-06-30T12:00"
DAY = 86_400_000
SEGMENTS = {"loyal": "count(order, last 1 year) >= 2", "do_not_mail": "consent email for marketing is withdrawn"}
OF_ALL = {"everyone"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    chance = Random(20260630)
    names = ["ada", "ben", *(f"p{number}" for number in range(36))]
    messages = [message for who in names for message in _life(chance, who)]
    messages += [order("keen", f"2026-0{month}-{day}", total=90) for month in (3, 4, 5) for day in (10, 20)]
    messages += [order("new", at, total=90) for at in ("2025-12-24", "2026-06-28")]
    return with_areas(Shop(tmp_path_factory.mktemp("examples") / "shop", messages), delivery=CENTRE)


def _life(chance: Random, who: str) -> list[Message]:
    """What one of the people said and did in three years."""

    def earlier(days: int) -> str:
        return to_iso(instant(NOW) - chance.randrange(1, days * DAY))

    traits = {
        "country": chance.choice(("CZ", "PL", "DE")),
        "age": chance.randrange(18, 60),
        "interests": chance.sample(("ski", "hiking", "chess"), chance.randrange(3)),
        "email": f"{who}@{chance.choice(('example.com', 'example.org'))}",
        "phone": "+420 777 123 456",
        "signed_up": f"202{chance.randrange(3, 6)}-03-0{chance.randrange(1, 9)}",
        "birth_date": f"199{chance.randrange(9)}-07-{chance.randrange(1, 20):02}",
        "renewal_date": f"2026-0{chance.randrange(6, 9)}-10",
        "favourite colour": chance.choice(("red", "blue")),
        "latitude": 50.08 + chance.random() * 2 - 0.02,
        "longitude": 14.43,
    }
    told = {name: value for name, value in traits.items() if chance.random() < 0.7}
    address = {"city": chance.choice(("Praha", "PRAHA", "Moskva", "Brno", ""))}
    life = [said(who, "2023-05-01", **told, address=address, city=address["city"])]
    life += [said(who, earlier(60), tier=chance.choice(("gold", "silver"))) for _ in range(chance.randrange(3))]
    for _ in range(chance.choice((0, 2, 4, 9))):
        line = {"sku": chance.choice(("C-17", "B-1")), "quantity": chance.randrange(1, 5), "price": 30}
        told = {"total": chance.choice((20, 90, 400)), "category": chance.choice(("coats", "hats"))}
        if chance.random() < 0.6:
            told["coupon"] = "MAY"
        life.append(order(who, earlier(chance.choice((30, 200, 500, 900))), line, **told))
    for _ in range(chance.randrange(6)):
        life.append(track(who, "Product Viewed", earlier(120), path=chance.choice(("/coats/1", "/hats"))))
        life.append(track(who, "Product Added", earlier(9)))
        life.append(track(who, chance.choice(("shop_entered", "other")), earlier(6)))
    consent = chance.choice(("Consent Given", "Consent Withdrawn", "Consent Confirmed"))
    return [*life, track(who, consent, earlier(300), channel="email", purpose="marketing")]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_answered_by_both_and_tells_people_apart(text: str, shop: Shop) -> None:
    found = shop.who(text, NOW, SEGMENTS)
    assert 0 < len(found) < 40 or text in OF_ALL
