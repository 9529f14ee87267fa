-- What the process says of itself that keeps segments up to date; whether it runs is told by its lock.
create table worker (
    one integer primary key check (one = 1),
    process integer not null,             -- the number that the operating system gives it
    started_at integer not null,          -- milliseconds since 1970 UTC
    seen_at integer not null,             -- when it last said something
    at integer not null,                  -- as of when who is in is known
    taken integer not null,               -- messages, since it began
    changes integer not null,             -- of people who entered or left
    checked integer not null,             -- people whom the interpreter was asked about once more
    differences text not null,            -- JSON, sentences: where it found another answer
    trouble text                          -- what keeps it from writing things down; null: nothing
) strict;
