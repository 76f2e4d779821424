//! The measurement.

use std::{cell::RefCell, collections::BTreeSet, fmt};

use cairn_e2e::{Result, moto, progress::Progress};
use cairn_testkit::aws::Aws;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::{
    generate,
    measured::Measured,
    model::{Member, Model},
    recorder::Exchange,
    seen::Seen,
    trip::Trip,
};

/// So many pairs of specs show every member.
const CASES: u32 = 64;

/// Two specs for one resource, one after the other, for as many resources as [`CASES`]: AWS takes each, tells it back as
/// it is, and takes no second write.
fn play<M: Measured>() -> Seen<M::Place> {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let config = Config {
        cases: CASES,
        max_shrink_iters: 400,
        max_local_rejects: u32::MAX,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let seen = RefCell::new(Seen::default());
    let specs = generate::specs(&(M::KIND.spec)(), M::TEXTS);
    let pairs = (specs.clone(), specs).prop_map(M::coherent);
    let try_out = |specs: [Value; 2]| {
        let wire = runtime.block_on(round_trips::<M>(specs))?;
        let good = || wire.iter().filter(|exchange| exchange.status < 300);
        seen.borrow_mut().add(good().flat_map(M::asked), good().flat_map(M::told));
        Ok::<_, String>(())
    };
    for specs in M::rare() {
        try_out(specs.clone()).unwrap_or_else(|why| panic!("{specs:#?}: {why}"));
    }
    let outcome = runner.run(&pairs, |specs| try_out(specs).map_err(TestCaseError::fail));
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    seen.into_inner()
}

async fn round_trips<M: Measured>(mut specs: [Value; 2]) -> Result<Vec<Exchange>, String> {
    let aws = Aws::new();
    M::prepare(&aws, &mut specs).await;
    let mut trip = Trip::<M>::start(&aws).await;
    for spec in &specs {
        trip.apply(spec).await?;
    }
    Ok(trip.exchanges())
}

/// Measures a kind.
pub(crate) fn judge<M: Measured>() -> Result<Report> {
    let members = M::members(&Model::new(moto::api_model(M::MODEL, &Progress::quiet())?));
    let seen = play::<M>();
    let mut report = Report::default();
    let mut unused: BTreeSet<_> = M::LEFT_OUT.iter().map(|row| row.member).collect();
    for Member { name, place } in members {
        match M::LEFT_OUT.iter().find(|row| row.covers(&name)) {
            _ if seen.carries(&place) => report.carried.push(name),
            Some(row) if seen.shows(row.half, &place) => {
                unused.remove(row.member);
                report.left_out.push((name, row.reason));
            }
            _ => report.missing.push(name),
        }
    }
    report.unused = unused.into_iter().collect();
    Ok(report)
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    carried: Vec<String>,
    left_out: Vec<(String, &'static str)>,
    /// Members that no field carries.
    missing: Vec<String>,
    /// What is left out, and is carried or no member of the API.
    unused: Vec<&'static str>,
}

impl Report {
    /// Whether every member is either carried or left out.
    pub(crate) fn is_good(&self) -> bool {
        self.missing.is_empty() && self.unused.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.carried.iter().try_for_each(|name| writeln!(f, "carried   {name}"))?;
        self.left_out.iter().try_for_each(|(name, reason)| writeln!(f, "left out  {name}: {reason}"))?;
        self.missing.iter().try_for_each(|name| writeln!(f, "MISSING   {name}: no field carries it"))?;
        self.unused.iter().try_for_each(|name| writeln!(f, "UNUSED    {name}: it is carried, or there is none"))?;
        let all = self.carried.len() + self.left_out.len() + self.missing.len();
        write!(f, "{} of {all} members carried, {} left out", self.carried.len(), self.left_out.len())
    }
}
