//! Thirty-two bytes that nobody else may know.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::KeyError;

/// A 256-bit secret: the key of a [`Keyring`](crate::Keyring) or the seed of an
/// [`EntrySigner`](crate::EntrySigner). Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new secret from 32 bytes of a cryptographic random number generator.
    pub const fn generate(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a secret from 64 hexadecimal digits or 43 characters of unpadded base64url, white space around
    /// it ignored, so that a file with a line break at its end will do.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        parse_32_bytes(text).map(Self)
    }

    /// The secret as 43 characters of base64url, for the one place where it is stored.
    pub fn expose_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(crate) const fn into_bytes(self) -> [u8; 32] {
        self.0
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Reads 32 bytes from 64 hexadecimal digits or 43 characters of unpadded base64url.
pub(crate) fn parse_32_bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let text = text.trim();
    if text.len() == 64 {
        return parse_hex(text.as_bytes()).ok_or(KeyError::Text);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Text)?;
    bytes.try_into().map_err(|_| KeyError::Text)
}

fn parse_hex(text: &[u8]) -> Option<[u8; 32]> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = u8::try_from(nibble(pair[0])? << 4 | nibble(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_hexadecimal_and_from_base64url() {
        let halves = [0x0123_4567_89ab_cdef_u128, u128::MAX - 1].map(u128::to_be_bytes);
        let secret = Secret::generate(halves.as_flattened().try_into().unwrap());
        let hex = format!("{:032X}{:032X}", 0x0123_4567_89ab_cdef_u128, u128::MAX - 1);
        for text in [
            secret.expose_text(),
            format!("{}\n", secret.expose_text()),
            hex.to_lowercase(),
            hex,
        ] {
            assert_eq!(Secret::parse(&text).unwrap().0, secret.0, "{text}");
        }
    }

    #[test]
    fn what_is_not_32_bytes_is_not_a_secret() {
        let long = "A".repeat(44);
        let foreign = "g".repeat(64);
        let beyond_ascii = "가".repeat(22);
        for text in ["", "secret", &long, &foreign, &beyond_ascii, "€"] {
            assert_eq!(Secret::parse(text).unwrap_err(), KeyError::Text, "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::generate([65; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
