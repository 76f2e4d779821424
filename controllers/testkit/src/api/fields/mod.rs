//! Sets of fields, as `metadata.managedFields` records them.

mod element;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::{
    element::{Element, show},
    wire::{from_v1, to_v1},
};
use super::schema::Schema;

/// A set of paths.
///
/// A path may be a member whether or not longer ones are: whoever owns an item of a list need not own all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Set {
    members: BTreeSet<Element>,
    children: BTreeMap<Element, Set>,
}

impl Set {
    /// The set of some paths of field names.
    pub(crate) fn of(paths: &[&[&str]]) -> Self {
        let mut set = Self::default();
        for path in paths {
            set.insert(&path.iter().map(|name| Element::Field((*name).to_owned())).collect::<Vec<_>>());
        }
        set
    }

    /// Adds one path; the whole object, whose path is empty, has no owner.
    pub(crate) fn insert(&mut self, path: &[Element]) {
        match path {
            [] => {}
            [only] => drop(self.members.insert(only.clone())),
            [first, rest @ ..] => self.children.entry(first.clone()).or_default().insert(rest),
        }
    }

    pub(crate) fn contains(&self, path: &[Element]) -> bool {
        match path {
            [] => false,
            [only] => self.members.contains(only),
            [first, rest @ ..] => self.children.get(first).is_some_and(|child| child.contains(rest)),
        }
    }

    /// Whether the element itself is a member.
    pub(crate) fn has(&self, element: &Element) -> bool {
        self.members.contains(element)
    }

    /// What is below an element, unless nothing is.
    pub(crate) fn below(&self, element: &Element) -> Option<&Self> {
        self.children.get(element).filter(|child| !child.is_empty())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Self::is_empty)
    }

    /// All paths, in order.
    pub(crate) fn paths(&self) -> Vec<Vec<Element>> {
        let mut paths = Vec::new();
        self.collect(&mut Vec::new(), &mut paths);
        paths
    }

    fn collect(&self, prefix: &mut Vec<Element>, paths: &mut Vec<Vec<Element>>) {
        for member in &self.members {
            paths.push(prefix.iter().chain([member]).cloned().collect());
        }
        for (element, child) in &self.children {
            prefix.push(element.clone());
            child.collect(prefix, paths);
            prefix.pop();
        }
    }

    /// What is in either.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        union.members.extend(other.members.iter().cloned());
        for (element, child) in &other.children {
            let mine = union.children.entry(element.clone()).or_default();
            *mine = mine.union(child);
        }
        union
    }

    /// What is in both.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let common = |(element, child): (&Element, &Self)| {
            Some((element.clone(), child.intersection(other.children.get(element)?)))
        };
        Self {
            members: self.members.intersection(&other.members).cloned().collect(),
            children: self.children.iter().filter_map(common).filter(|(_, child)| !child.is_empty()).collect(),
        }
    }

    /// What is here and not there, path by path.
    pub(crate) fn difference(&self, other: &Self) -> Self {
        let rest = |(element, child): (&Element, &Self)| {
            let left = other.children.get(element).map_or_else(|| child.clone(), |theirs| child.difference(theirs));
            (element.clone(), left)
        };
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: self.children.iter().map(rest).filter(|(_, child)| !child.is_empty()).collect(),
        }
    }

    /// What is here and neither there nor below anything there.
    pub(crate) fn without_trees(&self, other: &Self) -> Self {
        let rest = |(element, child): (&Element, &Self)| {
            if other.members.contains(element) {
                return None;
            }
            let left = other.children.get(element).map_or_else(|| child.clone(), |theirs| child.without_trees(theirs));
            Some((element.clone(), left))
        };
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: self.children.iter().filter_map(rest).filter(|(_, child)| !child.is_empty()).collect(),
        }
    }

    /// The set with every declared field that is on the way to a member.
    ///
    /// Sets leave these out: they would belong to whoever set anything below them.
    pub(crate) fn with_declared(&self, schema: &Schema) -> Self {
        let mut full = Self { members: self.members.clone(), children: BTreeMap::new() };
        for (element, child) in &self.children {
            let below = match element {
                Element::Field(name) => {
                    if schema.declares(name) {
                        full.members.insert(element.clone());
                    }
                    schema.field(name)
                }
                _ => schema.item(),
            };
            full.children.insert(element.clone(), child.with_declared(below.unwrap_or(Schema::any())));
        }
        full
    }
}

#[cfg(test)]
mod tests;
