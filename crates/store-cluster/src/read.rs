//! Reading all that is kept, beside whoever writes it.

use std::collections::BTreeMap;

use jari_domain::fact::Recorded;
use jari_domain::id::{EventId, HoldId, ReservationId};
use jari_domain::stored::{Stored, StoredReservation};
use jari_domain::{Shop, Timestamp};
use tokio_postgres::{IsolationLevel, Row, Transaction};

use crate::journal::parse;
use crate::migrate;
use crate::open::{self, OpenError};

/// All that `PostgreSQL` keeps, as of one instant.
#[derive(Debug)]
pub struct Kept {
    /// Every fact, in order.
    pub facts: Vec<Recorded>,
    /// The state that they add up to; why they add up to none.
    pub shop: Result<Shop, String>,
    /// What the judge's tables say, by event.
    pub stored: BTreeMap<EventId, Stored>,
}

/// Reads everything and changes nothing. Must not be called on a runtime's worker.
pub fn read(database_url: &str) -> Result<Kept, OpenError> {
    let database = open::database(database_url)?;
    open::runtime()?.block_on(async {
        let away = |error: tokio_postgres::Error| OpenError::database(&error);
        let mut client = database.connect().await.map_err(away)?;
        migrate::check(&mut client).await?;
        let transaction = client
            .build_transaction()
            .read_only(true)
            // All that is read is of one instant, whatever is sold meanwhile.
            .isolation_level(IsolationLevel::RepeatableRead)
            .start()
            .await
            .map_err(away)?;
        let facts = facts(&transaction).await?;
        Ok(Kept {
            shop: replayed(&facts),
            facts,
            stored: stored(&transaction).await?,
        })
    })
}

fn replayed(facts: &[Recorded]) -> Result<Shop, String> {
    let mut shop = Shop::default();
    for (seq, recorded) in (1_u64..).zip(facts) {
        if shop.replay(recorded).is_none() {
            return Err(format!("fact {seq} can't follow what came before it"));
        }
    }
    Ok(shop)
}

async fn facts(transaction: &Transaction<'_>) -> Result<Vec<Recorded>, OpenError> {
    let sql = "select seq, at, event_id, fact from journal order by seq";
    let rows = rows(transaction, sql).await?;
    let facts = (1_i64..).zip(&rows).map(|(expected, row)| {
        if row.get::<_, i64>(0) != expected {
            return Err(OpenError::Damaged(format!("fact {expected} is missing")));
        }
        let damaged = |what| OpenError::Damaged(format!("fact {expected}: {what}"));
        parse(row).map_err(damaged)
    });
    facts.collect()
}

async fn stored(transaction: &Transaction<'_>) -> Result<BTreeMap<EventId, Stored>, OpenError> {
    let mut stored: BTreeMap<EventId, Stored> = BTreeMap::new();
    let sql = "select event_id, reservation_id, hold_id, code, confirmed_at, cancelled_at from reservations";
    for row in rows(transaction, sql).await? {
        let reservation = StoredReservation {
            reservation_id: ReservationId(row.get(1)),
            hold_id: HoldId(row.get(2)),
            code: number(&row, 3)?,
            confirmed_at: Timestamp(row.get(4)),
            cancelled_at: row.get::<_, Option<i64>>(5).map(Timestamp),
        };
        let event = stored.entry(event(&row)?).or_default();
        event.reservations.insert(reservation);
    }
    let sql = "select event_id, seat, reservation_id from sold_seats";
    for row in rows(transaction, sql).await? {
        let seat = (number(&row, 1)?, ReservationId(row.get(2)));
        let event = stored.entry(event(&row)?).or_default();
        event.sold_seats.insert(seat);
    }
    let sql = "select event_id, code, reservation_id from codes";
    for row in rows(transaction, sql).await? {
        let code = (number(&row, 1)?, ReservationId(row.get(2)));
        let event = stored.entry(event(&row)?).or_default();
        event.codes.insert(code);
    }
    Ok(stored)
}

async fn rows(transaction: &Transaction<'_>, sql: &str) -> Result<Vec<Row>, OpenError> {
    let rows = transaction.query_typed(sql, &[]).await;
    rows.map_err(|error| OpenError::database(&error))
}

fn event(row: &Row) -> Result<EventId, OpenError> {
    EventId::parse(row.get(0)).map_err(|error| OpenError::Damaged(error.to_string()))
}

/// A seat or a code: both count from 0.
fn number(row: &Row, column: usize) -> Result<u32, OpenError> {
    let number: i32 = row.get(column);
    u32::try_from(number).map_err(|_| OpenError::Damaged(format!("{number} is no number here")))
}
