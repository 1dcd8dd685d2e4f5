//! The four tokens that only the services check.

use jari_domain::Timestamp;
use jari_domain::id::{HoldId, PlaceNumber, ReservationId};

use crate::error::TokenError;
use crate::keyring::Keyring;
use crate::sealed::{self, Fields, Kind, Reader, Writer};

/// A place in one event's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The number under which the event is kept; not its public id, which may be given again.
    pub event_uid: u64,
    /// The epoch of the line in which the number was given.
    pub epoch: u32,
    /// The place in line.
    pub number: PlaceNumber,
    /// The first instant at which the token is refused; kept in whole seconds, rounded up.
    pub expires_at: Timestamp,
}

/// The right to hold seats of one event, for as long as the visit to the shop lasts. It is a function of its
/// fields alone, so the one place always gets the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// The number under which the event is kept.
    pub event_uid: u64,
    /// The epoch of the line in which the number was given.
    pub epoch: u32,
    /// The place in line that was admitted.
    pub number: PlaceNumber,
    /// The first instant at which the token is refused; kept in whole seconds, rounded up.
    pub expires_at: Timestamp,
}

/// The right to see, confirm or release one hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldToken {
    /// The number under which the event is kept.
    pub event_uid: u64,
    /// The hold.
    pub hold_id: HoldId,
    /// The first instant at which the token is refused; kept in whole seconds, rounded up.
    pub expires_at: Timestamp,
}

/// The right to read, print or cancel one reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The number under which the event is kept.
    pub event_uid: u64,
    /// The reservation.
    pub reservation_id: ReservationId,
    /// How many receipts were made before this one; a new receipt ends those of lower generations.
    pub generation: u32,
    /// The first instant at which the token is refused; kept in whole seconds, rounded up.
    pub expires_at: Timestamp,
}

macro_rules! signed_with_hmac {
    ($($token:ident),+) => {$(
        impl $token {
            /// The token as text: base64url without padding. The same fields under the same key give the
            /// same text.
            pub fn sign(&self, keyring: &Keyring) -> String {
                sealed::sign(self, keyring)
            }

            /// Reads a token back. Whether it is of the right event is for the caller to compare.
            ///
            /// # Errors
            /// Every [`TokenError`]; [`TokenError::Expired`] only of a genuine token.
            pub fn verify(keyring: &Keyring, text: &str, now: Timestamp) -> Result<Self, TokenError> {
                sealed::verify(keyring, text, now)
            }
        }
    )+};
}

signed_with_hmac!(Ticket, Pass, HoldToken, Receipt);

impl Fields for Ticket {
    const KIND: Kind = Kind::Ticket;

    fn write(&self, out: &mut Writer) {
        out.put_u64(self.event_uid);
        out.put_u32(self.epoch);
        out.put_u64(self.number);
        out.put_expiry(self.expires_at);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            event_uid: from.u64()?,
            epoch: from.u32()?,
            number: from.u64()?,
            expires_at: from.expiry()?,
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl Fields for Pass {
    const KIND: Kind = Kind::Pass;

    fn write(&self, out: &mut Writer) {
        out.put_u64(self.event_uid);
        out.put_u32(self.epoch);
        out.put_u64(self.number);
        out.put_expiry(self.expires_at);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            event_uid: from.u64()?,
            epoch: from.u32()?,
            number: from.u64()?,
            expires_at: from.expiry()?,
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl Fields for HoldToken {
    const KIND: Kind = Kind::Hold;

    fn write(&self, out: &mut Writer) {
        out.put_u64(self.event_uid);
        out.put_uuid(self.hold_id.0);
        out.put_expiry(self.expires_at);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            event_uid: from.u64()?,
            hold_id: HoldId(from.uuid()?),
            expires_at: from.expiry()?,
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl Fields for Receipt {
    const KIND: Kind = Kind::Receipt;

    fn write(&self, out: &mut Writer) {
        out.put_u64(self.event_uid);
        out.put_uuid(self.reservation_id.0);
        out.put_u32(self.generation);
        out.put_expiry(self.expires_at);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            event_uid: from.u64()?,
            reservation_id: ReservationId(from.uuid()?),
            generation: from.u32()?,
            expires_at: from.expiry()?,
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    use uuid::Uuid;

    use super::*;
    use crate::Secret;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const LATER: Timestamp = Timestamp(1_800_000_600_000);

    fn keyring() -> Keyring {
        Keyring::new(Secret::generate([7; 32]), None)
    }

    fn ticket() -> Ticket {
        Ticket {
            event_uid: 0x0102_0304_0506_0708,
            epoch: 3,
            number: 1204,
            expires_at: LATER,
        }
    }

    fn pass() -> Pass {
        Pass {
            event_uid: 0x0102_0304_0506_0708,
            epoch: 3,
            number: 1204,
            expires_at: LATER,
        }
    }

    fn hold() -> HoldToken {
        HoldToken {
            event_uid: 9,
            hold_id: HoldId(Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)),
            expires_at: LATER,
        }
    }

    fn receipt() -> Receipt {
        Receipt {
            event_uid: 9,
            reservation_id: ReservationId(Uuid::from_u128(42)),
            generation: 2,
            expires_at: LATER,
        }
    }

    /// A format that changes by accident would end every token in the hands of people: a change on purpose
    /// takes a new [`sealed::VERSION`] and keeps the old one readable for as long as its tokens live.
    #[test]
    fn the_format_stays_as_it_is() {
        let keyring = keyring();
        let texts = [
            ticket().sign(&keyring),
            pass().sign(&keyring),
            hold().sign(&keyring),
            receipt().sign(&keyring),
        ];
        assert_eq!(
            texts,
            [
                "AQGVWBjbAQIDBAUGBwgAAAADAAAAAAAABLQAAAAAa0nUWMjX1muRTkif5j8gNCwFmOY",
                "AQKVWBjbAQIDBAUGBwgAAAADAAAAAAAABLQAAAAAa0nUWJXROZTt2V770E8pxu1IaXY",
                "AQOVWBjbAAAAAAAAAAkBI0VniavN7wEjRWeJq83vAAAAAGtJ1FizfSmZ8BqrsmHVt9gjTNb4",
                "AQSVWBjbAAAAAAAAAAkAAAAAAAAAAAAAAAAAAAAqAAAAAgAAAABrSdRYV8RyeDrBe-CUC1sNUhKDJw",
            ]
        );
    }

    #[test]
    fn every_token_says_again_what_was_signed() {
        let keyring = keyring();
        let (ticket, pass, hold, receipt) = (ticket(), pass(), hold(), receipt());
        assert_eq!(
            Ticket::verify(&keyring, &ticket.sign(&keyring), NOW),
            Ok(ticket)
        );
        assert_eq!(Pass::verify(&keyring, &pass.sign(&keyring), NOW), Ok(pass));
        assert_eq!(
            HoldToken::verify(&keyring, &hold.sign(&keyring), NOW),
            Ok(hold)
        );
        assert_eq!(
            Receipt::verify(&keyring, &receipt.sign(&keyring), NOW),
            Ok(receipt)
        );
    }

    #[test]
    fn a_forged_bit_anywhere_is_refused() {
        let keyring = keyring();
        let bytes = URL_SAFE_NO_PAD.decode(hold().sign(&keyring)).unwrap();
        for position in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[position / 8] ^= 1 << (position % 8);
            let answer = HoldToken::verify(&keyring, &URL_SAFE_NO_PAD.encode(forged), NOW);
            let expected = match position / 8 {
                0 => TokenError::Malformed,
                1 => TokenError::OtherKind,
                2..=5 => TokenError::UnknownKey,
                _ => TokenError::Forged,
            };
            assert_eq!(answer, Err(expected), "bit {position}");
        }
    }

    #[test]
    fn no_two_texts_are_the_same_token() {
        let keyring = keyring();
        let text = ticket().sign(&keyring);
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n";
        for (position, original) in text.char_indices() {
            for character in alphabet.chars().filter(|c| *c != original) {
                let mut other = text.clone();
                other.replace_range(position..=position, &character.to_string());
                assert!(Ticket::verify(&keyring, &other, NOW).is_err(), "{other}");
            }
        }
        for other in [format!("{text}="), format!("{text}A"), format!(" {text}")] {
            assert!(Ticket::verify(&keyring, &other, NOW).is_err(), "{other}");
        }
    }

    #[test]
    fn a_token_of_one_kind_is_refused_as_any_other() {
        let keyring = keyring();
        let other_kind = TokenError::OtherKind;
        let text = ticket().sign(&keyring);
        assert_eq!(Pass::verify(&keyring, &text, NOW), Err(other_kind));
        assert_eq!(HoldToken::verify(&keyring, &text, NOW), Err(other_kind));
        assert_eq!(Receipt::verify(&keyring, &text, NOW), Err(other_kind));
        let text = pass().sign(&keyring);
        assert_eq!(Ticket::verify(&keyring, &text, NOW), Err(other_kind));
        let text = receipt().sign(&keyring);
        assert_eq!(HoldToken::verify(&keyring, &text, NOW), Err(other_kind));
    }

    #[test]
    fn a_kind_changed_by_hand_does_not_fit_the_signature() {
        let keyring = keyring();
        let mut bytes = URL_SAFE_NO_PAD.decode(ticket().sign(&keyring)).unwrap();
        bytes[1] = Kind::Pass as u8;
        let answer = Pass::verify(&keyring, &URL_SAFE_NO_PAD.encode(bytes), NOW);
        assert_eq!(answer, Err(TokenError::Forged));
    }

    #[test]
    fn a_change_of_keys_keeps_the_tokens_of_the_key_before() {
        let secret = |byte| Secret::generate([byte; 32]);
        let first = Keyring::new(secret(1), None);
        let second = Keyring::new(secret(2), Some(secret(1)));
        let third = Keyring::new(secret(3), Some(secret(2)));
        let old = ticket().sign(&first);
        assert_eq!(Ticket::verify(&second, &old, NOW), Ok(ticket()));
        assert_eq!(
            Ticket::verify(&third, &old, NOW),
            Err(TokenError::UnknownKey)
        );
        let new = ticket().sign(&second);
        assert_ne!(new, old);
        assert_eq!(
            Ticket::verify(&first, &new, NOW),
            Err(TokenError::UnknownKey)
        );
        assert_eq!(Ticket::verify(&third, &new, NOW), Ok(ticket()));
    }

    #[test]
    fn a_token_ends_at_its_expiry_and_not_before() {
        let keyring = keyring();
        let text = pass().sign(&keyring);
        assert!(Pass::verify(&keyring, &text, LATER.plus_ms(-1)).is_ok());
        assert_eq!(
            Pass::verify(&keyring, &text, LATER),
            Err(TokenError::Expired)
        );
    }

    #[test]
    fn an_expiry_between_two_seconds_is_the_later_one() {
        let keyring = keyring();
        let between = Pass {
            expires_at: LATER.plus_ms(1),
            ..pass()
        };
        let text = between.sign(&keyring);
        let read = Pass::verify(&keyring, &text, LATER.plus_ms(999)).unwrap();
        assert_eq!(read.expires_at, LATER.plus_ms(1000));
        assert_eq!(read.sign(&keyring), text);
    }

    #[test]
    fn expiries_at_the_ends_of_time_do_not_overflow() {
        let keyring = keyring();
        for (expires_at, expected) in [
            (Timestamp(i64::MAX), None),
            (Timestamp(i64::MIN), Some(TokenError::Expired)),
            (Timestamp(0), Some(TokenError::Expired)),
        ] {
            let text = Ticket {
                expires_at,
                ..ticket()
            }
            .sign(&keyring);
            assert_eq!(Ticket::verify(&keyring, &text, NOW).err(), expected);
        }
    }

    #[test]
    fn whatever_text_comes_is_answered_and_not_accepted() {
        let keyring = keyring();
        let genuine = receipt().sign(&keyring);
        let damaged = (0..genuine.len(), 0..genuine.len(), "[A-Za-z0-9_-]{0,4}").prop_map(
            move |(from, to, put)| {
                let (from, to) = (from.min(to), from.max(to));
                format!("{}{put}{}", &genuine[..from], &genuine[to..])
            },
        );
        let resized = prop::collection::vec(any::<u8>(), 0..80).prop_map(|mut bytes| {
            bytes.splice(..bytes.len().min(2), [sealed::VERSION, Kind::Receipt as u8]);
            URL_SAFE_NO_PAD.encode(bytes)
        });
        let texts = prop_oneof![".{0,120}", "[A-Za-z0-9_-]{0,120}", damaged, resized];
        let genuine = receipt().sign(&keyring);
        let reached = std::cell::RefCell::new(std::collections::HashMap::new());
        TestRunner::new(Config::with_cases(2000))
            .run(&texts, |text| {
                let answer = Receipt::verify(&keyring, &text, NOW);
                prop_assert_eq!(answer.is_ok(), text == genuine);
                let answer = format!("{answer:?}");
                *reached.borrow_mut().entry(answer).or_insert(0) += 1;
                Ok(())
            })
            .unwrap();
        for answer in ["Err(Malformed)", "Err(UnknownKey)", "Err(Forged)"] {
            let times = reached.borrow().get(answer).copied().unwrap_or(0);
            assert!(times >= 50, "too easy: {answer} only {times} times");
        }
    }

    #[test]
    fn debug_shows_no_keys() {
        assert_eq!(format!("{:?}", keyring()), "Keyring(…)");
    }
}
