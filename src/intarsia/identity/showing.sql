-- What is read to show a person: `shown_people` holds the numbers of their profiles. showing.py puts these.

-- name: own
-- The identifiers that they claim, and the decisions about them, by what was recorded until $known_at.
select min(claim_no) as claim_no, profile_id, kind, value, epoch_ms(min(recorded_at)) as recorded_at,
       event_no is not null as is_stated, is_barred, reason
from lake.identities semi join shown_people using (profile_no) join lake.profiles using (profile_no)
where epoch_ms(recorded_at) <= $known_at
group by all
order by recorded_at, claim_no

-- name: first_recorded
-- When the first message of each was recorded.
select profile_no, epoch_ms(min(recorded_at)) as first_recorded
from lake.events semi join shown_people using (profile_no)
group by all

-- name: merged
-- Whom a decision made one.
select profile_id
from lake.identities join lake.profiles using (profile_no)
where kind = 'merge' and value = $decision and not is_barred
order by profile_id
