//! What a process uses of the machine, as Linux tells it.

use std::{fs, time::Duration};

use crate::{Error, Result};

/// Memory and CPU time of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of memory that it holds and no file backs: heap, stacks, written data.
    pub anonymous: u64,
    /// Bytes of files that are mapped and in memory, its own program above all. Other processes may share them.
    pub file: u64,
    /// CPU time since it began, of all its threads.
    pub cpu: Duration,
}

impl Usage {
    /// What the process with this number uses.
    ///
    /// # Errors
    /// [`Error::Io`] when there is no such process, [`Error::Wrong`] where the system tells it in another way.
    pub(crate) fn of(process: u32) -> Result<Self> {
        let read = |name: &str| {
            let path = format!("/proc/{process}/{name}");
            fs::read_to_string(&path).map_err(|source| Error::file(path.as_ref(), source))
        };
        let tick = rustix::param::clock_ticks_per_second();
        parse(&read("status")?, &read("stat")?, tick)
            .ok_or_else(|| Error::Wrong(format!("what process {process} uses is not to be read")))
    }

    /// Bytes of memory in all: what a container's limit is compared with.
    #[must_use]
    pub fn resident(&self) -> u64 {
        self.anonymous + self.file
    }
}

/// proc(5): `status` has kibibytes by name; in `stat`, behind the name in parentheses, the 12th and 13th fields are the
/// user's and the system's time in ticks.
fn parse(status: &str, stat: &str, ticks_per_second: u64) -> Option<Usage> {
    let kibibytes = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').trim().strip_suffix(" kB")?.trim().parse().ok()
    };
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| -> Option<u64> { fields.get(index)?.parse().ok() };
    let millis = (ticks(11)? + ticks(12)?) * 1000 / ticks_per_second.max(1);
    Some(Usage {
        anonymous: kibibytes("RssAnon")? * 1024,
        file: kibibytes("RssFile")? * 1024,
        cpu: Duration::from_millis(millis),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_system_tells() {
        let status = "Name:\tcairn\nVmRSS:\t   30 kB\nRssAnon:\t      10 kB\nRssFile:\t      20 kB\n";
        let stat = "7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 150 25 0 0 20 0";
        let usage = parse(status, stat, 100).unwrap();
        assert_eq!(usage, Usage { anonymous: 10 * 1024, file: 20 * 1024, cpu: Duration::from_millis(1750) });
        assert_eq!(usage.resident(), 30 * 1024);
        assert_eq!(parse("", stat, 100), None);
        assert_eq!(parse(status, "7 (a", 100), None);
    }

    #[test]
    fn this_process_uses_something() {
        assert!(Usage::of(std::process::id()).unwrap().anonymous > 0);
    }
}
