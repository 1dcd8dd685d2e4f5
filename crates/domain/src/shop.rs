//! All events of one store, with what belongs to none of them: staff keys and the record of who did what.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::EventSettings;
use crate::fact::{AuditEntry, Fact, Recorded, ShopFact};
use crate::id::{CheckInId, Digest, EventId, ReservationId, StaffKeyId};
use crate::refusal::Refusal;
use crate::sale::{Change, Present, Sale};
use crate::time::Timestamp;

/// Wrong codes a staff key may try in [`WRONG_CODES_WINDOW_MS`].
pub const WRONG_CODES_ALLOWED: usize = 20;
/// The window in which wrong codes are counted: one minute.
pub const WRONG_CODES_WINDOW_MS: i64 = 60_000;

/// A key that opens the door's services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffKey {
    /// Its id.
    pub id: StaffKeyId,
    /// Whose it is.
    pub name: String,
    /// The events it is for.
    pub event_ids: Vec<EventId>,
    /// Digest of the key.
    pub key: Digest,
}

/// All events of one store.
#[derive(Debug, Default)]
pub struct Shop {
    sales: BTreeMap<EventId, Sale>,
    staff_keys: BTreeMap<StaffKeyId, StaffKey>,
    staff_key_of: HashMap<Digest, StaffKeyId>,
    audit: Vec<AuditEntry>,
    event_of_reservation: HashMap<ReservationId, EventId>,
    event_of_check_in: HashMap<CheckInId, EventId>,
    wrong_codes: HashMap<StaffKeyId, VecDeque<Timestamp>>,
    outbox: Vec<(Timestamp, ShopFact)>,
}

impl Shop {
    /// Makes an event, as a draft. `uid` is random.
    pub fn create_event(
        &mut self,
        now: Timestamp,
        settings: EventSettings,
        uid: u64,
    ) -> Result<&Sale, Refusal> {
        let event_id = settings.event_id.clone();
        if self.sales.contains_key(&event_id) {
            return Err(Refusal::EventExists);
        }
        let settings = Arc::new(settings);
        let sale = self
            .sales
            .entry(event_id)
            .or_insert_with(|| Sale::created(Arc::clone(&settings), uid));
        sale.record_created(now, settings, uid);
        Ok(sale)
    }

    /// The sale of this event, drafts too.
    pub fn sale(&self, event_id: &EventId) -> Result<&Sale, Refusal> {
        self.sales.get(event_id).ok_or(Refusal::EventNotFound)
    }

    /// The sale of this event, drafts too, to act on.
    pub fn sale_mut(&mut self, event_id: &EventId) -> Result<&mut Sale, Refusal> {
        self.sales.get_mut(event_id).ok_or(Refusal::EventNotFound)
    }

    /// All sales, by event id.
    pub fn sales(&self) -> impl Iterator<Item = (&EventId, &Sale)> {
        self.sales.iter()
    }

    /// All sales, by event id, to act on.
    pub fn sales_mut(&mut self) -> impl Iterator<Item = (&EventId, &mut Sale)> {
        self.sales.iter_mut()
    }

    /// The event that a reservation belongs to.
    pub fn event_of_reservation(&self, reservation_id: ReservationId) -> Option<&EventId> {
        self.event_of_reservation.get(&reservation_id)
    }

    /// The event that an entry at the door belongs to.
    pub fn event_of_check_in(&self, check_in_id: CheckInId) -> Option<&EventId> {
        self.event_of_check_in.get(&check_in_id)
    }

    /// Adds a staff key.
    pub fn add_staff_key(&mut self, now: Timestamp, key: StaffKey) -> Result<(), Refusal> {
        if key
            .event_ids
            .iter()
            .any(|event_id| !self.sales.contains_key(event_id))
        {
            return Err(Refusal::EventNotFound);
        }
        let StaffKey {
            id,
            name,
            event_ids,
            key,
        } = key;
        self.record(
            now,
            ShopFact::StaffKeyAdded {
                id,
                name,
                event_ids,
                key,
            },
        );
        Ok(())
    }

    /// Withdraws a staff key; again changes nothing.
    pub fn remove_staff_key(&mut self, now: Timestamp, id: StaffKeyId) {
        if self.staff_keys.contains_key(&id) {
            self.record(now, ShopFact::StaffKeyRemoved { id });
        }
    }

    /// All staff keys.
    pub fn staff_keys(&self) -> impl Iterator<Item = &StaffKey> {
        self.staff_keys.values()
    }

    /// The staff key with this digest.
    pub fn staff_key(&self, key: Digest) -> Result<&StaffKey, Refusal> {
        let id = self
            .staff_key_of
            .get(&key)
            .ok_or(Refusal::StaffKeyInvalid)?;
        self.staff_keys.get(id).ok_or(Refusal::StaffKeyInvalid)
    }

    /// Puts something on record.
    pub fn note(&mut self, entry: AuditEntry) {
        self.record(entry.at, ShopFact::Audited(entry));
    }

    /// Entries of the record of who did what before the `before`th one (`None`: from the newest), newest first,
    /// at most `limit`, with their numbers from 1.
    pub fn audit_before(&self, before: Option<u64>, limit: usize) -> Vec<(u64, AuditEntry)> {
        let older = before.map_or(usize::MAX, |number| {
            usize::try_from(number).unwrap_or(usize::MAX)
        });
        let entries = self
            .audit
            .iter()
            .enumerate()
            .take(older.saturating_sub(1))
            .rev()
            .take(limit);
        entries
            .map(|(index, entry)| (index as u64 + 1, entry.clone()))
            .collect()
    }

    /// Refuses a key that has tried too many wrong codes of late.
    pub fn check_wrong_codes(&mut self, now: Timestamp, id: StaffKeyId) -> Result<(), Refusal> {
        let Some(tries) = self.wrong_codes.get_mut(&id) else {
            return Ok(());
        };
        forget_old(tries, now);
        match tries.front() {
            Some(oldest) if tries.len() >= WRONG_CODES_ALLOWED => {
                let wait_ms = WRONG_CODES_WINDOW_MS - now.ms_since(*oldest);
                let seconds = u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(1);
                Err(Refusal::TooManyAttempts {
                    retry_after_seconds: seconds,
                })
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong code and puts it on record: whoever replays the facts has counted it, too.
    pub fn count_wrong_code(&mut self, now: Timestamp, id: StaffKeyId, event_id: &EventId) {
        let name = self
            .staff_keys
            .get(&id)
            .map_or("unknown", |key| key.name.as_str());
        let entry = AuditEntry {
            at: now,
            who: format!("staff key {id} ({name})"),
            action: "code.wrong".to_owned(),
            event_id: Some(event_id.clone()),
            detail: None,
        };
        self.record(now, ShopFact::WrongCode { id, entry });
    }

    /// Takes what was recorded since the last time: the facts to be written down, in order per event, and what
    /// followers are told once that is done.
    pub fn take_outbox(&mut self) -> (Vec<Recorded>, Vec<(EventId, Change)>) {
        let mut recorded: Vec<_> = self
            .outbox
            .drain(..)
            .map(|(at, fact)| Recorded::Shop { at, fact })
            .collect();
        let mut changes = Vec::new();
        let mut removed = Vec::new();
        for (event_id, sale) in self
            .sales
            .iter_mut()
            .filter(|(_, sale)| sale.has_recorded())
        {
            let outbox = sale.take_outbox();
            for (at, fact) in outbox.facts {
                index(
                    &mut self.event_of_reservation,
                    &mut self.event_of_check_in,
                    event_id,
                    &fact,
                );
                if matches!(fact, Fact::Deleted) {
                    removed.push(event_id.clone());
                }
                recorded.push(Recorded::Event {
                    event_id: event_id.clone(),
                    at,
                    fact,
                });
            }
            let present = (!outbox.present.is_empty()).then_some(Change::Present(outbox.present));
            let told = present.into_iter().chain(outbox.changes);
            changes.extend(told.map(|change| (event_id.clone(), change)));
        }
        for event_id in removed {
            self.forget(&event_id);
        }
        (recorded, changes)
    }

    /// Who was noted as present since the outbox was taken, so that other instances can be told.
    pub fn noted_present(&self) -> Vec<(EventId, Present)> {
        self.sales
            .iter()
            .map(|(event_id, sale)| (event_id, sale.noted_present()))
            .filter(|(_, present)| !present.is_empty())
            .map(|(event_id, present)| (event_id.clone(), present.clone()))
            .collect()
    }

    /// Applies a fact that was recorded elsewhere, in a journal or by another instance, and gives what followers
    /// are told of it. `None` where it can't follow what came before it.
    pub fn replay(&mut self, recorded: &Recorded) -> Option<Vec<Change>> {
        let (event_id, at, fact) = match recorded {
            Recorded::Shop { fact, .. } => {
                self.apply(fact);
                return Some(Vec::new());
            }
            Recorded::Event { event_id, at, fact } => (event_id, *at, fact),
        };
        if let Fact::Created { settings, uid } = fact {
            let Entry::Vacant(place) = self.sales.entry(event_id.clone()) else {
                return None;
            };
            place.insert(Sale::created(Arc::clone(settings), *uid));
        }
        let changes = self.sales.get_mut(event_id)?.replay(at, fact)?;
        if matches!(fact, Fact::Deleted) {
            self.forget(event_id);
        }
        index(
            &mut self.event_of_reservation,
            &mut self.event_of_check_in,
            event_id,
            fact,
        );
        Some(changes)
    }

    /// Forgets a deleted event. Its staff keys go with it: its id may be given again, to an event of others.
    fn forget(&mut self, event_id: &EventId) {
        self.sales.remove(event_id);
        self.staff_keys.retain(|_, key| {
            let was_its = key.event_ids.contains(event_id);
            key.event_ids.retain(|other| other != event_id);
            let is_kept = !was_its || !key.event_ids.is_empty();
            if !is_kept {
                self.staff_key_of.remove(&key.key);
            }
            is_kept
        });
    }

    fn record(&mut self, at: Timestamp, fact: ShopFact) {
        self.apply(&fact);
        self.outbox.push((at, fact));
    }

    fn apply(&mut self, fact: &ShopFact) {
        match fact {
            ShopFact::StaffKeyAdded {
                id,
                name,
                event_ids,
                key,
            } => {
                self.staff_key_of.insert(*key, *id);
                let (name, event_ids) = (name.clone(), event_ids.clone());
                self.staff_keys.insert(
                    *id,
                    StaffKey {
                        id: *id,
                        name,
                        event_ids,
                        key: *key,
                    },
                );
            }
            ShopFact::StaffKeyRemoved { id } => {
                if let Some(removed) = self.staff_keys.remove(id) {
                    self.staff_key_of.remove(&removed.key);
                }
            }
            ShopFact::Audited(entry) => self.audit.push(entry.clone()),
            ShopFact::WrongCode { id, entry } => {
                let tries = self.wrong_codes.entry(*id).or_default();
                forget_old(tries, entry.at);
                tries.push_back(entry.at);
                self.audit.push(entry.clone());
            }
        }
    }
}

fn index(
    reservations: &mut HashMap<ReservationId, EventId>,
    check_ins: &mut HashMap<CheckInId, EventId>,
    event_id: &EventId,
    fact: &Fact,
) {
    if let Fact::Confirmed { reservation_id, .. } = fact {
        reservations.insert(*reservation_id, event_id.clone());
    }
    if let Fact::Door(crate::door::DoorFact::CheckedIn(entry)) = fact {
        check_ins.insert(entry.check_in_id, event_id.clone());
    }
}
/// Forgets the wrong codes that no longer count.
fn forget_old(tries: &mut VecDeque<Timestamp>, now: Timestamp) {
    while tries
        .front()
        .is_some_and(|at| now.ms_since(*at) >= WRONG_CODES_WINDOW_MS)
    {
        tries.pop_front();
    }
}
