//! Quotas over time.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    context::Context,
    failure::{Failure, Outcome},
};

/// 24 hours.
pub(super) const DAY: Duration = Duration::from_hours(24);

/// 30 days.
pub(super) const MONTH: Duration = Duration::from_hours(30 * 24);

/// Refuses one more of what was done at the times of `done`, when there were `limit` in the last `window`.
///
/// The message says when the next may come, as DynamoDB's does.
pub(super) fn check(context: &Context, what: &str, done: &[Timestamp], limit: usize, window: Duration) -> Outcome<()> {
    let end = |at: &Timestamp| at.checked_add(window).unwrap_or(Timestamp::MAX);
    let recent: Vec<&Timestamp> = done.iter().filter(|at| end(at) > context.now).collect();
    let (Some(last), true) = (recent.last(), recent.len() >= limit) else {
        return Ok(());
    };
    let free = recent.len().checked_sub(limit).and_then(|at| recent.get(at)).map_or(Timestamp::MAX, |at| end(at));
    let days = window.as_secs() / 86_400;
    Err(Failure::limit(format!(
        "{what} are limited to {limit} in {days} day(s). Last update at {last}. Next update can be made at {free}"
    )))
}
