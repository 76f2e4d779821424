//! How much of a configuration, as the API of its service describes it, is carried by the spec of a kind.
//!
//! Specs are generated from the schema of the kind and applied through the kind's own plan and calls to the AWS of
//! `cairn-testkit`; all that goes over the wire is recorded. A member of the API's model is carried when a request that
//! a generated spec led to had it, an answer told it back with the same value, and the plan that follows had nothing
//! left to write. The file `left_out.rs` of each service holds what is left out on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod dynamodb;
mod generate;
mod judge;
mod left_out;
mod measured;
mod model;
mod recorder;
mod rules;
mod s3;
mod seen;
mod trip;
