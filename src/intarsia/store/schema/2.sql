-- What came with the whole of the language: who is one person, what is kept beside rules, rates, areas, erasures.

-- Erasures: written down before the first byte goes, so that one that was cut off is finished at the next start.
create table erasure (
    erasure_id text primary key,
    erased_at integer not null,           -- milliseconds since 1970 UTC
    at integer not null,                  -- as of when they are in no segment: the workspace's present
    reason text not null,
    people integer not null,              -- how many persons; one who was merged of several profiles is one
    numbers text not null,                -- JSON list of their internal numbers, which mean nobody any more
    state text not null check (state in ('begun', 'forgotten', 'done')),
    told text not null default '{}'       -- JSON: what was removed where
) strict;

-- The ids of the erased as keyed hashes: what is sent for one of them is turned down.
create table erased_id (
    hash blob primary key,                -- HMAC-SHA256 of the profile id in UTF-8
    erasure_id text not null references erasure
) strict;

create table erasure_key (
    place integer primary key check (place = 1),
    key blob not null                     -- 32 random bytes
) strict;

-- What the ledger's rows of the erased came to, without the people: by how many a segment grew at an instant.
create table erased_membership (
    segment_id text not null,
    valid_at integer not null,
    step integer not null,
    primary key (segment_id, valid_at)
) strict;

-- Channels and purposes of consent that somebody was asked about, or that were declared before anybody was; as they are
-- compared: folded, without regard to letter case.
create table consent (
    channel text not null,
    purpose text not null,
    is_declared integer not null,
    primary key (channel, purpose)
) strict;

-- Areas, one row a version; questions take the newest that was recorded by then.
create table area (
    name text not null,
    version integer not null,
    recorded_at integer not null,
    coordinates text,                     -- those of a GeoJSON MultiPolygon, as JSON; null: taken out
    primary key (name, version)
) strict;

-- Segments that are fixed lists have versions like the others; the text of one says how many ids came from which file.
alter table segment add column kind text not null default 'rule' check (kind in ('rule', 'list'));

-- The ids on a list, also of people who are not known yet: one row for each stretch of versions that hold an id.
create table list_member (
    segment_id text not null references segment on delete cascade,
    profile_id text not null,
    first_version integer not null,
    last_version integer,                 -- null: up to the present one
    primary key (segment_id, profile_id, first_version)
) strict;

-- People whom somebody put into a segment, or keeps out of it. A pin that was taken back stays, for the past.
create table pin (
    pin_id integer primary key autoincrement,
    segment_id text not null references segment on delete cascade,
    profile_id text not null,
    is_exclusion integer not null,
    reason text not null,
    author text,
    created_at integer not null,
    until integer,                        -- it has expired from then on; null: it does not expire
    removed_at integer
) strict;

create index pin_of_segment on pin (segment_id, profile_id);

-- Names that segments had: what versions that were written before name by them.
create table former_name (
    segment_id text not null references segment on delete cascade,
    name text not null,
    until integer not null,
    primary key (segment_id, name, until)
) strict;

-- Kinds of identifiers that the workspace declared, beside those that ship.
create table identity_kind (
    name text primary key,
    path text not null,                   -- JSON list: the trait that holds them, from the outermost name inwards
    form text not null,
    created_at integer not null
) strict;

-- Words that people declare: of a trait also whether it says something private of a person (null: guessed by its name),
-- of an event the short name that rules may use.
alter table word add column is_personal integer;

create table short_name (
    short text primary key,
    event text not null unique
) strict;

-- Rates of exchange: what one unit of a currency was on a day in the workspace's, `base`. Of one currency and day the
-- row that was recorded last counts, and what was recorded later than a question looks is left out.
create table rate (
    rate_no integer primary key,          -- in the order of recording
    base text not null,
    currency text not null,
    day text not null,                    -- YYYY-MM-DD
    rate text not null,                   -- an exact decimal
    source text not null,
    recorded_at integer not null          -- milliseconds since 1970 UTC
) strict;

create index rate_of_currency on rate (base, currency, day);

-- The last row of the lake's `identities` that an evaluation saw, beside the last event.
alter table run add column claim_no integer not null default 0;
alter table run_segment add column claim_no integer not null default 0;
