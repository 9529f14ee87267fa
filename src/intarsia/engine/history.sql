-- What a trait was as of a question: the latest statement by its own time (rule 4). The first undated statement
-- holds since always, a later undated one since it was recorded. `$path` is the trait's place in the JSON object.
select profile_no, props, readings, since, id, is_undated
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
qualify row_number() over (partition by profile_no order by since desc, id desc) = 1
