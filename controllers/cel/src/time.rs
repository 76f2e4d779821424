//! Points and lengths of time in CEL's range and notation: years 1 to 9999, nanoseconds, durations as Go writes them.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::error::EvalError;

const NANOS: i128 = 1_000_000_000;
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// 0001-01-01T00:00:00Z: the first there is, and the zero value of Go's times.
    pub const FIRST: Self = Self { seconds: FIRST, nanos: 0 };

    /// The point so many nanoseconds after 1970, if it is in range.
    #[must_use]
    pub fn from_nanos(total: i128) -> Option<Self> {
        let seconds = i64::try_from(total.div_euclid(NANOS)).ok().filter(|seconds| (FIRST..=LAST).contains(seconds))?;
        Some(Self { seconds, nanos: u32::try_from(total.rem_euclid(NANOS)).ok()? })
    }

    /// The point so many seconds after 1970, if it is in range.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Self::from_nanos(i128::from(seconds) * NANOS)
    }

    /// Seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub fn as_nanos(self) -> i128 {
        i128::from(self.seconds) * NANOS + i128::from(self.nanos)
    }

    /// Reads RFC 3339, as Go's `time.RFC3339` layout does: a fraction of any length, an offset or `Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| digits(text.get(from..to)?);
        let mark = |at: usize, mark: &str| (text.get(at..at + 1)? == mark).then_some(());
        for (at, sign) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            mark(at, sign)?;
        }
        let date = Date::new(
            i16::try_from(number(0, 4)?).ok()?,
            i8::try_from(number(5, 7)?).ok()?,
            i8::try_from(number(8, 10)?).ok()?,
        );
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanos, rest) = fraction(text.get(19..)?)?;
        let offset = if rest == "Z" { 0 } else { offset_seconds(rest)? };
        let seconds = days(date.ok()?) * 86_400 + hour * 3600 + minute * 60 + second - offset;
        Self::from_nanos(i128::from(seconds) * NANOS + i128::from(nanos))
    }

    /// Calendar and clock in a time zone: an IANA name, or an offset like `+02:00`.
    ///
    /// # Errors
    /// The zone is not known.
    pub fn civil(self, zone: Option<&str>) -> Result<DateTime, Box<EvalError>> {
        let offset = match zone {
            None | Some("" | "UTC") => 0,
            Some(zone) => self.zone_offset(zone)?,
        };
        let total = self.as_nanos() + i128::from(offset) * NANOS;
        let out = || EvalError::value("timestamp out of range");
        let day = i64::try_from(total.div_euclid(86_400 * NANOS)).map_err(|_| out())?;
        let clock = i64::try_from(total.rem_euclid(86_400 * NANOS)).map_err(|_| out())?;
        let start = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).map_err(|_| out())?);
        let midnight = start.map_err(|_| out())?.to_datetime(jiff::civil::Time::midnight());
        midnight.checked_add(jiff::SignedDuration::from_nanos(clock)).map_err(|_| out())
    }

    fn zone_offset(self, zone: &str) -> Result<i64, Box<EvalError>> {
        let unknown = || EvalError::value(format!("unknown time zone {zone}"));
        if zone.contains(':') {
            return loose_offset(zone).ok_or_else(unknown);
        }
        let found: TimeZone = TimeZoneDatabase::bundled().get(zone).map_err(|_| unknown())?;
        // The last day of the range lies past what jiff converts; no zone changes its offset in it.
        let near = self.seconds.clamp(FIRST, LAST - 2 * 86_400);
        let instant = jiff::Timestamp::from_second(near).map_err(|_| unknown())?;
        Ok(i64::from(found.to_offset(instant).seconds()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil(None).map_err(|_| fmt::Error)?;
        write!(f, "{:04}-{:02}-{:02}T", civil.year(), civil.month(), civil.day())?;
        write!(f, "{:02}:{:02}:{:02}", civil.hour(), civil.minute(), civil.second())?;
        if self.nanos > 0 {
            f.write_str(format!(".{:09}", self.nanos).trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn days(date: Date) -> i64 {
    (date - Date::constant(1970, 1, 1)).get_days().into()
}

fn fraction(rest: &str) -> Option<(u32, &str)> {
    let Some(after) = rest.strip_prefix('.') else { return Some((0, rest)) };
    let length = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let written = after.get(..length.min(9)).filter(|written| !written.is_empty())?;
    Some((format!("{written:0<9}").parse().ok()?, after.get(length..)?))
}

/// `+hh:mm` in seconds.
fn offset_seconds(text: &str) -> Option<i64> {
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2)?;
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `hh:mm` with a sign or without, of any size, as cel-go reads the offsets that expressions write.
fn loose_offset(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let (hours, minutes) = (i64::from(hours), i64::from(minutes));
    Some(hours * 3600 + if hours < 0 { -minutes } else { minutes } * 60)
}

/// Reads a duration as Go's `time.ParseDuration` does, in nanoseconds.
#[must_use]
pub fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0_i128;
    while !rest.is_empty() || total == 0 {
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(length)?;
        let unit_length = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_length)?;
        total += scaled(number, unit_nanos(unit)?)?;
        if total > i128::from(i64::MAX) + 1 {
            return None;
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

fn unit_nanos(unit: &str) -> Option<i128> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => NANOS,
        "m" => 60 * NANOS,
        "h" => 3600 * NANOS,
        _ => return None,
    })
}

fn scaled(number: &str, unit: i128) -> Option<i128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && part.is_empty()) || part.contains('.') || whole.len() > 19 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = part.get(..part.len().min(18))?;
    let scale = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part: i128 = if part.is_empty() { 0 } else { part.parse().ok()? };
    Some(whole * unit + part * unit / scale)
}

/// A duration in seconds as cel-go's `string()` writes it: `1.5s`.
#[must_use]
pub fn format_duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, part) = (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    if part == 0 {
        return format!("{sign}{whole}s");
    }
    format!("{sign}{whole}.{}s", format!("{part:09}").trim_end_matches('0'))
}
