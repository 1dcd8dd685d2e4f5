-- What is sold, as the last judge: no seat twice, no code twice, no hold twice. Every confirmation writes here, at random
-- places, so rows are small: more of them to a page are fewer pages to write and to sync.
create table events (
    event integer primary key,
    event_id text not null,
    constraint no_event_twice unique (event_id)
) strict;

create table reservations (
    reservation integer primary key,
    event integer not null,
    -- Ids are the sixteen bytes of a UUID.
    reservation_id blob not null,
    hold_id blob not null,
    code integer not null,
    confirmed_at integer not null,
    cancelled_at integer,
    constraint one_reservation_per_hold unique (hold_id)
) strict;

-- `place` is the event times 2^32, plus the seat's index.
create table sold_seats (
    place integer not null constraint no_seat_twice primary key,
    reservation integer not null
) strict;

-- `place` is the event times 2^32, plus the code.
create table codes (
    place integer not null constraint no_code_twice primary key,
    reservation integer not null
) strict;

-- For whoever opens this file.
create view sold as
select event_id, place & 0xFFFFFFFF as seat, code, lower(hex(reservation_id)) as reservation_id, confirmed_at
from sold_seats join reservations using (reservation) join events using (event);
