//! Sending again what can be sent again.

use std::time::Duration;

use crate::http_client::{Answer, CallError};

/// So often a request is sent again: with the waits below, a server may restart meanwhile.
const TRIES: u32 = 8;
/// The first wait; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait, also where the server asks for a longer one: after that a person should hear of it.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Sends a request that is safe to send again, until there is an answer that will stay so.
pub fn again(mut send: impl FnMut() -> Result<Answer, CallError>) -> Result<Answer, CallError> {
    let mut tries = 0;
    loop {
        let error = match send() {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        tries += 1;
        match wait_after(&error, tries) {
            Some(wait) if tries < TRIES => std::thread::sleep(wait),
            _ => return Err(error),
        }
    }
}

/// How long to wait before the next try; `None`: it would be answered the same.
fn wait_after(error: &CallError, tries: u32) -> Option<Duration> {
    let backoff = FIRST_WAIT * 2_u32.saturating_pow(tries - 1);
    let wait = match error {
        CallError::Unanswered { .. } => backoff,
        CallError::Strange { .. } => return None,
        CallError::Refused(refusal) => {
            let will_change =
                matches!(refusal.status, 429 | 503) || refusal.code == "idempotency_in_progress";
            let asked = refusal.retry_after.map(Duration::from_secs);
            will_change.then(|| asked.unwrap_or(backoff))?
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unanswered() -> CallError {
        CallError::Unanswered {
            what: String::new(),
        }
    }

    #[test]
    fn waits_grow_and_are_bounded() {
        let waits = [1, 2, 3, 20].map(|tries| wait_after(&unanswered(), tries));
        let wanted = [250, 500, 1000, 30_000].map(|ms| Some(Duration::from_millis(ms)));
        assert_eq!(waits, wanted);
    }

    #[test]
    fn what_would_be_answered_the_same_is_not_sent_again() {
        let mut sent = 0;
        let strange = || {
            sent += 1;
            Err(CallError::Strange {
                what: String::new(),
            })
        };
        assert!(again(strange).is_err());
        assert_eq!(sent, 1);
    }
}
