//! `FieldExport`: values of AWS resources' objects, written into a `ConfigMap` or a `Secret`.
//!
//! ```text
//! FieldExport ──► queue ──► worker: wish (spec, parsed) + source (store of its kind) ─► values ─► apply ─► record
//!                   ▲
//!     source ───────┤ a change of an object that an export names, of a grant that concerns one
//!     grants ───────┘
//! ```
//!
//! Values are applied server-side, with a field manager for each export: exports into one target do not touch each
//! other's keys, and what somebody else has set to another value is a conflict, which is said and never forced. The
//! export's record names each target before anything is written into it, so that no key is ever left behind.

mod ack;
mod export;
mod exporter;
mod holding;
mod index;
pub mod path;
mod refusal;
mod report;
mod source_object;
mod targets;
mod wiring;
mod wish;
mod written;

pub use report::Reason;
pub use wiring::{ExportParts, ExportSettings, Exports};
