//! The controller of exports on virtual time, against an API server in this process. Sources are written by the tests.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod ack;
mod budgets;
mod crashes;
mod harness;
mod namespaces;
mod random;
mod sources;
mod targets;
mod trouble;
