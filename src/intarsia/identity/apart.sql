-- Who is left of those who share identifiers with people who are erased; apart.py asks.

-- name: sharing
-- Of each identifier that one of `parting_people` claims, or whose id it is, the other profiles that do and are not
-- barred from it.
with named as (
    select distinct kind, value from lake.identities semi join parting_people using (profile_no)
    union
    select distinct i.kind, i.value
    from lake.identities i join lake.profiles p on p.profile_id = i.value semi join parting_people on
         parting_people.profile_no = p.profile_no
    where i.kind in ('anonymousId', 'alias')
), claiming as (
    select i.kind, i.value, i.profile_no, i.is_barred from lake.identities i semi join named using (kind, value)
    union all
    select n.kind, n.value, p.profile_no, false
    from named n join lake.profiles p on p.profile_id = n.value
    where n.kind in ('anonymousId', 'alias')
)
select kind, value, profile_no
from claiming anti join parting_people using (profile_no)
group by kind, value, profile_no
having not bool_or(is_barred)
order by kind, value, profile_no
