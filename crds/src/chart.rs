//! What the Helm chart takes from the types: its definitions as templates, the list of kinds for its roles, and the
//! annotations for its admission policies.

use serde_json::{Value, json};

use crate::{
    Groups, KINDS, Kind,
    annotation::{ANNOTATIONS, Prefix},
    manifest,
};

const SUFFIX: &str = "aws-suffix-placeholder";
const GRAPH: &str = "graph-group-placeholder";
const HEADER: &str = "{{- /* Generated from crates of this repository by `cargo generate`. Do not edit. */ -}}\n";

/// The chart's template of one kind's definition, with the group settings as chart values.
///
/// # Errors
/// As [`manifest::yaml`].
pub fn template(kind: &Kind) -> Result<String, serde_saphyr::ser::Error> {
    let yaml = manifest::yaml(kind, &Groups::placeholders(SUFFIX, GRAPH))?;
    let yaml = escape(&yaml);
    let body = short_name(kind, yaml)
        .replace(SUFFIX, "{{ .Values.aws.groupSuffix }}")
        .replace(GRAPH, "{{ .Values.graph.group }}");
    Ok(format!("{HEADER}{{{{- if .Values.crds.install }}}}\n{body}{{{{- end }}}}\n"))
}

/// Adds the short name that a kind has under kro's group alone.
fn short_name(kind: &Kind, yaml: String) -> String {
    let Some(short) = kind.short_name() else { return yaml };
    let singular = format!("    singular: {}\n", kind.singular());
    let condition = format!("{{{{- if eq .Values.graph.group {:?} }}}}", Groups::KRO_GRAPH);
    yaml.replacen(&singular, &format!("{singular}    {condition}\n    shortNames: [{short}]\n    {{{{- end }}}}\n"), 1)
}

/// The list of AWS kinds from which the chart's roles are made.
///
/// # Errors
/// As [`manifest::yaml`].
pub fn kinds() -> Result<String, serde_saphyr::ser::Error> {
    let kinds: Vec<_> = KINDS
        .iter()
        .filter(|k| k.home.is_aws())
        .map(|k| {
            json!({
                "service": k.home.service(),
                "kind": k.kind,
                "plural": k.plural,
                "scope": k.reach.as_str(),
                "access": if k.is_setting() { "read" } else { "write" },
            })
        })
        .collect();
    list(&json!(kinds))
}

/// The list of annotations that the API server checks. Those of other projects are theirs to check.
///
/// # Errors
/// As [`manifest::yaml`].
pub fn annotations() -> Result<String, serde_saphyr::ser::Error> {
    let rows: Vec<_> = ANNOTATIONS
        .iter()
        .filter(|row| row.prefix != Prefix::Foreign)
        .map(|row| {
            json!({
                "key": row.key,
                "ofService": row.prefix == Prefix::Service,
                "objects": row.place.on_objects(),
                "namespaces": row.place.on_namespaces(),
                "offered": row.is_offered(),
                "pattern": row.form.pattern(),
                "expected": row.form.expected(),
            })
        })
        .collect();
    list(&json!(rows))
}

fn list(items: &Value) -> Result<String, serde_saphyr::ser::Error> {
    let body = manifest::to_yaml(items)?;
    Ok(format!("# Generated from crates of this repository by `cargo generate`. Do not edit.\n{body}"))
}

/// Keeps Helm from reading a schema's own braces as template actions.
fn escape(yaml: &str) -> String {
    yaml.replace("{{", "{{ `{{` }}")
}
