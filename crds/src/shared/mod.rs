//! Kinds that all services share, in the group that is the suffix itself.

mod role_selector;

pub use role_selector::*;
