//! How much of a bucket's configuration, as the S3 API describes it, is carried by the spec of a Bucket.
//!
//! Specs are generated from the schema of the kind and applied through the kind's own plan and calls to the S3 of
//! `cairn-testkit`; all that goes over the wire is recorded. A member of the API's model is carried when a request that
//! a generated spec led to had it, an answer told it back with the same value, and the plan that follows had nothing
//! left to write. [`left_out`] holds what is left out on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

mod bucket;
mod coherent;
mod generate;
mod left_out;
mod model;
mod recorder;
mod refused;
mod rules;
mod seen;

use std::{cell::RefCell, collections::BTreeSet};

use cairn_e2e::{Result, moto, progress::Progress};
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use tokio::runtime::Builder;

use self::{bucket::Trip, left_out::LEFT_OUT, model::Model, seen::Seen};

/// So many pairs of specs show every member.
const CASES: u32 = 64;

/// Two specs for one bucket, one after the other, for as many buckets as [`CASES`]: AWS takes each, tells it back as it
/// is, and takes no second write.
fn play() -> Seen {
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
    let specs = generate::bucket();
    let pairs = (specs.clone(), specs).prop_map(coherent::pair);
    let outcome = runner.run(&pairs, |specs| {
        let wire = runtime.block_on(round_trips(&specs)).map_err(TestCaseError::fail)?;
        seen.borrow_mut().add(&wire);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    seen.into_inner()
}

async fn round_trips(specs: &[serde_json::Value; 2]) -> Result<Vec<recorder::Exchange>, String> {
    let mut trip = Trip::start().await;
    for spec in specs {
        trip.apply(spec).await?;
    }
    Ok(trip.exchanges())
}

#[test]
fn every_member_of_a_buckets_configuration_is_carried() -> Result<()> {
    let model = Model::new(moto::api_model("s3", &Progress::quiet())?);
    let seen = play();
    let (mut missing, mut unused) = (Vec::new(), LEFT_OUT.iter().map(|row| row.member).collect::<BTreeSet<_>>());
    let members = model.members();
    for member in &members {
        match LEFT_OUT.iter().find(|row| row.covers(&member.name)) {
            _ if seen.carries(member) => println!("carried   {}", member.name),
            Some(row) if seen.shows(row.half, member) => {
                unused.remove(row.member);
                println!("left out  {}: {}", member.name, row.reason);
            }
            _ => missing.push(member.name.clone()),
        }
    }
    println!("{} members", members.len());
    assert_eq!(missing, [""; 0], "no field of a Bucket carries these");
    assert_eq!(unused, BTreeSet::new(), "these are carried, or the API has no such members");
    Ok(())
}
