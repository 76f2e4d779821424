//! The program `cairn`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cairn::main(cairn::cli::Cli::parse())
}
