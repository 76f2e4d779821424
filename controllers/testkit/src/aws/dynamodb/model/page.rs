//! Lists in pages, where the token says how many were shown.

use super::failure::{Failure, Outcome};

/// The part of `all` behind `token`, at most `size` of it, and the token of what follows.
///
/// `size` is the request's `member`, 1 to `most`; nothing is `most`.
pub(super) fn of<'a, T>(
    all: &'a [T],
    token: Option<&str>,
    size: Option<i64>,
    member: &str,
    most: usize,
) -> Outcome<(&'a [T], Option<String>)> {
    let size = match size.map(usize::try_from) {
        None => most,
        Some(Ok(size)) if (1..=most).contains(&size) => size,
        Some(_) => {
            let constraint = format!("Member must have value between 1 and {most}");
            return Err(Failure::constraint(size.unwrap_or_default(), member, &constraint));
        }
    };
    let shown = match token {
        None => 0,
        Some(token) => token.parse().map_err(|_| Failure::validation(format!("Invalid NextToken: {token}")))?,
    };
    let left = all.get(shown..).unwrap_or_default();
    let page = left.get(..size).unwrap_or(left);
    let next = (page.len() < left.len()).then(|| (shown + page.len()).to_string());
    Ok((page, next))
}
