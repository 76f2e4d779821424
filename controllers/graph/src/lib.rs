//! A `ResourceGraphDefinition`, checked: what it says, the schema that it makes, and the order of its resources.
//!
//! [`Definition`] holds what a definition says in types that cannot be wrong, [`simple_schema`] turns the schema that
//! users write into a structural `OpenAPI` schema, and [`graph`] infers from the reads of expressions what depends on
//! what. Everything is pure and bounded; every error is a [`Problem`] with its path.

mod check;
pub mod compat;
mod compile;
pub mod crd;
pub mod definition;
pub mod differences;
pub mod graph;
pub mod openapi;
pub mod plan;
pub mod problem;
pub mod program;
pub mod run;
pub mod schemas;
pub mod simple_schema;

pub use check::MissingKind;
pub use compile::{Compiled, Output, compile};
pub use definition::Definition;
pub use problem::{Problem, Problems};
pub use program::Program;
pub use run::{Evaluation, Run, evaluate};
