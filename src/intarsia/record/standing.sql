-- What the record says at present of what a file speaks of. `asked` is registered by standing.py.

-- name: versions
-- Of each order the message of its latest version, that of its latest one which is no cancellation, and the former's time.
select order_id, epoch_ms(max(occurred_at)) as occurred_at, arg_max(event_id, row(occurred_at, event_id)) as message_id,
       arg_max(event_id, row(occurred_at, event_id)) filter (where name <> 'Order Cancelled') as content_id
from lake.events semi join asked using (order_id)
where kind = 'track' and name in ('Order Completed', 'Order Updated', 'Order Cancelled')
group by order_id

-- name: differing
-- The traits that have another value than the one that is asked about, with the message that gave it (rule 4); `said`
-- is a JSON object. Of who has one statement only, and the very same, nothing is looked at further.
with people as (
    select place, profile_no, said from asked join lake.profiles using (profile_id)
), statements as (
    select profile_no, event_id, is_undated, epoch_ms(occurred_at) as happened, epoch_ms(recorded_at) as recorded, props
    from lake.events semi join people using (profile_no)
    where kind = 'identify' and (is_undated or epoch_ms(occurred_at) <= $at)
), unsure as (
    select * from statements
    where profile_no not in (
        select s.profile_no from statements s join people p on p.profile_no = s.profile_no and p.said = s.props
        where s.profile_no in (select profile_no from statements group by profile_no having count(*) = 1)
    )
), values_said as (
    select profile_no, event_id, is_undated, happened, recorded, item.key as name, item.value as value
    from (
        select * exclude (props), unnest(map_entries(from_json(props, '"MAP(VARCHAR, JSON)"'))) as item from unsure
    )
), placed as (
    select profile_no, event_id, name, value,
           case when not is_undated then happened
                when row_number() over (partition by profile_no, name, is_undated order by recorded, event_id) = 1
                then -9000000000000000000
                else recorded end as since
    from values_said
), present as (
    select profile_no, name, value, event_id from placed
    qualify row_number() over (partition by profile_no, name order by since desc, event_id desc) = 1
)
select place, name, event_id as message_id
from (
    select place, profile_no, item.key as name, item.value as value
    from (select place, profile_no, unnest(map_entries(from_json(said, '"MAP(VARCHAR, JSON)"'))) as item from people)
) asked_of join present using (profile_no, name)
where asked_of.value is distinct from present.value

-- name: consents
-- Everything that was said of the consents of people.
select profile_id, name, epoch_ms(occurred_at) as occurred_at, event_id,
       props->>'$.channel' as channel, props->>'$.purpose' as purpose
from lake.events join lake.profiles using (profile_no) semi join asked using (profile_id)
where kind = 'track' and list_contains($names, name) and epoch_ms(occurred_at) <= $at
