//! `cargo run --release -p cairn-fuzz [SECONDS [TARGET…]]`: runs each target for so long, ten minutes unless told otherwise.
//!
//! The seed is the time, and is printed. An input is written to `fuzz/artifacts/TARGET` before it is run and stays
//! there when the target dies of it.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cairn_fuzz::harness::{Until, corpora, run, seeds};
use cairn_fuzz::{TARGETS, Target};

/// Where a stack overflow is one: threads of tokio and of tests have as much.
const STACK: usize = 2 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds: u64 = arguments.next().map_or(Ok(600), |seconds| seconds.parse())?;
    let wanted: Vec<String> = arguments.collect();
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    say(&format!("seed {seed}"))?;
    for target in
        TARGETS.into_iter().filter(|target| wanted.is_empty() || wanted.iter().any(|name| name == target.name))
    {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let work =
            thread.spawn(move || one(target, seed, Duration::from_secs(seconds)).map_err(|error| error.to_string()))?;
        match work.join() {
            Ok(told) => say(&told?)?,
            Err(_) => return Err(format!("{} died: see fuzz/artifacts/{}", target.name, target.name).into()),
        }
    }
    Ok(())
}

fn one(target: Target, seed: u64, time: Duration) -> std::io::Result<String> {
    let artifact = corpora().join("../artifacts").join(target.name);
    std::fs::create_dir_all(artifact.parent().unwrap_or(Path::new(".")))?;
    let report = run(target, &seeds(target)?, seed, Until::Passed(time), |input| {
        // Without the file a death is not explained, and still one.
        let _ = std::fs::write(&artifact, input);
    });
    std::fs::write(&artifact, &report.slow)?;
    Ok(format!("{}: {report}", target.name))
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
