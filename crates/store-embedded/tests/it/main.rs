//! The embedded store keeps the promises of every store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jari_domain::Timestamp;
use jari_store::Store;
use jari_store::conformance::Harness;
use jari_store_embedded::{EmbeddedStore, Now};
use tempfile::TempDir;

mod broken;

const BEGINNING: i64 = 1_800_000_000_000;

struct Embedded {
    directory: TempDir,
    clock: Arc<AtomicI64>,
    store: Option<Arc<EmbeddedStore>>,
}

impl Embedded {
    fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn embedded(&self) -> &EmbeddedStore {
        self.store.as_deref().unwrap()
    }

    /// Closes the store and gives what it left.
    fn into_directory(self) -> TempDir {
        drop(self.store);
        self.directory
    }

    fn open(&mut self) {
        let clock = Arc::clone(&self.clock);
        let now: Now = Arc::new(move || Timestamp(clock.load(Ordering::SeqCst)));
        self.store = Some(Arc::new(
            EmbeddedStore::open(self.directory.path(), now).unwrap(),
        ));
    }
}

impl Harness for Embedded {
    fn fresh() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut harness = Self {
            directory,
            clock: Arc::new(AtomicI64::new(BEGINNING)),
            store: None,
        };
        harness.open();
        harness
    }

    fn store(&self) -> Arc<dyn Store> {
        self.store.clone().unwrap()
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::SeqCst))
    }

    fn advance(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    fn reopen(&mut self) {
        self.store = None;
        self.open();
    }
}

jari_store::conformance_suite!(embedded, super::Embedded);
