//! What the door checks without asking anyone: Ed25519 signatures.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jari_domain::Timestamp;
use jari_domain::id::ReservationId;

use crate::base41;
use crate::error::{KeyError, TokenError};
use crate::hash::digest;
use crate::keyring::{KEY_ID_BYTES, KeyId};
use crate::sealed::{self, Fields, Kind, Reader, Writer};
use crate::secret::{Secret, parse_32_bytes};

/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;

/// The length of every entry token: 102 bytes in base 41. With up to 154 characters of its alphanumeric mode
/// a QR code of medium error correction needs 41 × 41 modules.
const TEXT_LENGTH: usize = 153;

/// Goes before the manifest when it is signed. No entry token begins like this, so a signature of one never
/// serves the other.
const MANIFEST_LABEL: &[u8] = b"jari manifest\n";

/// A reservation, at the door: the content of the QR code on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryToken {
    /// The number under which the event is kept.
    pub event_uid: u64,
    /// The reservation.
    pub reservation_id: ReservationId,
    /// The first instant at which the token is refused; kept in whole seconds, rounded up. Far enough after
    /// the event that a postponement does not spoil printed tickets.
    pub expires_at: Timestamp,
}

impl EntryToken {
    /// The token as text: 153 characters that a QR code holds in its alphanumeric mode. The same fields
    /// under the same key give the same text.
    pub fn sign(&self, signer: &EntrySigner) -> String {
        let mut out = Writer::begin(Self::KIND, signer.key_id);
        self.write(&mut out);
        let signature = signer.key.sign(out.bytes()).to_bytes();
        base41::encode(&[out.bytes(), &signature].concat())
    }

    /// Reads a token back. Whether it is of the right event is for the caller to compare.
    ///
    /// # Errors
    /// Every [`TokenError`]; [`TokenError::Expired`] only of a genuine token.
    pub fn verify(
        verifier: &EntryVerifier,
        text: &str,
        now: Timestamp,
    ) -> Result<Self, TokenError> {
        if text.len() != TEXT_LENGTH {
            return Err(TokenError::Malformed);
        }
        let bytes = base41::decode(text).ok_or(TokenError::Malformed)?;
        let (message, signature) = bytes
            .split_last_chunk::<SIGNATURE_BYTES>()
            .ok_or(TokenError::Malformed)?;
        let (key_id, fields) = sealed::open(Self::KIND, message)?;
        verifier.check(Some(key_id), message, signature)?;
        sealed::read_to_the_end(fields, now)
    }
}

impl Fields for EntryToken {
    const KIND: Kind = Kind::Entry;

    fn write(&self, out: &mut Writer) {
        out.put_u64(self.event_uid);
        out.put_uuid(self.reservation_id.0);
        out.put_expiry(self.expires_at);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            event_uid: from.u64()?,
            reservation_id: ReservationId(from.uuid()?),
            expires_at: from.expiry()?,
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Signs what the door checks.
#[derive(Clone)]
pub struct EntrySigner {
    key: SigningKey,
    key_id: KeyId,
}

impl EntrySigner {
    /// The key pair that grows from a seed.
    pub fn new(seed: &Secret) -> Self {
        let key = SigningKey::from_bytes(seed.bytes());
        let key_id = key_id(&key.verifying_key());
        Self { key, key_id }
    }

    /// The key that a device needs to check what this one signs.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.key.verifying_key())
    }

    /// Signs a manifest: Ed25519 over `"jari manifest\n"` and the bytes, as base64url without padding.
    pub fn sign_manifest(&self, manifest: &[u8]) -> String {
        let message = [MANIFEST_LABEL, manifest].concat();
        URL_SAFE_NO_PAD.encode(self.key.sign(&message).to_bytes())
    }
}

impl fmt::Debug for EntrySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntrySigner(…)")
    }
}

/// The public half of an [`EntrySigner`]'s key. Its text is 43 characters of unpadded base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a public key from base64url or hexadecimal.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(&parse_32_bytes(text)?).map_err(|_| KeyError::Point)?;
        Ok(Self(key))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0.as_bytes()))
    }
}

/// Checks what an [`EntrySigner`] signed, with public keys alone: the current one, and the one before, so that
/// keys can be changed while tickets are in people's hands.
#[derive(Debug, Clone)]
pub struct EntryVerifier {
    current: PublicKey,
    previous: Option<PublicKey>,
}

impl EntryVerifier {
    /// Accepts the signatures of these keys.
    pub const fn new(current: PublicKey, previous: Option<PublicKey>) -> Self {
        Self { current, previous }
    }

    /// Whether this is the signature of the manifest, as [`EntrySigner::sign_manifest`] gives it.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] or [`TokenError::Forged`].
    pub fn verify_manifest(&self, manifest: &[u8], signature: &str) -> Result<(), TokenError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TokenError::Malformed)?;
        let signature = bytes.try_into().map_err(|_| TokenError::Malformed)?;
        self.check(None, &[MANIFEST_LABEL, manifest].concat(), &signature)
    }

    /// Checks a signature with the accepted keys of that id, or with all of them.
    fn check(
        &self,
        id: Option<KeyId>,
        message: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
    ) -> Result<(), TokenError> {
        let signature = Signature::from_bytes(signature);
        let mut answer = Err(TokenError::UnknownKey);
        for PublicKey(key) in std::iter::once(&self.current).chain(&self.previous) {
            if id.is_none_or(|id| id == key_id(key)) {
                // Strict: a weak key or another form of the same signature is refused.
                if key.verify_strict(message, &signature).is_ok() {
                    return Ok(());
                }
                answer = Err(TokenError::Forged);
            }
        }
        answer
    }
}

fn key_id(key: &VerifyingKey) -> KeyId {
    let mut id = KeyId::default();
    id.copy_from_slice(&digest(key.as_bytes()).0[..KEY_ID_BYTES]);
    id
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const LATER: Timestamp = Timestamp(1_800_000_600_000);

    fn signer(seed: u8) -> EntrySigner {
        EntrySigner::new(&Secret::generate([seed; 32]))
    }

    fn verifier(seed: u8) -> EntryVerifier {
        EntryVerifier::new(signer(seed).public_key(), None)
    }

    fn token() -> EntryToken {
        EntryToken {
            event_uid: 9,
            reservation_id: ReservationId(Uuid::from_u128(0x0123_4567_89ab_cdef)),
            expires_at: LATER,
        }
    }

    /// Printed tickets are in people's hands for months: see the same test of the other tokens.
    #[test]
    fn the_format_stays_as_it_is() {
        let text = token().sign(&signer(5));
        assert_eq!(text.len(), TEXT_LENGTH);
        assert_eq!(
            text,
            "F60B*HR7I000000000900000000000000470ENAO.KYEV000000$DGZDWJWGLI6.0SN-7GQ8Y68PJCA-\
             KHXW$JO$A6V:JIQZDKKC*19RC01J:5KTJ97KSQH0JB*ILZZ3*4B8QZ-F.SF7Q71*LG47U4FLO"
        );
        assert_eq!(
            signer(5).sign_manifest(b"{}"),
            "9oRYmIeiOzDC__lr7zOPGVPK3u28F206jHyqPAZEBfkfAtDrBEwo0vFvgnwarKURPHgW1w9tHAT6lW9yXAqsCw"
        );
    }

    #[test]
    fn an_entry_token_says_again_what_was_signed() {
        let text = token().sign(&signer(5));
        assert_eq!(EntryToken::verify(&verifier(5), &text, NOW), Ok(token()));
        let expired = EntryToken::verify(&verifier(5), &text, LATER);
        assert_eq!(expired, Err(TokenError::Expired));
    }

    #[test]
    fn a_forged_bit_anywhere_is_refused() {
        let bytes = base41::decode(&token().sign(&signer(5))).unwrap();
        for position in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[position / 8] ^= 1 << (position % 8);
            let answer = EntryToken::verify(&verifier(5), &base41::encode(&forged), NOW);
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
    fn what_is_no_entry_token_is_refused_without_panic() {
        let text = token().sign(&signer(5));
        for length in 0..text.len() {
            let answer = EntryToken::verify(&verifier(5), &text[..length], NOW);
            assert_eq!(answer, Err(TokenError::Malformed), "{length}");
        }
        for other in [text.to_lowercase(), format!("{text}00"), "가".repeat(51)] {
            let answer = EntryToken::verify(&verifier(5), &other, NOW);
            assert_eq!(answer, Err(TokenError::Malformed), "{other}");
        }
    }

    #[test]
    fn a_change_of_keys_keeps_the_tickets_of_the_key_before() {
        let text = token().sign(&signer(1));
        let key = |seed| signer(seed).public_key();
        let second = EntryVerifier::new(key(2), Some(key(1)));
        let third = EntryVerifier::new(key(3), Some(key(2)));
        assert_eq!(EntryToken::verify(&second, &text, NOW), Ok(token()));
        let refused = EntryToken::verify(&third, &text, NOW);
        assert_eq!(refused, Err(TokenError::UnknownKey));
    }

    #[test]
    fn a_manifest_is_signed_as_a_whole() {
        let signature = signer(5).sign_manifest(b"{}");
        assert_eq!(verifier(5).verify_manifest(b"{}", &signature), Ok(()));
        let forged = Err(TokenError::Forged);
        assert_eq!(verifier(5).verify_manifest(b"{ }", &signature), forged);
        assert_eq!(verifier(6).verify_manifest(b"{}", &signature), forged);
        let malformed = Err(TokenError::Malformed);
        assert_eq!(verifier(5).verify_manifest(b"{}", "AAAA"), malformed);
    }

    #[test]
    fn a_public_key_is_read_from_its_text() {
        let key = signer(5).public_key();
        assert_eq!(PublicKey::parse(&key.to_string()), Ok(key));
        assert_eq!(PublicKey::parse("door"), Err(KeyError::Text));
        // y = 2 belongs to no point of the curve.
        let no_point = format!("02{}", "0".repeat(62));
        assert_eq!(PublicKey::parse(&no_point), Err(KeyError::Point));
    }

    #[test]
    fn debug_shows_no_seed() {
        assert_eq!(format!("{:?}", signer(5)), "EntrySigner(…)");
    }
}
