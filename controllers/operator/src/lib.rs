//! The one binary, `cairn`: it wires everything, and is the command line too.

pub mod cli;
mod cluster;
mod definitions;
mod logging;
mod meter;
pub mod operator;
mod run;
mod settings;

use std::{io::Write, process::ExitCode};

use cairn_crds::manifest;
use cli::{Cli, Command};

pub use settings::{Settings, SettingsError};

/// Runs a command. An error goes to standard error, in one line with its causes.
#[must_use]
pub fn main(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        Command::Run(args) => run::run(*args),
        Command::Crds(groups) => print_definitions(&groups),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = std::iter::successors(error.source(), |cause| cause.source());
            let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
            // With standard error closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "cairn: {text}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn print_definitions(args: &cli::GroupArgs) -> Outcome {
    let yaml = manifest::all(&args.groups()?)?;
    std::io::stdout().write_all(yaml.as_bytes())?;
    Ok(())
}
