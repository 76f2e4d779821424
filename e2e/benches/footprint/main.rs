//! `cargo bench --bench footprint`: what the operator uses of a machine, idle and with many Buckets, over a real control
//! plane and an AWS emulator.
//!
//! Memory is what the system says that the process holds; it is told beside the targets and never judged. The number
//! of Buckets is that of `CAIRN_BENCH_BUCKETS`, 10,000 where it says nothing.

mod buckets;
mod table;

use std::{
    env,
    io::{Write, stderr, stdout},
    process::ExitCode,
    time::Duration,
};

use cairn_e2e::{
    Error, Result,
    operator::{Operator, Settings},
    progress::Progress,
    session,
    stage::Stage,
    usage::Usage,
    wait::{Look, until_at},
};

use crate::{buckets::Buckets, table::Row};

const COUNT: &str = "CAIRN_BENCH_BUCKETS";
/// A process is at rest when it held the same memory, to a hundredth, this often in a row.
const AT_REST: usize = 5;
const PAUSE: Duration = Duration::from_secs(2);
const LONG: Duration = Duration::from_mins(30);

fn main() -> ExitCode {
    let outcome = measure();
    session::finish();
    match outcome {
        Ok(rows) => {
            say(&mut stdout(), &table::text(&rows));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&mut stderr(), &format!("\nThe benchmark failed: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Where nobody can be told, the exit code still tells.
fn say(to: &mut impl Write, text: &str) {
    to.write_all(text.as_bytes()).ok();
}

fn measure() -> Result<Vec<Row>> {
    let count = count()?;
    let stage = Stage::start(Progress::every_step())?;
    let mut operator = stage.operator(&Settings::default())?;
    let idle = at_rest(&operator)?;
    stage.progress.step("the idle operator is at rest");

    let buckets = Buckets::connect(&stage, count)?;
    buckets.create()?;
    stage.progress.step(&format!("{count} Buckets are written"));
    buckets.until_ready(LONG)?;
    let worked = operator.usage()?;
    stage.progress.step("all of them are Ready");
    let after = at_rest(&operator)?;

    operator.terminate()?;
    let operator = stage.operator(&Settings::default())?;
    let again = at_rest(&operator)?;
    stage.progress.step("the operator that was started again is at rest");

    let each = |part: u64| part.checked_div(count.into()).unwrap_or_default();
    Ok(vec![
        Row::memory("idle", idle, Some(25)),
        Row::memory(&format!("{count} Ready Buckets, after a restart"), again, Some(40)),
        Row::memory(&format!("{count} Ready Buckets, after it made them all"), after, None),
        Row::bytes("a Ready Bucket, after a restart", each(again.anonymous.saturating_sub(idle.anonymous))),
        Row::time("CPU, from a new Bucket to Ready", worked.cpu.saturating_sub(idle.cpu) / count.max(1), 3),
        Row::time("CPU, from start to rest over all", again.cpu, 0),
    ])
}

fn count() -> Result<u32> {
    let Ok(text) = env::var(COUNT) else { return Ok(10_000) };
    text.parse().map_err(|_| Error::Wrong(format!("{COUNT}: a number is expected, not `{text}`")))
}

/// What the operator uses once it has nothing more to do.
fn at_rest(operator: &Operator) -> Result<Usage> {
    let mut seen: Vec<Usage> = Vec::new();
    until_at("an operator at rest", LONG, PAUSE, || {
        let now = operator.usage()?;
        seen.retain(|before| before.resident().abs_diff(now.resident()) * 100 <= now.resident());
        seen.push(now);
        Ok(if seen.len() >= AT_REST { Look::Done(now) } else { Look::NotYet(format!("{} bytes", now.resident())) })
    })
}
