-- What is read from the ledger, the lake's table `memberships`. Each block is one statement; ledger.py and
-- memberships.py put them. Of one person and segment the change with the greatest number is the last one.

-- name: members
-- The ledger replayed: who is in which segment after its last change, and the version that let them in.
select segment_id, profile_no, arg_max(definition_version, change_no) as definition_version
from lake.memberships
group by segment_id, profile_no
having arg_max(entered, change_no)

-- name: difference
-- Who is in now and was not (entered), and who was and is not (left): `standing_members` beside `ledger_members`.
select coalesce(n.profile_no, o.profile_no) as profile_no, n.profile_no is not null as entered
from standing_members n
full join (select profile_no from ledger_members where segment_id = $segment_id) o using (profile_no)
where n.profile_no is null or o.profile_no is null
order by profile_no

-- name: leaving
-- Those who are in segments that are no longer there, and have to leave them.
select segment_id, profile_no, false as entered, definition_version
from ledger_members
where not list_contains($segment_ids, segment_id)
order by segment_id, profile_no

-- name: past
-- The changes of some people in some segments, in the order in which they were written.
select segment_id, profile_no, epoch_ms(valid_at) as valid_at, entered
from lake.memberships semi join asked_people using (profile_no)
where list_contains($segment_ids, segment_id)
order by change_no

-- name: causes
-- Why each of the changed is in or out now: by what was known then it would be so as well (time), or not (data).
select profile_no,
       case when entered = (profile_no in (select profile_no from members_as_known)) then 'time' else 'data' end as cause
from standing_changes
order by profile_no

-- name: learned
-- Whether anything counts now that an earlier evaluation did not see.
select exists (
    from lake.events
    where epoch_ms(recorded_at) <= $known_at
      and not (event_no <= $seen_event_no and epoch_ms(recorded_at) <= $seen_known_at)
) or exists (
    from lake.identities
    where epoch_ms(recorded_at) <= $known_at
      and not (claim_no <= $seen_claim_no and epoch_ms(recorded_at) <= $seen_known_at)
) as learned

-- name: history
-- The changes with the people's ids; a null asks for every segment, or everybody. Who was merged has several ids.
select m.change_no, m.segment_id, p.profile_id, m.entered, epoch_ms(m.valid_at) as valid_at,
       epoch_ms(m.recorded_at) as recorded_at, m.definition_version, m.cause, m.run_id
from lake.memberships m join lake.profiles p using (profile_no)
where ($segment_id is null or m.segment_id = $segment_id)
  and ($profile_ids is null or list_contains($profile_ids, p.profile_id))
order by m.change_no

-- name: sizes
-- How many were in from each instant of a change on. What a change says of its instant and after overrules what
-- earlier ones said of it (facts that come late are of an earlier instant), so only changes before every later one
-- still speak; and of two in a row that say the same the second one changes nothing. `erased_steps` is what the
-- changes of erased people came to.
with said as (
    select change_no, profile_no, valid_at, cast(entered as integer) as is_in,
           min(valid_at) over (
               partition by profile_no order by change_no rows between 1 following and unbounded following
           ) as overruled_from
    from lake.memberships
    where segment_id = $segment_id
),
steps as (
    select epoch_ms(valid_at) as valid_at,
           is_in - lag(is_in, 1, 0) over (partition by profile_no order by change_no) as step
    from said
    where overruled_from is null or valid_at < overruled_from
    union all
    select valid_at, step from erased_steps
)
select steps.valid_at, cast(sum(sum(step)) over (order by steps.valid_at) as bigint) as size
from steps
where step <> 0
group by steps.valid_at
order by steps.valid_at

-- name: tallies
-- By how many the segments grew and shrank for some people, at which instants, by the same reading of their changes as
-- in `sizes`; and at `$at`, or at their last change if that is later, everybody leaves.
with said as (
    select segment_id, change_no, profile_no, epoch_ms(valid_at) as valid_at, cast(entered as integer) as is_in,
           min(epoch_ms(valid_at)) over (
               partition by segment_id, profile_no order by change_no
               rows between 1 following and unbounded following
           ) as overruled_from
    from lake.memberships semi join tallied_people using (profile_no)
),
steps as (
    select segment_id, profile_no, valid_at,
           is_in - lag(is_in, 1, 0) over (partition by segment_id, profile_no order by change_no) as step
    from said
    where overruled_from is null or valid_at < overruled_from
),
leaving as (
    select segment_id, profile_no, greatest($at, max(valid_at)) as valid_at, -sum(step) as step
    from steps
    group by segment_id, profile_no
)
select segment_id, valid_at, cast(sum(step) as bigint) as step
from (from steps union all from leaving)
group by segment_id, valid_at
having sum(step) <> 0
order by segment_id, valid_at
