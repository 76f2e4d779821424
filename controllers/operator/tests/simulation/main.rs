//! The real controllers on virtual time, against an API server and an AWS in this process.

mod budgets;
mod crashes;
mod failures;
mod harness;
mod ownership;
mod spec;
