-- Profiles that are one person, as of one question. persons.py puts this.

-- name: first_facts
-- When the first fact of each of `joined_ids` was recorded (ms), by what was recorded until $known_at. Who had none by
-- then is not known yet, and one with nobody.
select p.profile_id, profile_no, epoch_ms(min(e.recorded_at)) as first_recorded
from lake.profiles p semi join joined_ids using (profile_id) join lake.events e using (profile_no)
where epoch_ms(e.recorded_at) <= $known_at
group by all
