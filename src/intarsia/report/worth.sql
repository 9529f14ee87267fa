-- What people bought in a window, over the relations `own_sales`, `lines` and `people` of engine/sql/relations.sql,
-- `days_back` of analysis/days.py and `report_members` (segment_no, profile_no). Amounts are whole minor units of the
-- workspace's currency.

-- name: report_worth
-- One row a person who bought; guests are the row without a profile. Refunds (sign -1) take off their own amount and
-- the lines that they name, else those of their order. Amounts in other currencies are converted, each order and each
-- line by the rate of its own day; one without a known rate is in no sum.
create or replace temp table report_worth as
with own_lines as (
    select s.event_no, own_minor(l.line_total_minor, l.line_unit, s.is_own, s.factor, s.divisor) as total_minor,
           own_minor(l.line_cost_minor, l.line_unit, s.is_own, s.factor, s.divisor) as cost_minor
    from own_sales s join lines l on l.event_no = s.lines_no
),
priced as (
    select event_no, sum(total_minor) as priced_minor,
           sum(total_minor) filter (where cost_minor is not null) as costed_minor,
           sum(cost_minor) filter (where total_minor is not null) as cost_minor,
           count(*) filter (where cost_minor is not null and total_minor is not null) as costed_lines
    from own_lines group by event_no
),
sold as (
    select s.profile_no, s.sign, s.converted_minor as total_minor, d.days_ago, l.priced_minor, l.costed_minor,
           l.cost_minor, l.costed_lines, s.is_own or s.factor is not null as is_rated,
           s.total_minor is not null as has_total
    from own_sales s
    asof join days_back d on s.happened >= d.begin_ms
    left join priced l on l.event_no = s.event_no
    where s.is_counted and s.happened >= $begin and s.happened < $end
)
select profile_no,
       count(*) filter (where sign = 1) as orders,
       coalesce(sum(sign * total_minor) filter (where is_rated), 0) as revenue_minor,
       coalesce(sum(sign * coalesce(priced_minor, total_minor)) filter (where is_rated), 0) as priced_minor,
       coalesce(sum(sign * costed_minor) filter (where is_rated), 0) as costed_minor,
       coalesce(sum(sign * cost_minor) filter (where is_rated), 0) as cost_minor,
       coalesce(sum(costed_lines) filter (where is_rated), 0) as costed_lines,
       coalesce(min(days_ago) filter (where sign = 1), 0) as recency_days_sum,
       count(*) filter (where not is_rated and has_total) as unrated_sales
from sold group by profile_no

-- name: worths
-- The sums of every segment, of everybody, and of guests.
with persons as (
    select cast(segment_no as varchar) as place, profile_no from report_members
    union all
    select 'everyone', profile_no from people
)
select place, count(*) as people, count(*) filter (where orders > 0) as buyers,
       coalesce(sum(orders), 0) as orders, coalesce(sum(revenue_minor), 0) as revenue_minor,
       coalesce(sum(priced_minor), 0) as priced_minor, coalesce(sum(costed_minor), 0) as costed_minor,
       coalesce(sum(cost_minor), 0) as cost_minor, coalesce(sum(costed_lines), 0) as costed_lines,
       coalesce(sum(recency_days_sum), 0) as recency_days_sum, coalesce(sum(unrated_sales), 0) as unrated_sales
from persons left join report_worth using (profile_no)
group by place
union all
select 'guests', 0, 0, orders, revenue_minor, priced_minor, costed_minor, cost_minor, costed_lines, 0, unrated_sales
from report_worth where profile_no is null

-- name: overlap
-- How many people each pair of segments shares.
select a.segment_no as first, b.segment_no as second, count(*) as shared
from report_members a join report_members b using (profile_no)
group by all

-- name: buyers
-- One row a person with an order in the window: orders, the mean order (rounded down), whether a coupon was used.
select w.profile_no, w.orders, w.revenue_minor // w.orders as basket_minor, coalesce(c.has_coupon, false) as has_coupon
from report_worth w left join report_coupons c using (profile_no)
where w.profile_no is not null and w.orders > 0
order by w.profile_no

-- name: report_coupons
-- Who had an order with a coupon in the window.
create or replace temp table report_coupons as
select profile_no, bool_or(json_extract_string(props, '$.coupon') is not null) as has_coupon
from sales
where profile_no is not null and is_counted and sign = 1 and happened >= $begin and happened < $end
group by profile_no

-- name: report_bought
-- Who bought what category in the window.
create or replace temp table report_bought as
select distinct s.profile_no, l.category
from sales s join lines l on l.event_no = s.lines_no
where s.profile_no is not null and s.is_counted and s.sign = 1 and s.happened >= $begin and s.happened < $end
  and l.category is not null

-- name: bought
-- The categories that most people bought, each with its buyers.
select category as name, list(profile_no order by profile_no) as people
from report_bought group by category order by count(*) desc, category limit $most

-- name: did
-- The events other than orders and refunds in the window, each with those who had it.
select name, list(distinct profile_no) as people
from happenings
where name not in ('Order Completed', 'Order Updated', 'Order Cancelled', 'Order Refunded')
  and happened >= $begin and happened < $end
group by name

-- name: feature_counts
-- How many people of each segment, and of all (null), each feature holds of; `feature_yes` is that of features.py.
select segment_no, feature_no as number, count(*) as n
from feature_yes join report_members using (profile_no) group by all
union all
select null, feature_no, count(*) from feature_yes group by all

-- name: subject_counts
-- The same of whom a feature's subject is known at all.
select segment_no, subject_no as number, count(*) as n
from feature_known join report_members using (profile_no) group by all
union all
select null, subject_no, count(*) from feature_known group by all
