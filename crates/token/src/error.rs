//! Why a token or a key is not accepted.

/// Why a token is not accepted.
///
/// The order in which these are found is the order in which they stand: a token is [`Expired`] only if its
/// signature is right, so that answer tells a forger nothing.
///
/// [`Expired`]: TokenError::Expired
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not the text of a token of this version.
    #[error("not a token")]
    Malformed,
    /// A token of another kind: a ticket where a pass is needed, say.
    #[error("a token of another kind")]
    OtherKind,
    /// Signed with a key that is not (or no longer) accepted.
    #[error("signed with a key that is not accepted")]
    UnknownKey,
    /// The signature does not belong to the content.
    #[error("the signature does not belong to the token")]
    Forged,
    /// Genuine, but its time is over.
    #[error("the token has expired")]
    Expired,
}

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither 64 hexadecimal digits nor 43 characters of unpadded base64url.
    #[error("a key is 32 bytes, written as 64 hexadecimal digits or 43 characters of base64url")]
    Text,
    /// 32 bytes, but not a point that Ed25519 can use as a public key.
    #[error("not an Ed25519 public key")]
    Point,
}
