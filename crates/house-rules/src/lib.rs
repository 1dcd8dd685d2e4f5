//! The rules about the shape of this repository, as tests: which crate may use which, how files begin and how long
//! they are, that what the documents name is there.
//!
//! Each rule is a function from plain text to the places where it is broken, so that it is also shown to find a bad
//! sample. A rule that is in the way is changed here, with its reason, not gone around.

#[cfg(test)]
mod containers;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod observe;
#[cfg(test)]
mod release;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tree;
