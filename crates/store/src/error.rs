//! "No" and "broken" are different things.

use jari_domain::Refusal;

/// What a store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why a store did not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The domain says no. Asking again is pointless until something else has happened.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store can't answer now. Nothing was changed, or what was changed is found by asking again the same
    /// way; asking again is safe.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// What is stored contradicts itself; a person must look.
    #[error("{table}, row {row}: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// Which row of it.
        row: String,
        /// What is wrong with it.
        what: String,
    },
}
