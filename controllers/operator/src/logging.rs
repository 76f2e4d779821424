//! Log lines.

use tracing_subscriber::{EnvFilter, filter::ParseError};

use crate::cli::LogFormat;

/// Installs the log for the whole process.
///
/// # Errors
/// When the filter is none.
pub(crate) fn install(level: &str, format: LogFormat) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(level)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
        LogFormat::Text => builder.with_ansi(false).init(),
    }
    Ok(())
}
