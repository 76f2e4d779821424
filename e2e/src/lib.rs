//! Everything the demo and the end-to-end tests stand on: a real control plane, an AWS emulator that this project did
//! not write, Helm, and the operator as a process.
//!
//! Whatever is started here ends with the process that started it, however that process ends ([`session`]). What takes
//! minutes to make is made once and kept outside the checkout ([`cache`]).

pub mod cache;
pub mod cluster;
pub mod command;
pub mod error;
pub mod go;
pub mod helm;
pub mod http;
pub mod kubectl;
pub mod moto;
pub mod operator;
pub mod port;
pub mod process;
pub mod progress;
pub mod session;
pub mod stage;
pub mod usage;
pub mod wait;

pub use error::{Error, Result};

use std::path::PathBuf;

/// The root of the checkout.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
