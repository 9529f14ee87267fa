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

-- name: half_even
-- A quotient of whole numbers, rounded to the nearest whole one, ties to the even one; `bottom` > 0.
cast(sign(top) as hugeint) * ((2 * abs(top) + bottom) // (2 * bottom)
    - case when (2 * abs(top) + bottom) % (4 * bottom) = 2 * bottom then 1 else 0 end)

-- name: minor_of
-- An amount in whole minor units, of which one is `unit`; null where it is too large for them.
try_cast(half_even(cast(amount * 1000000 as hugeint), cast(unit * 1000000 as hugeint)) as bigint)

-- name: share_of
-- What `part` pieces of `whole` are of an amount in minor units.
try_cast(half_even(minor * cast(part * 1000000 as hugeint), cast(whole * 1000000 as hugeint)) as bigint)

-- name: amount_in
-- The amount of this name in a JSON object; null where it is none.
coalesce(try_cast(json_extract_string(readings, '$.' || name || '.n') as decimal(38, 6)),
         case when regexp_full_match(json_extract_string(props, '$.' || name), '-?[0-9]{1,15}(\.[0-9]{1,6})?')
              then try_cast(json_extract_string(props, '$.' || name) as decimal(38, 6)) end)

-- name: sent
-- The amount that was sent: in its column, or too fine or too large for it.
coalesce(cast(minor as decimal(22, 0)) * unit, amount_in(props, readings, name))

-- name: says
-- Whether a JSON object has a value of this name.
coalesce(json_type(props, '$.' || name), 'NULL') <> 'NULL'

-- name: returned_minor
-- What an amount of a returned line is in minor units: that of the order's line, so many pieces of it, or the line's own.
case how when 'all' then under when 'part' then share_of(under, pieces, pieces_sold) when 'open' then minor_of(amount, unit)
         else own end

-- name: refunds
-- One row a refund, beside it what its order says (`under_..`; `order_no` is the message of the order's content).
-- `said_currency` is that of its own amounts, which it names or, failing that, its order; `said_unit` is one of its minor
-- units, in which `said_minor` is its own total. `is_open`: it names none, and was recorded before that was known.
select r.profile_no, coalesce(r.order_id, r.event_id) as order_key, r.happened, r.event_id as id, r.event_no,
       o.order_key is not null as has_order, o.event_no as order_no, o.status, coalesce(o.is_cancelled, false) as is_cancelled,
       len(r.lines) > 0 as has_lines, says(r.props, 'total') as says_total,
       has_lines or says_total or says(r.props, 'revenue') or says(r.props, 'subtotal') or says(r.props, 'shipping')
           or says(r.props, 'tax') or says(r.props, 'discount') as says_amount,
       not says(r.props, 'currency') as is_open,
       case when is_open then e.currency else r.currency end as said_currency,
       case when is_open then coalesce(e.unit, r.unit) else r.unit end as said_unit,
       case when is_open then minor_of(sent(r.total_minor, r.unit, r.props, r.readings, 'total'), said_unit)
            else r.total_minor end as said_minor,
       coalesce(nullif(said_currency, ''), '$own_code') = coalesce(nullif(e.currency, ''), '$own_code') as is_like_order,
       r.props, r.readings, e.props as under_props, e.readings as under_readings, e.currency as under_currency,
       e.total_minor as under_minor, e.unit as under_unit
from facts r
left join orders o on o.profile_no is not distinct from r.profile_no and o.order_key = r.order_id
left join facts e on e.event_no = o.event_no
where r.kind = 'track' and r.name = 'Order Refunded'

-- name: returned_lines
-- One row a line that a refund names, under the number of its message below zero. Where exactly one line of the order is
-- of the same article (`under_..`), a line that says no amount is a share of that one: so many of its pieces, or all.
with said as (
    select event_no, line_no, line, coalesce(json_extract_string(line.readings, '$.sku.t'), line.sku) as article
    from (
        select event_no, unnest(lines) as line, generate_subscripts(lines, 1) as line_no
        from facts
        where len(lines) > 0
          and event_no in (select unnest([event_no, order_no]) from refunds where has_lines)
    )
), sold as (
    select r.event_no, s.article, any_value(s.line) as line
    from refunds r join said s on s.event_no = r.order_no
    where r.has_lines and s.article <> ''
    group by r.event_no, s.article
    having count(*) = 1
), returned as (
    select r.event_no, s.line_no, s.line as own, u.line as under, r.said_unit as unit, f.unit as sent_unit,
           u.line is not null and r.is_like_order
               and s.line.price is null and s.line.unit_cost is null and s.line.discount_minor is null
               and s.line.total_minor is null and s.line.cost_minor is null
               and not (says(s.line.props, 'price') or says(s.line.props, 'unit_cost') or says(s.line.props, 'discount')
                        or says(s.line.props, 'total') or says(s.line.props, 'cost')) as is_share,
           case when is_share and s.line.quantity is null and not says(s.line.props, 'quantity') then 'all'
                when is_share and s.line.quantity is not null and u.line.quantity > 0 then 'part'
                when r.is_open and not is_share then 'open' else 'own' end as how
    from refunds r
    join facts f on f.event_no = r.event_no
    join said s on s.event_no = r.event_no
    left join sold u on u.event_no = r.event_no and u.article = s.article
)
select -event_no as event_no, line_no, unit as line_unit, own.sku, own.product, own.category,
       case when how = 'all' then under.quantity else own.quantity end as quantity,
       case when how in ('all', 'part') then under.price else own.price end as price,
       case when how in ('all', 'part') then under.unit_cost else own.unit_cost end as unit_cost,
       returned_minor(how, own.discount_minor, under.discount_minor, own.quantity, under.quantity,
                      sent(own.discount_minor, sent_unit, own.props, own.readings, 'discount'), unit) as line_discount_minor,
       returned_minor(how, own.total_minor, under.total_minor, own.quantity, under.quantity,
                      sent(own.total_minor, sent_unit, own.props, own.readings, 'total'), unit) as line_total_minor,
       returned_minor(how, own.cost_minor, under.cost_minor, own.quantity, under.quantity,
                      sent(own.cost_minor, sent_unit, own.props, own.readings, 'cost'), unit) as line_cost_minor,
       own.props as line_props, own.readings as line_readings,
       under.sku as under_sku, under.product as under_product, under.category as under_category,
       under.props as under_line_props, under.readings as under_line_readings
from returned

-- name: sold
-- The orders among the sales, for which see `sales`.
select 1 as sign, o.profile_no, o.order_key, o.happened, o.id, o.event_no, o.event_no as lines_no, o.event_no as matched_no,
       o.status = '' or list_contains($statuses, o.status) as is_counted, o.status, o.is_cancelled,
       e.currency, e.total_minor, e.unit as total_unit, e.total_minor as seen_minor, e.unit as seen_unit, e.unit as said_unit,
       e.props, e.readings, cast(null as varchar) as under_props, cast(null as varchar) as under_readings,
       cast(null as varchar) as under_currency, true as has_total, true as has_lines, false as is_whole, false as is_open
from orders o left join facts e on e.event_no = o.event_no

-- name: sales_unrefunded
-- The same as `sales`, where nothing was ever refunded.
from sold

-- name: sales
-- Orders (sign 1) and refunds (sign -1), one row each. What a refund gives back is `total_minor` of `currency` (a unit of
-- it is `total_unit`) and the lines of the message `lines_no`: what it says itself; its order's, if it gives the order
-- back whole (`is_whole`), which one does that says no amount, or its order's total. What it is matched by is
-- `seen_minor` and the lines of `matched_no`: its own, else its order's. `has_total`: the one that is seen is its own.
-- Times are in ms; amounts are minor units.
from sold
union all
select -1, profile_no, order_key, happened, id, event_no,
       case when has_lines then -event_no when is_whole then order_no end,
       case when has_lines then -event_no else order_no end,
       status is null or status = '' or list_contains($statuses, status), null, is_cancelled,
       case when says_amount or not has_order then said_currency else under_currency end,
       coalesce(own_minor, case when is_whole then under_minor end),
       case when own_minor is not null then said_unit else under_unit end,
       case when has_total then own_minor else under_minor end, case when has_total then said_unit else under_unit end,
       said_unit, props, readings, under_props, under_readings, under_currency, has_total, has_lines, is_whole, is_open
from (
    select r.*,
           case when says_total then said_minor
                when has_lines then try_cast(t.minor
                    + coalesce(minor_of(amount_in(r.props, r.readings, 'shipping'), said_unit), 0)
                    + coalesce(minor_of(amount_in(r.props, r.readings, 'tax'), said_unit), 0)
                    - coalesce(minor_of(amount_in(r.props, r.readings, 'discount'), said_unit), 0) as bigint) end as own_minor,
           says_total or own_minor is not null as has_total,
           has_order and not has_lines
               and (not says_amount or (is_like_order and coalesce(says_total and said_minor = under_minor, false))) as is_whole
    from refunds r
    left join (
        select event_no, case when count(*) = count(line_total_minor) then sum(line_total_minor) end as minor
        from returned_lines group by event_no
    ) t on t.event_no = -r.event_no
)

-- name: sent_lines
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

-- name: lines_unrefunded
-- The same as `lines`, where nothing was ever refunded.
select *, cast(null as varchar) as under_sku, cast(null as varchar) as under_product, cast(null as varchar) as under_category,
       cast(null as varchar) as under_line_props, cast(null as varchar) as under_line_readings
from sent_lines

-- name: lines
-- The lines of messages, and those of refunds as their orders complete them.
from sent_lines union all by name from returned_lines

-- name: happenings
-- Everything that a person did, but for statements about traits: one row a message.
select event_no, event_no as lines_no, profile_no, happened, event_id as id, kind, name, props, readings
from facts
where kind <> 'identify' and profile_no is not null

-- name: rated_sales
-- The same as `sales`, with the rate of each one's own day if its currency is a foreign one and there is such a rate:
-- half of an amount in millionths times `factor` by `divisor` is so many minor units of the workspace's currency. `rates`
-- has the days as instants, from `begin_ms` up to, not including, `end_ms`. `under_factor` and `under_divisor` convert what a
-- refund borrows of its order.
select s.*, case when s.happened < r.end_ms then cast(r.factor as hugeint) end as factor,
       cast(r.divisor as hugeint) as divisor,
       case when s.happened < u.end_ms then cast(u.factor as hugeint) end as under_factor,
       cast(u.divisor as hugeint) as under_divisor
from sales s asof left join rates r on r.currency = s.currency and r.begin_ms <= s.happened
asof left join rates u on u.currency = s.under_currency and u.begin_ms <= s.happened

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
