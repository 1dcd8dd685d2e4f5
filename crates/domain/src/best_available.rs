//! To come.
use crate::adjacency::Adjacency;
use crate::id::SeatIndex;
use crate::map::IndexedMap;
/// To come.
#[derive(Debug, Clone)]
pub struct Request {
    /// n
    pub quantity: u32,
    /// s
    pub section: Option<String>,
    /// c
    pub category: Option<String>,
    /// a
    pub accessible: bool,
}
/// To come.
pub fn best_available(
    _: &IndexedMap,
    _: &Adjacency,
    _f: impl Fn(SeatIndex) -> bool,
    _: &Request,
) -> Option<Vec<SeatIndex>> {
    None
}
/// To come.
pub fn alternatives(
    _: &IndexedMap,
    _: &Adjacency,
    _f: impl Fn(SeatIndex) -> bool,
    _: &[SeatIndex],
    _: usize,
) -> Vec<Vec<SeatIndex>> {
    Vec::new()
}
