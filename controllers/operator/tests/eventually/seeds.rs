//! Many seeds on all cores.

use std::{
    any::Any,
    env, fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{coverage::Coverage, defect::Defect, scenario};

/// Within so many seeds a planted defect has to be found.
const ENOUGH: u64 = 1_000;

/// Which seeds are tried.
#[derive(Debug)]
pub(crate) struct Range {
    first: u64,
    count: u64,
    within: Duration,
}

impl Range {
    /// Whether the environment asks for a long run.
    pub(crate) fn is_long() -> bool {
        number("CAIRN_SEEDS").is_some() || number("CAIRN_SECONDS").is_some()
    }

    /// As the environment says; `few` from 0 where it says nothing.
    pub(crate) fn of_environment(few: u64) -> Self {
        if let Some(seed) = number("CAIRN_SEED") {
            return Self { first: seed, count: 1, within: Duration::MAX };
        }
        let (count, seconds) = (number("CAIRN_SEEDS"), number("CAIRN_SECONDS"));
        let first = number("CAIRN_FIRST_SEED").unwrap_or_else(|| if Self::is_long() { drawn() } else { 0 });
        let count = count.unwrap_or(if seconds.is_some() { u64::MAX } else { few });
        Self { first, count, within: seconds.map_or(Duration::MAX, Duration::from_secs) }
    }

    /// As many as may be needed to find a planted defect.
    pub(crate) fn of_defects() -> Self {
        Self { first: number("CAIRN_FIRST_SEED").unwrap_or_default(), count: ENOUGH, within: Duration::MAX }
    }
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn drawn() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    since.as_secs() * 100_000
}

/// What a seed showed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) seed: u64,
    pub(crate) why: String,
    pub(crate) trail: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.trail.join("\n"))?;
        write!(f, "CAIRN_SEED={} fails: {}", self.seed, self.why)
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) seeds: u64,
    pub(crate) failure: Option<Failure>,
    first: u64,
    took: Duration,
}

impl Run {
    /// Tries seeds until one fails, on as many threads as there are cores.
    pub(crate) fn over(range: &Range, defect: Option<Defect>, coverage: &Coverage) -> Self {
        let (started, next, done) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0));
        let failure = Mutex::new(None);
        let failed = || failure.lock().unwrap_or_else(PoisonError::into_inner);
        let work = || {
            while started.elapsed() < range.within && failed().is_none() {
                let n = next.fetch_add(1, Ordering::SeqCst);
                if n >= range.count {
                    return;
                }
                let outcome = one(range.first.wrapping_add(n), defect, coverage);
                done.fetch_add(1, Ordering::SeqCst);
                if let Err(found) = outcome {
                    failed().get_or_insert(found);
                }
            }
        };
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
        let failure = failed().take();
        Self { seeds: done.into_inner(), failure, first: range.first, took: started.elapsed() }
    }

    #[expect(clippy::print_stdout, reason = "the run says how many seeds there were")]
    pub(crate) fn print(&self) {
        let rate = u128::from(self.seeds) * 1_000 / self.took.as_millis().max(1);
        println!("{} seeds from {} on in {:?}: {rate} in a second", self.seeds, self.first, self.took);
    }
}

/// One seed in a runtime of its own, on virtual time.
fn one(seed: u64, defect: Option<Defect>, coverage: &Coverage) -> Result<(), Failure> {
    let trail = scenario::Trail::default();
    // The SDK draws its waits from this.
    fastrand::seed(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let scenario = scenario::run(seed, defect, coverage, &trail);
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(scenario)));
    let why = match outcome {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(why)) => why,
        Err(panic) => message(panic.as_ref()),
    };
    Err(Failure { seed, why, trail: trail.lines() })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.map(str::to_owned).or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
