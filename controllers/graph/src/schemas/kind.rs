//! One kind.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, OnceLock};

use cairn_cel::Type;
use cairn_crds::graph::Scope;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::Gvk;
use crate::openapi::{Cursor, Definitions, from_type};

/// What a kind is beside its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// The name in paths of the API, for example `deployments`.
    pub plural: String,
    /// Whether its objects live in namespaces.
    pub scope: Scope,
    /// Whether its status is a subresource: what a template says there has no effect.
    pub has_status: bool,
    /// Whether its objects can be applied; some kinds are only questions, such as `TokenReview`.
    pub is_applicable: bool,
}

/// A kind with its schema.
#[derive(Debug)]
pub struct Kind {
    /// Its name.
    pub gvk: Gvk,
    /// What it is beside its schema.
    pub traits: Traits,
    schema: Json,
    definitions: Arc<Definitions>,
    ty: OnceLock<Type>,
}

impl Kind {
    /// A kind with the schema of its objects; `definitions` are what the schema refers to.
    ///
    /// `apiVersion`, `kind` and `metadata` need not be in the schema: they are what they are for every object.
    #[must_use]
    pub fn new(gvk: Gvk, traits: Traits, mut schema: Json, definitions: Arc<Definitions>) -> Self {
        // What the schema refers to whole is taken as it is.
        if let Some(fields) = schema.get_mut("properties").and_then(Json::as_object_mut) {
            for name in ["apiVersion", "kind"] {
                fields.entry(name).or_insert_with(|| json!({"type": "string"}));
            }
            let vague = fields.get("metadata").is_none_or(|metadata| is_vague(metadata, &definitions));
            if vague {
                fields.insert("metadata".into(), object_meta().clone());
            }
        }
        Self { gvk, traits, schema, definitions, ty: OnceLock::new() }
    }

    /// Where the schema of its objects starts.
    #[must_use]
    pub fn schema(&self) -> Cursor<'_> {
        Cursor::new(&self.schema, &self.definitions)
    }

    /// The type that expressions see.
    #[must_use]
    pub fn ty(&self) -> &Type {
        self.ty.get_or_init(|| self.schema().ty(&self.gvk.kind))
    }

    /// A digest of what the compiler uses, in hexadecimal: as long as it is the same, so is every program.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{}\n{:?}\n{}", self.gvk, self.traits, self.schema));
        let mut known = BTreeSet::new();
        let mut open = vec![&self.schema];
        while let Some(schema) = open.pop() {
            for name in references(schema) {
                if let Some(schema) = self.definitions.get(name).filter(|_| known.insert(name)) {
                    hash.update(format!("\n{name}\n{schema}"));
                    open.push(schema);
                }
            }
        }
        hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The names of everything that a schema refers to, anywhere in it.
fn references(schema: &Json) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        match part {
            Json::Object(fields) => {
                let name = fields.get("$ref").and_then(Json::as_str);
                found.extend(name.map(|name| name.rsplit('/').next().unwrap_or(name)));
                open.extend(fields.values());
            }
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// Whether a schema of metadata says nothing of its fields, as those of custom resources do.
fn is_vague(metadata: &Json, definitions: &Definitions) -> bool {
    let found = Cursor::new(metadata, definitions);
    found.property("labels").is_none()
}

/// The schema of the metadata of every object.
#[must_use]
pub fn object_meta() -> &'static Json {
    static META: LazyLock<Json> = LazyLock::new(|| {
        // Only types that cannot be written have no schema, and there are none in it.
        from_type(&cairn_cel::schema::object_meta()).unwrap_or_else(|_| json!({"type": "object"}))
    });
    &META
}
