//! The layout that all tokens share.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, [`VERSION`] |
//! | 1 | kind, [`Kind`]: what separates a ticket from a pass |
//! | 4 | key id: the start of a hash of the key |
//! | … | the fields, big endian, in a fixed order |
//! | 8 | expiry: whole seconds since 1970, rounded up |
//! | 16 or 64 | HMAC-SHA-256, cut to 16 bytes, or Ed25519 signature, over everything before it |

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jari_domain::Timestamp;
use uuid::Uuid;

use crate::error::TokenError;
use crate::keyring::{KEY_ID_BYTES, KeyId, Keyring, TAG_BYTES};

/// The first byte of every token. A change of layout takes the next number.
pub(crate) const VERSION: u8 = 1;

/// Version, kind and key id.
pub(crate) const HEADER_BYTES: usize = 2 + KEY_ID_BYTES;

/// Room for the longest HMAC token, so that signing and checking need no allocation but the text.
const ROOM: usize = 64;

/// Longer texts are not decoded at all: as many characters as [`ROOM`] bytes take, less one group of four
/// because the decoder asks for room by whole groups.
const MAX_TEXT: usize = 84;

/// What a token is for. The numbers are part of the format and never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Ticket = 1,
    Pass = 2,
    Hold = 3,
    Receipt = 4,
    Entry = 5,
}

/// What one kind of token says.
pub(crate) trait Fields: Sized {
    const KIND: Kind;
    fn write(&self, out: &mut Writer);
    fn read(from: &mut Reader<'_>) -> Option<Self>;
    fn expires_at(&self) -> Timestamp;
}

pub(crate) fn sign<F: Fields>(fields: &F, keyring: &Keyring) -> String {
    let mut out = Writer::begin(F::KIND, keyring.current_id());
    fields.write(&mut out);
    out.put(&keyring.tag(out.bytes()));
    URL_SAFE_NO_PAD.encode(out.bytes())
}

pub(crate) fn verify<F: Fields>(
    keyring: &Keyring,
    text: &str,
    now: Timestamp,
) -> Result<F, TokenError> {
    if text.len() > MAX_TEXT {
        return Err(TokenError::Malformed);
    }
    let mut room = [0; ROOM];
    let length = URL_SAFE_NO_PAD
        .decode_slice(text, &mut room)
        .map_err(|_| TokenError::Malformed)?;
    let (message, tag) = room[..length]
        .split_last_chunk::<TAG_BYTES>()
        .ok_or(TokenError::Malformed)?;
    let (key_id, fields) = open(F::KIND, message)?;
    keyring.check(key_id, message, tag)?;
    read_to_the_end(fields, now)
}

/// Checks version and kind, and gives the key id and what follows the header.
pub(crate) fn open(kind: Kind, message: &[u8]) -> Result<(KeyId, &[u8]), TokenError> {
    let ([version, kind_byte, key_id @ ..], fields) = message
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or(TokenError::Malformed)?;
    if *version != VERSION {
        return Err(TokenError::Malformed);
    }
    if *kind_byte != kind as u8 {
        return Err(TokenError::OtherKind);
    }
    Ok((*key_id, fields))
}

/// Reads the fields of a token whose signature is right, and judges its expiry.
pub(crate) fn read_to_the_end<F: Fields>(bytes: &[u8], now: Timestamp) -> Result<F, TokenError> {
    let mut from = Reader(bytes);
    let fields = F::read(&mut from)
        .filter(|_| from.0.is_empty())
        .ok_or(TokenError::Malformed)?;
    if now >= fields.expires_at() {
        return Err(TokenError::Expired);
    }
    Ok(fields)
}

/// A token in the making.
pub(crate) struct Writer {
    room: [u8; ROOM],
    used: usize,
}

impl Writer {
    pub(crate) fn begin(kind: Kind, key_id: KeyId) -> Self {
        let mut out = Self {
            room: [0; ROOM],
            used: 0,
        };
        out.put(&[VERSION, kind as u8]);
        out.put(&key_id);
        out
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.room[..self.used]
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.room[self.used..self.used + bytes.len()].copy_from_slice(bytes);
        self.used += bytes.len();
    }

    pub(crate) fn put_u32(&mut self, number: u32) {
        self.put(&number.to_be_bytes());
    }

    pub(crate) fn put_u64(&mut self, number: u64) {
        self.put(&number.to_be_bytes());
    }

    pub(crate) fn put_uuid(&mut self, id: Uuid) {
        self.put(id.as_bytes());
    }

    /// Rounded up to whole seconds, so that a token never ends before what it stands for.
    pub(crate) fn put_expiry(&mut self, at: Timestamp) {
        self.put_u64(u64::try_from(at.plus_ms(999).0 / 1000).unwrap_or(0));
    }
}

/// The bytes of a token that are not read yet.
pub(crate) struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    pub(crate) fn uuid(&mut self) -> Option<Uuid> {
        self.take().map(Uuid::from_bytes)
    }

    pub(crate) fn expiry(&mut self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.u64()?).unwrap_or(i64::MAX);
        Some(Timestamp(seconds.saturating_mul(1000)))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
}
