//! To come.
use crate::map::IndexedMap;
/// Who sits next to whom.
#[derive(Debug)]
pub struct Adjacency;
impl Adjacency {
    /// To come.
    pub fn new(_: &IndexedMap) -> Self {
        Self
    }
}
