//! The one binary, `cairn`: it wires everything, and is the command line too.

pub mod cli;
mod cluster;
mod definitions;
pub mod docs;
pub mod graphs;
mod iam;
pub mod leases;
pub mod logging;
pub mod meter;
pub mod operator;
mod paced;
mod run;
mod settings;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use cairn_crds::manifest;
use cli::{Cli, Command};

pub use settings::{Settings, SettingsError};

/// Runs a command. An error goes to standard error, in one line with its causes.
#[must_use]
pub fn main(cli: Cli) -> ExitCode {
    let color = std::io::stdout().is_terminal();
    let outcome = match cli.command {
        Command::Run(args) => run::run(*args),
        Command::Crds(groups) => print_definitions(&groups),
        Command::Iam(cli::Iam::Policy(args)) => iam::print(&args),
        Command::Validate(args) => return looked_at(graphs::validate(&args, color)),
        Command::Render(args) => return looked_at(graphs::render(&args, color)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(error.as_ref(), ExitCode::FAILURE),
    }
}

fn looked_at(outcome: Result<graphs::Printed, graphs::CatalogError>) -> ExitCode {
    match outcome {
        Ok(printed) => printed.print(),
        Err(error) => complain(&error, ExitCode::from(graphs::UNREADABLE)),
    }
}

fn complain(error: &dyn std::error::Error, code: ExitCode) -> ExitCode {
    // With standard error closed there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "cairn: {}", with_causes(error));
    code
}

/// An error and its causes in one line. Some libraries repeat their causes themselves.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    causes.fold(error.to_string(), |text, cause| if text.contains(&cause) { text } else { format!("{text}: {cause}") })
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn print_definitions(args: &cli::GroupArgs) -> Outcome {
    let yaml = manifest::all(&args.groups()?)?;
    std::io::stdout().write_all(yaml.as_bytes())?;
    Ok(())
}
