-- What was said of a trait as of a question (rule 4). `$path` is the trait's place in the JSON object.

-- name: said
-- Each statement and since when it holds: an undated one, if it is the first, since always, later since its recording.
select profile_no, props, readings, id, is_undated, since
from (
    select profile_no, props, readings, id, is_undated,
           case when not is_undated then happened
                when row_number() over (partition by profile_no, is_undated order by recorded, id) = 1
                then -9000000000000000000
                else recorded end as since
    from statements
    where json_exists(props, $path)
)
where since <= $at

-- name: latest
-- The statement that gives each person's value: the latest by its own time.
select profile_no, props, readings, since, id, is_undated
from said
qualify row_number() over (partition by profile_no order by since desc, id desc) = 1

-- name: spans
-- Each statement that held for a while, from `since` up to, not including, `until`; the last one for ever.
select profile_no, props, readings, since, until
from (
    select profile_no, props, readings, since,
           coalesce(lead(since) over (partition by profile_no order by since, id), 9000000000000000000) as until
    from said
)
where until > since
