//! The capabilities of a store, one trait for each kind of asker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jari_domain::door::{ByGate, CheckIn, DoorAnswer};
use jari_domain::event::EventSettings;
use jari_domain::fact::{AuditEntry, Recorded};
use jari_domain::hall::Hall;
use jari_domain::hold::Hold;
use jari_domain::id::{
    CheckInId, Digest, EventId, HoldId, PlaceNumber, ReservationId, SeatIndex, StaffKeyId,
};
use jari_domain::map::SeatMap;
use jari_domain::reservation::{Reservation, ReservationState};
use jari_domain::sale::{
    Blocks, Change, CheckInRequest, Confirm, Confirmed, Enter, Entered, Head, LookedUp, PlaceHold,
    Placed, Sale, SettingsChange, Snapshot,
};
use jari_domain::seats::SeatCounts;
use jari_domain::shop::StaffKey;
use jari_domain::tally::Minute;
use jari_domain::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Result;

/// Standing in line.
#[async_trait]
pub trait Line: Send + Sync {
    /// Enters, or finds the place somebody has already.
    async fn enter(&self, event_id: &EventId, enter: Enter) -> Result<Entered>;
    /// Shows a pass to its holder, which starts its time; again changes nothing. Gives the instant it ends.
    async fn collect(&self, event_id: &EventId, number: PlaceNumber) -> Result<Timestamp>;
    /// Gives a place and its pass up; again changes nothing.
    async fn leave(&self, event_id: &EventId, number: PlaceNumber) -> Result<()>;
    /// These are present until these instants.
    async fn seen(&self, event_id: &EventId, present: Vec<(PlaceNumber, Timestamp)>) -> Result<()>;
}

/// What time brings: admissions, holds and passes that run out, sales that close.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// Lets time pass in every event, and tells the store's time. Called several times a second by anyone; safe to call
    /// twice.
    async fn tick(&self) -> Result<Timestamp>;
    /// Whether the store answers; the reason if not.
    async fn ready(&self) -> Result<()>;
    /// Returns once the views show whatever any instance had answered before this was asked. However many ask at the same
    /// time, it costs the store no more than one of them.
    async fn catch_up(&self) -> Result<()>;
}

/// An event as it is at the end of an operation.
#[derive(Debug, Clone)]
pub struct EventState {
    /// What everyone is shown.
    pub head: Head,
    /// The hall, if there is one yet.
    pub hall: Option<Arc<Hall>>,
    /// How many seats are in each state.
    pub counts: SeatCounts,
    /// When this was so.
    pub now: Timestamp,
}

impl EventState {
    /// The event as it is in the domain.
    pub fn of(sale: &Sale, now: Timestamp) -> Self {
        let (head, hall) = (sale.head().clone(), sale.hall().cloned());
        Self {
            head,
            hall,
            counts: sale.seats().counts(),
            now,
        }
    }
}

/// What the operator is shown of a sale.
#[derive(Debug, Clone)]
pub struct SaleStats {
    /// People waiting and present or not known to be absent.
    pub waiting: u64,
    /// People who were absent when called.
    pub parked: u64,
    /// Passes that live.
    pub admitted: u64,
    /// How many may be admitted at the same time.
    pub capacity: u32,
    /// People admitted in the last minute.
    pub admitted_per_minute: u32,
    /// How many seats are in each state.
    pub counts: SeatCounts,
    /// Counts by minute, oldest first.
    pub minutes: Vec<Minute>,
    /// Minor units.
    pub revenue: i64,
}

impl SaleStats {
    /// The figures of a sale in the domain.
    pub fn of(sale: &Sale, now: Timestamp) -> Self {
        let counts = sale.line().counts();
        Self {
            waiting: counts.waiting,
            parked: counts.parked,
            admitted: counts.active,
            capacity: sale.settings().queue.capacity,
            admitted_per_minute: sale.pace().admitted_per_minute(now),
            counts: sale.seats().counts(),
            minutes: sale.tally().minutes().copied().collect(),
            revenue: sale.reservations().revenue(),
        }
    }
}

/// What operators do with events.
#[async_trait]
pub trait Events: Send + Sync {
    /// Makes an event, as a draft. `uid` is random.
    async fn create(&self, settings: EventSettings, uid: u64) -> Result<EventState>;
    /// Changes settings.
    async fn change(&self, event_id: &EventId, change: SettingsChange) -> Result<EventState>;
    /// Throws a draft away.
    async fn delete(&self, event_id: &EventId) -> Result<()>;
    /// Replaces the seat map.
    async fn set_map(&self, event_id: &EventId, map: Arc<SeatMap>) -> Result<EventState>;
    /// Publishes.
    async fn open(&self, event_id: &EventId) -> Result<EventState>;
    /// Stops holds and admissions for now.
    async fn pause(&self, event_id: &EventId, message: Option<String>) -> Result<EventState>;
    /// Goes on after a pause.
    async fn resume(&self, event_id: &EventId) -> Result<EventState>;
    /// Ends the sale for good.
    async fn close(&self, event_id: &EventId) -> Result<EventState>;
    /// Takes seats off sale and puts others on sale again.
    async fn set_blocks(&self, event_id: &EventId, blocks: Blocks) -> Result<SeatCounts>;
    /// What the operator is shown.
    async fn stats(&self, event_id: &EventId) -> Result<SaleStats>;
}

/// Holding seats.
#[async_trait]
pub trait Holds: Send + Sync {
    /// Holds seats, all or none.
    async fn place_hold(&self, event_id: &EventId, wish: PlaceHold) -> Result<Placed>;
    /// A hold and what became of it.
    async fn look_at_hold(&self, event_id: &EventId, hold_id: HoldId) -> Result<Hold>;
    /// Gives a hold back.
    async fn release_hold(&self, event_id: &EventId, hold_id: HoldId) -> Result<()>;
    /// Refuses a pass that does not live.
    async fn check_pass(&self, event_id: &EventId, number: PlaceNumber) -> Result<()>;
}

/// What to look for among an event's reservations.
#[derive(Debug, Clone, Default)]
pub struct ReservationSearch {
    /// Part of a code, name, contact or seat id, without regard to case; `None`: all.
    pub query: Option<String>,
    /// Only those after this cursor; 0: from the beginning.
    pub after: u64,
    /// How many at most.
    pub limit: usize,
}

/// A reservation and its place in the order of confirming.
#[derive(Debug, Clone)]
pub struct ListedReservation {
    /// The cursor that continues after it.
    pub cursor: u64,
    /// The reservation.
    pub reservation: Reservation,
}

/// Buying, and what was bought.
#[async_trait]
pub trait Reservations: Send + Sync {
    /// Turns a hold into a reservation, exactly once.
    async fn confirm(&self, event_id: &EventId, wish: Confirm) -> Result<Confirmed>;
    /// The reservation of this id and its event, for whoever shows its receipt of this generation.
    async fn with_receipt(
        &self,
        id: ReservationId,
        generation: u32,
    ) -> Result<(EventId, Reservation)>;
    /// The buyer cancels.
    async fn cancel_by_buyer(&self, id: ReservationId, generation: u32) -> Result<()>;
    /// The operator cancels.
    async fn cancel_by_operator(
        &self,
        id: ReservationId,
        reason: String,
    ) -> Result<(EventId, Reservation)>;
    /// Issues a new receipt.
    async fn reissue_receipt(&self, id: ReservationId) -> Result<(EventId, Reservation)>;
    /// Reservations in the order of confirming.
    async fn search(
        &self,
        event_id: &EventId,
        search: ReservationSearch,
    ) -> Result<Vec<ListedReservation>>;
}

/// The answer to a try at the door, with the history that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInAnswer {
    /// The answer.
    pub answer: DoorAnswer,
    /// The reservation's entries, oldest first.
    pub history: Vec<CheckIn>,
}

/// The answer to one item of a batch.
pub type BatchAnswer = std::result::Result<CheckInAnswer, Refusal>;

/// What a device at the door needs to know of one reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// Its code, as a number.
    pub code: u32,
    /// Its seats.
    pub seats: Vec<SeatIndex>,
    /// Those that are in.
    pub checked_in: Vec<SeatIndex>,
    /// Its state.
    pub state: ReservationState,
}

impl ManifestEntry {
    /// What a device needs to know of a reservation in the domain.
    pub fn of(reservation: &Reservation) -> Self {
        Self {
            reservation_id: reservation.reservation_id,
            code: reservation.code,
            seats: reservation.seats.iter().map(|priced| priced.seat).collect(),
            checked_in: reservation.checked_in.iter().copied().collect(),
            state: reservation.state(),
        }
    }
}

/// Who came in so far.
#[derive(Debug, Clone, Default)]
pub struct DoorStats {
    /// Seats sold.
    pub confirmed_seats: u32,
    /// Seats let in.
    pub admitted_seats: u32,
    /// Seats let in by gate.
    pub gates: ByGate,
    /// Seats let in by minute, oldest first.
    pub minutes: Vec<(Timestamp, u32)>,
}

impl DoorStats {
    /// The figures of a sale in the domain.
    pub fn of(sale: &Sale) -> Self {
        let mut stats = Self {
            confirmed_seats: sale.seats().counts().sold,
            ..Self::default()
        };
        let mut minutes = BTreeMap::<Timestamp, u32>::new();
        for entry in sale.door().counted() {
            let seats = u32::try_from(entry.seats.len()).unwrap_or(u32::MAX);
            stats.admitted_seats += seats;
            *stats.gates.entry(entry.gate.clone()).or_default() += seats;
            *minutes.entry(entry.at.minute()).or_default() += seats;
        }
        stats.minutes = minutes.into_iter().collect();
        stats
    }
}

/// The door.
#[async_trait]
pub trait Door: Send + Sync {
    /// The reservation that has this code. Wrong codes are counted against the key.
    async fn look_up(&self, event_id: &EventId, key: StaffKeyId, code: &str) -> Result<LookedUp>;
    /// Lets people in. Wrong codes are counted against the key.
    async fn check_in(&self, event_id: &EventId, request: CheckInRequest) -> Result<CheckInAnswer>;
    /// Takes what a device that was offline did.
    async fn check_in_batch(
        &self,
        event_id: &EventId,
        items: Vec<CheckInRequest>,
    ) -> Result<Vec<BatchAnswer>>;
    /// Undoes an entry of one of these events.
    async fn void(&self, events: &[EventId], id: CheckInId, reason: String) -> Result<()>;
    /// Entries made or undone after the first `after` ones, in order, at most `limit`.
    async fn entries(&self, event_id: &EventId, after: usize, limit: usize)
    -> Result<Vec<CheckIn>>;
    /// What a device needs to go on without a network.
    async fn manifest(&self, event_id: &EventId) -> Result<Vec<ManifestEntry>>;
    /// Who came in so far.
    async fn door_stats(&self, event_id: &EventId) -> Result<DoorStats>;
}

/// The keys of gate staff.
#[async_trait]
pub trait StaffKeys: Send + Sync {
    /// Adds a key.
    async fn add_staff_key(&self, key: StaffKey) -> Result<()>;
    /// All keys.
    async fn staff_keys(&self) -> Result<Vec<StaffKey>>;
    /// Withdraws a key; again changes nothing.
    async fn remove_staff_key(&self, id: StaffKeyId) -> Result<()>;
    /// The key with this digest.
    async fn staff_key(&self, key: Digest) -> Result<StaffKey>;
}

/// The record of who did what.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Puts something on record.
    async fn note(&self, entry: AuditEntry) -> Result<()>;
    /// Entries before the `before`th one (`None`: from the newest), newest first, with their numbers from 1.
    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<(u64, AuditEntry)>>;
}

/// Somebody who is told of every change, in order per event, after it was kept and before it is answered.
pub trait Follower: Send + Sync {
    /// An event as it is now; changes follow. Comes once for every event when following begins.
    fn begin(&self, event_id: &EventId, snapshot: Snapshot);
    /// What has changed since.
    fn changed(&self, event_id: &EventId, changes: &[Change]);
    /// This instance, and no other one, has kept this: for whoever counts.
    fn kept(&self, _recorded: &Recorded) {}
    /// This instance has done a batch of operations, or could not.
    fn batch(&self, _batch: &Batch) {}
}

/// How a batch of operations went, for whoever counts.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// How many were answered together.
    pub operations: usize,
    /// How long they took together.
    pub took: Duration,
    /// The store that failed, if one did.
    pub failed: Option<&'static str>,
}

/// Tells followers of changes, those of one event that stand together at once.
pub fn tell(followers: &[Arc<dyn Follower>], changes: &[(EventId, Change)]) {
    for run in changes.chunk_by(|(left, _), (right, _)| left == right) {
        let event_id = &run[0].0;
        let changes: Vec<Change> = run.iter().map(|(_, change)| change.clone()).collect();
        for follower in followers {
            follower.changed(event_id, &changes);
        }
    }
}

/// All capabilities in one.
pub trait Store:
    Line + Upkeep + Events + Holds + Reservations + Door + StaffKeys + AuditTrail + 'static
{
    /// Tells a follower everything, from the present state on.
    fn follow(&self, follower: Arc<dyn Follower>);
}
