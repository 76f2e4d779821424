//! Definitions compiled against real kinds, and instances of them evaluated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod compile;
mod conditions;
mod crd;
mod differences;
mod evaluate;
mod incremental;
mod limits;
mod plan;
mod support;
