//! From a value's text to a value, one function for each [`cairn_crds::annotation::Form`]; `None` for what it does not
//! take.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Mode;
use crate::{adoption, deletion::Policy, schedule::Period, scope::Region};

pub(super) fn boolean(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| text.eq_ignore_ascii_case(word))
        .map(|(_, value)| value)
}

pub(super) fn mode(text: &str) -> Option<Mode> {
    match text {
        "Plan" => Some(Mode::Plan),
        "Manage" => Some(Mode::Manage),
        _ => None,
    }
}

pub(super) fn adoption_policy(text: &str) -> Option<adoption::Policy> {
    text.parse().ok()
}

pub(super) fn deletion_policy(text: &str) -> Option<Policy> {
    text.parse().ok()
}

pub(super) fn region(text: &str) -> Option<Region> {
    Region::parse(text).ok()
}

pub(super) fn account(text: &str) -> Option<String> {
    (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

pub(super) fn strings(text: &str) -> Option<BTreeMap<String, String>> {
    serde_json::from_str(text).ok()
}

/// RFC 3339; the library alone takes more than that.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = shape.strip_prefix("0000-00-00T00:00:00")?;
    let zone = rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches('0'));
    if !["Z", "+00:00", "-00:00"].contains(&zone) {
        return None;
    }
    text.parse().ok()
}

/// The time that a request was made: RFC 3339, or seconds since 1970 as `date +%s` writes them.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    moment(text).or_else(|| Timestamp::from_second(text.parse().ok()?).ok())
}

/// `90`, `90s`, `1h30m`. What is longer than 136 years is cut to that.
pub(super) fn period(text: &str) -> Option<Period> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Period::from_seconds(number(text)));
    }
    let spans = text.split_inclusive(['h', 'm', 's']).map(span).collect::<Option<Vec<_>>>()?;
    let seconds = spans.into_iter().reduce(u32::saturating_add)?;
    Some(Period::from_seconds(seconds))
}

fn span(text: &str) -> Option<u32> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = match unit {
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        _ => return None,
    };
    Some(number(digits).saturating_mul(seconds))
}

/// A number of digits alone, which is too large if it is none.
fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
