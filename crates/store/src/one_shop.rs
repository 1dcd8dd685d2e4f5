//! Each capability, as the domain has it, for every store that runs operations on a [`Shop`] one after another.

use std::sync::Arc;

use crate::{
    AuditTrail, BatchAnswer, CheckInAnswer, Door, DoorStats, EventState, Events, Holds, Line,
    ListedReservation, ManifestEntry, ReservationSearch, Reservations, Result, SaleStats,
    StaffKeys, Upkeep,
};
use async_trait::async_trait;
use jari_domain::door::CheckIn;
use jari_domain::event::EventSettings;
use jari_domain::fact::AuditEntry;
use jari_domain::hold::Hold;
use jari_domain::id::{CheckInId, Digest, EventId, HoldId, PlaceNumber, ReservationId, StaffKeyId};
use jari_domain::map::SeatMap;
use jari_domain::reservation::Reservation;
use jari_domain::sale::{
    Blocks, CheckInRequest, Confirm, Confirmed, Enter, Entered, LookedUp, PlaceHold, Placed, Sale,
    SettingsChange,
};
use jari_domain::seats::SeatCounts;
use jari_domain::shop::StaffKey;
use jari_domain::{Refusal, Shop, Timestamp};

/// A store that runs operations on one [`Shop`], one after another, and keeps what they record before it answers.
pub trait OneShop: Send + Sync + 'static {
    /// Runs an operation; its answer comes back once what it recorded is kept.
    fn run<T, F>(&self, operation: F) -> impl Future<Output = Result<T>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&mut Shop, Timestamp) -> Result<T> + Send + 'static;

    /// Hears of what other instances have answered, where there are any.
    fn hear_of_others(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// Runs an operation on one sale.
async fn on_sale<S, T, F>(store: &S, event_id: &EventId, operation: F) -> Result<T>
where
    S: OneShop,
    T: Send + 'static,
    F: FnOnce(&mut Sale, Timestamp) -> std::result::Result<T, Refusal> + Send + 'static,
{
    let event_id = event_id.clone();
    store
        .run(move |shop, now| Ok(operation(shop.sale_mut(&event_id)?, now)?))
        .await
}

/// Runs an operation on one sale, and gives the event as it is then.
async fn on_event<S, F>(store: &S, event_id: &EventId, operation: F) -> Result<EventState>
where
    S: OneShop,
    F: FnOnce(&mut Sale, Timestamp) -> std::result::Result<(), Refusal> + Send + 'static,
{
    on_sale(store, event_id, |sale, now| {
        operation(sale, now)?;
        Ok(EventState::of(sale, now))
    })
    .await
}

/// Runs an operation on the sale that a reservation belongs to.
async fn on_reservation<S, T, F>(
    store: &S,
    id: ReservationId,
    unknown: Refusal,
    operation: F,
) -> Result<(EventId, T)>
where
    S: OneShop,
    T: Send + 'static,
    F: FnOnce(&mut Sale, Timestamp) -> std::result::Result<T, Refusal> + Send + 'static,
{
    store
        .run(move |shop, now| {
            let event_id = shop.event_of_reservation(id).cloned().ok_or(unknown)?;
            let answer = operation(shop.sale_mut(&event_id)?, now)?;
            Ok((event_id, answer))
        })
        .await
}

#[async_trait]
impl<S: OneShop> Line for S {
    async fn enter(&self, event_id: &EventId, enter: Enter) -> Result<Entered> {
        on_sale(self, event_id, move |sale, now| sale.enter(now, enter)).await
    }

    async fn collect(&self, event_id: &EventId, number: PlaceNumber) -> Result<Timestamp> {
        on_sale(self, event_id, move |sale, now| sale.collect(now, number)).await
    }

    async fn leave(&self, event_id: &EventId, number: PlaceNumber) -> Result<()> {
        on_sale(self, event_id, move |sale, now| sale.leave(now, number)).await
    }

    async fn seen(&self, event_id: &EventId, present: Vec<(PlaceNumber, Timestamp)>) -> Result<()> {
        on_sale(self, event_id, move |sale, now| {
            sale.seen(now, &present);
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl<S: OneShop> Upkeep for S {
    async fn tick(&self) -> Result<Timestamp> {
        self.run(|shop, now| {
            shop.sales_mut().for_each(|(_, sale)| sale.tick(now));
            Ok(now)
        })
        .await
    }

    async fn ready(&self) -> Result<()> {
        self.run(|_, _| Ok(())).await
    }

    async fn catch_up(&self) -> Result<()> {
        self.hear_of_others().await
    }
}

#[async_trait]
impl<S: OneShop> Events for S {
    async fn create(&self, settings: EventSettings, uid: u64) -> Result<EventState> {
        self.run(move |shop, now| Ok(EventState::of(shop.create_event(now, settings, uid)?, now)))
            .await
    }

    async fn change(&self, event_id: &EventId, change: SettingsChange) -> Result<EventState> {
        on_event(self, event_id, move |sale, now| {
            sale.change_settings(now, change)
        })
        .await
    }

    async fn delete(&self, event_id: &EventId) -> Result<()> {
        on_sale(self, event_id, jari_domain::Sale::delete).await
    }

    async fn set_map(&self, event_id: &EventId, map: Arc<SeatMap>) -> Result<EventState> {
        on_event(self, event_id, move |sale, now| sale.set_map(now, map)).await
    }

    async fn open(&self, event_id: &EventId) -> Result<EventState> {
        on_event(self, event_id, jari_domain::Sale::open).await
    }

    async fn pause(&self, event_id: &EventId, message: Option<String>) -> Result<EventState> {
        on_event(self, event_id, move |sale, now| sale.pause(now, message)).await
    }

    async fn resume(&self, event_id: &EventId) -> Result<EventState> {
        on_event(self, event_id, jari_domain::Sale::resume).await
    }

    async fn close(&self, event_id: &EventId) -> Result<EventState> {
        on_event(self, event_id, jari_domain::Sale::close).await
    }

    async fn set_blocks(&self, event_id: &EventId, blocks: Blocks) -> Result<SeatCounts> {
        on_sale(self, event_id, move |sale, now| {
            sale.set_blocks(now, &blocks)
        })
        .await
    }

    async fn stats(&self, event_id: &EventId) -> Result<SaleStats> {
        on_sale(self, event_id, |sale, now| Ok(SaleStats::of(sale, now))).await
    }
}

#[async_trait]
impl<S: OneShop> Holds for S {
    async fn place_hold(&self, event_id: &EventId, wish: PlaceHold) -> Result<Placed> {
        on_sale(self, event_id, move |sale, now| sale.place_hold(now, &wish)).await
    }

    async fn look_at_hold(&self, event_id: &EventId, hold_id: HoldId) -> Result<Hold> {
        on_sale(self, event_id, move |sale, now| {
            sale.look_at_hold(now, hold_id)
        })
        .await
    }

    async fn release_hold(&self, event_id: &EventId, hold_id: HoldId) -> Result<()> {
        on_sale(self, event_id, move |sale, now| {
            sale.release_hold(now, hold_id)
        })
        .await
    }

    async fn check_pass(&self, event_id: &EventId, number: PlaceNumber) -> Result<()> {
        on_sale(self, event_id, move |sale, now| {
            sale.tick(now);
            sale.check_pass(number)
        })
        .await
    }
}

#[async_trait]
impl<S: OneShop> Reservations for S {
    async fn confirm(&self, event_id: &EventId, wish: Confirm) -> Result<Confirmed> {
        on_sale(self, event_id, move |sale, now| sale.confirm(now, wish)).await
    }

    async fn with_receipt(
        &self,
        id: ReservationId,
        generation: u32,
    ) -> Result<(EventId, Reservation)> {
        on_reservation(self, id, Refusal::ReceiptInvalid, move |sale, _| {
            sale.reservation_with_receipt(id, generation).cloned()
        })
        .await
    }

    async fn cancel_by_buyer(&self, id: ReservationId, generation: u32) -> Result<()> {
        on_reservation(self, id, Refusal::ReceiptInvalid, move |sale, now| {
            sale.cancel_by_buyer(now, id, generation)
        })
        .await
        .map(|_| ())
    }

    async fn cancel_by_operator(
        &self,
        id: ReservationId,
        reason: String,
    ) -> Result<(EventId, Reservation)> {
        on_reservation(self, id, Refusal::ReservationNotFound, move |sale, now| {
            sale.cancel_by_operator(now, id, reason)
        })
        .await
    }

    async fn reissue_receipt(&self, id: ReservationId) -> Result<(EventId, Reservation)> {
        on_reservation(self, id, Refusal::ReservationNotFound, move |sale, now| {
            sale.reissue_receipt(now, id)
        })
        .await
    }

    async fn search(
        &self,
        event_id: &EventId,
        search: ReservationSearch,
    ) -> Result<Vec<ListedReservation>> {
        on_sale(self, event_id, move |sale, _| {
            let found = sale
                .search(search.query.as_deref(), search.after)
                .take(search.limit);
            Ok(found
                .map(|(cursor, reservation)| ListedReservation {
                    cursor,
                    reservation: reservation.clone(),
                })
                .collect())
        })
        .await
    }
}

/// Looks something up or lets somebody in by `key`, and counts it against the key if the code was wrong.
fn with_tries<T>(
    shop: &mut Shop,
    now: Timestamp,
    event_id: &EventId,
    key: StaffKeyId,
    by_code: bool,
    operation: impl FnOnce(&mut Sale) -> std::result::Result<T, Refusal>,
) -> std::result::Result<T, Refusal> {
    if by_code {
        shop.check_wrong_codes(now, key)?;
    }
    let answer = operation(shop.sale_mut(event_id)?);
    if matches!(answer, Err(Refusal::CodeNotFound)) {
        shop.count_wrong_code(now, key, event_id);
    }
    answer
}

fn check_in(
    shop: &mut Shop,
    now: Timestamp,
    event_id: &EventId,
    request: CheckInRequest,
) -> std::result::Result<CheckInAnswer, Refusal> {
    let (key, by_code) = (request.staff_key, request.ticket.is_code());
    with_tries(shop, now, event_id, key, by_code, |sale| {
        let (answer, history) = sale.check_in(now, request)?;
        Ok(CheckInAnswer { answer, history })
    })
}

#[async_trait]
impl<S: OneShop> Door for S {
    async fn look_up(&self, event_id: &EventId, key: StaffKeyId, code: &str) -> Result<LookedUp> {
        let (event_id, code) = (event_id.clone(), code.to_owned());
        self.run(move |shop, now| {
            Ok(with_tries(shop, now, &event_id, key, true, |sale| {
                sale.look_up(&code)
            })?)
        })
        .await
    }

    async fn check_in(&self, event_id: &EventId, request: CheckInRequest) -> Result<CheckInAnswer> {
        let event_id = event_id.clone();
        self.run(move |shop, now| Ok(check_in(shop, now, &event_id, request)?))
            .await
    }

    async fn check_in_batch(
        &self,
        event_id: &EventId,
        items: Vec<CheckInRequest>,
    ) -> Result<Vec<BatchAnswer>> {
        let event_id = event_id.clone();
        self.run(move |shop, now| {
            Ok(items
                .into_iter()
                .map(|item| check_in(shop, now, &event_id, item))
                .collect())
        })
        .await
    }

    async fn void(&self, events: &[EventId], id: CheckInId, reason: String) -> Result<()> {
        let events = events.to_vec();
        self.run(move |shop, now| {
            let event_id = shop
                .event_of_check_in(id)
                .cloned()
                .ok_or(Refusal::CheckInNotFound)?;
            if !events.contains(&event_id) {
                return Err(Refusal::WrongEvent.into());
            }
            Ok(shop.sale_mut(&event_id)?.void_check_in(now, id, reason)?)
        })
        .await
    }

    async fn entries(
        &self,
        event_id: &EventId,
        after: usize,
        limit: usize,
    ) -> Result<Vec<CheckIn>> {
        on_sale(self, event_id, move |sale, _| {
            Ok(sale.door().since(after).take(limit).cloned().collect())
        })
        .await
    }

    async fn manifest(&self, event_id: &EventId) -> Result<Vec<ManifestEntry>> {
        on_sale(self, event_id, |sale, _| {
            Ok(sale
                .reservations()
                .after(0)
                .map(|(_, reservation)| ManifestEntry::of(reservation))
                .collect())
        })
        .await
    }

    async fn door_stats(&self, event_id: &EventId) -> Result<DoorStats> {
        on_sale(self, event_id, |sale, _| Ok(DoorStats::of(sale))).await
    }
}

#[async_trait]
impl<S: OneShop> StaffKeys for S {
    async fn add_staff_key(&self, key: StaffKey) -> Result<()> {
        self.run(move |shop, now| Ok(shop.add_staff_key(now, key)?))
            .await
    }

    async fn staff_keys(&self) -> Result<Vec<StaffKey>> {
        self.run(|shop, _| Ok(shop.staff_keys().cloned().collect()))
            .await
    }

    async fn remove_staff_key(&self, id: StaffKeyId) -> Result<()> {
        self.run(move |shop, now| {
            shop.remove_staff_key(now, id);
            Ok(())
        })
        .await
    }

    async fn staff_key(&self, key: Digest) -> Result<StaffKey> {
        self.run(move |shop, _| Ok(shop.staff_key(key)?.clone()))
            .await
    }
}

#[async_trait]
impl<S: OneShop> AuditTrail for S {
    async fn note(&self, entry: AuditEntry) -> Result<()> {
        self.run(move |shop, _| {
            shop.note(entry);
            Ok(())
        })
        .await
    }

    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<(u64, AuditEntry)>> {
        self.run(move |shop, _| Ok(shop.audit_before(before, limit)))
            .await
    }
}
