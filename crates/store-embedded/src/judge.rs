//! The judge: tables whose keys keep a seat, a code and a hold from being sold twice, whatever memory believes.

use jari_domain::Shop;
use jari_domain::fact::{Fact, Recorded};
use jari_domain::id::EventId;
use jari_domain::reservation::Reservation;
use rusqlite::{Connection, OptionalExtension, params};

const SCHEMA: &str = include_str!("judge.sql");

/// Tells the judge of a fact, and of the reservation that it made or cancelled.
pub(crate) fn judge(
    connection: &Connection,
    recorded: &Recorded,
    sold: Option<&Reservation>,
) -> Result<(), rusqlite::Error> {
    let (Recorded::Event { event_id, fact, .. }, Some(reservation)) = (recorded, sold) else {
        return Ok(());
    };
    if let Fact::Confirmed { .. } = fact {
        let event = event(connection, event_id)?;
        let number = add(connection, event, reservation)?;
        sell(connection, event, number, reservation)
    } else if let Fact::Cancelled { .. } = fact {
        cancel(connection, event(connection, event_id)?, reservation)
    } else {
        Ok(())
    }
}

/// Makes the tables, and fills them with what `shop` has sold.
pub(crate) fn build(connection: &Connection, shop: &Shop) -> Result<(), rusqlite::Error> {
    connection.execute_batch(SCHEMA)?;
    for (event_id, sale) in shop.sales() {
        for (_, reservation) in sale.reservations().after(0) {
            let event = event(connection, event_id)?;
            let number = add(connection, event, reservation)?;
            if reservation.cancelled_at.is_none() {
                sell(connection, event, number, reservation)?;
            }
        }
    }
    Ok(())
}

/// The number of an event; its first reservation gives it one.
fn event(connection: &Connection, event_id: &EventId) -> Result<i64, rusqlite::Error> {
    let known = connection
        .prepare_cached("select event from events where event_id = ?1")?
        .query_row([event_id.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(event) = known {
        return Ok(event);
    }
    connection
        .prepare_cached("insert into events (event_id) values (?1)")?
        .insert([event_id.as_str()])
}

/// Gives the reservation's number.
fn add(
    connection: &Connection,
    event: i64,
    reservation: &Reservation,
) -> Result<i64, rusqlite::Error> {
    connection
        .prepare_cached(
            "insert into reservations (event, reservation_id, hold_id, code, confirmed_at, cancelled_at) \
             values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .insert(params![
            event,
            reservation.reservation_id.0.as_bytes(),
            reservation.hold_id.0.as_bytes(),
            reservation.code,
            reservation.confirmed_at.0,
            reservation.cancelled_at.map(|at| at.0),
        ])
}

fn sell(
    connection: &Connection,
    event: i64,
    number: i64,
    reservation: &Reservation,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("insert into codes (place, reservation) values (?1, ?2)")?
        .execute([place(event, reservation.code), number])?;
    let mut sell =
        connection.prepare_cached("insert into sold_seats (place, reservation) values (?1, ?2)")?;
    for priced in &reservation.seats {
        sell.execute([place(event, priced.seat), number])?;
    }
    Ok(())
}

fn cancel(
    connection: &Connection,
    event: i64,
    reservation: &Reservation,
) -> Result<(), rusqlite::Error> {
    let number: i64 = connection
        .prepare_cached(
            "update reservations set cancelled_at = ?2 where hold_id = ?1 returning reservation",
        )?
        .query_row(
            params![
                reservation.hold_id.0.as_bytes(),
                reservation.cancelled_at.map(|at| at.0)
            ],
            |row| row.get(0),
        )?;
    // Only what is still this reservation's: its code may have been given again.
    connection
        .prepare_cached("delete from codes where place = ?1 and reservation = ?2")?
        .execute([place(event, reservation.code), number])?;
    let mut free = connection
        .prepare_cached("delete from sold_seats where place = ?1 and reservation = ?2")?;
    for priced in &reservation.seats {
        free.execute([place(event, priced.seat), number])?;
    }
    Ok(())
}

/// One integer for an event's seat or code, as `judge.sql` says.
fn place(event: i64, number: u32) -> i64 {
    (event << 32) | i64::from(number)
}
