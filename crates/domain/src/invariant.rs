//! The invariants, as functions over plain data.
