//! The in-process AWS of `cairn-testkit`, held against moto: a script of requests to S3, S3 Control and DynamoDB goes to both, and
//! the answers must mean the same, but for a closed table of rows in which AWS's own words say that moto is wrong.

mod canon;
mod copies;
mod deviations;
mod dynamodb;
mod play;
mod s3;
mod s3control;
mod script;

use std::{collections::BTreeMap, fmt};

use cairn_e2e::{Result, moto::Moto, progress::Progress};

use self::{
    canon::{Raw, meaning},
    script::{Ask, Script, Step},
};
use crate::compare::differences;

/// So many requests are compared at least.
const LEAST: usize = 400;

#[test]
fn the_testkit_answers_as_aws_does() -> Result<()> {
    let mut script = Script::default();
    s3::script(&mut script);
    s3control::script(&mut script);
    dynamodb::script(&mut script);
    copies::script(&mut script);
    let testkit = play::play_testkit(&script.steps);
    let moto = play::play_moto(&Moto::start(&Progress::quiet())?, &script.steps)?;
    let report = Report::new(&script.steps, &testkit, &moto);
    println!("{report}");
    assert!(report.is_good(), "the testkit's AWS is not like moto");
    Ok(())
}

/// What came of it.
#[derive(Debug)]
struct Report {
    counts: BTreeMap<&'static str, usize>,
    forgiven: Vec<usize>,
    disagreements: Vec<String>,
}

impl Report {
    fn new(steps: &[Step], testkit: &[Raw], moto: &[Raw]) -> Self {
        let mut report =
            Self { counts: BTreeMap::new(), forgiven: vec![0; deviations::all().count()], disagreements: Vec::new() };
        for (index, ((step, testkit), moto)) in steps.iter().zip(testkit).zip(moto).enumerate() {
            if !matches!(step.ask, Ask::Rest) {
                *report.counts.entry(step.operation).or_default() += 1;
                report.compare(index, step, testkit, moto);
            }
        }
        report
    }

    fn compare(&mut self, index: usize, step: &Step, testkit: &Raw, moto: &Raw) {
        let (mut ours, mut theirs) = (meaning(&step.ask, testkit), meaning(&step.ask, moto));
        for (row, deviation) in deviations::all().enumerate() {
            if ours != theirs && (deviation.forgive)(step, &mut ours, &mut theirs) {
                self.forgiven[row] += 1;
            }
        }
        let found = differences(&ours, &theirs);
        if !found.is_empty() {
            let said = [testkit, moto].map(|raw| raw.body.chars().take(400).collect::<String>());
            let asked = format!("{:?}", step.ask).chars().take(400).collect::<String>();
            self.disagreements.push(format!(
                "{index}: {asked}\n  {}\n  said {said:?}",
                found.join("\n  ").replace("Kubernetes", "moto")
            ));
        }
    }

    fn is_good(&self) -> bool {
        let total: usize = self.counts.values().sum();
        self.disagreements.is_empty() && total >= LEAST && !self.forgiven.contains(&0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} requests to AWS compared", self.counts.values().sum::<usize>())?;
        for (operation, count) in &self.counts {
            writeln!(f, "  {count:5} {operation}")?;
        }
        for (deviation, count) in deviations::all().zip(&self.forgiven) {
            writeln!(f, "  {count:5} times {} ({})", deviation.name, deviation.source)?;
        }
        for disagreement in &self.disagreements {
            writeln!(f, "{disagreement}")?;
        }
        write!(f, "{} disagreements", self.disagreements.len())
    }
}
