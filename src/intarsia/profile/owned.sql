-- What belongs to `owning_people` alone. Each block is one statement; owned.py puts them.

-- name: further
-- The ids that one `person` of `giving_people` gave as their own, and that nobody else gave and no profile has.
select value, min(person) as person
from lake.identities left join giving_people using (profile_no) anti join lake.profiles on profile_id = value
where list_contains($explicit, kind)
group by value
having count(*) = count(person) and min(person) = max(person)
order by value

-- name: claiming
-- Who gave `sought_ids` as their own.
select distinct value, profile_id
from lake.identities semi join sought_ids using (value) join lake.profiles using (profile_no)
where list_contains($explicit, kind)
order by value, profile_id

-- name: shared_decisions
-- The rows of others that belong to the same merge as one of theirs, or bar others from what they claim too.
select claim_no
from lake.identities i anti join owning_people using (profile_no)
where reason is not null and not list_contains($ours, reason) and (is_barred or kind = 'merge')
  and exists (
      select 1 from lake.identities t semi join owning_people using (profile_no)
      where t.kind = i.kind and t.value = i.value
  )
order by claim_no

-- name: claimed
-- Their identifiers, but for ids.
select distinct value
from lake.identities semi join owning_people using (profile_no)
where not list_contains($explicit, kind)

-- name: another_id
-- Whether a profile of somebody else has an id, letter case apart.
select exists (
    from lake.profiles anti join owning_people using (profile_no) where lower(profile_id) = lower($id)
) as found

-- name: another
-- Whether anybody else has a value, as a text of its own, or claims one of its normal forms.
select exists (
    from lake.identities anti join owning_people using (profile_no) where list_contains($forms, value)
) or exists (
    from lake.events anti join owning_people using (profile_no)
    where contains(lower(concat_ws(' ', props, context)), $quoted)
       or contains(lower(cast(lines as varchar)), $plain)
) as found

-- name: names
-- What they are called.
select name from (select distinct unnest([
    props->>'$.name', props->>'$.first_name', props->>'$.firstName', props->>'$.last_name', props->>'$.lastName'
]) as name
from lake.events semi join owning_people using (profile_no)
where kind = 'identify') where name is not null

-- name: reasons
-- Why others were decided to be one person, or not.
select distinct p.profile_id, i.reason
from lake.identities i join lake.profiles p using (profile_no) anti join owning_people using (profile_no)
where i.reason is not null
order by all
