//! The flags of `cairn validate` and `cairn render`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::{GroupArgs, InstanceGroupArgs};

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing is wrong (there may be warnings)
  1  something is wrong with a definition or an instance
  2  a file or the cluster cannot be read, or the command line is wrong
  3  nothing is wrong, but kinds that are named are not known: give their definitions with --crds, or use --live";

/// Where the schemas of kinds come from.
#[derive(Clone, Debug, Args)]
pub struct SchemaArgs {
    /// Group names.
    #[command(flatten)]
    pub groups: GroupArgs,
    /// The group of the kinds that definitions make.
    #[command(flatten)]
    pub instance_group: InstanceGroupArgs,
    /// Files or folders with custom resource definitions whose kinds are named, or are made by the definitions and will
    /// change; may be given several times
    #[arg(long, value_name = "PATH")]
    pub crds: Vec<PathBuf>,
    /// Take the schemas of all kinds from the cluster of the current context, instead of those built in
    #[arg(long)]
    pub live: bool,
}

/// How `cairn validate` says what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// With excerpts, for reading.
    Text,
    /// One JSON object.
    Json,
}

/// What `cairn render` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// The objects, with comments.
    Yaml,
    /// One JSON object with everything that is decided.
    Json,
    /// A diagram; also of a definition alone.
    Mermaid,
}

/// Flags of `cairn validate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ValidateArgs {
    /// Files or folders with definitions; instances in them are checked as well, `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Schemas.
    #[command(flatten)]
    pub schemas: SchemaArgs,
    /// Form of the report
    #[arg(short, long, value_enum, default_value_t = Report::Text)]
    pub output: Report,
}

/// Flags of `cairn render`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct RenderArgs {
    /// Files or folders with definitions and instances of them, `-` is standard input; may be given several times
    #[arg(short = 'f', long = "filename", value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Files or folders with objects as the cluster has them: resources that are observed; may be given several times
    #[arg(long, value_name = "FILE")]
    pub observed: Vec<PathBuf>,
    /// Schemas.
    #[command(flatten)]
    pub schemas: SchemaArgs,
    /// What is printed
    #[arg(short, long, value_enum, default_value_t = Output::Yaml)]
    pub output: Output,
}
