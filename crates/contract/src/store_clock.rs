//! The store's time, as a program knows it without asking.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jari_domain::Timestamp;
use parking_lot::Mutex;
use service_kit::{Clock, SystemClock};

/// Answers after which an older one no longer counts: at ten a second some seconds, in which one of them was quick.
const ANSWERS: u32 = 64;

/// The store's clock is the only one that counts: on many machines that of Redis. Between its answers this machine's clock
/// goes on from there, so that what is told and what is decided are of one time.
pub struct StoreClock {
    machine: Arc<dyn Clock>,
    /// By how many milliseconds the store is ahead of this machine. An answer that was long on its way tells less than
    /// is true, and never more, so the greatest of the last ones is believed.
    ahead_ms: AtomicI64,
    heard: Mutex<Heard>,
}

/// The greatest of the newest answers, and of those before them, where there are any.
struct Heard {
    newest: i64,
    before: i64,
    answers: u32,
}

impl StoreClock {
    /// On this machine's clock until the store has said something.
    pub fn on(machine: Arc<dyn Clock>) -> Self {
        Self {
            machine,
            ahead_ms: AtomicI64::new(0),
            heard: Mutex::new(Heard {
                newest: i64::MIN,
                before: i64::MIN,
                answers: 0,
            }),
        }
    }

    /// The store has just answered, and it was this late there.
    pub fn hear(&self, now: Timestamp) {
        let ahead_ms = now.0 - self.machine.now_ms();
        let mut heard = self.heard.lock();
        if heard.answers == ANSWERS {
            (heard.before, heard.newest, heard.answers) = (heard.newest, i64::MIN, 0);
        }
        heard.answers += 1;
        heard.newest = heard.newest.max(ahead_ms);
        let greatest = heard.newest.max(heard.before);
        self.ahead_ms.store(greatest, Ordering::Relaxed);
    }
}

impl Default for StoreClock {
    fn default() -> Self {
        Self::on(Arc::new(SystemClock))
    }
}

impl Clock for StoreClock {
    fn now_ms(&self) -> i64 {
        self.machine.now_ms() + self.ahead_ms.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use service_kit::clock::ManualClock;

    use super::*;

    #[test]
    fn the_quickest_of_the_last_answers_tells_how_late_it_is() {
        let machine = Arc::new(ManualClock::at(1_000));
        let clock = StoreClock::on(Arc::clone(&machine) as _);
        assert_eq!(clock.now_ms(), 1_000);
        // Twenty seconds ahead, and the answer was half a second on its way.
        clock.hear(Timestamp(20_500));
        assert_eq!(clock.now_ms(), 20_500);
        clock.hear(Timestamp(21_000));
        clock.hear(Timestamp(19_000));
        assert_eq!(clock.now_ms(), 21_000);
        machine.advance(500);
        assert_eq!(clock.now_ms(), 21_500);
    }

    #[test]
    fn a_machine_that_was_set_right_is_believed_again() {
        let machine = Arc::new(ManualClock::at(0));
        let clock = StoreClock::on(Arc::clone(&machine) as _);
        clock.hear(Timestamp(60_000));
        machine.advance(60_000);
        for _ in 0..2 * ANSWERS {
            clock.hear(Timestamp(60_000));
        }
        assert_eq!(clock.now_ms(), 60_000);
    }
}
