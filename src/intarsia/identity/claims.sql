-- What is read for keeping claims. Each block is one statement; claims.py puts them.

-- name: stating
-- The messages after the event number $after, up to and with $upto, that may state a claim.
select e.event_no, e.kind, e.profile_no, p.profile_id, epoch_ms(e.recorded_at) as recorded_at, e.props, e.context
from lake.events e join lake.profiles p using (profile_no)
where e.event_no > $after and e.event_no <= $upto
  and (e.kind = 'identify' or e.kind = 'alias' or contains(e.context, 'anonymousId'))
order by e.event_no

-- name: known
-- Since when the claims `asked_claims` are known.
select profile_no, kind, value, epoch_ms(min(recorded_at)) as recorded_at
from lake.identities semi join asked_claims using (profile_no, kind, value)
where event_no is not null
group by all
