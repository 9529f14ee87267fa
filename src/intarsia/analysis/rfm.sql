-- Recency, frequency and money of everybody who bought, over the relation `own_sales` of engine/sql/relations.sql.
-- `days_back` is the relation of days.py. Parameters: $begin and $end of the window.

-- name: values
-- One row a person with an order in the window. `unrated_count`: sales whose currency has no known rate, for which the
-- money is not known.
create or replace temp table rfm_values as
select s.profile_no,
       min(d.days_ago) filter (where s.sign = 1) as recency_days,
       count(*) filter (where s.sign = 1) as order_count,
       count(distinct d.days_ago) filter (where s.sign = 1) as day_count,
       cast(coalesce(sum(s.sign * s.converted_minor), 0) as bigint) as monetary_minor,
       count(*) filter (where s.total_minor is not null and not s.is_own and s.factor is null) as unrated_count
from own_sales s asof join days_back d on s.happened >= d.begin_ms
where s.profile_no is not null and s.is_counted and s.happened >= $begin and s.happened < $end
group by s.profile_no
having count(*) filter (where s.sign = 1) > 0

-- name: scores
-- A score is counted off the edges below a value: equal values have equal scores, and no order of rows matters.
select p.profile_id, v.recency_days,
       case when $counting = 'days' then v.day_count else v.order_count end as frequency, v.monetary_minor,
       cast(5 - len(list_filter($recency_edges, lambda e: e < v.recency_days)) as bigint) as r,
       cast(1 + len(list_filter($frequency_edges,
                                lambda e: e < case when $counting = 'days' then v.day_count else v.order_count end))
            as bigint) as f,
       cast(1 + len(list_filter($monetary_edges, lambda e: e < v.monetary_minor)) as bigint) as m
from rfm_values v join lake.profiles p using (profile_no)
where v.unrated_count = 0
order by p.profile_id

-- name: edges
-- Lower empirical quantiles of the raw values.
select quantile_disc(recency_days, [0.2, 0.4, 0.6, 0.8]) as recency,
       quantile_disc(case when $counting = 'days' then day_count else order_count end, [0.2, 0.4, 0.6, 0.8]) as frequency,
       quantile_disc(monetary_minor, [0.2, 0.4, 0.6, 0.8]) as monetary,
       count(*) as people
from rfm_values where unrated_count = 0
