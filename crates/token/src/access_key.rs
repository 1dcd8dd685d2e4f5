//! The keys that operators and gate staff carry.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessKind {
    /// Gate staff: `jsk_…`.
    Staff,
    /// The organiser: `jok_…`.
    Operator,
}

impl AccessKind {
    /// What the text of such a key begins with, so that people and secret scanners can tell what leaked.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Staff => "jsk_",
            Self::Operator => "jok_",
        }
    }
}

/// The text of a new key, from 32 bytes of a cryptographic random number generator: the prefix and 43
/// characters of base64url. It is shown once and stored as [`hash_key`](crate::hash_key) of it.
pub fn access_key(kind: AccessKind, random: [u8; 32]) -> String {
    let mut text = kind.prefix().to_owned();
    URL_SAFE_NO_PAD.encode_string(random, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_whose_they_are_and_carry_all_their_randomness() {
        let staff = access_key(AccessKind::Staff, [0xa5; 32]);
        let operator = access_key(AccessKind::Operator, [0xa5; 32]);
        assert_eq!(staff, "jsk_paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU");
        assert_eq!(operator.len(), 47);
        assert_ne!(crate::hash_key(&staff), crate::hash_key(&operator));
        assert_eq!(
            crate::hash_key(&staff),
            crate::hash_key(&format!(" {staff}\n"))
        );
    }
}
