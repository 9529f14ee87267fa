-- What people decided and what the record taught us of its own words. Versions are only added.
create table segment (
    segment_id text primary key,
    name text not null unique,
    created_at integer not null           -- milliseconds since 1970 UTC, as everywhere here
) strict;

create table segment_version (
    segment_id text not null references segment on delete cascade,
    version integer not null,
    text text not null,
    language_version integer not null,
    created_at integer not null,
    primary key (segment_id, version)
) strict;

-- One row a word: a trait, a property of an event, or a property of its order lines.
create table word (
    scope text not null check (scope in ('trait', 'event', 'line')),
    event text not null,                  -- the event's name as sent; '' for traits
    path text not null,                   -- JSON list of names; '[]' is the event itself
    kind text not null,
    family text,                          -- traits only; null: guessed from the name
    is_corrected integer not null default 0,
    seen integer not null default 0,
    unfit integer not null default 0,     -- values of another kind, kept as they came
    unfit_example text,
    primary key (scope, event, path)
) strict;

create table load (
    load_id text primary key,
    file text not null,
    shape text not null,
    recorded_at integer not null,
    balance text not null                 -- JSON
) strict;

-- One row an evaluation of all segments. It counts once the ledger has reached its last change; one that changed
-- nothing stays only until the next one but one.
create table run (
    run_id text primary key,
    at integer not null,
    known_at integer not null,
    event_no integer not null,            -- the last event that it saw
    change_no integer not null,           -- the ledger's last change after it
    changes integer not null,             -- how many of the ledger's changes are its own
    recorded_at integer not null
) strict;

-- How each segment stood after a run; of an invalid one how it stood when it was last evaluated.
create table run_segment (
    run_id text not null references run on delete cascade,
    segment_id text not null,
    name text not null,
    version integer not null,
    meaning text not null,                -- a digest of what the definition says, those that it names included
    since integer not null,               -- from which instant on the ledger goes by that meaning
    size integer not null,
    at integer not null,                  -- what was looked at when it was last evaluated
    known_at integer not null,
    event_no integer not null,
    primary key (run_id, segment_id)
) strict;

-- The edges of RFM scores; the version in force is the greatest.
create table rfm_definition (
    version integer primary key autoincrement,
    window_days integer not null,
    counting text not null check (counting in ('orders', 'days')),
    currency text not null,
    recency_edges text not null,          -- JSON lists of four whole numbers: days,
    frequency_edges text not null,        -- orders or days with one,
    monetary_edges text not null,         -- minor units
    reference integer not null,
    created_at integer not null
) strict;
