-- What a back-test asks about people of one date. `then_people` and `then_members` are the base and the members as they
-- were known then, `then_survivors` and `now_survivors` whose number stood and stands for whom (see engine/sql/persons).

-- name: people
-- The people of the base as they are known now: of several who are one by now, one row; of one who was taken apart
-- since, one row for each part. A member is who was one under any number.
with profiles as (
    select profile_no as then_no, profile_no from then_people
    union
    select s.survivor_no, s.profile_no from then_survivors s semi join then_people p on p.profile_no = s.survivor_no
)
select coalesce(n.survivor_no, p.profile_no) as profile_no,
       bool_or(p.then_no in (select profile_no from then_members)) as is_member
from profiles p left join now_survivors n on n.profile_no = p.profile_no
group by all

-- name: numbers
-- Each person's number where it is known, in an order that makes sums the same each time.
select is_member, cast(top as double) / cast(bottom as double) as value
from compared_people join outcome_values using (profile_no)
where top is not null
order by profile_no

-- name: totals
-- How many people there are, and the exact sum of their numbers in millionths, where all are such.
select is_member, count(*) as people, coalesce(sum(top), 0) as micro
from compared_people left join outcome_values using (profile_no)
group by is_member

-- name: yes
-- How many people there are, and how many of them meet the condition.
select is_member, count(*) as people, count(*) filter (profile_no in (select profile_no from outcome_members)) as yes
from compared_people
group by is_member

-- name: recorded
-- The first recording (ms), and the last event that happened by $at and was recorded by $known_at.
select (select epoch_ms(min(recorded_at)) from lake.events) as first_recorded,
       epoch_ms(max(occurred_at)) as last_happened
from lake.events
where kind = 'track' and epoch_ms(recorded_at) <= $known_at and epoch_ms(occurred_at) <= $at
