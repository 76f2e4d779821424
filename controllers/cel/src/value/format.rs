//! Texts to which a schema gives a format, read as the API server reads them.
//!
//! The rules are those of `strfmt` in kube-openapi, by which the API server judges custom resources and with which
//! Kubernetes' own expressions read them: what it lets through is read here.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use crate::time::{Timestamp, parse_duration};

/// Base64 whose last letter may have bits that say nothing: Go takes it.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The units of durations in words: how many nanoseconds, the names, and the last of them for the start of a longer one.
const UNITS: [(i64, &[&str], &str); 8] = [
    (1, &["ns"], "nano"),
    (1_000, &["us", "µs"], "micro"),
    (1_000_000, &["ms"], "milli"),
    (1_000_000_000, &["s"], "sec"),
    (60_000_000_000, &["m"], "min"),
    (3_600_000_000_000, &["h", "hr"], "hour"),
    (86_400_000_000_000, &["d"], "day"),
    (604_800_000_000_000, &["w", "wk"], "week"),
];

/// Whether a text can be read in a format of `OpenAPI`: `byte`, `date`, `date-time` or `duration`. Every text can in
/// another, which is about its letters only.
#[must_use]
pub fn is_of_format(text: &str, format: &str) -> bool {
    match format {
        "byte" => bytes(text).is_some(),
        "date" => date(text).is_some(),
        "date-time" | "datetime" => date_time(text).is_some(),
        "duration" => duration(text).is_some(),
        _ => true,
    }
}

/// `format: byte`
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).or_else(|_| BASE64.decode(text.replace(['\n', '\r'], ""))).ok()
}

/// `format: date-time` or `format: date`: in UTC at midnight.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    date_time(text).or_else(|| date(text))
}

/// The API server takes small letters too.
fn date_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Timestamp::parse(&text.to_ascii_uppercase()))
}

fn date(text: &str) -> Option<Timestamp> {
    if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")) } else { None }
}

/// `format: duration`, in nanoseconds: as Go writes durations, or in words like `1 week 2 days`. What stands between
/// the words is skipped, as there.
pub(super) fn duration(text: &str) -> Option<i64> {
    parse_duration(text).or_else(|| in_words(text))
}

fn in_words(text: &str) -> Option<i64> {
    let (mut rest, mut total) = (text, None);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = rest.get(start..)?;
        let (count, after) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))?;
        let word = after.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        let end = word.find(|c: char| !c.is_ascii_alphabetic() && c != 'µ').unwrap_or(word.len());
        let (unit, after) = word.split_at_checked(end)?;
        rest = after;
        let Some(nanos) = unit_nanos(&unit.to_lowercase()).filter(|_| !unit.is_empty()) else { continue };
        let part = count.parse::<i64>().ok()?.checked_mul(nanos)?;
        total = Some(part.checked_add(total.unwrap_or_default())?);
    }
    total
}

fn unit_nanos(unit: &str) -> Option<i64> {
    let found = UNITS.iter().find(|(_, names, long)| names.contains(&unit) || unit.starts_with(long));
    found.map(|(nanos, ..)| *nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    #[test]
    fn durations_are_read_as_the_api_server_does() {
        let rows = [
            ("90s", Some(90 * SECOND)),
            ("-1h30m", Some(-5400 * SECOND)),
            ("1 week", Some(604_800 * SECOND)),
            ("3 days", Some(3 * 86_400 * SECOND)),
            ("1d", Some(86_400 * SECOND)),
            ("2 HOURS and 5 Minutes", Some(7500 * SECOND)),
            ("7 milliseconds", Some(7_000_000)),
            ("5 µs", Some(5_000)),
            ("3 lightyears 1 sec", Some(SECOND)),
            ("1 wks", None),
            ("1 month", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999 days", None),
            ("9223372036854775807 weeks", None),
        ];
        for (text, nanos) in rows {
            assert_eq!(duration(text), nanos, "{text}");
        }
    }

    #[test]
    fn points_in_time_are_read_as_the_api_server_does() {
        let at = |text: &str| timestamp(text).map(|time| time.to_string());
        assert_eq!(at("2020-01-02t03:04:05z").as_deref(), Some("2020-01-02T03:04:05Z"));
        assert_eq!(at("2020-01-02").as_deref(), Some("2020-01-02T00:00:00Z"));
        assert_eq!(at("2020-02-30"), None);
        assert!(!is_of_format("2020-01-02", "date-time") && !is_of_format("2020-01-02T03:04:05Z", "date"));
    }

    #[test]
    fn base64_may_have_idle_bits_and_line_ends() {
        assert_eq!(bytes("aGk="), Some(b"hi".to_vec()));
        assert_eq!(bytes("aGl="), Some(b"hi".to_vec()));
        assert_eq!(bytes("aG\r\nk=\n"), Some(b"hi".to_vec()));
        assert_eq!(bytes("aGk"), None);
    }
}
