//! How often which call met which fault.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::fault::{AWS_STEPS, Class, KUBERNETES_STEPS};

type Pair = (&'static str, Class);

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

    /// The pairs that were hit less than a twentieth as often as pairs are on average, once that says anything.
    pub(crate) fn hardly_hit(&self) -> Vec<Pair> {
        let hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<Pair> =
            Self::rows().flat_map(|(step, classes)| classes.iter().map(move |class| (step, *class))).collect();
        let mean = hits.values().sum::<u64>() / pairs.len().max(1) as u64;
        let count = |pair: &Pair| hits.get(pair).copied().unwrap_or_default();
        pairs.iter().filter(|pair| mean >= 40 && count(pair) < mean / 20).copied().collect()
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
