-- Who shares what: identifiers that several profiles claim. Each block is one statement; evidence.py puts them.

-- name: shared_values
-- The identifiers that more than one profile may claim. Who has the id that is one's value claims it unsaid.
create or replace temp table shared_values as
select kind, value
from lake.identities
group by kind, value
having min(profile_no) < max(profile_no)
union
select i.kind, i.value
from lake.identities i join lake.profiles p on p.profile_id = i.value
where list_contains($explicit, i.kind)

-- name: claims
-- Who claims them, since when (ms), and from when on in vain. Of one that too many claim, the first so many will do.
with told as (
    select kind, value, profile_no, epoch_ms(min(recorded_at) filter (not is_barred)) as claimed_at,
           epoch_ms(min(recorded_at) filter (is_barred)) as barred_at
    from lake.identities semi join shared_values using (kind, value)
    group by all
), owners as (
    select kind, value, profile_no
    from shared_values join lake.profiles on profile_id = value
    where list_contains($explicit, kind)
)
select kind, value, profile_no, claimed_at, barred_at, o.profile_no is not null as is_owner,
       count(*) over (partition by kind, value) as count
from told full join owners o using (kind, value, profile_no)
qualify row_number() over (partition by kind, value order by claimed_at nulls last, profile_no) <= $first
     or is_owner
order by kind, value, claimed_at nulls last, profile_no

-- name: names
-- What was said of the first names of `named_people`: as it came, in JSON; null where it was not said.
select profile_no, epoch_ms(recorded_at) as recorded_at, epoch_ms(occurred_at) as occurred_at, is_undated, event_id,
       json_extract(props, '$.first_name') as first_name, json_extract(props, '$.firstName') as "firstName",
       json_extract(props, '$.name') as name
from lake.events semi join named_people using (profile_no)
where kind = 'identify' and contains(lower(props), 'name')
