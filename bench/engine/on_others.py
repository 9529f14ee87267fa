"""Eight segments that depend on everybody: ranks, and who is in other segments."""

from engine.shape import Is, Member, Not, Segment, Top, both, count, either, spent

RANKS = (
    Segment("top 10% by sum(order.total, last 365 days)", Top(10, spent(365))),
    Segment("top 1% by sum(order.total)", Top(1, spent())),
    Segment(
        "country_code = 'CZ' and top 20% by sum(order.total, last 365 days)",
        both(Is("country_code", "=", "CZ"), Top(20, spent(365))),
    ),
    Segment("top 5% by count(view, last 30 days)", Top(5, count("view", 30))),
)

NESTED = (
    Segment(
        "in segment 's0' and in segment 's22' and not in segment 's65'", both(Member(0), Member(22), Not(Member(65)))
    ),
    Segment("in segment 's95' or in segment 's38'", either(Member(95), Member(38))),
    Segment(
        "in segment 's49' and in segment 's4' and not in segment 's69'", both(Member(49), Member(4), Not(Member(69)))
    ),
    Segment("in segment 's96' and in segment 's91'", both(Member(96), Member(91))),
)
