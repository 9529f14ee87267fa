"""Twenty-two segments that ask several things of what people did, and ten of what they did not do."""

from datetime import date

from engine.on_traits import MAIL, WOMEN
from engine.shape import Has, Is, Not, Segment, both, count, did, either, never, one_of, spent

SEVERAL_AGGREGATES = (
    Segment(
        "country_code in ('CZ', 'PL') and did order in last 180 days and sum(order.total, last 365 days) > 500 "
        'and never "Email Opened" in last 30 days',
        both(one_of("country_code", "CZ", "PL"), did("order", 180), Has(spent(365), ">", 500_00), never("opened", 30)),
    ),
    Segment(
        "did order in last 30 days and count(order, last 365 days) >= 4",
        both(did("order", 30), Has(count("order", 365), ">=", 4)),
    ),
    Segment(
        "count(view, last 14 days) >= 3 and never order in last 14 days",
        both(Has(count("view", 14), ">=", 3), never("order", 14)),
    ),
    Segment(
        "sum(order.total, last 90 days) > 100 and sum(order.total, between 90 and 180 days ago) < 50",
        both(Has(spent(90), ">", 100_00), Has(spent(180, 90), "<", 50_00)),
    ),
    Segment(
        "count(order where discount_pct >= 10, last 365 days) >= 2 and count(order, last 365 days) <= 5",
        both(Has(count("order", 365, where=Is("discount_pct", ">=", 10)), ">=", 2), Has(count("order", 365), "<=", 5)),
    ),
    Segment(
        'did "Email Opened" in last 30 days and never "Email Clicked" in last 30 days and wants_mail = true',
        both(did("opened", 30), never("clicked", 30), MAIL),
    ),
    Segment(
        "count(view where category = 'cat00', last 60 days) >= 3 "
        "and never order where (category = 'cat00') in last 60 days",
        both(
            Has(count("view", 60, where=Is("category", "=", "cat00")), ">=", 3),
            never("order", 60, where=Is("category", "=", "cat00")),
        ),
    ),
    Segment(
        "sum(order.total, last 365 days) > 1000 or count(order, last 365 days) >= 8",
        either(Has(spent(365), ">", 1_000_00), Has(count("order", 365), ">=", 8)),
    ),
    Segment(
        'did order where (total >= 100) in last 365 days and count("Loyalty Card Scanned", last 180 days) >= 2',
        both(did("order", 365, where=Is("total_minor", ">=", 100_00)), Has(count("scanned", 180), ">=", 2)),
    ),
    Segment(
        "age_years between 30 and 44 and sum(order.total, last 180 days) > 150 and count(view, last 30 days) >= 2",
        both(
            Is("age_years", ">=", 30),
            Is("age_years", "<=", 44),
            Has(spent(180), ">", 150_00),
            Has(count("view", 30), ">=", 2),
        ),
    ),
    Segment(
        'count("Email Opened", last 60 days) >= 2 and count("Email Opened", last 365 days) >= 6 '
        "and did order in last 90 days",
        both(Has(count("opened", 60), ">=", 2), Has(count("opened", 365), ">=", 6), did("order", 90)),
    ),
    Segment(
        "count(order, between 90 and 180 days ago) >= 2 and never order in last 90 days",
        both(Has(count("order", 180, 90), ">=", 2), never("order", 90)),
    ),
    Segment(
        "count(view, last 7 days) >= 2 and count(view, last 30 days) >= 4 and count(view, last 90 days) >= 8",
        both(Has(count("view", 7), ">=", 2), Has(count("view", 30), ">=", 4), Has(count("view", 90), ">=", 8)),
    ),
    Segment(
        'did "Survey Answered" where (score >= 9) in last 365 days and sum(order.total, last 365 days) > 300',
        both(did("answered", 365, where=Is("score", ">=", 9)), Has(spent(365), ">", 300_00)),
    ),
    Segment(
        "sum(order.total where category in ('cat00', 'cat01'), last 365 days) > 200 and gender = 'F'",
        both(Has(spent(365, where=one_of("category", "cat00", "cat01")), ">", 200_00), WOMEN),
    ),
    Segment(
        "sum(order.total, last 30 days) > 50 and sum(order.total, between 30 and 60 days ago) > 50 "
        "and sum(order.total, between 60 and 90 days ago) > 50",
        both(Has(spent(30), ">", 50_00), Has(spent(60, 30), ">", 50_00), Has(spent(90, 60), ">", 50_00)),
    ),
    Segment(
        "income_band >= 3 and (count(order, last 90 days) >= 2 or count(view, last 14 days) >= 4)",
        both(Is("income_band", ">=", 3), either(Has(count("order", 90), ">=", 2), Has(count("view", 14), ">=", 4))),
    ),
    Segment(
        'did "Email Clicked" in last 30 days and did view in last 30 days and never order in last 30 days',
        both(did("clicked", 30), did("view", 30), never("order", 30)),
    ),
    Segment(
        "did order where (category = 'cat04') in last 365 days "
        "and did order where (category = 'cat05') in last 365 days",
        both(
            did("order", 365, where=Is("category", "=", "cat04")), did("order", 365, where=Is("category", "=", "cat05"))
        ),
    ),
    Segment(
        'did "Loyalty Card Scanned" in last 90 days and sum(order.total, last 90 days) < 50 '
        "and did order in last 90 days",
        both(did("scanned", 90), Has(spent(90), "<", 50_00), did("order", 90)),
    ),
    Segment(
        "gender = 'F' and country_code in ('DE', 'AT') and count(view, last 60 days) >= 3 "
        "and count(order, last 730 days) >= 2",
        both(
            WOMEN,
            one_of("country_code", "DE", "AT"),
            Has(count("view", 60), ">=", 3),
            Has(count("order", 730), ">=", 2),
        ),
    ),
    Segment(
        "count(view where category in ('cat06', 'cat07', 'cat08'), last 180 days) >= 2 "
        "and never order where (category in ('cat06', 'cat07', 'cat08')) in last 180 days and wants_mail = true",
        both(
            Has(count("view", 180, where=one_of("category", "cat06", "cat07", "cat08")), ">=", 2),
            never("order", 180, where=one_of("category", "cat06", "cat07", "cat08")),
            MAIL,
        ),
    ),
)

NEVER = (
    Segment("never order", never("order")),
    Segment('never "Email Opened" in last 90 days', never("opened", 90)),
    Segment('wants_mail = true and never "Email Opened" in last 180 days', both(MAIL, never("opened", 180))),
    Segment("did view in last 90 days and never order", both(did("view", 90), never("order"))),
    Segment("did order and never order in last 365 days", both(did("order"), never("order", 365))),
    Segment(
        "not (did order in last 180 days or did view in last 60 days)", Not(either(did("order", 180), did("view", 60)))
    ),
    Segment(
        'did "Loyalty Card Scanned" and never "Loyalty Card Scanned" in last 180 days',
        both(did("scanned"), never("scanned", 180)),
    ),
    Segment(
        'never "Survey Answered" and count(order, last 365 days) >= 2',
        both(never("answered"), Has(count("order", 365), ">=", 2)),
    ),
    Segment(
        'not (did "Email Opened" in last 90 days and did view in last 90 days)',
        Not(both(did("opened", 90), did("view", 90))),
    ),
    Segment(
        'never "Email Clicked" and signed_up before 2025-07-01',
        both(never("clicked"), Is("signed_up", "<", date(2025, 7, 1))),
    ),
)
