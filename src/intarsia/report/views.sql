-- The views that `intarsia query` offers. Their names and columns stay; columns may be added at the end.
-- Built over the relations of engine/sql/relations.sql, as of one question. Amounts are whole minor units.

-- name: profiles
-- One row a person who is known: what is recorded of their traits, as one JSON object.
select profile_no, profile_id, coalesce(traits, '{}') as traits
from people left join traits_now using (profile_no)

-- name: events
-- One row a message: what happened, with its properties as JSON; order lines are in `purchase_lines`.
select f.event_no, f.event_id, f.kind, f.name, p.profile_id, make_timestamptz(f.happened * 1000) as occurred_at,
       make_timestamptz(f.recorded * 1000) as recorded_at, f.is_undated, f.props as properties
from facts f left join lake.profiles p using (profile_no)

-- name: purchases
-- One row an order that counts; refunds and cancellations are rows of their own, below zero. Sales to guests have no
-- profile. The sum of `total_minor` is the revenue, refunds taken off.
select p.profile_id, s.order_key as order_id, make_timestamptz(s.happened * 1000) as occurred_at,
       case when s.sign > 0 then 'order' else 'refund' end as kind, s.status, s.sign * s.total_minor as total_minor,
       s.currency, s.event_no, abs(s.lines_no) as lines_no
from sales s left join lake.profiles p using (profile_no)
where s.event_no is not null and (s.is_counted or (s.sign > 0 and s.is_cancelled))
union all
select p.profile_id, s.order_key, make_timestamptz(c.happened * 1000), 'cancellation', s.status, -s.total_minor,
       s.currency, s.event_no, s.lines_no
from sales s
join (select profile_no, order_key, max(happened) as happened from versions
      where name = 'Order Cancelled' group by profile_no, order_key) c
  on c.profile_no is not distinct from s.profile_no and c.order_key = s.order_key
left join lake.profiles p on p.profile_no = s.profile_no
where s.event_no is not null and s.sign > 0 and s.is_cancelled and not s.is_counted

-- name: purchase_lines
-- One row an order line of `purchases`, with the signs of its purchase. The lines that a refund names have its number
-- below zero, and are what its order's lines of the same articles are.
select b.profile_id, b.order_id, b.occurred_at, b.kind, l.line_no, l.sku, coalesce(l.product, l.under_product) as product,
       coalesce(l.category, l.under_category) as category,
       case when b.kind = 'order' then l.quantity else -l.quantity end as quantity, l.price, l.unit_cost,
       case when b.kind = 'order' then l.line_total_minor else -l.line_total_minor end as total_minor,
       case when b.kind = 'order' then l.line_cost_minor else -l.line_cost_minor end as cost_minor,
       case when b.kind = 'order' then l.line_discount_minor else -l.line_discount_minor end as discount_minor,
       b.currency, l.line_props as properties
from purchases b
join lines l on l.event_no = case when b.kind = 'refund' and b.lines_no = b.event_no then -b.lines_no else b.lines_no end

-- name: memberships
-- The ledger: one row a change, who entered or left which segment, when and why; as of the question.
select n.name as segment, p.profile_id, m.entered, m.valid_at, m.recorded_at, m.definition_version, m.cause, m.change_no
from lake.memberships m
left join lake.profiles p using (profile_no)
left join segment_names n using (segment_id)
cross join question q
where epoch_ms(m.valid_at) <= q.at and epoch_ms(m.recorded_at) <= q.known_at
