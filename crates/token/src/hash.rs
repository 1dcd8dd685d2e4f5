//! Digests of what is not kept itself.

use jari_domain::id::Digest;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Random bytes that make one manifest's hashes unlike another's.
pub type Salt = [u8; 16];

/// The SHA-256 of `bytes`.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The digest under which a staff or operator key is stored; white space around the key is ignored. Keys that Jari
/// makes have 256 random bits, so one round of SHA-256 is enough for them. An operator key that somebody chose may be
/// shorter, and such a digest could be guessed: it is kept in memory alone, and never written down.
pub fn hash_key(key: &str) -> Digest {
    digest(key.trim().as_bytes())
}

/// SHA-256 of the salt followed by the text. The salt has a fixed length, so no two pairs run together.
///
/// This keeps a list of codes from being read off a screen; a code of four digits has few enough values to
/// be tried one by one, so a manifest remains for staff alone.
pub fn salted_hash(salt: &Salt, text: &str) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(text.as_bytes());
    Digest(hasher.finalize().into())
}

/// Whether two digests are equal, in a time that does not depend on where they differ.
pub fn same_digest(one: &Digest, other: &Digest) -> bool {
    one.0.ct_eq(&other.0).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_sha_256() {
        // The first example of FIPS 180-2, appendix B.
        let expected = [
            0xba78_16bf_8f01_cfea_4141_40de_5dae_2223_u128.to_be_bytes(),
            0xb003_61a3_9617_7a9c_b410_ff61_f200_15ad_u128.to_be_bytes(),
        ];
        assert_eq!(digest(b"abc").0, *expected.as_flattened());
    }

    #[test]
    fn a_salted_hash_depends_on_salt_and_text() {
        let hash = salted_hash(&[1; 16], "0427");
        assert!(same_digest(&hash, &salted_hash(&[1; 16], "0427")));
        assert!(!same_digest(&hash, &salted_hash(&[2; 16], "0427")));
        assert!(!same_digest(&hash, &salted_hash(&[1; 16], "0428")));
        assert_eq!(hash, digest(&[&[1u8; 16][..], b"0427"].concat()));
    }

    #[test]
    fn digests_that_differ_in_one_bit_are_not_the_same() {
        let digest = digest(b"key");
        for position in 0..256 {
            let mut other = digest;
            other.0[position / 8] ^= 1 << (position % 8);
            assert!(!same_digest(&digest, &other), "bit {position}");
        }
    }
}
