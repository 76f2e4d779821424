//! The expression language of compositions: CEL as Kubernetes and kro define it.
//!
//! [`Env::compile`] parses and type-checks an expression against the [`types::Type`]s of its variables, which
//! [`schema`] reads from `OpenAPI`, and gives a [`Program`]; the program runs over borrowed JSON. [`template`] handles
//! text with `${…}` holes and [`assign`] decides whether an expression may fill a field. [`decl`] is the one table of
//! functions and macros, from which checker, evaluator and documentation work.
//!
//! Everything is bounded: the size and depth of a source, the depth of types and values, the cost of an evaluation.
//! No input makes it panic or overflow the stack.

#![expect(
    clippy::unnecessary_box_returns,
    reason = "evaluation hands failures on in boxes, so that what succeeds has not to carry room for one"
)]

pub mod assign;
pub mod check;
pub mod decl;
pub mod error;
mod eval;
mod library;
pub mod meter;
mod program;
pub mod schema;
pub mod span;
pub mod syntax;
pub mod template;
pub mod time;
pub mod types;
pub mod value;

pub use error::{CheckError, CompileError, EvalError, FaultKind, ParseError};
pub use library::pattern_matches;
pub use meter::Limits;
pub use program::{Bindings, Bound, Env, Program};
pub use types::Type;
pub use value::Value;
