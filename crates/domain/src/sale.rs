//! To come.
/// One event's sale.
pub struct Sale;
