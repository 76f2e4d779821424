//! What is found, with its place in a file.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use cairn_graph::Problem;
use serde_json::{Value as Json, json};

use super::files::{Document, Source};

/// How grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// It is wrong.
    Error,
    /// A kind is not known.
    Missing,
    /// It is doubtful.
    Warning,
}

/// Something that is found.
#[derive(Debug, Clone)]
pub(crate) struct Diagnostic {
    pub(crate) severity: Severity,
    source: Arc<Source>,
    place: Range<usize>,
    problem: Problem,
}

impl Diagnostic {
    /// A problem of a document; its path starts at `root`, for example `spec`.
    pub(crate) fn new(severity: Severity, document: &Document, root: &str, problem: Problem) -> Self {
        let path = match (root, problem.path.as_str()) {
            ("", path) => path.to_owned(),
            (root, "") => root.to_owned(),
            (root, path) if path.starts_with('[') => format!("{root}{path}"),
            (root, path) => format!("{root}.{path}"),
        };
        let problem = Problem { path, ..problem };
        let place = document.tree.place(&document.source.text, &problem);
        Self { severity, source: Arc::clone(&document.source), place, problem }
    }

    /// With an excerpt of the file.
    pub(crate) fn text(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Missing => Level::WARNING.with_name("missing"),
            Severity::Warning => Level::WARNING,
        };
        let problem = &self.problem;
        let annotation = AnnotationKind::Primary.span(self.place.clone());
        let annotation = match &problem.expected {
            Some(expected) => annotation.label(format!("expected {expected}")),
            None => annotation,
        };
        let snippet = Snippet::source(self.source.text.as_str()).path(self.source.path.as_str()).annotation(annotation);
        let mut group = level.primary_title(problem.message.as_str()).element(snippet);
        if !problem.path.is_empty() {
            group = group.element(Level::NOTE.message(format!("at {}", problem.path)));
        }
        if let Some(name) = &problem.suggestion {
            group = group.element(Level::HELP.message(format!("did you mean {name:?}?")));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }

    /// For machines: lines and columns count from one, columns in characters.
    pub(crate) fn json(&self) -> Json {
        let (line, column) = position(&self.source.text, self.place.start);
        let (end_line, end_column) = position(&self.source.text, self.place.end);
        json!({
            "severity": match self.severity {
                Severity::Error => "error",
                Severity::Missing => "missing",
                Severity::Warning => "warning",
            },
            "file": self.source.path,
            "line": line,
            "column": column,
            "endLine": end_line,
            "endColumn": end_column,
            "path": self.problem.path,
            "message": self.problem.message,
            "expected": self.problem.expected,
            "suggestion": self.problem.suggestion,
        })
    }
}

fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}
