"""The demo's segments: a dozen definitions that fit the Complete Journey, in words of a marketer."""

from __future__ import annotations

SEGMENTS: dict[str, str] = {
    "Loyal": "did order in last 6 months and count(order, last 1 year) >= 24",
    "New": "first(order) in last 90 days",
    "One-time": "count(order) = 1",
    "Big spenders": "top 10% by sum(order.total, last 1 year)",
    "At risk": "count(order, last 1 year) >= 12 and did order in last 90 days and never order in last 30 days",
    "Lapsed": "did order and never order in last 90 days",
    "Coupon users": "count(order where coupon is known, last 1 year) >= 2",
    "Mailed but never redeemed": 'did "Campaign Received" and never "Coupon Redeemed"',
    "Private-label fans": "top 20% by sum(order.lines.total where order.lines.brand = 'Private', last 1 year)",
    "Families with children": "children >= 1",
    "Seniors": "age_band in ('55-64', '65+')",
    "Young households": "age_band in ('19-24', '25-34')",
    "High income": "income_band in ('100-124K', '125-149K', '150-174K', '175-199K', '200-249K', '250K+')",
    "Families that spend most": "in segment 'Families with children' and in segment 'Big spenders'",
}
"""Definitions by name, those that are named before those that name them."""
