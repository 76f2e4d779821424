//! The in-process API server of `cairn-testkit`, held against kube-apiserver and kube-controller-manager: a generated
//! script of requests goes to both, and the answers must be the same but for what cannot be.
//!
//! The script comes from a seed, which is printed; `CAIRN_CONFORMANCE_SEED` replays another one. It is made while it
//! runs against the testkit, whose state says what the next request might be about; then it is sent to the real ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod answer;
mod canon;
mod compare;
mod deviations;
mod generate;
mod play;
mod report;
mod rng;
mod script;
mod server;
mod things;

use std::{env, time::Duration};

use cairn_e2e::{Result, cluster::Cluster, progress::Progress, session};

use crate::{
    play::{play_real, play_sim},
    report::Report,
};

/// Replays the script of another seed.
const SEED: &str = "CAIRN_CONFORMANCE_SEED";

/// The script of every day.
const DEFAULT_SEED: u64 = 20_260_101;

/// How long the real control plane may take for the script; on a quiet machine it takes half of that.
const LIMIT: Duration = Duration::from_mins(5);

#[test]
fn the_testkit_answers_as_kubernetes_does() -> Result<()> {
    let seed = env::var(SEED).ok().and_then(|seed| seed.parse().ok()).unwrap_or(DEFAULT_SEED);
    println!("{SEED}={seed}");
    let script = play_sim(seed);
    let cluster = Cluster::start(&Progress::quiet())?;
    let answers = play_real(&cluster, &script, LIMIT).inspect_err(|_| {
        session::keep_logs().ok();
    })?;
    let report = Report::new(seed, &script, &answers);
    println!("{report}");
    assert!(report.is_good(), "the testkit is not like Kubernetes; {SEED}={seed} says so again");
    cluster.stop()
}
