//! Waiting for a condition, with a deadline.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{Error, Result};

/// What one look found.
#[derive(Debug)]
pub enum Look<T> {
    /// The condition holds.
    Done(T),
    /// It does not hold yet; this is what was seen instead.
    NotYet(String),
}

/// Looks until the condition holds. A look that fails ends the wait: what may pass is [`Look::NotYet`].
///
/// # Errors
/// [`Error::Late`] when the limit is over, with what was seen last; and whatever a look fails with.
pub fn until<T>(what: &str, limit: Duration, look: impl FnMut() -> Result<Look<T>>) -> Result<T> {
    until_at(what, limit, Duration::from_millis(100), look)
}

/// As [`until`], with another pause between two looks.
///
/// # Errors
/// As [`until`].
pub fn until_at<T>(
    what: &str,
    limit: Duration,
    pause: Duration,
    mut look: impl FnMut() -> Result<Look<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        match look()? {
            Look::Done(value) => return Ok(value),
            Look::NotYet(seen) if start.elapsed() >= limit => {
                return Err(Error::Late { what: what.into(), limit, seen });
            }
            Look::NotYet(_) => sleep(pause),
        }
    }
}

/// Waits until a question is answered with yes.
///
/// # Errors
/// As [`until`].
pub fn until_true(what: &str, limit: Duration, mut question: impl FnMut() -> Result<bool>) -> Result<()> {
    until(what, limit, || Ok(if question()? { Look::Done(()) } else { Look::NotYet("not so".into()) }))
}
