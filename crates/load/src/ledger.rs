//! What people were answered that must stay so.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Answer, CheckedIn, Failure, Seat, Sold};
use crate::person::Action;

/// A sale as somebody was told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Who bought.
    pub person: u32,
    /// Which reservation.
    pub reservation_id: String,
    /// What finds it.
    pub code: String,
    /// Its seats, in the order of their ids.
    pub seats: Vec<String>,
    /// What its ticket shows; kept where there is a door.
    pub entry_token: String,
}

/// What the door did with a reservation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// How many seats came in.
    pub admitted: usize,
    /// How often nobody came in, since all were in already.
    pub turned_away: usize,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// The sales, in the order of the answers.
    pub sales: Vec<Sale>,
    by_person: BTreeMap<u32, usize>,
    /// Answers to a repeated confirm that differ from the first.
    pub differing: Vec<String>,
    /// Who confirmed and got no answer at some time: they may have bought without knowing.
    pub unanswered: BTreeSet<u32>,
    /// What happened at the door, by the number of the sale.
    pub entries: BTreeMap<usize, Entry>,
    /// Whether entry tokens are kept.
    pub keeps_tokens: bool,
    /// How many seats are in the sales.
    pub seats_sold: usize,
}

impl Ledger {
    /// Somebody was answered, at first or again.
    pub fn note(&mut self, person: u32, action: Action, answer: &Answer) {
        match answer {
            Answer::Sold(sold) => self.sold(person, sold),
            Answer::Failed(failure) if action == Action::Confirm => {
                if !matches!(failure, Failure::Strange(..)) {
                    self.unanswered.insert(person);
                }
            }
            Answer::Place(_)
            | Answer::Availability(_)
            | Answer::Held(_)
            | Answer::CheckedIn(_)
            | Answer::Done
            | Answer::Refused(_)
            | Answer::Failed(_) => {}
        }
    }

    fn sold(&mut self, person: u32, sold: &Sold) {
        let mut sale = Sale {
            person,
            reservation_id: sold.reservation_id.clone(),
            code: sold.code.clone(),
            seats: ids(&sold.seats),
            entry_token: String::new(),
        };
        if self.keeps_tokens {
            sale.entry_token.clone_from(&sold.entry_token);
        }
        if let Some(first) = self.by_person.get(&person) {
            let first = &self.sales[*first];
            if *first != sale {
                let (one, other) = (&first.reservation_id, &sale.reservation_id);
                self.differing
                    .push(format!("{one} and {other} for one confirm"));
            }
            return;
        }
        self.seats_sold += sale.seats.len();
        self.by_person.insert(person, self.sales.len());
        self.sales.push(sale);
    }

    /// Somebody was at the door with the ticket of this sale.
    pub fn entered(&mut self, sale: usize, told: &CheckedIn) {
        let entry = self.entries.entry(sale).or_default();
        entry.admitted += told.admitted.len();
        entry.turned_away += usize::from(told.outcome == "already_admitted");
    }
}

/// The ids of seats, in order.
pub fn ids(seats: &[Seat]) -> Vec<String> {
    let mut ids: Vec<_> = seats.iter().map(|seat| seat.seat_id.clone()).collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sold(reservation_id: &str) -> Answer {
        Answer::Sold(Sold {
            reservation_id: reservation_id.to_owned(),
            code: "0001".to_owned(),
            seats: vec![Seat {
                seat_id: "A".to_owned(),
            }],
            entry_token: "long".to_owned(),
        })
    }

    #[test]
    fn a_repeated_answer_counts_once_and_must_be_the_same() {
        let mut ledger = Ledger::default();
        ledger.note(7, Action::Confirm, &sold("r1"));
        ledger.note(7, Action::Confirm, &sold("r1"));
        assert_eq!((ledger.sales.len(), ledger.seats_sold), (1, 1));
        assert!(ledger.differing.is_empty() && ledger.sales[0].entry_token.is_empty());
        ledger.note(7, Action::Confirm, &sold("r2"));
        assert_eq!((ledger.sales.len(), ledger.differing.len()), (1, 1));
    }

    #[test]
    fn who_got_no_answer_to_a_confirm_is_remembered() {
        let mut ledger = Ledger::default();
        ledger.note(1, Action::Confirm, &Answer::Failed(Failure::Broken));
        ledger.note(2, Action::Hold, &Answer::Failed(Failure::Broken));
        let strange = Failure::Strange(404, String::new());
        ledger.note(3, Action::Confirm, &Answer::Failed(strange));
        assert_eq!(ledger.unanswered, BTreeSet::from([1]));
    }
}
