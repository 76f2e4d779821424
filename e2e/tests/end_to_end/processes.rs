//! Operators that die, and operators that are two.

use std::{collections::BTreeSet, fmt::Write, time::Duration};

use cairn_e2e::{
    Result,
    error::ensure,
    operator::{Operator, Settings},
    wait::{Look, until_at},
};

use crate::fixture::{Room, SOON, alone, bucket, bucket_name};

/// What a killed operator leaves behind is its lease: the shortest that it can have.
const SHORT_LEASE: &[&str] = &["--leader-election-lease-seconds=5"];

#[test]
fn an_operator_killed_right_after_it_made_a_bucket_goes_on_with_that_bucket() -> Result<()> {
    alone("killed", |room| {
        for round in 0..4 {
            let object = format!("round-{round}");
            let name = bucket_name();
            let mut operator = room.stage.operator(&Settings { arguments: SHORT_LEASE, ..Settings::default() })?;
            room.kubectl.apply(&bucket(&object, &name, "  versioning: {status: Enabled}"))?;
            let made = until_made(room, &name);
            operator.kill();
            made.map_err(|error| error.with(operator.tail()))?;
            let mut operator = room.stage.operator(&Settings { arguments: SHORT_LEASE, ..Settings::default() })?;
            room.ready(&object).map_err(|error| error.with(operator.tail()))?;
            one_bucket_each(room, round + 1)?;
            let tags = room.s3().tags(&name)?;
            ensure(tags.get("cairn.run/name") == Some(&object), || format!("tags of {name}: {tags:?}"))?;
            operator.terminate()?;
        }
        Ok(())
    })
}

/// At the first sign of the bucket, so that the kill comes between its creation and what follows.
fn until_made(room: &Room, name: &str) -> Result<()> {
    until_at("a bucket in AWS", SOON, Duration::from_millis(2), || {
        Ok(if room.s3().exists(name)? { Look::Done(()) } else { Look::NotYet("none".into()) })
    })
}

fn one_bucket_each(room: &Room, objects: usize) -> Result<()> {
    let buckets = room.s3().buckets()?;
    ensure(buckets.len() == objects, || format!("{objects} objects have the buckets {buckets:?}"))
}

#[test]
fn of_two_operators_one_works_and_the_other_takes_over() -> Result<()> {
    alone("two", |room| {
        let mut operators = [
            room.stage.operator(&Settings { name: "cairn-0", ..Settings::default() })?,
            room.stage.operator(&Settings { name: "cairn-1", ..Settings::default() })?,
        ];
        let worked = fifty_buckets(room, &operators);
        let tails = || operators.iter().map(Operator::tail).collect::<Vec<_>>().join("\n\n");
        let idle = worked.map_err(|error| error.with(tails()))?;
        operators[1 - idle].terminate()?;
        let name = bucket_name();
        room.kubectl.apply(&bucket("afterwards", &name, ""))?;
        room.ready("afterwards").map_err(|error| error.with(operators[idle].tail()))?;
        one_bucket_each(room, 51)
    })
}

/// Gives the operator that had nothing to do.
fn fifty_buckets(room: &Room, operators: &[Operator; 2]) -> Result<usize> {
    let mut manifest = String::new();
    for number in 0..50 {
        let one = bucket(&format!("bucket-{number}"), &bucket_name(), "  versioning: {status: Enabled}");
        writeln!(manifest, "---\n{one}").ok();
    }
    room.kubectl.apply(&manifest)?;
    room.kubectl.run(&["wait", "--for=condition=Ready", "--timeout=120s", "bucket", "--all"])?;
    one_bucket_each(room, 50)?;
    let changes = [operators[0].mutations()?, operators[1].mutations()?];
    let idle: BTreeSet<_> = (0..2).filter(|operator| changes[*operator] == 0.0).collect();
    match idle.first() {
        Some(idle) if changes[1 - idle] >= 100.0 => Ok(*idle),
        _ => Err(cairn_e2e::Error::Wrong(format!("the operators changed AWS {changes:?} times"))),
    }
}
