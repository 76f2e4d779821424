//! Fuzz targets of the composition language: what they do with an input, and a harness that makes inputs.
//!
//! The targets are run in three ways: by `cargo test -p cairn-fuzz`, a bounded number of inputs from a fixed seed; by
//! `cargo run --release -p cairn-fuzz`, for as long as one likes; and by libFuzzer from `fuzz/`, which follows what an
//! input reaches. An input is arbitrary bytes. A target fails by a panic, and by nothing else.

mod decode;
pub mod harness;
mod mutate;
mod targets;

pub use targets::{TARGETS, Target};
