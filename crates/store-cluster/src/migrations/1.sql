-- Everything that happened, in order: replaying it gives the state again. Instants are milliseconds since 1970.
-- The primary key is what makes the store one: of two instances that write the same number one fails.
create table journal (
    seq bigint not null,
    at bigint not null,
    event_id text,
    fact text not null,
    constraint one_fact_per_number primary key (seq)
);

-- What is sold, for whoever asks, and as the last judge: no seat twice, no code twice, no hold twice.
create table reservations (
    reservation_id uuid not null,
    event_id text not null,
    hold_id uuid not null,
    code integer not null,
    confirmed_at bigint not null,
    cancelled_at bigint,
    constraint no_reservation_twice primary key (reservation_id),
    constraint one_reservation_per_hold unique (hold_id)
);

create table sold_seats (
    event_id text not null,
    seat integer not null,
    reservation_id uuid not null,
    constraint no_seat_twice primary key (event_id, seat)
);

create table codes (
    event_id text not null,
    code integer not null,
    reservation_id uuid not null,
    constraint no_code_twice primary key (event_id, code)
);
