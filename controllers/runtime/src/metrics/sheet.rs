//! Metrics by name: registered and described in one go, so that the reference page tells what is there.

use prometheus_client::{
    metrics::family::Family,
    registry::{Metric, Registry, Unit},
};

/// The prefix of every name.
pub(super) const PREFIX: &str = "cairn";

/// The names of the labels of a metric.
pub(super) trait Labels {
    const NAMES: &'static [&'static str];
}

/// Defines the labels of a metric.
macro_rules! labels {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, prometheus_client::encoding::EncodeLabelSet)]
        pub(super) struct $name {
            $(pub(super) $field: $type),*
        }

        impl $crate::metrics::sheet::Labels for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
        }
    };
}
pub(super) use labels;

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number that grows from the start of the process.
    Counter,
    /// A number that goes up and down.
    Gauge,
    /// How durations in seconds are distributed.
    Histogram,
}

impl Form {
    /// The form in a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One metric as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its full name; that of a histogram without the endings of its series.
    pub name: String,
    /// What it is.
    pub form: Form,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it tells, in one sentence.
    pub meaning: &'static str,
}

/// Where metrics are registered.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) registry: Registry,
    pub(super) descriptions: Vec<Description>,
}

impl Sheet {
    pub(super) fn new() -> Self {
        Self { registry: Registry::with_prefix(PREFIX), descriptions: Vec::new() }
    }

    /// Registers a metric without labels.
    pub(super) fn single(&mut self, name: &str, form: Form, meaning: &'static str, metric: &(impl Metric + Clone)) {
        self.add(name, form, &[], meaning, metric);
    }

    /// Registers a metric with labels.
    pub(super) fn family<L, M, C>(&mut self, name: &str, form: Form, meaning: &'static str, family: &Family<L, M, C>)
    where
        L: Labels,
        Family<L, M, C>: Metric + Clone,
    {
        self.add(name, form, L::NAMES, meaning, family);
    }

    fn add(
        &mut self,
        name: &str,
        form: Form,
        labels: &'static [&'static str],
        meaning: &'static str,
        metric: &(impl Metric + Clone),
    ) {
        let ending = match form {
            Form::Counter => "_total",
            Form::Gauge => "",
            Form::Histogram => "_seconds",
        };
        match form {
            Form::Histogram => self.registry.register_with_unit(name, meaning, Unit::Seconds, metric.clone()),
            Form::Counter | Form::Gauge => self.registry.register(name, meaning, metric.clone()),
        }
        self.descriptions.push(Description { name: format!("{PREFIX}_{name}{ending}"), form, labels, meaning });
    }
}
