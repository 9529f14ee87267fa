-- The relations that every question is asked of, as of `$at` and by what was recorded until `$known_at`
-- (milliseconds since 1970 UTC). `events` and `profiles` are the lake's tables. Each block makes one relation;
-- relations.py runs those that a question needs, in this order.

-- name: facts
-- What counts: recorded in time, and happened in time; an undated statement about traits counts from its recording.
select event_no, event_id, kind, name, profile_no, epoch_ms(occurred_at) as happened, epoch_ms(recorded_at) as recorded,
       is_undated, order_id, status, currency, total_minor, props, readings, lines
from lake.events
where epoch_ms(recorded_at) <= $known_at
  and (is_undated or epoch_ms(occurred_at) <= $at)

-- name: people
-- The base: everybody of whom at least one fact counts.
select profile_no, profile_id
from lake.profiles
where profile_no in (select profile_no from facts)

-- name: versions
-- What was said of each order, one row a message.
select profile_no, coalesce(order_id, event_id) as order_key, happened, event_id, event_no, name, status
from facts
where kind = 'track' and name in ('Order Completed', 'Order Updated', 'Order Cancelled')

-- name: orders
-- One row an order: its time is that of its first version, its content that of its last one which is no cancellation.
-- A cancellation says that the status is `cancelled` from then on, and nothing else.
select profile_no, order_key, min(happened) as happened, arg_min(event_id, row(happened, event_id)) as id,
       arg_max(event_no, row(happened, event_id)) filter (where name <> 'Order Cancelled') as event_no,
       arg_max(name, row(happened, event_id)) = 'Order Cancelled' as is_cancelled,
       case when is_cancelled then 'cancelled'
            else coalesce(arg_max(status, row(happened, event_id)) filter (where name <> 'Order Cancelled'), '') end as status
from (select * replace (coalesce(status, '') as status) from versions)
group by profile_no, order_key

-- name: sales
-- Orders (sign 1) and refunds (sign -1), one row each. A refund speaks by its own properties and lines, else by its
-- order's: `under_props` and `under_readings` are the order's, `lines_no` is the message whose lines are meant.
-- A refund whose own total or currency is there, but is no amount or names none, does not borrow its order's.
-- Times are in ms; amounts are minor units of `currency`.
select 1 as sign, o.profile_no, o.order_key, o.happened, o.id, o.event_no, o.event_no as lines_no,
       o.status = '' or list_contains($statuses, o.status) as is_counted, o.status, o.is_cancelled,
       e.currency, e.total_minor, e.total_minor as own_total_minor, e.props, e.readings,
       cast(null as varchar) as under_props, cast(null as varchar) as under_readings
from orders o left join facts e on e.event_no = o.event_no
union all
select -1, r.profile_no, coalesce(r.order_id, r.event_id), r.happened, r.event_id, r.event_no,
       case when len(r.lines) > 0 or o.event_no is null then r.event_no else o.event_no end,
       o.status is null or o.status = '' or list_contains($statuses, o.status), null, coalesce(o.is_cancelled, false),
       case when coalesce(json_type(r.props, '$.currency'), 'NULL') = 'NULL' then e.currency else r.currency end,
       case when coalesce(json_type(r.props, '$.total'), 'NULL') = 'NULL' then e.total_minor else r.total_minor end,
       r.total_minor, r.props, r.readings,
       e.props, e.readings
from facts r
left join orders o on o.profile_no is not distinct from r.profile_no and o.order_key = r.order_id
left join facts e on e.event_no = o.event_no
where r.kind = 'track' and r.name = 'Order Refunded'

-- name: lines
-- One row an order line of every message that carries lines; `line_no` counts from 1 in the order of the list.
select event_no, line_no, line.sku, line.product, line.category, line.quantity, line.price, line.unit_cost,
       line.discount_minor as line_discount_minor, line.total_minor as line_total_minor,
       line.cost_minor as line_cost_minor, line.props as line_props, line.readings as line_readings
from (
    select event_no, unnest(lines) as line, generate_subscripts(lines, 1) as line_no
    from facts
    where len(lines) > 0
)

-- name: happenings
-- Everything that a person did, but for statements about traits: one row a message.
select event_no, event_no as lines_no, profile_no, happened, event_id as id, name, currency, total_minor, props, readings
from facts
where kind <> 'identify' and profile_no is not null

-- name: statements
-- What was said of people's traits, one row a message.
select profile_no, happened, recorded, event_id as id, is_undated, props, readings
from facts
where kind = 'identify' and profile_no is not null
