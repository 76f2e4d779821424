//! Parts of points and lengths of time.

use jiff::civil::{DateTime, Weekday};

use crate::decl::{Outcome, Row, method, no_overload};
use crate::meter::Meter;
use crate::value::Value;

/// A method on timestamps, with and without a time zone.
macro_rules! rows {
    ($(($name:literal, $doc:literal, $eval:ident)),*) => {
        &[
            $(
                method(concat!("timestamp.", $name, "() -> int"), concat!($doc, ", in UTC."), $eval),
                method(
                    concat!("timestamp.", $name, "(string) -> int"),
                    concat!($doc, ", in a time zone: a name, or an offset like `+02:00`."),
                    $eval
                ),
            )*
            method("duration.getHours() -> int", "Whole hours.", hours),
            method("duration.getMinutes() -> int", "Whole minutes.", minutes),
            method("duration.getSeconds() -> int", "Whole seconds.", seconds),
            method("duration.getMilliseconds() -> int", "Whole milliseconds.", milliseconds),
        ]
    };
}

/// The rows of the table.
pub(crate) const ROWS: &[Row] = rows![
    ("getFullYear", "The year", year),
    ("getMonth", "The month from 0", month),
    ("getDayOfYear", "The day of the year from 0", day_of_year),
    ("getDayOfMonth", "The day of the month from 0", day_of_month),
    ("getDate", "The day of the month from 1", date),
    ("getDayOfWeek", "The day of the week, Sunday 0", day_of_week),
    ("getHours", "The hour", hours),
    ("getMinutes", "The minute", minutes),
    ("getSeconds", "The second", seconds),
    ("getMilliseconds", "The millisecond", milliseconds)
];

fn part<'a>(name: &str, args: &[Value<'a>], read: fn(&DateTime) -> i64, unit: i64) -> Outcome<'a> {
    match args {
        [Value::Timestamp(time)] => Ok(Value::Int(read(&time.civil(None)?))),
        [Value::Timestamp(time), Value::String(zone)] => Ok(Value::Int(read(&time.civil(Some(zone))?))),
        [Value::Duration(nanos)] if unit > 0 => Ok(Value::Int(nanos / unit)),
        _ => no_overload(name, args),
    }
}

fn year<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getFullYear", args, |time| time.year().into(), 0)
}

fn month<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getMonth", args, |time| i64::from(time.month()) - 1, 0)
}

fn day_of_year<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getDayOfYear", args, |time| i64::from(time.day_of_year()) - 1, 0)
}

fn day_of_month<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getDayOfMonth", args, |time| i64::from(time.day()) - 1, 0)
}

fn date<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getDate", args, |time| time.day().into(), 0)
}

fn day_of_week<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getDayOfWeek", args, |time| Weekday::to_sunday_zero_offset(time.weekday()).into(), 0)
}

fn hours<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getHours", args, |time| time.hour().into(), 3_600_000_000_000)
}

fn minutes<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getMinutes", args, |time| time.minute().into(), 60_000_000_000)
}

fn seconds<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getSeconds", args, |time| time.second().into(), 1_000_000_000)
}

fn milliseconds<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getMilliseconds", args, |time| time.millisecond().into(), 1_000_000)
}
