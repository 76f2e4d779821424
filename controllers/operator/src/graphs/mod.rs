//! `cairn validate` and `cairn render`: definitions looked at without a cluster, or against the kinds of one.

mod args;
mod catalog;
mod diagnostic;
mod diagram;
mod edit;
mod files;
mod instances;
mod live;
mod located;
mod print;
mod render;
mod validate;

use std::fmt;
use std::process::ExitCode;

pub use args::{Output, RenderArgs, Report, SchemaArgs, ValidateArgs};
pub use catalog::CatalogError;

/// What a command prints, and the exit code that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// For standard output.
    pub output: String,
    /// For standard error.
    pub complaints: String,
    /// As the help of the commands says.
    pub code: u8,
}

/// Looks at definitions and instances.
///
/// # Errors
/// A file or the cluster cannot be read.
pub fn validate(args: &ValidateArgs, color: bool) -> Result<Printed, CatalogError> {
    validate::run(args, color)
}

/// Renders instances.
///
/// # Errors
/// A file or the cluster cannot be read.
pub fn render(args: &RenderArgs, color: bool) -> Result<Printed, CatalogError> {
    render::run(args, color)
}

/// The exit code when nothing could be looked at.
pub(crate) const UNREADABLE: u8 = 2;

impl Printed {
    /// Prints it; a reader that has gone away is no failure.
    pub(crate) fn print(&self) -> ExitCode {
        use std::io::Write as _;
        let _ = std::io::stdout().write_all(self.output.as_bytes());
        let _ = std::io::stderr().write_all(self.complaints.as_bytes());
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.complaints, self.output)
    }
}
