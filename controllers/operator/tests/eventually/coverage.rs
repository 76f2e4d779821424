//! How often which call met which fault.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::fault::{AWS_STEPS, Class, KUBERNETES_STEPS};

type Pair = (&'static str, Class);

/// The names of those that were counted hardly ever, where they are counted so often on average that it says anything.
fn rare((counts, telling): (&BTreeMap<String, u64>, u64)) -> Vec<String> {
    let mean = counts.values().sum::<u64>() / counts.len().max(1) as u64;
    let rare = counts.iter().filter(|(_, count)| mean >= telling && **count < mean / 20);
    rare.map(|(name, count)| format!("{name} ({count}, on average {mean})")).collect()
}

/// Hits by pair. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage(Arc<Mutex<BTreeMap<Pair, u64>>>);

impl Coverage {
    pub(crate) fn hit(&self, step: &'static str, class: Class) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((step, class)).or_default() += 1;
    }

    fn rows() -> impl Iterator<Item = (&'static str, &'static [Class])> {
        let aws = AWS_STEPS.iter().map(|step| (*step, Class::OF_AWS));
        aws.chain(KUBERNETES_STEPS.iter().map(|step| (*step, Class::OF_KUBERNETES)))
    }

    /// The steps, the classes and the pairs that were hit less than a twentieth as often as their like are on average. A
    /// run of some hundreds of seeds tells for steps and classes, one of some thousands for pairs.
    pub(crate) fn hardly_hit(&self) -> Vec<String> {
        let hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut steps, mut classes, mut pairs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (step, class) in Self::rows().flat_map(|(step, of)| of.iter().map(move |class| (step, *class))) {
            let count = hits.get(&(step, class)).copied().unwrap_or_default();
            *steps.entry(step.to_owned()).or_default() += count;
            *classes.entry(format!("{class:?}")).or_default() += count;
            pairs.insert(format!("{class:?} of {step}"), count);
        }
        [(&steps, 100), (&classes, 100), (&pairs, 100)].into_iter().flat_map(rare).collect()
    }

    #[expect(clippy::print_stdout, reason = "the run says what it tried")]
    pub(crate) fn print(&self) {
        let hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (step, classes) in Self::rows() {
            let cell = |class: &Class| format!("{class:?} {}", hits.get(&(step, *class)).copied().unwrap_or_default());
            let cells: Vec<_> = classes.iter().map(cell).collect();
            println!("{step:28} {}", cells.join(", "));
        }
    }
}
