//! The hall of an event as it is sold: the map with the prices in force, indexed.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::adjacency::Adjacency;
use crate::best_available::Ranking;
use crate::id::{SeatId, SeatIndex};
use crate::map::{IndexedMap, SeatMap};

/// A seat map with the event's prices in it, and all that is derived from it once.
#[derive(Debug)]
pub struct Hall {
    map: IndexedMap,
    ranking: Ranking,
    version: String,
    json: Vec<u8>,
}

impl Hall {
    /// Puts `prices` (by category, minor units) over those in the map. `None` if the map is not one that the
    /// importer would have passed.
    pub fn new(map: &SeatMap, prices: &BTreeMap<String, i64>) -> Option<Self> {
        let mut map = map.clone();
        for category in &mut map.categories {
            category.price = prices.get(&category.name).copied().or(category.price);
        }
        let json = serde_json::to_vec(&map).ok()?;
        let version = version_of(&json);
        let map = IndexedMap::new(map)?;
        let ranking = Ranking::new(&map);
        Some(Self {
            map,
            ranking,
            version,
            json,
        })
    }

    /// The map, indexed.
    pub const fn map(&self) -> &IndexedMap {
        &self.map
    }

    /// Who sits next to whom.
    pub const fn adjacency(&self) -> &Adjacency {
        self.ranking.adjacency()
    }

    /// Which seats are the best.
    pub const fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// The map's version: it changes with anything in it, prices too, and says nothing else.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The map as JSON, without its version.
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// The price of a seat in minor units; 0 where none is set, which `open` does not allow.
    pub fn price(&self, seat: SeatIndex) -> i64 {
        self.map
            .category(self.map.place(seat))
            .price
            .unwrap_or_default()
    }

    /// The ids of seats.
    pub fn ids(&self, seats: impl IntoIterator<Item = SeatIndex>) -> Vec<SeatId> {
        seats
            .into_iter()
            .map(|seat| self.map.seat(seat).seat_id.clone())
            .collect()
    }

    /// The indexes of seats, or the ids that the map does not have.
    pub fn indexes(&self, seats: &[SeatId]) -> Result<Vec<SeatIndex>, Vec<SeatId>> {
        let unknown: Vec<_> = seats
            .iter()
            .filter(|id| self.map.index_of(id).is_none())
            .cloned()
            .collect();
        if unknown.is_empty() {
            Ok(seats
                .iter()
                .filter_map(|id| self.map.index_of(id))
                .collect())
        } else {
            Err(unknown)
        }
    }

    /// Names of the categories that have no price.
    pub fn categories_without_price(&self) -> Vec<String> {
        let categories = self.map.map().categories.iter();
        categories
            .filter(|category| category.price.is_none())
            .map(|c| c.name.clone())
            .collect()
    }
}

/// The first 64 bits of the content's SHA-256: a version that can't come back with other content, also not
/// when an event is deleted and made again.
fn version_of(json: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(json)
        .iter()
        .take(8)
        .fold(String::with_capacity(16), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
