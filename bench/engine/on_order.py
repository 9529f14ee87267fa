"""Eighteen segments that ask when: of first and last events, of how long ago, of what followed what."""

from engine.on_traits import MAIL
from engine.shape import Events, Follows, Has, Is, Not, Segment, both, days_ago, did, first, last

FIRST_AND_LAST = (
    Segment("first(order) in last 30 days", Has(first("order"), ">=", days_ago(30))),
    Segment("last(order.category) = 'cat00'", Has(last("order", "category"), "=", "cat00")),
    Segment("first(order.category) = 'cat02'", Has(first("order", "category"), "=", "cat02")),
    Segment(
        "last(view.category) = 'cat01' and did view in last 30 days",
        both(Has(last("view", "category"), "=", "cat01"), did("view", 30)),
    ),
    Segment(
        "first(order) more than 365 days ago and did order in last 30 days",
        both(Has(first("order"), "<", days_ago(365)), did("order", 30)),
    ),
    Segment("first(view) in last 14 days", Has(first("view"), ">=", days_ago(14))),
    Segment(
        "first(order where discount_pct >= 10) in last 90 days",
        Has(first("order", where=Is("discount_pct", ">=", 10)), ">=", days_ago(90)),
    ),
    Segment(
        "first(order.category) = 'cat00' and last(order.category) = 'cat01'",
        both(Has(first("order", "category"), "=", "cat00"), Has(last("order", "category"), "=", "cat01")),
    ),
)

RECENCY = (
    Segment("last(order) more than 90 days ago", Has(last("order"), "<", days_ago(90))),
    Segment(
        "last(order) between 60 and 180 days ago",
        both(Has(last("order"), ">=", days_ago(180)), Has(last("order"), "<", days_ago(60))),
    ),
    Segment("last(view) more than 180 days ago", Has(last("view"), "<", days_ago(180))),
    Segment(
        'last("Email Opened") in last 14 days and last(order) more than 30 days ago',
        both(Has(last("opened"), ">=", days_ago(14)), Has(last("order"), "<", days_ago(30))),
    ),
    Segment('last("Loyalty Card Scanned") in last 45 days', Has(last("scanned"), ">=", days_ago(45))),
)

SEQUENCES = (
    Segment(
        'sequence("Email Clicked", order within 7 days, in last 180 days)', Follows(Events("clicked", 180), "order", 7)
    ),
    Segment('sequence("Email Opened", view within 1 day, in last 90 days)', Follows(Events("opened", 90), "view", 1)),
    Segment(
        "sequence(view, order within 1 day, in last 60 days) and wants_mail = true",
        both(Follows(Events("view", 60), "order", 1), MAIL),
    ),
    Segment(
        'sequence("Survey Answered", order within 30 days, in last 365 days)',
        Follows(Events("answered", 365), "order", 30),
    ),
    Segment(
        'sequence(order, "Loyalty Card Scanned" within 7 days, in last 365 days) '
        'and not sequence(order, "Survey Answered" within 14 days, in last 365 days)',
        both(Follows(Events("order", 365), "scanned", 7), Not(Follows(Events("order", 365), "answered", 14))),
    ),
)
