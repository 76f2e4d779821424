//! Which variables an expression may read.

use std::fmt;

use crate::definition::Node;

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usage {
    /// It fills a template, or a reference to objects of others.
    Template,
    /// It tells when a resource is ready.
    ReadyWhen,
    /// It tells whether a resource is part of an instance.
    IncludeWhen,
    /// It is a list that a resource is made for each element of.
    ForEach,
    /// It fills the status of the instance.
    Status,
    /// It makes conditions of the instance.
    Conditions,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Template => "a template",
            Self::ReadyWhen => "readyWhen",
            Self::IncludeWhen => "includeWhen",
            Self::ForEach => "forEach",
            Self::Status => "the status",
            Self::Conditions => "status.conditions",
        })
    }
}

/// Why an expression may not read a variable that exists, if so.
pub(super) fn refusal(usage: Usage, node: Option<&Node>, variable: &str) -> Option<String> {
    let node = node?;
    let own = node.id.as_str();
    let iterates = node.for_each.iter().any(|iterator| iterator.name.as_str() == variable);
    match usage {
        Usage::ReadyWhen if variable != own && variable != "each" => {
            let each = if node.for_each.is_empty() { "" } else { " and `each`" };
            Some(format!("readyWhen may only read the resource itself, `{own}`{each}; it reads {variable:?}"))
        }
        Usage::Template | Usage::IncludeWhen | Usage::ForEach if variable == own => {
            Some(format!("{own:?} refers to itself: self references are not allowed in {usage}"))
        }
        Usage::IncludeWhen | Usage::ForEach if iterates => {
            Some(format!("the iterator {variable:?} can only be read in the template, and this is {usage}"))
        }
        _ => None,
    }
}
