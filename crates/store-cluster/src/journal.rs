//! The journal and the judge in `PostgreSQL`.

use jari_domain::fact::{Fact, Recorded};
use jari_domain::id::EventId;
use jari_domain::reservation::Reservation;
use jari_domain::{Shop, Timestamp};
use jari_store::StoreError;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

use crate::database::{DATABASE_TIMEOUT, Database};

/// Facts read in one query: few enough to fit in memory several times.
const READ_AT_MOST: i64 = 10_000;

/// Keeps facts.
pub(crate) const INSERT_FACTS: &str = "insert into journal (seq, at, event_id, fact) \
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])";

/// What the judge must be told beside the facts: the seats that a confirmation sells.
pub(crate) struct Written {
    pub(crate) recorded: Recorded,
    /// The reservation that the fact made or cancelled.
    pub(crate) sold: Option<Reservation>,
}

/// Why facts were not written, as far as is known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppendError {
    /// Another instance has written facts of these numbers.
    #[error("another instance was quicker; ask again")]
    Overtaken,
    /// The judge found something that must not be.
    #[error("{0}: nothing of this batch was kept")]
    Judged(String),
    /// `PostgreSQL` can't be asked, or did not say whether it has kept them.
    #[error("PostgreSQL: {0}")]
    Unavailable(String),
}

impl From<AppendError> for StoreError {
    fn from(error: AppendError) -> Self {
        let what = error.to_string();
        match error {
            AppendError::Overtaken | AppendError::Unavailable(_) => Self::Unavailable(what),
            AppendError::Judged(_) => Self::Corrupt {
                table: "sold_seats, codes or reservations",
                row: "in the last batch".to_owned(),
                what,
            },
        }
    }
}

impl From<tokio_postgres::Error> for AppendError {
    fn from(error: tokio_postgres::Error) -> Self {
        let constraint = error.as_db_error().and_then(|error| error.constraint());
        match (error.code(), constraint) {
            (Some(code), Some("one_fact_per_number")) if *code == SqlState::UNIQUE_VIOLATION => {
                Self::Overtaken
            }
            (Some(code), Some(name)) if *code == SqlState::UNIQUE_VIOLATION => {
                Self::Judged(name.to_owned())
            }
            _ => Self::Unavailable(explain(&error)),
        }
    }
}

/// What went wrong, with its cause: this library's own words say little.
pub(crate) fn explain(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The journal: connects when it must, and again after a failure.
pub(crate) struct Journal {
    database: Database,
    client: Option<Client>,
}

impl Journal {
    pub(crate) fn new(database: Database) -> Self {
        let client = None;
        Self { database, client }
    }

    /// Keeps all of `written` under the numbers from `first` on, or none.
    pub(crate) async fn append(
        &mut self,
        first: i64,
        written: &[Written],
    ) -> Result<(), AppendError> {
        let columns = Columns::of(first, written)?;
        let client = self.client().await?;
        let kept = async {
            if written.iter().all(|written| written.sold.is_none()) {
                return Ok::<(), AppendError>(columns.insert(client).await?);
            }
            let transaction = client.transaction().await?;
            columns.insert(&transaction).await?;
            judge(&transaction, written).await?;
            Ok(transaction.commit().await?)
        };
        let kept = in_time(kept).await;
        if matches!(kept, Err(AppendError::Unavailable(_))) {
            // Whether it was kept is unknown: the next connection will see.
            self.client = None;
        }
        kept
    }

    /// The facts after the `known`th one, in order, at most some thousands; empty if there are no more.
    pub(crate) async fn facts_after(&mut self, known: i64) -> Result<Vec<Recorded>, StoreError> {
        let client = self.client().await?;
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&known, Type::INT8), (&READ_AT_MOST, Type::INT8)];
        let read = client.query_typed(
            "select seq, at, event_id, fact from journal where seq > $1 order by seq limit $2",
            &parameters,
        );
        let rows = match in_time(read).await {
            Ok(rows) => rows,
            Err(error) => {
                self.client = None;
                return Err(error.into());
            }
        };
        let mut facts = Vec::with_capacity(rows.len());
        for (expected, row) in (known + 1..).zip(rows) {
            let seq: i64 = row.get(0);
            let damaged = |what: String| StoreError::Corrupt {
                table: "journal",
                row: seq.to_string(),
                what,
            };
            if seq != expected {
                return Err(damaged(format!("number {expected} is missing before it")));
            }
            facts.push(parse(&row).map_err(damaged)?);
        }
        Ok(facts)
    }

    async fn client(&mut self) -> Result<&mut Client, AppendError> {
        let client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => in_time(self.database.connect()).await?,
        };
        Ok(self.client.insert(client))
    }
}

/// No question to `PostgreSQL` may take longer than the turn allows.
async fn in_time<T, E: Into<AppendError>>(
    asked: impl Future<Output = Result<T, E>>,
) -> Result<T, AppendError> {
    match tokio::time::timeout(DATABASE_TIMEOUT, asked).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(AppendError::Unavailable("it takes too long".to_owned())),
    }
}

/// Facts as the columns of the journal.
struct Columns {
    seqs: Vec<i64>,
    ats: Vec<i64>,
    event_ids: Vec<Option<String>>,
    facts: Vec<String>,
}

impl Columns {
    fn of(first: i64, written: &[Written]) -> Result<Self, AppendError> {
        let mut columns = Self {
            seqs: Vec::with_capacity(written.len()),
            ats: Vec::with_capacity(written.len()),
            event_ids: Vec::with_capacity(written.len()),
            facts: Vec::with_capacity(written.len()),
        };
        for (seq, written) in (first..).zip(written) {
            let (at, event_id, fact) = match &written.recorded {
                Recorded::Event { event_id, at, fact } => (
                    at,
                    Some(event_id.as_str().to_owned()),
                    serde_json::to_string(fact),
                ),
                Recorded::Shop { at, fact } => (at, None, serde_json::to_string(fact)),
            };
            columns.seqs.push(seq);
            columns.ats.push(at.0);
            columns.event_ids.push(event_id);
            let broken = |error| AppendError::Judged(format!("fact {seq} is no JSON: {error}"));
            columns.facts.push(fact.map_err(broken)?);
        }
        Ok(columns)
    }

    async fn insert(&self, client: &impl GenericClient) -> Result<(), tokio_postgres::Error> {
        let parameters: [(&(dyn ToSql + Sync), Type); 4] = [
            (&self.seqs, Type::INT8_ARRAY),
            (&self.ats, Type::INT8_ARRAY),
            (&self.event_ids, Type::TEXT_ARRAY),
            (&self.facts, Type::TEXT_ARRAY),
        ];
        client
            .query_typed(INSERT_FACTS, &parameters)
            .await
            .map(|_| ())
    }
}

/// Tells the judge what was sold and what was cancelled, in the order in which it happened.
async fn judge(client: &impl GenericClient, written: &[Written]) -> Result<(), AppendError> {
    let mut bought = Bought::default();
    for written in written {
        let (Recorded::Event { event_id, fact, .. }, Some(reservation)) =
            (&written.recorded, &written.sold)
        else {
            continue;
        };
        if let Fact::Confirmed { .. } = fact {
            bought.add(event_id, reservation);
        } else if let Fact::Cancelled { .. } = fact {
            std::mem::take(&mut bought).insert(client).await?;
            cancel(client, event_id, reservation).await?;
        }
    }
    Ok(bought.insert(client).await?)
}

/// Reservations as the columns of the judge's tables.
#[derive(Default)]
struct Bought {
    ids: Vec<Uuid>,
    event_ids: Vec<String>,
    hold_ids: Vec<Uuid>,
    codes: Vec<i32>,
    confirmed_at: Vec<i64>,
    seat_event_ids: Vec<String>,
    seats: Vec<i32>,
    seat_ids: Vec<Uuid>,
}

impl Bought {
    fn add(&mut self, event_id: &EventId, reservation: &Reservation) {
        let id = reservation.reservation_id.0;
        self.ids.push(id);
        self.event_ids.push(event_id.as_str().to_owned());
        self.hold_ids.push(reservation.hold_id.0);
        self.codes.push(small(reservation.code));
        self.confirmed_at.push(reservation.confirmed_at.0);
        for priced in &reservation.seats {
            self.seat_event_ids.push(event_id.as_str().to_owned());
            self.seats.push(small(priced.seat));
            self.seat_ids.push(id);
        }
    }

    async fn insert(self, client: &impl GenericClient) -> Result<(), tokio_postgres::Error> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&self.ids, Type::UUID_ARRAY),
            (&self.event_ids, Type::TEXT_ARRAY),
            (&self.hold_ids, Type::UUID_ARRAY),
            (&self.codes, Type::INT4_ARRAY),
            (&self.confirmed_at, Type::INT8_ARRAY),
            (&self.seat_event_ids, Type::TEXT_ARRAY),
            (&self.seats, Type::INT4_ARRAY),
            (&self.seat_ids, Type::UUID_ARRAY),
        ];
        client
            .query_typed(
                "with made as ( \
                     insert into reservations (reservation_id, event_id, hold_id, code, confirmed_at) \
                     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[], $5::bigint[]) \
                 ), coded as ( \
                     insert into codes (reservation_id, event_id, code) \
                     select * from unnest($1::uuid[], $2::text[], $4::integer[]) \
                 ) \
                 insert into sold_seats (event_id, seat, reservation_id) \
                 select * from unnest($6::text[], $7::integer[], $8::uuid[])",
                &parameters,
            )
            .await
            .map(|_| ())
    }
}

/// Whatever a reservation has must have been there: tables that disagree judge no further sale.
async fn cancel(
    client: &impl GenericClient,
    event_id: &EventId,
    reservation: &Reservation,
) -> Result<(), AppendError> {
    let cancelled_at = reservation.cancelled_at.map(|at| at.0);
    let (event_id, code) = (event_id.as_str(), small(reservation.code));
    let seats: Vec<i32> = reservation
        .seats
        .iter()
        .map(|priced| small(priced.seat))
        .collect();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&reservation.reservation_id.0, Type::UUID),
        (&cancelled_at, Type::INT8),
        (&event_id, Type::TEXT),
        (&code, Type::INT4),
        (&seats, Type::INT4_ARRAY),
    ];
    let rows = client
        .query_typed(
            "with ended as ( \
                 update reservations set cancelled_at = $2 where reservation_id = $1 returning 1 \
             ), uncoded as ( \
                 delete from codes where event_id = $3 and code = $4 and reservation_id = $1 returning 1 \
             ), freed as ( \
                 delete from sold_seats where event_id = $3 and seat = any($5) and reservation_id = $1 returning 1 \
             ) \
             select (select count(*) from ended), (select count(*) from uncoded), (select count(*) from freed)",
            &parameters,
        )
        .await?;
    let touched = rows
        .first()
        .map(|row| [0, 1, 2].map(|column| row.get::<_, i64>(column)));
    if touched == Some([1, 1, i64::try_from(seats.len()).unwrap_or(i64::MAX)]) {
        Ok(())
    } else {
        let id = reservation.reservation_id;
        Err(AppendError::Judged(format!(
            "reservation {id}, its code or its seats were not there to be cancelled"
        )))
    }
}

/// Seats and codes count far below 2³¹.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A row of `seq, at, event_id, fact`.
pub(crate) fn parse(row: &Row) -> Result<Recorded, String> {
    let at = Timestamp(row.get(1));
    Recorded::parse(at, row.get(2), row.get(3))
}

/// The reservation that a fact made or cancelled.
pub(crate) fn sold(shop: &Shop, recorded: &Recorded) -> Option<Reservation> {
    let Recorded::Event { event_id, fact, .. } = recorded else {
        return None;
    };
    let (Fact::Confirmed { reservation_id, .. } | Fact::Cancelled { reservation_id, .. }) = fact
    else {
        return None;
    };
    let sale = shop.sale(event_id).ok()?;
    sale.reservation(*reservation_id).ok().cloned()
}
