//! `cairn validate`.

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
    let mut out = excerpts(&catalog.diagnostics, color);
    for entry in &catalog.entries {
        let outcome = match &entry.fate {
            Fate::Ready(_) => "valid",
            Fate::Waiting(_) => "names kinds that are not known",
            Fate::Refused => "refused",
        };
        out.push_str(&format!("{}: definition {} of {}: {outcome}\n", entry.document.source.path, entry.document.name(), entry.kind));
    }
    if instances > 0 {
        out.push_str(&format!("{instances} instances checked\n"));
    }
    if catalog.entries.is_empty() {
        out.push_str("there is no definition\n");
    }
    let count = |severity| catalog.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    out.push_str(&format!("{errors} errors, {warnings} warnings\n"));
    out
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
    })
}
