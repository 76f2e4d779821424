//! The Kubernetes side of every controller: watches, queue, workers, store, claim, events, metrics, admin server.

pub mod admin;
pub mod claim;
pub mod client;
pub mod clock;
pub mod engine;
pub mod events;
pub mod grants;
pub mod key;
pub mod kind;
pub mod metrics;
pub mod queue;
pub mod references;
pub mod source;
pub mod stopwatch;
pub mod store;
pub mod surroundings;
pub mod worker;
pub mod writer;

/// What controllers without a lifecycle of AWS need of core's decisions.
pub use cairn_core::{condition, controls, digest, grant};
