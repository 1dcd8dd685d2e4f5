//! Signed tokens and keys: the only crate that touches key material.
//!
//! - [`Ticket`], [`Pass`], [`HoldToken`] and [`Receipt`] are signed with HMAC-SHA-256 under a [`Keyring`];
//!   only the services can check them.
//! - [`EntryToken`]s and the gate's manifest are signed with Ed25519 by an [`EntrySigner`], so that a device
//!   at the door can check them with the public key alone.
//! - Staff and operator keys are random texts ([`access_key()`]) that are stored as a [`Digest`].
//!
//! Every token begins with version, kind and key id, so one kind never passes for another, and is a pure
//! function of its fields: the same fields under the same key give the same text. There is no clock and no
//! randomness in here: `now` and random bytes are arguments. Nothing in this crate prints a secret.

mod access_key;
mod base41;
mod entry;
mod error;
mod hash;
mod keyring;
mod sealed;
mod secret;
mod token;

pub use access_key::{AccessKind, access_key};
pub use entry::{EntrySigner, EntryToken, EntryVerifier, PublicKey};
pub use error::{KeyError, TokenError};
pub use hash::{Salt, digest, hash_key, salted_hash, same_digest};
pub use jari_domain::id::Digest;
pub use keyring::Keyring;
pub use secret::Secret;
pub use token::{HoldToken, Pass, Receipt, Ticket};
