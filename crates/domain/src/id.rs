//! Names and numbers that identify things, parsed once at the edge.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not of the form `[a-z0-9][a-z0-9-]{0,47}`.
    #[error("an event id is 1 to 48 characters of a-z, 0-9 and '-', and does not begin with '-'")]
    EventId,
    /// Empty, longer than 64 characters, or with control characters.
    #[error("a seat id is 1 to 64 characters without control characters")]
    SeatId,
}

/// The slug that names an event in every URL: `[a-z0-9][a-z0-9-]{0,47}`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(Arc<str>);

impl EventId {
    /// Parses a slug.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bytes = text.as_bytes();
        let allowed = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        let well_formed =
            (1..=48).contains(&bytes.len()) && bytes[0] != b'-' && bytes.iter().all(allowed);
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(IdError::EventId)
        }
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EventId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventId({self})")
    }
}

/// A seat's id in its seat map (`"A-1-12"`): unique in its event, 1 to 64 characters. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeatId(Arc<str>);

impl SeatId {
    /// Parses a seat id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let well_formed =
            !text.is_empty() && text.chars().count() <= 64 && !text.chars().any(char::is_control);
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(IdError::SeatId)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SeatId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<SeatId> for String {
    fn from(id: SeatId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for SeatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SeatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeatId({self})")
    }
}

/// A seat's index: its number in the order in which the seats stand in the seat map, from 0.
pub type SeatIndex = u32;

/// A place in line: numbers are given from 1 upwards and never twice.
pub type PlaceNumber = u64;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    };
}

uuid_id!(
    /// Names one hold of seats.
    HoldId
);
uuid_id!(
    /// Names one reservation.
    ReservationId
);
uuid_id!(
    /// Names one entry at the door.
    CheckInId
);
uuid_id!(
    /// Names one staff key; the key itself is a secret and stored hashed.
    StaffKeyId
);

/// A SHA-256 digest: of a secret that is never stored itself, or of a request body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let nibble = |b: u8| HEX.iter().position(|hex| *hex == b);
        let mut bytes = [0u8; 32];
        if text.len() != 64 {
            return Err(serde::de::Error::custom(
                "a digest is 64 hexadecimal characters",
            ));
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
                return Err(serde::de::Error::custom("a digest is hexadecimal"));
            };
            *byte = u8::try_from(high << 4 | low).unwrap_or_default();
        }
        Ok(Self(bytes))
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_are_slugs() {
        for good in ["a", "spring-gala", "0", "a-", &"a".repeat(48)] {
            assert!(EventId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "A", "a_b", "a b", "é", &"a".repeat(49)] {
            assert_eq!(EventId::parse(bad), Err(IdError::EventId), "{bad}");
        }
    }

    #[test]
    fn seat_ids_are_counted_in_characters_not_bytes() {
        assert!(SeatId::parse(&"가".repeat(64)).is_ok());
        assert!(SeatId::parse(&"가".repeat(65)).is_err());
        assert!(SeatId::parse("A\n1").is_err());
    }

    #[test]
    fn digests_survive_a_round_trip_as_hexadecimal() {
        let digest = Digest(std::array::from_fn(|i| u8::try_from(i * 7 % 256).unwrap()));
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>("\"00\"").is_err());
    }
}
