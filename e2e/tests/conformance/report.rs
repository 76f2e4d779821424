//! What came of it.

use std::{collections::BTreeMap, fmt, time::Duration};

use crate::{
    answer::Answer,
    canon::Canon,
    compare::differences,
    deviations::DEVIATIONS,
    play::Played,
    script::{Action, Body, Class, Request, Step},
};

/// So many requests are compared at least.
const LEAST: usize = 2_000;

/// So many of each class.
const LEAST_OF_A_CLASS: usize = 20;

/// So many disagreements are shown.
const SHOWN: usize = 12;

/// So much of one difference is shown, in characters.
const LONGEST_LINE: usize = 600;

/// The comparison of all answers.
pub(crate) struct Report {
    seed: u64,
    counts: BTreeMap<Class, usize>,
    forgiven: Vec<usize>,
    disagreements: Vec<String>,
    /// Disagreements about nothing but versions and UIDs.
    shifted: Vec<String>,
    /// So many steps were not played in time.
    unplayed: usize,
    times: BTreeMap<&'static str, Duration>,
}

impl Report {
    pub(crate) fn new(seed: u64, script: &[Step], real: &Played) -> Self {
        let mut report = Self {
            seed,
            counts: BTreeMap::new(),
            forgiven: vec![0; DEVIATIONS.len()],
            disagreements: Vec::new(),
            shifted: Vec::new(),
            unplayed: script.len().saturating_sub(real.answers.len()),
            times: real.times.clone(),
        };
        let (mut testkit_words, mut real_words) = (Canon::default(), Canon::default());
        let mut ordered = true;
        for (index, (step, answer)) in script.iter().zip(&real.answers).enumerate() {
            if ordered && matches!(step.action, Action::AwaitCollector) {
                // From here on two servers write at once, and nobody knows which comes first.
                report.compare_order(&testkit_words, &real_words);
                ordered = false;
                testkit_words.forget_order();
                real_words.forget_order();
            }
            let (mut testkit, mut real) = (testkit_words.answer(&step.answer), real_words.answer(answer));
            let Some(class) = step.class else { continue };
            *report.counts.entry(class).or_default() += 1;
            for (row, deviation) in DEVIATIONS.iter().enumerate() {
                if testkit != real && (deviation.forgive)(step, &mut testkit, &mut real) {
                    report.forgiven[row] += 1;
                }
            }
            let found = differences(&testkit, &real);
            if !found.is_empty() {
                let said = |answer: &Answer| answer.body["message"].as_str().unwrap_or_default().to_owned();
                let said = [said(&step.answer), said(answer)].map(|said| said.chars().take(300).collect::<String>());
                let follows = |line: &String| line.contains(".resourceVersion:") || line.contains(".uid:");
                let only_versions = found.iter().all(follows);
                let found: Vec<String> = found.iter().map(|line| line.chars().take(LONGEST_LINE).collect()).collect();
                let text = format!("{index}: {}\n  {}\n  said {said:?}", show(step), found.join("\n  "));
                // What follows from a write that only one of them made is told last.
                if only_versions { report.shifted.push(text) } else { report.disagreements.push(text) }
            }
        }
        if ordered {
            report.compare_order(&testkit_words, &real_words);
        }
        report
    }

    fn compare_order(&mut self, testkit: &Canon, real: &Canon) {
        if testkit.order() != real.order() {
            let (a, b) = (testkit.order(), real.order());
            let at = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
            self.disagreements.push(format!(
                "the order of writes: {:?} against {:?}",
                a.iter().skip(at).take(5).collect::<Vec<_>>(),
                b.iter().skip(at).take(5).collect::<Vec<_>>()
            ));
        }
    }

    fn total(&self) -> usize {
        self.counts.values().sum()
    }

    fn rare(&self) -> Vec<Class> {
        ALL.iter()
            .filter(|class| self.counts.get(class).is_none_or(|count| *count < LEAST_OF_A_CLASS))
            .copied()
            .collect()
    }

    /// Whether both servers are alike as far as was tried, and enough was tried.
    pub(crate) fn is_good(&self) -> bool {
        let unused = self.forgiven.contains(&0);
        self.unplayed == 0
            && self.disagreements.is_empty()
            && self.shifted.is_empty()
            && self.total() >= LEAST
            && self.rare().is_empty()
            && !unused
    }
}

/// All classes, each of which must be tried.
const ALL: [Class; 28] = [
    Class::Create,
    Class::CreateGenerated,
    Class::Get,
    Class::GetMetadata,
    Class::List,
    Class::ListSelected,
    Class::ListPaged,
    Class::ListVersion,
    Class::Update,
    Class::MergePatch,
    Class::JsonPatch,
    Class::Apply,
    Class::ApplyForced,
    Class::Status,
    Class::StatusApply,
    Class::Scale,
    Class::Finalizers,
    Class::Owners,
    Class::Delete,
    Class::DeletePrecondition,
    Class::DeletePropagation,
    Class::DeleteCollection,
    Class::DryRun,
    Class::Strict,
    Class::Bad,
    Class::Watch,
    Class::WatchInitial,
    Class::WatchLive,
];

fn show(step: &Step) -> String {
    let class = step.class.map(|class| format!("{class:?}")).unwrap_or_default();
    match &step.action {
        Action::Send(request) | Action::SendTogether(request) | Action::Open(request) => {
            format!("{class} {}", show_request(request))
        }
        other => format!("{class} {other:?}"),
    }
}

fn show_request(request: &Request) -> String {
    let query: Vec<String> = request.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let body = match &request.body {
        Body::Nothing => String::new(),
        Body::Json(body) => body.to_string(),
        Body::Text(text) => format!("{text:?}"),
        Body::Edited { step, edit } => format!("the answer to {step} with {edit}"),
    };
    format!("{} {} {} {} {body}", request.method, request.path, query.join("&"), request.media)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {} requests compared", self.seed, self.total())?;
        for (class, count) in &self.counts {
            writeln!(f, "  {count:5} {class:?}")?;
        }
        for (sort, time) in &self.times {
            writeln!(f, "  {:5.1} s for {sort}", time.as_secs_f64())?;
        }
        if self.unplayed > 0 {
            writeln!(f, "the time was up before {} steps", self.unplayed)?;
        }
        for (deviation, count) in DEVIATIONS.iter().zip(&self.forgiven) {
            writeln!(f, "  {count:5} times {}: {}", deviation.name, deviation.reason)?;
        }
        if !self.rare().is_empty() {
            writeln!(f, "hardly used: {:?}", self.rare())?;
        }
        for disagreement in self.disagreements.iter().take(SHOWN).chain(self.shifted.iter().take(2)) {
            writeln!(f, "{disagreement}")?;
        }
        let (all, shifted) = (self.disagreements.len(), self.shifted.len());
        write!(f, "{all} disagreements, and {shifted} about nothing but versions and UIDs")
    }
}
