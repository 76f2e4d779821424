//! Kinds to whose resources AWS gives an id, and what objects refer to: on virtual time, with kinds that no service has.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cloud;
mod crashes;
mod damage;
mod deletions;
mod fixture;
mod foreign;
mod listed;
mod naming;
mod objects;
mod secrets;
mod world;
