//! Under construction.
use jari_contract::Means;
use jari_store::{AuditTrail, Door, StaffKeys};
use std::sync::Arc;
/// What the handlers use.
pub struct StaffApi {
    /// m
    pub means: Means,
    /// d
    pub door: Arc<dyn Door>,
    /// s
    pub staff_keys: Arc<dyn StaffKeys>,
    /// a
    pub audit: Arc<dyn AuditTrail>,
}
/// r
pub fn router(_: StaffApi) -> axum::Router {
    axum::Router::new()
}
