//! What kinds do with their objects before they are stored, and what they demand of them.

use serde_json::{Value, json};

use super::{
    configmap, definition, metadata,
    metadata::{NameCheck, check, check_change},
    names,
    scale::check_paths,
};
use crate::api::{
    cause::Cause,
    kind::{Kind, Nature, Version},
    object,
    schema::{self, Path},
    target::Part,
};

/// One part of one kind in one version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strategy<'a> {
    pub(super) kind: &'a Kind,
    pub(super) version: &'a Version,
    pub(super) part: Part,
}

impl Strategy<'_> {
    /// What a new object gets, and what it cannot bring.
    pub(super) fn prepare_create(&self, new: &mut Value) {
        if self.version.status
            && let Some(fields) = new.as_object_mut()
        {
            fields.remove("status");
        }
        match self.kind.nature {
            Nature::Namespace => {
                new["spec"] = json!({ "finalizers": ["kubernetes"] });
                new["status"] = json!({ "phase": "Active" });
            }
            Nature::Definition => {
                definition::complete(new);
                definition::establish(new);
            }
            _ => {}
        }
        let generation = if self.kind.nature.has_generation() { json!(1) } else { Value::Null };
        object::set_meta(new, "generation", generation);
    }

    /// What an update cannot change, and what follows from what it changes.
    pub(super) fn prepare_update(&self, new: &mut Value, old: &Value) {
        if self.part == Part::Status {
            let mut whole = old.clone();
            object::copy_field(&mut whole, new, "status");
            object::copy_meta(&mut whole, new, "managedFields");
            *new = whole;
            return;
        }
        if self.version.status {
            object::copy_field(new, old, "status");
        }
        match self.kind.nature {
            Nature::Namespace => object::copy_field(new, old, "spec"),
            Nature::Definition => definition::complete(new),
            _ => {}
        }
        if self.kind.nature.has_generation() && !object::same_but_meta(new, old) {
            object::set_meta(new, "generation", json!(object::generation(old) + 1));
        }
    }

    fn name_check(&self) -> NameCheck {
        match self.kind.nature {
            Nature::Namespace => names::label,
            _ => names::subdomain,
        }
    }

    /// What is wrong with a new object.
    pub(super) fn check_create(&self, new: &Value) -> Vec<Cause> {
        if self.kind.nature.is_custom() {
            return self.check_custom(new, None);
        }
        let mut causes = check(new, self.kind.namespaced, self.name_check());
        causes.extend(self.check_builtin(new, None));
        causes
    }

    /// What every layer finds wrong with a change.
    pub(super) fn check_update(&self, new: &Value, old: &Value) -> Vec<Cause> {
        let mut causes = check(new, self.kind.namespaced, |name, _| names::path_segment(name));
        causes.extend(check_change(new, old));
        if self.kind.nature.is_custom() {
            causes.extend(self.check_custom(new, Some(old)));
            return causes;
        }
        causes.extend(check_change(new, old));
        causes.extend(self.check_builtin(new, Some(old)));
        causes.extend(match self.kind.nature {
            Nature::ConfigMap | Nature::Secret => check(new, self.kind.namespaced, self.name_check()),
            _ => Vec::new(),
        });
        causes
    }

    fn check_builtin(&self, new: &Value, old: Option<&Value>) -> Vec<Cause> {
        let nature = self.kind.nature;
        let mut causes = match (nature, old) {
            (Nature::ConfigMap | Nature::Secret, Some(old)) => configmap::check_change(new, old, nature),
            (Nature::ConfigMap | Nature::Secret, None) => configmap::check(new, nature),
            (Nature::Definition, _) => definition::check(new),
            _ => Vec::new(),
        };
        if !matches!(nature, Nature::Definition) {
            causes.extend(metadata::check_plain_finalizers(new));
        }
        causes
    }

    fn check_custom(&self, new: &Value, old: Option<&Value>) -> Vec<Cause> {
        let type_causes = self.check_type(new);
        if !type_causes.is_empty() {
            return type_causes;
        }
        let mut causes = match old {
            Some(old) => check_change(new, old),
            None => check(new, self.kind.namespaced, names::subdomain),
        };
        causes.extend(self.check_schema(new, old));
        if let Some(paths) = &self.version.scale {
            causes.extend(check_paths(paths, new, self.part != Part::Status));
        }
        let lists = |object: &Value| schema::check_lists(object, &self.version.structure, &Path::root());
        if old.is_none_or(|old| lists(old).is_empty()) {
            causes.extend(lists(new));
        }
        causes
    }

    fn check_schema(&self, new: &Value, old: Option<&Value>) -> Vec<Cause> {
        if self.part != Part::Status {
            return schema::check(new, old, &self.version.structure, &Path::root());
        }
        match (new.get("status"), self.version.structure.fields.get("status")) {
            (Some(status), Some(schema)) => {
                schema::check(status, old.and_then(|old| old.get("status")), schema, &Path::of("status"))
            }
            _ => Vec::new(),
        }
    }

    fn check_type(&self, new: &Value) -> Vec<Cause> {
        let expected = [("kind", self.kind.name.clone()), ("apiVersion", self.kind.api_version(&self.version.name))];
        let wrong = expected.iter().filter(|(key, own)| new[*key] != own.as_str());
        wrong.map(|(key, own)| Cause::invalid(&Path::of(key), &new[*key], &format!("must be {own}"))).collect()
    }
}

/// Moves `stringData` to where it is stored.
pub(super) fn encode(secret: &mut Value) {
    let plain = secret.as_object_mut().and_then(|fields| fields.remove("stringData"));
    let Some(Value::Object(plain)) = plain else {
        return;
    };
    for (key, value) in plain {
        let encoded = aws_smithy_types::base64::encode(value.as_str().unwrap_or_default());
        if let Some(data) = object::object_at(secret, "data") {
            data.insert(key, json!(encoded));
        }
    }
}
