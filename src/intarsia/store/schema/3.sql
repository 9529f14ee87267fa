-- What was right when it was asked stays right after a segment is removed, or an event is given another short name.

-- A removed segment stays, with its versions and pins, for versions of others that named it while it was there. It is
-- called by a name of its own from then on, so that the one that it had is free; `former_name` says until when.
alter table segment add column removed_at integer;

-- An event keeps the short names that it had, for the definitions that say them; the last one is the present one.
create table given_short_name (
    place integer primary key,            -- in the order of giving
    short text not null unique,
    event text not null
) strict;

insert into given_short_name (short, event) select short, event from short_name;
drop table short_name;
alter table given_short_name rename to short_name;
create index short_name_of_event on short_name (event, place);
