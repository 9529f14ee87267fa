-- Segments as code: what was applied together from a folder of files, so that it can be undone together.

create table change_set (
    change_set_id text primary key,
    created_at integer not null,          -- milliseconds since 1970 UTC
    plan text not null,                   -- the digest of the plan that it carried out
    undone_at integer                     -- null: it was not undone
) strict;

-- What became of each segment. Texts and lists are those of the versions; here are only their numbers.
create table change_set_segment (
    change_set_id text not null references change_set on delete cascade,
    segment_id text not null references segment on delete cascade,
    name_before text,                     -- null: it was not there
    version_before integer,               -- in force before; null: it was not there
    name_after text,                      -- null: it was removed
    version_after integer not null,       -- in force since; of a removed one its last
    primary key (change_set_id, segment_id)
) strict;
