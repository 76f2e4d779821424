//! What was measured, beside what was aimed at.

use std::{fmt::Write, time::Duration};

use cairn_e2e::usage::Usage;

const MEBIBYTE: u64 = 1024 * 1024;

/// A line of the table.
pub(crate) struct Row {
    what: String,
    measured: String,
    target: String,
}

impl Row {
    /// Memory; the target is in megabytes.
    pub(crate) fn memory(what: &str, usage: Usage, target: Option<u64>) -> Self {
        let tenths = |bytes: u64| format!("{}.{} MB", bytes / MEBIBYTE, bytes % MEBIBYTE * 10 / MEBIBYTE);
        let measured = format!("{} ({} without files)", tenths(usage.resident()), tenths(usage.anonymous));
        Self { what: what.into(), measured, target: target.map_or_else(String::new, |target| format!("{target} MB")) }
    }

    /// A number of bytes without a target.
    pub(crate) fn bytes(what: &str, bytes: u64) -> Self {
        Self { what: what.into(), measured: format!("{bytes} bytes"), target: String::new() }
    }

    /// A time; the target is in milliseconds, 0 for none.
    pub(crate) fn time(what: &str, time: Duration, target: u64) -> Self {
        let target = if target == 0 { String::new() } else { format!("{target} ms") };
        Self { what: what.into(), measured: format!("{:.2} ms", time.as_secs_f64() * 1000.0), target }
    }
}

/// The table, as text.
pub(crate) fn text(rows: &[Row]) -> String {
    let mut text = format!("\n{:<48} {:<34} {}\n", "", "measured", "target");
    for row in rows {
        writeln!(text, "{:<48} {:<34} {}", row.what, row.measured, row.target).ok();
    }
    text
}
