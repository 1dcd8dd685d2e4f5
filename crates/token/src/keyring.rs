//! The keys of the HMAC tokens.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::error::TokenError;
use crate::secret::Secret;

/// How many bytes of the HMAC a token carries. 128 bits cannot be guessed, and each guess is a request.
pub(crate) const TAG_BYTES: usize = 16;

/// How many bytes name a key. Enough that the two accepted keys practically never share a name; where they do,
/// both are tried.
pub(crate) const KEY_ID_BYTES: usize = 4;

/// What a key's name is computed over. No token begins like this: their first byte is the version.
const KEY_ID_LABEL: &[u8] = b"jari key id";

/// The secrets that tokens are signed with: the current one signs, and the previous one is still accepted so
/// that keys can be changed during a sale.
#[derive(Clone)]
pub struct Keyring {
    current: Key,
    previous: Option<Key>,
}

impl Keyring {
    /// Prepares the keys; cloning a prepared state makes each signature cheap.
    pub fn new(current: Secret, previous: Option<Secret>) -> Self {
        Self {
            current: Key::new(current),
            previous: previous.map(Key::new),
        }
    }

    pub(crate) const fn current_id(&self) -> KeyId {
        self.current.id
    }

    pub(crate) fn tag(&self, message: &[u8]) -> [u8; TAG_BYTES] {
        self.current.tag(message)
    }

    pub(crate) fn check(&self, id: KeyId, message: &[u8], tag: &[u8]) -> Result<(), TokenError> {
        let mut answer = Err(TokenError::UnknownKey);
        for key in std::iter::once(&self.current).chain(&self.previous) {
            if key.id == id {
                if key.accepts(message, tag) {
                    return Ok(());
                }
                answer = Err(TokenError::Forged);
            }
        }
        answer
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

pub(crate) type KeyId = [u8; KEY_ID_BYTES];

#[derive(Clone)]
struct Key {
    id: KeyId,
    mac: Hmac<Sha256>,
}

impl Key {
    fn new(secret: Secret) -> Self {
        // HMAC fills shorter keys up with zeros to the block of its hash (RFC 2104); doing so here leaves
        // no length to be wrong.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&secret.into_bytes());
        let mac = Hmac::<Sha256>::new(&block.into());
        let hash = mac.clone().chain_update(KEY_ID_LABEL).finalize();
        let mut id = KeyId::default();
        id.copy_from_slice(&hash.into_bytes()[..KEY_ID_BYTES]);
        Self { id, mac }
    }

    fn tag(&self, message: &[u8]) -> [u8; TAG_BYTES] {
        let hash = self.mac.clone().chain_update(message).finalize();
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&hash.into_bytes()[..TAG_BYTES]);
        tag
    }

    fn accepts(&self, message: &[u8], tag: &[u8]) -> bool {
        // Checked here because the comparison accepts a prefix of any length.
        tag.len() == TAG_BYTES
            && self
                .mac
                .clone()
                .chain_update(message)
                .verify_truncated_left(tag)
                .is_ok()
    }
}
