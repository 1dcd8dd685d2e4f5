//! Where ids and randomness come from.

use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// Gives ids and random numbers.
pub trait Entropy: Send + Sync {
    /// 32 random bytes, fit for keys.
    fn bytes(&self) -> [u8; 32];

    /// A random number.
    fn number(&self) -> u64 {
        let bytes = self.bytes();
        u64::from_le_bytes([
            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        ])
    }

    /// A fresh id: a UUID of version 7, so that ids sort by the time they were made.
    fn uuid(&self, now_ms: i64) -> Uuid {
        let bytes = self.bytes();
        let mut random = [0u8; 10];
        random.copy_from_slice(&bytes[..10]);
        uuid::Builder::from_unix_timestamp_millis(now_ms.unsigned_abs(), &random).into_uuid()
    }
}

/// The operating system's randomness, through a generator of each thread's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }
}

/// The same sequence for the same seed: for tests.
#[derive(Debug)]
pub struct SeededEntropy(parking_lot::Mutex<rand::rngs::StdRng>);

impl SeededEntropy {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(parking_lot::Mutex::new(rand::rngs::StdRng::seed_from_u64(
            seed,
        )))
    }
}

impl Entropy for SeededEntropy {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.lock().fill_bytes(&mut bytes);
        bytes
    }
}
