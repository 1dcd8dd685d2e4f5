-- Everything that happened, in order: replaying it gives the state again. Instants are milliseconds since 1970.
create table journal (
    seq integer primary key,
    at integer not null,
    event_id text,
    fact text not null
) strict;
