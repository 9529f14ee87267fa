"""Twenty segments that ask only what people are like."""

from datetime import date

from engine.shape import Is, Not, Segment, both, either, one_of

MAIL, NO_MAIL = Is("wants_mail", "=", True), Is("wants_mail", "=", False)
SMS = Is("wants_sms", "=", True)
WOMEN, MEN = Is("gender", "=", "F"), Is("gender", "=", "M")

TRAITS = (
    Segment("country_code in ('CZ', 'PL')", one_of("country_code", "CZ", "PL")),
    Segment("country_code = 'DE'", Is("country_code", "=", "DE")),
    Segment(
        "country_code in ('CZ', 'SK') and age_years between 25 and 34",
        both(one_of("country_code", "CZ", "SK"), Is("age_years", ">=", 25), Is("age_years", "<=", 34)),
    ),
    Segment("gender = 'F' and age_years < 40", both(WOMEN, Is("age_years", "<", 40))),
    Segment("income_band >= 3 and wants_mail = true", both(Is("income_band", ">=", 3), MAIL)),
    Segment("signed_up in last 30 days", Is("signed_up", ">=", date(2026, 5, 31))),
    Segment(
        "signed_up before 2024-07-01 and wants_sms = true",
        both(Is("signed_up", "<", date(2024, 7, 1)), SMS),
    ),
    Segment("city in ('city001', 'city002')", one_of("city", "city001", "city002")),
    Segment("age_years > 70", Is("age_years", ">", 70)),
    Segment("wants_mail = true and wants_sms = true", both(MAIL, SMS)),
    Segment(
        "country_code not in ('CZ', 'PL', 'DE', 'SK')",
        Not(one_of("country_code", "CZ", "PL", "DE", "SK")),
    ),
    Segment("age_years >= 60 and gender = 'M'", both(Is("age_years", ">=", 60), MEN)),
    Segment(
        "city in ('city000', 'city001', 'city025', 'city050')",
        one_of("city", "city000", "city001", "city025", "city050"),
    ),
    Segment(
        "country_code = 'PL' and city = 'city025' and income_band >= 2",
        both(Is("country_code", "=", "PL"), Is("city", "=", "city025"), Is("income_band", ">=", 2)),
    ),
    Segment("age_years < 25 and gender = 'F'", both(Is("age_years", "<", 25), WOMEN)),
    Segment(
        "signed_up between 2025-07-01 and 2025-12-31",
        both(Is("signed_up", ">=", date(2025, 7, 1)), Is("signed_up", "<=", date(2025, 12, 31))),
    ),
    Segment("not wants_mail = true", NO_MAIL),
    Segment("gender = 'X'", Is("gender", "=", "X")),
    Segment(
        "(country_code = 'CZ' and age_years >= 50) or (country_code = 'SK' and age_years >= 45)",
        either(
            both(Is("country_code", "=", "CZ"), Is("age_years", ">=", 50)),
            both(Is("country_code", "=", "SK"), Is("age_years", ">=", 45)),
        ),
    ),
    Segment(
        "income_band = 4 and country_code in ('DE', 'AT', 'NL')",
        both(Is("income_band", "=", 4), one_of("country_code", "DE", "AT", "NL")),
    ),
)
