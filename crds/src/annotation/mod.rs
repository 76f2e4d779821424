//! The annotations by which people steer Cairn: one closed table, from which the controller's reader, the chart's
//! admission policies and the reference page derive.

mod form;
mod table;

use crate::Groups;

pub use form::Form;
pub use table::*;

/// What stands before the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// The suffix of all AWS groups: `<suffix>/<key>`.
    Suffix,
    /// The group of one AWS service: `<service>.<suffix>/<key>`.
    Service,
    /// Nothing: the key is complete and another project's.
    Foreign,
}

/// The objects on which an annotation is honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Objects of the AWS kinds.
    Object,
    /// Namespaces, for all objects of AWS kinds in them.
    Namespace,
    /// Both.
    Both,
}

impl Place {
    /// Whether objects of AWS kinds may carry it.
    #[must_use]
    pub fn on_objects(self) -> bool {
        self != Self::Namespace
    }

    /// Whether Namespaces may carry it.
    #[must_use]
    pub fn on_namespaces(self) -> bool {
        self != Self::Object
    }
}

/// Who writes an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// Whoever may write the object or the Namespace.
    People,
    /// Cairn, to inform. Nothing is decided by it, because an author could write it as well.
    Controller,
}

/// One annotation.
#[derive(Clone, Copy, Debug)]
pub struct Annotation {
    /// The key behind the prefix.
    pub key: &'static str,
    /// What stands before the key.
    pub prefix: Prefix,
    /// Where it is honoured.
    pub place: Place,
    /// The form of its value.
    pub form: Form,
    /// Who writes it.
    pub writer: Writer,
    /// What it does, in Markdown.
    pub meaning: &'static str,
    /// How that compares with ACK's annotation of the same name.
    pub ack: &'static str,
}

impl Annotation {
    /// The whole key under the configured groups. `service` counts only where the prefix is a service's group.
    #[must_use]
    pub fn name(&self, groups: &Groups, service: &str) -> String {
        match self.prefix {
            Prefix::Suffix => groups.annotation(self.key),
            Prefix::Service => groups.service_annotation(service, self.key),
            Prefix::Foreign => self.key.to_owned(),
        }
    }

    /// Whether it does anything here: some of ACK's are known, but not offered.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !matches!(self.form, Form::NotOffered { .. })
    }
}

#[cfg(test)]
mod tests;
