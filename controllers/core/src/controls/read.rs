//! Reading annotations so that no bad value is lost.

use std::{cell::RefCell, fmt};

use cairn_crds::{Groups, annotation::Annotation};

use super::{Annotations, forms};

/// How much of a bad value is repeated, in characters.
const LONGEST_VALUE: usize = 64;

/// Values that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// One sentence for each, without a full stop: key, place, value and what is expected.
    pub problems: Vec<String>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("; "))
    }
}

impl std::error::Error for Invalid {}

/// Whose annotation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Object,
    Namespace,
}

pub(super) struct Reader<'a> {
    object: &'a Annotations,
    namespace: &'a Annotations,
    service: &'a str,
    groups: &'a Groups,
    problems: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        object: &'a Annotations,
        namespace: &'a Annotations,
        service: &'a str,
        groups: &'a Groups,
    ) -> Self {
        Self { object, namespace, service, groups, problems: RefCell::default() }
    }

    /// The parsed value; `None` where there is none, and where it is bad, which [`Self::finish`] tells.
    pub(super) fn read<T>(&self, place: Place, row: &Annotation, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let name = row.name(self.groups, self.service);
        let (annotations, whose) = match place {
            Place::Object => (self.object, ""),
            Place::Namespace => (self.namespace, " of the namespace"),
        };
        let value = annotations.get(&name)?;
        let parsed = parse(value);
        if parsed.is_none() {
            let (value, expected) = (shown(value), row.form.expected());
            let problem = format!("annotation {name}{whose} is `{value}`; it must be {expected}");
            self.problems.borrow_mut().push(problem);
        }
        parsed
    }

    /// Whether the annotation is `true`; `false` is as if it were absent.
    pub(super) fn says(&self, place: Place, row: &Annotation) -> bool {
        self.read(place, row, forms::boolean).unwrap_or_default()
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Invalid> {
        let problems = self.problems.into_inner();
        if problems.is_empty() { Ok(value) } else { Err(Invalid { problems }) }
    }
}

fn shown(value: &str) -> String {
    if value.chars().nth(LONGEST_VALUE).is_none() {
        return value.into();
    }
    value.chars().take(LONGEST_VALUE).chain(['…']).collect()
}
