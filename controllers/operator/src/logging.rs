//! Log lines.

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter,
    filter::{ParseError, filter_fn},
    fmt::{MakeWriter, Subscriber as Lines},
    layer::SubscriberExt,
};

use crate::cli::LogFormat;

/// What writes log lines that pass the filter `level`, and show no secret.
///
/// # Errors
/// When the filter is none.
pub fn subscriber<W>(level: &str, format: LogFormat, writer: W) -> Result<Box<dyn Subscriber + Send + Sync>, ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder = Lines::builder().with_env_filter(EnvFilter::try_new(level)?).with_writer(writer);
    let harmless = filter_fn(shows_no_secret);
    Ok(match format {
        LogFormat::Json => {
            let lines = builder.json().flatten_event(true).with_current_span(true).with_span_list(false).finish();
            Box::new(lines.with(harmless))
        }
        LogFormat::Text => Box::new(builder.with_ansi(false).finish().with(harmless)),
    })
}

/// Installs the log for the whole process.
///
/// # Errors
/// When the filter is none, or there is a log already.
pub(crate) fn install(level: &str, format: LogFormat) -> Result<(), Box<dyn std::error::Error>> {
    tracing::subscriber::set_global_default(subscriber(level, format, std::io::stderr)?)?;
    Ok(())
}

/// On its last level the SDK of AWS shows whole requests and answers: credentials that STS gave, and what is in fields
/// that came out of Secrets.
fn shows_no_secret(line: &Metadata<'_>) -> bool {
    *line.level() != Level::TRACE || !line.target().starts_with("aws_")
}
