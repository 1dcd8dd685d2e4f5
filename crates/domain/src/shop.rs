//! To come.
/// All events.
pub struct Shop;
