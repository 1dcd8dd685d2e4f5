//! The seat map and what is free, fetched once and shared by everybody.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::answer::Availability;
use crate::dice::{Dice, Purpose};
use crate::numbers::{count, size, small};

/// So often somebody looks elsewhere on the map for enough free seats together.
const LOOKS: u32 = 12;
/// A seat that is free, as the server packs it.
const FREE: u8 = 0;
/// A seat that somebody else has.
const HELD: u8 = 1;

/// The seats of the map, in its order.
#[derive(Debug, Default)]
pub struct Hall {
    seat_ids: Vec<String>,
    indexes: HashMap<String, u32>,
    /// The row of each seat, counted over the whole map.
    rows: Vec<u32>,
    /// What each seat was when last heard of.
    states: Vec<u8>,
    /// How new that is.
    version: Option<u64>,
}

#[derive(Deserialize)]
struct Map {
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    seats: Vec<crate::answer::Seat>,
}

impl Hall {
    /// Reads the map of an event.
    pub fn read(map: &[u8]) -> Result<Self, serde_json::Error> {
        let map: Map = serde_json::from_slice(map)?;
        let mut hall = Self::default();
        let rows = map.sections.into_iter().flat_map(|section| section.rows);
        for (number, row) in rows.enumerate() {
            for seat in row.seats {
                let index = small(count(hall.seats()));
                hall.indexes.insert(seat.seat_id.clone(), index);
                hall.seat_ids.push(seat.seat_id);
                hall.rows.push(small(count(number)));
            }
        }
        hall.states = vec![FREE; hall.seat_ids.len()];
        Ok(hall)
    }

    /// How many seats there are.
    pub fn seats(&self) -> usize {
        self.seat_ids.len()
    }

    /// A seat's id.
    pub fn seat_id(&self, index: u32) -> &str {
        self.seat_ids.get(index as usize).map_or("", String::as_str)
    }

    /// How new what is known is.
    pub const fn version(&self) -> Option<u64> {
        self.version
    }

    /// Takes in what the server said. An answer that is older than what is known is left aside.
    pub fn update(&mut self, told: &Availability) {
        if self.version.is_some_and(|known| known > told.version) {
            return;
        }
        if let Some(packed) = &told.states {
            let Ok(packed) = STANDARD.decode(packed) else {
                return;
            };
            for (index, state) in self.states.iter_mut().enumerate() {
                let byte = packed.get(index / 4).copied().unwrap_or_default();
                *state = byte >> (index % 4 * 2) & 3;
            }
        }
        for (index, new) in &told.changes {
            if let Some(state) = self.states.get_mut(*index as usize) {
                *state = *new;
            }
        }
        self.version = Some(told.version);
    }

    /// Somebody was told that these are gone.
    pub fn taken(&mut self, seats: &[u32]) {
        for index in seats {
            if let Some(state) = self.states.get_mut(*index as usize) {
                *state = HELD;
            }
        }
    }

    /// The indexes of these seats.
    pub fn indexes(&self, seat_ids: &[String]) -> Vec<u32> {
        let known = seat_ids.iter().filter_map(|id| self.indexes.get(id));
        known.copied().collect()
    }

    /// So many free seats next to each other in one row, somewhere; fewer where there are not so many together, and
    /// none where nothing is free.
    pub fn choose(&self, quantity: u8, dice: Dice, nth: u32) -> Vec<u32> {
        for wanted in (1..=usize::from(quantity)).rev() {
            for look in 0..LOOKS {
                let any = dice.number(Purpose::Choosing, nth.wrapping_mul(LOOKS) + look);
                let start = size(any % count(self.seats().max(1)));
                if let Some(found) = self.together(start, wanted) {
                    return found;
                }
            }
            let whole_map = (0..self.seats()).find_map(|start| self.together(start, wanted));
            if let Some(found) = whole_map {
                return found;
            }
        }
        Vec::new()
    }

    fn together(&self, start: usize, wanted: usize) -> Option<Vec<u32>> {
        let end = start + wanted;
        let free = self.states.get(start..end)?;
        let rows = self.rows.get(start..end)?;
        let together = free.iter().all(|state| *state == FREE) && rows.first() == rows.last();
        together.then(|| (small(count(start))..small(count(end))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hall() -> Hall {
        let map = r#"{"sections":[{"rows":[
            {"seats":[{"seat_id":"A1"},{"seat_id":"A2"},{"seat_id":"A3"}]},
            {"seats":[{"seat_id":"B1"},{"seat_id":"B2"}]}]}]}"#;
        Hall::read(map.as_bytes()).unwrap()
    }

    fn told(version: u64, states: Option<&str>, changes: &[(u32, u8)]) -> Availability {
        Availability {
            version,
            states: states.map(str::to_owned),
            changes: changes.to_vec(),
        }
    }

    #[test]
    fn seats_are_chosen_next_to_each_other_in_one_row_and_free() {
        let mut hall = hall();
        hall.taken(&[0]);
        for nth in 0..100 {
            let seats = hall.choose(2, Dice::of(1, 1), nth);
            assert!(seats == [1, 2] || seats == [3, 4], "{seats:?}");
        }
        assert!(hall.choose(3, Dice::of(1, 1), 0).len() == 2, "fewer, then");
        hall.taken(&[1, 2, 3, 4]);
        assert!(hall.choose(1, Dice::of(1, 1), 0).is_empty());
    }

    #[test]
    fn what_is_free_follows_the_server_and_never_goes_back() {
        let mut hall = hall();
        // 0b11100100: free, held, sold, blocked; then the fifth is sold.
        hall.update(&told(5, Some("5AI="), &[]));
        assert_eq!(hall.states, [0, 1, 2, 3, 2]);
        hall.update(&told(6, None, &[(4, 0), (99, 1)]));
        hall.update(&told(4, None, &[(0, 2)]));
        assert_eq!(
            (hall.states.as_slice(), hall.version),
            (&[0, 1, 2, 3, 0][..], Some(6))
        );
        assert_eq!(hall.indexes(&["B2".to_owned(), "A1".to_owned()]), [4, 0]);
        assert_eq!((hall.seat_id(4), hall.seat_id(5)), ("B2", ""));
    }
}
