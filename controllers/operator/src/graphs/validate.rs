//! `cairn validate`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::args::{Report, ValidateArgs};
use super::catalog::{Catalog, CatalogError, Entry, Fate};
use super::diagnostic::{Diagnostic, Severity};
use super::{Printed, instances};

/// Looks at definitions, and at the instances of them in the same files.
pub(super) fn run(args: &ValidateArgs, color: bool) -> Result<Printed, CatalogError> {
    let mut catalog = Catalog::open(&args.files, &args.schemas)?;
    let checked = instances::check(&mut catalog);
    let output = match args.output {
        Report::Text => text(&catalog, checked, color),
        Report::Json => format!("{:#}\n", json(&catalog)),
    };
    Ok(Printed { output, complaints: String::new(), code: catalog.code() })
}

fn text(catalog: &Catalog, instances: usize, color: bool) -> String {
    let mut lines: Vec<String> = catalog.entries.iter().map(outcome).collect();
    if instances > 0 {
        lines.push(format!("{instances} instances checked"));
    }
    if catalog.entries.is_empty() {
        lines.push("there is no definition".to_owned());
    }
    let count = |severity| catalog.diagnostics.iter().filter(|found| found.severity == severity).count();
    lines.push(format!("{} errors, {} warnings\n", count(Severity::Error), count(Severity::Warning)));
    excerpts(&catalog.diagnostics, color) + &lines.join("\n")
}

fn outcome(entry: &Entry) -> String {
    let outcome = match &entry.fate {
        Fate::Ready(_) if entry.breaks => "refused: it breaks what is served",
        Fate::Ready(_) => "valid",
        Fate::Waiting(_) => "names kinds that are not known",
        Fate::Refused => "refused",
    };
    let document = &entry.document;
    format!("{}: definition {} of {}: {outcome}", document.source.path, document.name(), entry.kind)
}

/// Everything that was found, with excerpts.
pub(super) fn excerpts(diagnostics: &[Diagnostic], color: bool) -> String {
    diagnostics.iter().map(|found| format!("{}\n\n", found.text(color).trim_end())).collect::<Vec<_>>().concat()
}

fn json(catalog: &Catalog) -> Json {
    json!({
        "diagnostics": catalog.diagnostics.iter().map(Diagnostic::json).collect::<Vec<_>>(),
        "definitions": catalog.entries.iter().map(definition).collect::<Vec<_>>(),
        "exitCode": catalog.code(),
    })
}

fn definition(entry: &Entry) -> Json {
    let (outcome, missing) = match &entry.fate {
        Fate::Ready(_) if entry.breaks => ("refused", Vec::new()),
        Fate::Ready(_) => ("valid", Vec::new()),
        Fate::Waiting(kinds) => ("waiting", kinds.iter().map(|missing| missing.kind.to_string()).collect()),
        Fate::Refused => ("refused", Vec::new()),
    };
    json!({
        "file": entry.document.source.path,
        "name": entry.document.name(),
        "kind": entry.kind,
        "outcome": outcome,
        "missingKinds": missing,
        "customResourceDefinition": generated(&entry.fate),
    })
}

/// The definition of the kind that a definition makes, as it would be applied but for the operator's own labels.
fn generated(fate: &Fate) -> Option<Json> {
    match fate {
        Fate::Ready(ready) => Some(ready.kind.manifest(&BTreeMap::new())),
        Fate::Waiting(_) | Fate::Refused => None,
    }
}
