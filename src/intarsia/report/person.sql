-- What is held of one person, asked by person.py of `asked_people` (profile_no), the profiles that are the person.
-- Every order is complete, so that the same state gives the same rows in the same order.

-- name: profiles
select profile_id, profile_no, epoch_ms(first_recorded_at) as first_recorded_at
from lake.profiles semi join asked_people using (profile_no)
order by profile_id

-- name: identifiers
select p.profile_id, c.kind, c.value, epoch_ms(c.recorded_at) as recorded_at, e.event_id as message_id, c.is_barred,
       c.reason, c.claim_no
from lake.identities c join asked_people using (profile_no) join lake.profiles p using (profile_no)
left join lake.events e on e.event_no = c.event_no
order by c.claim_no

-- name: messages
select p.profile_id, e.event_no, e.event_id as message_id, e.kind, e.name, epoch_ms(e.occurred_at) as occurred_at,
       epoch_ms(e.recorded_at) as recorded_at, e.is_undated, e.load_id, e.order_id, e.status, e.currency,
       e.total_minor, e.props as properties, e.readings, e.context, e.lines
from lake.events e join asked_people using (profile_no) join lake.profiles p using (profile_no)
order by e.occurred_at, e.event_id

-- name: memberships
select p.profile_id, m.segment_id, m.entered, epoch_ms(m.valid_at) as valid_at, epoch_ms(m.recorded_at) as recorded_at,
       m.definition_version, m.cause, m.change_no, m.run_id
from lake.memberships m join asked_people using (profile_no) join lake.profiles p using (profile_no)
order by m.change_no
