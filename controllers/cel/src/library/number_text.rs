//! Numbers from text and to text as Go's strconv and fmt do it.

/// Reads a double as Go's `ParseFloat` does: a number out of range is an error, not infinity.
pub(super) fn parse_double(text: &str) -> Option<f64> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let value: f64 = text.parse().ok()?;
    let named = matches!(bare.as_str(), "inf" | "infinity");
    (value.is_finite() || named || (value.is_nan() && bare.len() == text.len())).then_some(value)
}

/// Writes a double as Go's `%g` does.
pub(super) fn format_double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) { format!("{value}") } else { go_exponent(digits, exponent) }
}

/// `1.5e+06`: a sign and at least two digits.
pub(super) fn go_exponent(digits: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}
