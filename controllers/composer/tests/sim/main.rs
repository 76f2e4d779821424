//! The composition controller on virtual time, against an API server in this process.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod budgets;
mod crashes;
mod defects;
mod definitions;
mod differences;
mod harness;
mod instances;
mod kro;
mod random;
mod requests;
mod rights;
