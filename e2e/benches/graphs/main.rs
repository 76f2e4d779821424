//! `cargo bench --bench graphs`: instances of a chain of five resources, created and deleted by the operator over a real
//! control plane, as a ratio to a bare loop that sends the same requests in the same order with the same client.
//!
//! The ratio is told beside its target and never judged. The numbers of instances are those of `CAIRN_BENCH_INSTANCES`,
//! separated by commas; 100 and 1,000 where it says nothing.

mod bare;
mod chain;
mod cluster;

use std::{
    env,
    io::{Write, stderr, stdout},
    process::ExitCode,
    time::Duration,
};

use cairn_e2e::{Error, Result, operator::Settings, progress::Progress, session, stage::Stage};

use crate::cluster::Cluster;

const COUNTS: &str = "CAIRN_BENCH_INSTANCES";
/// At most so many times what the bare loop takes.
const TARGET: f64 = 2.0;
/// What is first is slower on both sides, and is not measured.
const WARM_UP: u32 = 20;

fn main() -> ExitCode {
    let outcome = measure();
    session::finish();
    let (written, code) = match outcome {
        Ok(text) => (stdout().write_all(text.as_bytes()), ExitCode::SUCCESS),
        Err(error) => (stderr().write_all(format!("\nThe benchmark failed: {error}\n").as_bytes()), ExitCode::FAILURE),
    };
    // Where nobody can be told, the exit code still tells.
    written.ok();
    code
}

fn measure() -> Result<String> {
    let counts = counts()?;
    let stage = Stage::start(Progress::every_step())?;
    let operator = stage.operator(&Settings::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|source| Error::Io { what: "a runtime".into(), source })?;
    let measured = runtime.block_on(async {
        let cluster = Cluster::connect(&stage).await?;
        chain::define(&cluster).await?;
        bare::define(&cluster).await?;
        round(&stage, &cluster, WARM_UP).await?;
        let mut text = format!("\n{:<36} {:>10} {:>10} {:>7}   target\n", "", "operator", "bare loop", "ratio");
        for count in counts {
            for row in round(&stage, &cluster, count).await? {
                text.push_str(&row);
            }
        }
        Ok(text)
    });
    measured.map_err(|error: Error| error.with(operator.tail()))
}

/// Creates and deletes so many instances, in both ways.
async fn round(stage: &Stage, cluster: &Cluster, count: u32) -> Result<[String; 2]> {
    let (ours, theirs) = (format!("chains-{count}"), format!("bare-{count}"));
    for namespace in [&ours, &theirs] {
        stage.kubectl()?.create_namespace(namespace)?;
    }
    let created = chain::create(cluster, &ours, count).await?;
    let pattern = chain::pattern(cluster, &ours).await?;
    let deleted = chain::delete(cluster, &ours, count).await?;
    let bare_created = bare::create(cluster, &theirs, &pattern, count).await?;
    let bare_deleted = bare::delete(cluster, &theirs, count).await?;
    stage.progress.step(&format!("{count} instances have come and gone"));
    let row = |what: &str, ours: Duration, bare: Duration| {
        let (ours, bare) = (ours.as_secs_f64(), bare.as_secs_f64());
        let what = format!("{count} instances of five, {what}");
        format!("{what:<36} {ours:>8.2} s {bare:>8.2} s {:>7.2}   {TARGET:.1}\n", ours / bare)
    };
    Ok([row("created", created, bare_created), row("deleted", deleted, bare_deleted)])
}

fn counts() -> Result<Vec<u32>> {
    let text = env::var(COUNTS).unwrap_or_else(|_| "100,1000".into());
    let number = |part: &str| {
        part.trim().parse().map_err(|_| Error::Wrong(format!("{COUNTS}: numbers are expected, not `{text}`")))
    };
    text.split(',').map(number).collect()
}
