-- The relations that every question is asked of, as of `$at` and by what was recorded until `$known_at`
-- (milliseconds since 1970 UTC). `events` and `profiles` are the lake's tables. Each block makes one relation;
-- relations.py runs those that a question needs, in this order.

-- name: messages
-- Every message, under the number of the person whose it is; `own_no` is that of the profile for which it came.
select *, profile_no as own_no from lake.events

-- name: messages_joined
-- The same where several profiles are one person: `survivors` has those that stand under another's number.
select e.* replace (coalesce(s.survivor_no, e.profile_no) as profile_no), e.profile_no as own_no
from lake.events e left join survivors s on s.profile_no = e.profile_no

-- name: facts
-- What counts: recorded in time, and happened in time; an undated statement about traits counts from its recording.
-- `unit` is what one of the message's minor units is in its currency: amounts without a code have the workspace's.
-- Of messages that were recorded before `is_anonymous` was kept, `anonymous_id` tells (see `anonymous`).
select event_no, event_id, kind, name, profile_no, epoch_ms(occurred_at) as happened, epoch_ms(recorded_at) as recorded,
       is_undated, order_id, status, currency, total_minor, props, readings, lines, is_anonymous, own_no,
       case when currency is null or length(currency) <> 3 then cast($own_unit as decimal(7, 6))
            else coalesce($units[currency], cast($usual_unit as decimal(7, 6))) end as unit,
       case when is_anonymous is null then json_extract_string(context, '$.anonymousId') end as anonymous_id
from messages
where epoch_ms(recorded_at) <= $known_at
  and (is_undated or epoch_ms(occurred_at) <= $at)

-- name: people
-- The base: everybody of whom at least one fact counts, but for those who were deleted and not restored since. A fact
-- without a profile, a guest's, says nothing of anybody.
select profile_no, profile_id
from lake.profiles
where profile_no in (select profile_no from facts)
  and profile_no not in (
      select profile_no from facts
      where kind = 'track' and name in ('Profile Deleted', 'Profile Restored') and profile_no is not null
      group by profile_no
      having arg_max(name, row(happened, event_id)) = 'Profile Deleted'
  )

-- name: person_ids
-- Every profile id of the people of the base; `own_no` is the number of the profile that has it.
select profile_no, profile_id, profile_no as own_no from people

-- name: person_ids_joined
-- The same where several profiles are one person, who is found by each of their ids.
select profile_no, profile_id, profile_no as own_no from people
union all
select s.survivor_no, o.profile_id, o.profile_no
from survivors s join lake.profiles o using (profile_no) join people p on p.profile_no = s.survivor_no

-- name: anonymous
-- Those of the base of whom no counted fact came with a `userId`. Only those who have a fact that came without are
-- looked at, of old messages those whose anonymous id is that of their profile.
with old as (
    select f.profile_no, f.anonymous_id = o.profile_id as is_anonymous
    from facts f join lake.profiles o on o.profile_no = f.own_no
    where f.is_anonymous is null and f.anonymous_id is not null
), unsure as (
    select distinct profile_no from facts where is_anonymous
    union
    select profile_no from old where is_anonymous
), named as (
    select profile_no from facts semi join unsure using (profile_no)
    where not is_anonymous or (is_anonymous is null and anonymous_id is null)
    union
    select profile_no from old where not is_anonymous
)
select profile_no from people semi join unsure using (profile_no) anti join named using (profile_no)

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
-- Times are in ms; amounts are minor units of `currency`, `total_unit` is one of them.
select 1 as sign, o.profile_no, o.order_key, o.happened, o.id, o.event_no, o.event_no as lines_no,
       o.status = '' or list_contains($statuses, o.status) as is_counted, o.status, o.is_cancelled,
       e.currency, e.total_minor, e.unit as total_unit, e.total_minor as own_total_minor, e.props, e.readings,
       cast(null as varchar) as under_props, cast(null as varchar) as under_readings
from orders o left join facts e on e.event_no = o.event_no
union all
select -1, r.profile_no, coalesce(r.order_id, r.event_id), r.happened, r.event_id, r.event_no,
       case when len(r.lines) > 0 or o.event_no is null then r.event_no else o.event_no end,
       o.status is null or o.status = '' or list_contains($statuses, o.status), null, coalesce(o.is_cancelled, false),
       case when coalesce(json_type(r.props, '$.currency'), 'NULL') = 'NULL' then e.currency else r.currency end,
       case when coalesce(json_type(r.props, '$.total'), 'NULL') = 'NULL' then e.total_minor else r.total_minor end,
       case when coalesce(json_type(r.props, '$.total'), 'NULL') = 'NULL' then e.unit else r.unit end,
       r.total_minor, r.props, r.readings,
       e.props, e.readings
from facts r
left join orders o on o.profile_no is not distinct from r.profile_no and o.order_key = r.order_id
left join facts e on e.event_no = o.event_no
where r.kind = 'track' and r.name = 'Order Refunded'

-- name: lines
-- One row an order line of every message that carries lines; `line_no` counts from 1 in the order of the list,
-- `line_unit` is one of the minor units that its amounts are in.
select event_no, line_no, unit as line_unit, line.sku, line.product, line.category, line.quantity, line.price, line.unit_cost,
       line.discount_minor as line_discount_minor, line.total_minor as line_total_minor,
       line.cost_minor as line_cost_minor, line.props as line_props, line.readings as line_readings
from (
    select event_no, unit, unnest(lines) as line, generate_subscripts(lines, 1) as line_no
    from facts
    where len(lines) > 0
)

-- name: happenings
-- Everything that a person did, but for statements about traits: one row a message.
select event_no, event_no as lines_no, profile_no, happened, event_id as id, kind, name, props, readings
from facts
where kind <> 'identify' and profile_no is not null

-- name: rated_sales
-- The same as `sales`, with the rate of each one's own day if its currency is a foreign one and there is such a rate:
-- half of an amount in millionths times `factor` by `divisor` is so many minor units of the workspace's currency. `rates`
-- has the days as instants, from `begin_ms` up to, not including, `end_ms`.
select s.*, case when s.happened < r.end_ms then cast(r.factor as hugeint) end as factor,
       cast(r.divisor as hugeint) as divisor
from sales s asof left join rates r on r.currency = s.currency and r.begin_ms <= s.happened

-- name: own_minor
-- An amount in minor units, of which one is `unit`, in whole minor units of the workspace's currency, rounded half to even;
-- null where it is in another one without a rate.
case when is_own then cast(minor * unit * $own_scale as bigint)
     when factor is not null then
          cast(sign(minor) * ((abs(cast(minor * unit * 1000000 as hugeint) * factor) + divisor) // (2 * divisor)
               - case when (abs(cast(minor * unit * 1000000 as hugeint) * factor) + divisor) % (4 * divisor) = 2 * divisor
                      then 1 else 0 end) as bigint) end

-- name: own_sales
-- The same as `rated_sales`, with the total in the workspace's currency: whole minor units, null where there is no rate.
select *, own_minor(total_minor, total_unit, is_own, factor, divisor) as converted_minor
from (select *, coalesce(nullif(currency, ''), '$own_code') = '$own_code' as is_own from rated_sales)

-- name: rated_happenings
-- The same as `happenings`, with the rate as in `rated_sales`.
select s.* exclude (currency), case when s.happened < r.end_ms then cast(r.factor as hugeint) end as factor,
       cast(r.divisor as hugeint) as divisor
from (
    select *, upper(coalesce(json_extract_string(readings, '$.currency.c'),
                             lower(json_extract_string(props, '$.currency')))) as currency
    from happenings
) s asof left join rates r on r.currency = s.currency and r.begin_ms <= s.happened

-- name: statements
-- What was said of people's traits, one row a message.
select profile_no, happened, recorded, event_id as id, is_undated, props, readings
from facts
where kind = 'identify' and profile_no is not null

-- name: consents
-- What each person agreed to, by channel and purpose: one row each, of the latest message; of one instant a withdrawal
-- is the latest, then a confirmation. `state` is given, withdrawn or pending (a double opt-in before its confirmation).
-- `expires` is when a grant ends, as it was written: `last_day` if it is a day, `ends_at` (ms) if it is an instant. A
-- confirmation that does not say so ends when the latest grant does.
with said as (
    select profile_no, name,
           row(happened, case name when 'Consent Withdrawn' then 2 when 'Consent Confirmed' then 1 else 0 end,
               event_id) as place,
           coalesce(json_extract_string(readings, '$.channel.c'), lower(json_extract_string(props, '$.channel'))) as channel,
           coalesce(json_extract_string(readings, '$.purpose.c'), lower(json_extract_string(props, '$.purpose'))) as purpose,
           coalesce(json_extract_string(readings, '$.double_opt_in.t'),
                    json_extract_string(props, '$.double_opt_in'), '') = 'true' as is_double,
           nullif(coalesce(json_extract_string(readings, '$.expires_at.t'),
                           json_extract_string(props, '$.expires_at')), '') as expires,
           try_cast(coalesce(json_extract_string(readings, '$.expires_at.d'),
                             case when regexp_full_match(expires, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
                                   and not starts_with(expires, '0000') then expires end) as date) as last_day,
           try_cast(json_extract_string(readings, '$.expires_at.i') as bigint) as ends_at
    from facts
    where kind = 'track' and name in ('Consent Given', 'Consent Confirmed', 'Consent Withdrawn')
      and profile_no is not null
), latest as (
    select profile_no, channel, purpose, arg_max(name, place) as name, arg_max(is_double, place) as is_double,
           arg_max({'expires': expires, 'last_day': last_day, 'ends_at': ends_at}, place) as own,
           arg_max({'expires': expires, 'last_day': last_day, 'ends_at': ends_at}, place)
               filter (where name = 'Consent Given') as of_grant
    from said
    where channel is not null and purpose is not null
    group by profile_no, channel, purpose
)
select profile_no, channel, purpose,
       case when name = 'Consent Withdrawn' then 'withdrawn'
            when name = 'Consent Given' and is_double then 'pending' else 'given' end as state,
       ends.expires, ends.last_day, ends.ends_at
from (
    select *, case when name = 'Consent Confirmed' and own.expires is null then of_grant else own end as ends
    from latest
)
