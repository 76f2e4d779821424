//! The measurement.

use std::{cell::RefCell, collections::BTreeSet};

use cairn_e2e::{Result, moto, progress::Progress};
use cairn_testkit::aws::Aws;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::{generate, measured::Measured, model::Model, recorder::Exchange, seen::Seen, trip::Trip};

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

/// Fails where a member is neither carried nor left out, and where one that is left out is carried.
pub(crate) fn judge<M: Measured>() -> Result<()> {
    let members = M::members(&Model::new(moto::api_model(M::MODEL, &Progress::quiet())?));
    let seen = play::<M>();
    let (mut missing, mut unused) = (Vec::new(), M::LEFT_OUT.iter().map(|row| row.member).collect::<BTreeSet<_>>());
    for member in &members {
        match M::LEFT_OUT.iter().find(|row| row.covers(&member.name)) {
            _ if seen.carries(&member.place) => println!("carried   {}", member.name),
            Some(row) if seen.shows(row.half, &member.place) => {
                unused.remove(row.member);
                println!("left out  {}: {}", member.name, row.reason);
            }
            _ => missing.push(member.name.clone()),
        }
    }
    println!("{} members", members.len());
    assert_eq!(missing, [""; 0], "no field carries these");
    assert_eq!(unused, BTreeSet::new(), "these are carried, or the API has no such members");
    Ok(())
}
