//! The composition controller: definitions become kinds, and instances become resources, in the order in which they
//! need each other.
//!
//! ```text
//! definition ──► queue ──► worker: compile ─► serve the kind ─► revision ─► its graph follows the program
//!                 ▲
//!   CRDs ─────────┘ a kind that is named comes, changes, goes
//!
//! instance ────► queue ──► worker: evaluate ─► decide (values) ─► apply or remove, all at once ─► evaluate … ─► status
//!                 ▲
//!   resources ────┘ one watch for each kind, shared by all graphs; the labels of an object lead to its instance
//! ```
//!
//! An instance is evaluated, not polled: nothing happens without an event, and what is as it should be costs nothing.
//! Each object says by a digest what of it was applied, and Kubernetes who changed it since; so a restart writes nothing.

mod catalog;
mod census;
mod definition;
mod differences;
mod graph;
mod graphs;
mod hands;
mod instance;
mod marks;
mod rights;
mod rollout;
mod spawner;
mod watches;
mod wiring;

pub use differences::DIFFERENCES;
pub use wiring::{Composer, ComposerParts, ComposerSettings};
