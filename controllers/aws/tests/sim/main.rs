//! Sessions against an in-process AWS, on virtual time.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used)]

mod endpoints;
mod roles;
mod support;
