//! Free ports of 127.0.0.1.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, TcpListener},
    sync::{Mutex, PoisonError},
};

use crate::{Error, Result};

/// Below the range from which Linux and macOS take the near end of a connection: no connection that is opened between
/// the choice of a port and its use can take it.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port that nobody listens on, and that this process has not been given before.
///
/// # Errors
/// [`Error::Wrong`] when there is none.
pub fn free() -> Result<u16> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let width = usize::from(RANGE.end - RANGE.start);
    let offset = start(width);
    let mut candidates = RANGE.cycle().skip(offset).take(width);
    let port = candidates.find(|port| !given.contains(port) && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    let port = port.ok_or_else(|| Error::Wrong(format!("no port of 127.0.0.1 is free in {RANGE:?}")))?;
    given.insert(port);
    Ok(port)
}

/// Where the search starts: elsewhere in every process, so that two at once do not choose the same.
fn start(width: usize) -> usize {
    let random = RandomState::new().hash_one(std::process::id());
    usize::try_from(random % (width as u64)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_gives_a_port_twice() {
        let ports: BTreeSet<u16> = (0..50).map(|_| free().unwrap()).collect();
        assert_eq!(ports.len(), 50);
    }
}
