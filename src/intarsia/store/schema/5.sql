-- Segment trees: segments in which everybody stands in exactly one leaf. Versions are only added; a tree that was removed
-- stays, under a name of its own that leaves the one that it had free.
create table segment_tree (
    tree_id text primary key,
    name text not null unique,
    created_at integer not null,          -- milliseconds since 1970 UTC
    removed_at integer
) strict;

create table segment_tree_version (
    tree_id text not null references segment_tree on delete cascade,
    version integer not null,
    text text not null,                   -- names of segments, indented
    created_at integer not null,
    primary key (tree_id, version)
) strict;

-- Which segment each name in a version's text meant when it was written: it may be called otherwise by now.
create table segment_tree_name (
    tree_id text not null,
    version integer not null,
    name text not null,
    segment_id text not null references segment,
    primary key (tree_id, version, name),
    foreign key (tree_id, version) references segment_tree_version on delete cascade
) strict;

create index segment_tree_name_of_segment on segment_tree_name (segment_id);
