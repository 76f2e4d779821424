//! Objects with expressions, compiled.

use std::collections::BTreeMap;

use cairn_cel::check::Read;
use cairn_cel::template::Template;
use cairn_cel::{Bindings, EvalError, FaultKind, Program};
use serde_json::{Map, Value as Json};

use crate::problem::{field, index};
use crate::run::Allowance;

/// The most failures that are told of one object.
const MAX_FAILURES: usize = 10;

/// A part of an object.
#[derive(Debug)]
pub(crate) enum Part {
    /// Without expressions.
    Fixed(Json),
    /// A text with expressions.
    Text(Box<Slot>),
    /// An object with expressions in it.
    Object(Vec<(String, Part)>),
    /// A list with expressions in it.
    List(Vec<Part>),
}

/// A text with expressions, and where it is written.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) path: String,
    pub(crate) template: Template,
    pub(crate) reads: Vec<Read>,
}

/// An expression that failed, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) path: String,
    pub(crate) error: EvalError,
}

impl Failure {
    /// Whether waiting may help: something that is read is not there.
    pub(crate) fn may_come(&self) -> bool {
        matches!(self.error.kind, FaultKind::Absent | FaultKind::Unbound)
    }
}

impl Part {
    /// Puts compiled texts into an object; `texts` has them by path.
    pub(crate) fn new(value: &Json, path: &str, texts: &mut BTreeMap<String, Template>) -> Self {
        match value {
            Json::String(_) => match texts.remove(path) {
                Some(template) => {
                    let reads = super::reads::all(template.programs());
                    Self::Text(Box::new(Slot { path: path.to_owned(), template, reads }))
                }
                None => Self::Fixed(value.clone()),
            },
            Json::Object(fields) => {
                let parts: Vec<(String, Self)> = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::new(value, &field(path, name), texts)))
                    .collect();
                let fixed = parts.iter().all(|(_, part)| matches!(part, Self::Fixed(_)));
                if fixed { Self::Fixed(value.clone()) } else { Self::Object(parts) }
            }
            Json::Array(items) => {
                let items = items.iter().enumerate();
                let parts: Vec<Self> = items.map(|(at, item)| Self::new(item, &index(path, at), texts)).collect();
                let fixed = parts.iter().all(|part| matches!(part, Self::Fixed(_)));
                if fixed { Self::Fixed(value.clone()) } else { Self::List(parts) }
            }
            other => Self::Fixed(other.clone()),
        }
    }

    /// Every expression in it.
    pub(crate) fn programs(&self) -> Vec<&Program> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Text(slot) => slot.template.programs(),
            Self::Object(parts) => parts.iter().flat_map(|(_, part)| part.programs()).collect(),
            Self::List(parts) => parts.iter().flat_map(Self::programs).collect(),
        }
    }

    /// A field, if it is an object that has it.
    pub(crate) fn get(&self, name: &str) -> Option<PartRef<'_>> {
        match self {
            Self::Fixed(value) => value.get(name).map(PartRef::Fixed),
            Self::Object(parts) => parts.iter().find(|(known, _)| known == name).map(|(_, part)| PartRef::Part(part)),
            Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The value, or nothing where the field that it fills is left out.
    ///
    /// # Errors
    /// Every expression that fails; those after the first only where all that fail may still succeed.
    pub(crate) fn render(
        &self,
        bindings: &Bindings<'_>,
        allowance: &mut Allowance,
    ) -> Result<Option<Json>, Vec<Failure>> {
        let mut failures = Vec::new();
        let value = self.put(bindings, allowance, &mut failures);
        if failures.is_empty() { Ok(value) } else { Err(failures) }
    }

    fn put(&self, bindings: &Bindings<'_>, allowance: &mut Allowance, failures: &mut Vec<Failure>) -> Option<Json> {
        if failures.len() >= MAX_FAILURES || failures.iter().any(|failure| !failure.may_come()) {
            return None;
        }
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Text(slot) => match allowance.text(&slot.template, bindings) {
                Ok(value) => value,
                Err(error) => {
                    failures.push(Failure { path: slot.path.clone(), error });
                    None
                }
            },
            Self::Object(parts) => {
                let mut out = Map::new();
                for (name, part) in parts {
                    if let Some(value) = part.put(bindings, allowance, failures) {
                        out.insert(name.clone(), value);
                    }
                }
                Some(Json::Object(out))
            }
            Self::List(parts) => {
                Some(Json::Array(parts.iter().filter_map(|part| part.put(bindings, allowance, failures)).collect()))
            }
        }
    }
}

/// A part of a part.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PartRef<'p> {
    /// Without expressions.
    Fixed(&'p Json),
    /// With expressions.
    Part(&'p Part),
}

impl<'p> PartRef<'p> {
    /// A field.
    pub(crate) fn get(self, name: &str) -> Option<PartRef<'p>> {
        match self {
            Self::Fixed(value) => value.get(name).map(PartRef::Fixed),
            Self::Part(part) => part.get(name),
        }
    }

    /// The value; as [`Part::render`].
    pub(crate) fn render(
        self,
        bindings: &Bindings<'_>,
        allowance: &mut Allowance,
    ) -> Result<Option<Json>, Vec<Failure>> {
        match self {
            Self::Fixed(value) => Ok(Some(value.clone())),
            Self::Part(part) => part.render(bindings, allowance),
        }
    }
}
