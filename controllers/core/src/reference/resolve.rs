//! From a spec with references to one without.

use std::{collections::BTreeMap, convert::Infallible};

use serde_json::{Map, Value};

use super::{Sealed, SecretKey, Target, Unresolved, Use, Why, place, target::Taken};
use crate::rules::KindRules;

/// Knows the objects and the Secrets that may be referred to.
pub trait Lookup {
    /// What `takes` leads to in an object.
    ///
    /// # Errors
    /// [`Why`] there is nothing to take.
    fn value(&self, target: &Target, takes: &str) -> Result<Taken, Why>;

    /// What stands for a key of a Secret.
    ///
    /// # Errors
    /// [`Why`] there is no such Secret.
    fn secret(&self, secret: &SecretKey) -> Result<Sealed, Why>;
}

/// A spec whose references are followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// The spec: every field that a reference fills has its value, and the references are gone.
    pub spec: Value,
    /// What stands for Secrets, by the way to their fields below the spec.
    pub secrets: BTreeMap<String, Sealed>,
    /// References to objects that have the value but are not ready. They only matter to whom the value is new.
    pub late: Vec<Unresolved>,
}

/// Why a spec cannot be carried out as far as its references go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It makes no sense, whatever there is.
    Invalid(String),
    /// These references lead nowhere yet.
    Unresolved(Vec<Unresolved>),
}

/// What a spec refers to. What makes no sense refers to nothing.
#[must_use]
pub fn uses(rules: &KindRules, namespace: &str, spec: &Value) -> Vec<Use> {
    let mut found = Vec::new();
    let mut spec = spec.clone();
    for rule in rules.references {
        let Ok(()) = place::visit(&mut spec, rule.path, &mut |fields, name, at| {
            for (_, reference) in each(fields.get(name).unwrap_or(&Value::Null), at) {
                if let Ok((name, namespace)) = named(reference, namespace) {
                    found.push(Use::Object(Target { service: rule.service, kind: rule.kind, namespace, name }));
                }
            }
            Ok::<_, Infallible>(())
        });
    }
    for rule in rules.secrets {
        let Ok(()) = place::visit(&mut spec, rule.path, &mut |fields, name, at| {
            found.extend(secret_key(&fields[name], namespace, at).ok().map(Use::Secret));
            Ok::<_, Infallible>(())
        });
    }
    found
}

/// Follows every reference of a spec that is in `namespace`.
///
/// # Errors
/// [`Refusal`]: a reference that makes no sense, a field that is set beside the reference which fills it, or all the
/// references that lead nowhere yet.
pub fn resolve(rules: &KindRules, namespace: &str, spec: &Value, lookup: &impl Lookup) -> Result<Resolved, Refusal> {
    let mut resolved = Resolved { spec: spec.clone(), ..Resolved::default() };
    let mut unresolved = Vec::new();
    for rule in rules.references {
        place::visit(&mut resolved.spec, rule.path, &mut |fields, name, at| {
            let fills = Filled { field: rule.fills, at: at.to_owned() };
            fills.check(fields, name)?;
            let reference = fields.remove(name).unwrap_or_default();
            let mut values = Vec::new();
            for (field, reference) in each(&reference, at) {
                let (name, namespace) = named(reference, namespace).map_err(|what| invalid(&field, what))?;
                let target = Target { service: rule.service, kind: rule.kind, namespace, name };
                let unresolved_for = |why| Unresolved { field: field.clone(), target: target.to_string(), why };
                match lookup.value(&target, rule.takes) {
                    Ok(Taken { value, late }) => {
                        resolved.late.extend(late.map(unresolved_for));
                        values.push(value);
                    }
                    Err(why) => unresolved.push(unresolved_for(why)),
                }
            }
            let value = if reference.is_array() { Some(Value::Array(values)) } else { values.pop() };
            if let Some(value) = value {
                fields.insert(rule.fills.into(), value);
            }
            Ok(())
        })?;
    }
    for rule in rules.secrets {
        place::visit(&mut resolved.spec, rule.path, &mut |fields, name, at| {
            let secret = secret_key(&fields[name], namespace, at).map_err(Refusal::Invalid)?;
            match lookup.secret(&secret) {
                Ok(sealed) => drop(resolved.secrets.insert(at.to_owned(), sealed)),
                Err(why) => unresolved.push(Unresolved { field: at.to_owned(), target: secret.to_string(), why }),
            }
            Ok(())
        })?;
    }
    if unresolved.is_empty() { Ok(resolved) } else { Err(Refusal::Unresolved(unresolved)) }
}

/// A spec as it is without its references.
#[must_use]
pub fn without(rules: &KindRules, spec: &Value) -> Value {
    let mut spec = spec.clone();
    for rule in rules.references {
        let Ok(()) = place::visit(&mut spec, rule.path, &mut |fields, name, _| {
            fields.remove(name);
            Ok::<_, Infallible>(())
        });
    }
    spec
}

/// A field that a reference fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    field: &'static str,
    at: String,
}

impl Filled {
    /// The way to the field below the spec, in the form of `leaf::paths`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.at.rsplit_once('.') {
            Some((above, _)) => place::join(above, self.field),
            None => self.field.to_owned(),
        }
    }

    /// ACK refuses the two together, too.
    fn check(&self, fields: &Map<String, Value>, reference: &str) -> Result<(), Refusal> {
        if fields.get(self.field).is_none_or(Value::is_null) {
            return Ok(());
        }
        let (path, field) = (self.path(), self.field);
        let why = format!(
            "spec.{path} and spec.{} are both set: {reference} fills {field}, so leave one of them out",
            self.at
        );
        Err(Refusal::Invalid(why))
    }
}

/// The fields of a spec that its references fill.
#[must_use]
pub fn filled_fields(rules: &KindRules, spec: &Value) -> Vec<Filled> {
    let (mut found, mut spec) = (Vec::new(), spec.clone());
    for rule in rules.references {
        let Ok(()) = place::visit(&mut spec, rule.path, &mut |_, _, at| {
            found.push(Filled { field: rule.fills, at: at.to_owned() });
            Ok::<_, Infallible>(())
        });
    }
    found
}

/// The single references of a field that holds one or a list of them, each with the way to it.
fn each<'v>(value: &'v Value, at: &str) -> Vec<(String, &'v Value)> {
    match value.as_array() {
        Some(items) => items.iter().enumerate().map(|(n, item)| (place::join(at, &n.to_string()), item)).collect(),
        None => vec![(at.to_owned(), value)],
    }
}

/// Name and namespace of what a reference names; what is missing otherwise.
fn named(reference: &Value, own: &str) -> Result<(String, String), &'static str> {
    let from = &reference["from"];
    let name = from["name"].as_str().filter(|name| !name.is_empty()).ok_or("from.name")?;
    Ok((name.to_owned(), namespace(from, own)))
}

fn namespace(value: &Value, own: &str) -> String {
    value["namespace"].as_str().filter(|namespace| !namespace.is_empty()).unwrap_or(own).to_owned()
}

fn secret_key(value: &Value, own: &str, at: &str) -> Result<SecretKey, String> {
    let text = |field: &str| {
        let found = value[field].as_str().filter(|text| !text.is_empty());
        found.map(str::to_owned).ok_or_else(|| format!("spec.{at}.{field} is missing"))
    };
    Ok(SecretKey { namespace: namespace(value, own), name: text("name")?, key: text("key")? })
}

fn invalid(at: &str, what: &str) -> Refusal {
    Refusal::Invalid(format!("spec.{at}.{what} is missing"))
}
