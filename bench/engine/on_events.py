"""Twenty-two segments that ask one thing of what people did."""

from engine.on_traits import MAIL
from engine.shape import Events, Feature, Has, Is, Segment, both, count, did, one_of, spent

ONE_AGGREGATE = (
    Segment("did order in last 180 days", did("order", 180)),
    Segment("count(order, last 365 days) >= 3", Has(count("order", 365), ">=", 3)),
    Segment("sum(order.total, last 365 days) > 500", Has(spent(365), ">", 500_00)),
    Segment("sum(order.total, last 90 days) > 200", Has(spent(90), ">", 200_00)),
    Segment("count(view, last 30 days) >= 5", Has(count("view", 30), ">=", 5)),
    Segment("did view in last 7 days", did("view", 7)),
    Segment(
        "country_code in ('CZ', 'PL') and did order in last 180 days",
        both(one_of("country_code", "CZ", "PL"), did("order", 180)),
    ),
    Segment('count("Email Opened", last 90 days) >= 3', Has(count("opened", 90), ">=", 3)),
    Segment('count("Email Clicked", last 180 days) >= 2', Has(count("clicked", 180), ">=", 2)),
    Segment('wants_mail = true and did "Email Clicked" in last 90 days', both(MAIL, did("clicked", 90))),
    Segment(
        "count(view where category = 'cat03', last 90 days) >= 2",
        Has(count("view", 90, where=Is("category", "=", "cat03")), ">=", 2),
    ),
    Segment(
        "did order where (category in ('cat01', 'cat02')) in last 365 days",
        did("order", 365, where=one_of("category", "cat01", "cat02")),
    ),
    Segment(
        "count(order where discount_pct >= 20) >= 2",
        Has(count("order", where=Is("discount_pct", ">=", 20)), ">=", 2),
    ),
    Segment(
        "max(order.total, last 365 days) >= 100",
        Has(Feature("max", Events("order", 365), "total_minor"), ">=", 100_00),
    ),
    Segment(
        'sum("Loyalty Card Scanned".points, last 365 days) >= 500',
        Has(Feature("sum", Events("scanned", 365), "points"), ">=", 500),
    ),
    Segment(
        'max("Survey Answered".score, last 365 days) >= 9',
        Has(Feature("max", Events("answered", 365), "score"), ">=", 9),
    ),
    Segment(
        'min("Survey Answered".score, last 365 days) <= 6',
        Has(Feature("min", Events("answered", 365), "score"), "<=", 6),
    ),
    Segment("count(order) >= 10", Has(count("order"), ">=", 10)),
    Segment("sum(order.total) > 2000", Has(spent(), ">", 2_000_00)),
    Segment('did "Loyalty Card Scanned" in last 30 days', did("scanned", 30)),
    Segment(
        "distinct(order.category, last 365 days) >= 3",
        Has(Feature("distinct", Events("order", 365), "category"), ">=", 3),
    ),
    Segment(
        "distinct(view.category, last 90 days) >= 5",
        Has(Feature("distinct", Events("view", 90), "category"), ">=", 5),
    ),
)
