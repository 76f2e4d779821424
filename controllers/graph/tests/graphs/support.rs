//! What the tests of the compiler and of evaluation share.

use std::sync::{Arc, LazyLock};

use cairn_crds::Groups;
use cairn_graph::definition::Settings;
use cairn_graph::program::Bounds;
use cairn_graph::schemas::{SchemaSet, from_crd, kubernetes, own};
use cairn_graph::{Compiled, Definition, Output, Problem, Problems, Program, compile};
use serde_json::{Value as Json, json};

/// Kubernetes' kinds, ours, and two of a test.
pub(crate) fn schemas() -> &'static SchemaSet {
    static ALL: LazyLock<SchemaSet> = LazyLock::new(|| {
        let mut all = kubernetes();
        for kind in own(&Groups::default()).iter() {
            all.insert(Arc::clone(kind));
        }
        all.extend(from_crd(&database()).unwrap());
        all.extend(from_crd(&region()).unwrap());
        all
    });
    &ALL
}

fn crd(kind: &str, plural: &str, scope: &str, schema: &Json) -> Json {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.example.com")},
        "spec": {"group": "example.com", "scope": scope, "names": {"kind": kind, "plural": plural}, "versions": [{
            "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
            "schema": {"openAPIV3Schema": schema}
        }]}
    })
}

fn database() -> Json {
    crd(
        "Database",
        "databases",
        "Namespaced",
        &json!({
            "type": "object", "required": ["spec"],
            "properties": {
                "spec": {"type": "object", "required": ["engine", "size", "replicas"], "properties": {
                    "engine": {"type": "string", "enum": ["postgres", "mysql"]},
                    "size": {"type": "integer", "minimum": 1, "maximum": 64},
                    "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 8},
                    "ratio": {"type": "number"},
                    "class": {"x-kubernetes-int-or-string": true},
                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    "key": {"type": "string", "format": "byte"},
                    "replicas": {"type": "integer", "default": 1},
                    "users": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                        "items": {"type": "object", "required": ["name"], "properties": {
                            "name": {"type": "string"}, "roles": {"type": "array", "x-kubernetes-list-type": "set",
                            "items": {"type": "string"}}}}}
                }},
                "status": {"type": "object", "properties": {
                    "endpoint": {"type": "string"}, "ready": {"type": "boolean"},
                    "conditions": {"type": "array", "items": {"type": "object", "properties": {
                        "type": {"type": "string"}, "status": {"type": "string"}}}}
                }}
            }
        }),
    )
}

fn region() -> Json {
    crd(
        "Region",
        "regions",
        "Cluster",
        &json!({
            "type": "object",
            "properties": {"spec": {"type": "object", "properties": {"code": {"type": "string"}}}}
        }),
    )
}

pub(crate) fn settings() -> Settings {
    Settings::default()
}

/// Compiles the spec of a definition.
pub(crate) fn outcome(spec: &Json) -> Result<Compiled, Problems> {
    let definition = Definition::from_json(spec.clone(), &settings()).map_err(|error| match error {
        cairn_graph::definition::ReadError::Rules(problems) => problems,
        cairn_graph::definition::ReadError::Shape(problem) => Problems(vec![*problem]),
        cairn_graph::definition::ReadError::Syntax(why) => Problem::new("", why).into(),
    })?;
    compile(definition, schemas(), &settings(), Bounds::default())
}

/// The output of a definition that compiles.
pub(crate) fn output(spec: &Json) -> Output {
    match outcome(spec) {
        Ok(Compiled::Program(output)) => *output,
        Ok(Compiled::Waiting { missing, .. }) => panic!("waits for {missing:?}"),
        Err(problems) => panic!("{problems}"),
    }
}

pub(crate) fn program(spec: &Json) -> Arc<Program> {
    Arc::new(output(spec).program)
}

pub(crate) fn yaml(text: &str) -> Json {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// A definition of a namespaced kind `App` from resources and the rest of its schema, in YAML.
pub(crate) fn definition(schema: &str, resources: &str) -> Json {
    let mut spec = json!({"schema": {"kind": "App", "apiVersion": "v1alpha1"}});
    if let Json::Object(fields) = yaml(schema) {
        spec["schema"].as_object_mut().unwrap().extend(fields);
    }
    spec["resources"] = yaml(resources);
    spec
}
