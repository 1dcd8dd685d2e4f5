//! The embedded store: the domain in memory behind one writer, and `SQLite` behind that.
//!
//! Every operation is a closure over [`Shop`] that runs on one thread. What it records is appended to a journal
//! in `SQLite` together with everything else that gathered while the last commit ran (group commit without added
//! waiting), and only then are followers told and callers answered. Opening the store replays the journal.
//!
//! **Invariant:** nothing is answered, and no view shows anything, before it is on disk.

mod journal;
mod judge;
mod judged;
mod open;
mod reader;
mod writer;

pub use judged::Judged;
pub use open::{Now, OpenError};
pub use reader::JournalReader;
pub use writer::EmbeddedStore;

#[cfg(doc)]
use jari_domain::Shop;
