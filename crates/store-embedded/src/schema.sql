-- Everything that happened, in order: replaying it gives the state again. Instants are milliseconds since 1970.
create table journal (
    seq integer primary key,
    at integer not null,
    event_id text,
    fact text not null
) strict;

-- What is sold, for whoever opens this file, and as the last judge: no seat twice, no code twice, no hold twice.
create table reservations (
    reservation_id text not null primary key,
    event_id text not null,
    hold_id text not null,
    code integer not null,
    confirmed_at integer not null,
    cancelled_at integer,
    constraint one_reservation_per_hold unique (hold_id)
) strict, without rowid;

create table sold_seats (
    event_id text not null,
    seat integer not null,
    reservation_id text not null,
    constraint no_seat_twice primary key (event_id, seat)
) strict, without rowid;

create table codes (
    event_id text not null,
    code integer not null,
    reservation_id text not null,
    constraint no_code_twice primary key (event_id, code)
) strict, without rowid;
