//! Numbers from one kind to another, each with what happens at its ends.

/// As a float; beyond 2^53 it is rounded, which no figure here notices.
#[expect(
    clippy::cast_precision_loss,
    reason = "figures are shown with a few digits"
)]
pub const fn float(number: u64) -> f64 {
    number as f64
}

/// The whole part; what is below zero is zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates at both ends, which is what is promised"
)]
pub const fn whole(number: f64) -> u64 {
    number as u64
}

/// As a 32-bit number, or the largest.
pub fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// As a length or an index, or the largest.
pub fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A length as a number.
pub fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Seconds as microseconds.
pub fn micros(seconds: f64) -> u64 {
    whole(seconds * 1e6)
}

/// Microseconds as seconds.
pub fn seconds(micros: u64) -> f64 {
    float(micros) / 1e6
}
