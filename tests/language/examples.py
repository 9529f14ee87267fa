"""What the language must be able to say: each text, and the sentence that it is read back as."""

# ruff: noqa: E501  (a sentence stands on one line)

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "country in ('CZ', 'PL')": "People whose country is 'CZ' or 'PL'",
    "age between 25 and 34 and not interests has 'hiking'": (
        "People whose age is between 25 and 34 and whose interests does not have the item 'hiking' (or is unknown)"
    ),
    "interests has any ('ski', 'hiking')": "People whose interests has at least one of the items 'ski' or 'hiking'",
    "email ends with '@example.com'": "People whose email ends with '@example.com'",
    "phone is known": "People whose phone is known",
    "signed_up before 2024-03-01": "People whose signed_up is before 2024-03-01",
    "anniversary(birth_date) in next 7 days": "People whose anniversary of birth_date is in the next 7 days",
    "did order in last 6 months": "People with at least one order event in the last 6 months",
    "never order in last 90 days": (
        "People without any order event in the last 90 days (also those who never had one)"
    ),
    "count(order where category = 'coats' and total > 50, last 1 year) >= 2": (
        "People whose number of order events where (category is 'coats' and total is above 50) in the last 1 year is at least 2"
    ),
    "sum(order.total, last 1 year) > 500": "People whose sum of order.total in the last 1 year is above 500",
    "last(order.category) = 'coats'": "People whose last order.category is 'coats'",
    "first(order) in last 30 days": "People whose first order event is in the last 30 days",
    "sum(order.lines.quantity where order.lines.sku = 'C-17', last 90 days) >= 3": (
        "People whose sum of order.lines.quantity where (order.lines.sku is 'C-17') in the last 90 days is at least 3"
    ),
    "sequence(view where path starts with '/coats', order within 7 days, in last 90 days)": (
        "People who had, one after the other: view event where (path starts with '/coats'), then order event within 7 days; beginning in the last 90 days"
    ),
    "sequence(cart, no order within 24 hours)": (
        "People who had, one after the other: cart event, then no order event within 24 hours"
    ),
    "active(order, 3 of last 6 months)": (
        "People with at least one order event in at least 3 of the last 6 periods of 1 month"
    ),
    "top 10% by sum(order.total, last 1 year)": (
        "People who are among the top 10% by sum of order.total in the last 1 year"
    ),
    "bucket('spring-2026') < 0.2": "People whose random share 'spring-2026' is below 0.2",
    "in segment 'loyal' and not in segment 'do_not_mail'": (
        "People who are in the segment 'loyal' and who are not in the segment 'do_not_mail'"
    ),
    "in segment 'loyal' at 2026-01-01": "People who were in the segment 'loyal' at 2026-01-01",
    "entered segment 'loyal' in last 7 days": "People who entered the segment 'loyal' in the last 7 days",
    "near (50.08, 14.43) within 50 km": "People who live within 50 km of 50.08, 14.43",
    "climate in ('Dfb', 'Dfc')": "People whose climate is 'Dfb' or 'Dfc'",
    "coldest_month_mean_temperature < 0": "People whose coldest_month_mean_temperature is below 0",
    "consent email for marketing is given": "People who gave their consent to email for marketing",
    "everyone": "Everyone",
    "country not in ('CZ', 'PL')": "People whose country is not 'CZ' or 'PL' (or is unknown)",
    "city = 'praha' ignoring case": "People whose city is 'praha' in capital or small letters",
    "\"favourite colour\" = 'red'": "People whose \"favourite colour\" is 'red'",
    "address.city is empty": "People whose address.city is empty or unknown",
    "tier = 'gold' for at least 30 days": "People whose tier is 'gold', and has been so for at least 30 days",
    "did order where (category = 'coats' and total > 50) in last 6 months": (
        "People with at least one order event where (category is 'coats' and total is above 50) in the last 6 months"
    ),
    "did view between 30 and 90 days ago": "People with at least one view event between 30 and 90 days ago",
    "last(order) more than 90 days ago": "People whose last order event is more than 90 days ago",
    "did order between 2026-01-01 and 2026-01-31": (
        "People with at least one order event between 2026-01-01 and 2026-01-31"
    ),
    "renewal_date in next month": "People whose renewal_date is in the next month",
    "did order in previous 3 months by jalali calendar": (
        "People with at least one order event in the previous 3 months, whole ones, by the jalali calendar"
    ),
    "count(any event where event_name starts with 'shop_', last 7 days) >= 2": (
        "People whose number of events of any name where (event_name starts with 'shop_') in the last 7 days is at least 2"
    ),
    "last order where (total > 10) had (category = 'coats' and coupon is unknown)": (
        "People whose last order event where (total is above 10) had (category is 'coats' and coupon is unknown)"
    ),
    "did order where (has line (sku = 'C-17' and quantity >= 2)) in last 90 days": (
        "People with at least one order event where (one line has (sku is 'C-17' and quantity is at least 2)) in the last 90 days"
    ),
    "active(order, 2 times, 3 of last 6 months)": (
        "People with at least 2 order events in at least 3 of the last 6 periods of 1 month"
    ),
    "active(view, 2 of last 4 periods of 10 days)": (
        "People with at least one view event in at least 2 of the last 4 periods of 10 days"
    ),
    "returned(order, last 30 days, after 90 days)": (
        "People with at least one order event in the last 30 days after a pause of at least 90 days"
    ),
    "top 10% by sum(order.total, last 1 year) among (country = 'CZ')": (
        "People who are among the top 10% by sum of order.total in the last 1 year, ranked among those (whose country is 'CZ')"
    ),
    "ratio(count(order where coupon is known), count(order)) > 0.5": (
        "People whose ratio of number of order events where (coupon is known) to number of order events is above 0.5"
    ),
    "trend(sum(order.total), last 3 months) < -0.5": (
        "People whose change of sum of order.total, in the last 3 months against as long before, is below -0.5"
    ),
    "profile in ('ada', 'ben')": "People whose profile is 'ada' or 'ben'",
    "inside area 'delivery'": "People who live inside the area 'delivery'",
}
