//! Definitions and instances as diagrams, in the notation of Mermaid.

use std::fmt::Write as _;

use cairn_graph::Program;
use cairn_graph::run::State;

use super::render::Rendering;

const CLASSES: &str = "  classDef ready stroke:#2a2
  classDef applied stroke:#22a
  classDef waiting stroke:#888,stroke-dasharray:4
  classDef failed stroke:#a22,stroke-width:3px
  classDef excluded stroke:#ccc,color:#999
";

/// The resources of a definition, and what depends on what.
pub(super) fn of_program(program: &Program) -> String {
    let mut out = format!("graph TD\n  schema([{}])\n", program.gvk.kind);
    draw(&mut out, program, |_| None);
    out
}

/// The same of an instance, with what is decided about each resource.
pub(super) fn of_instance(rendering: &Rendering) -> String {
    let mut out = format!("graph TD\n  schema([\"{}\"])\n", rendering.title());
    let state = |at: usize| {
        Some(match &rendering.evaluation.nodes.get(at)?.state {
            State::Excluded(_) => "excluded",
            State::Waiting(_) => "waiting",
            State::Failed(_) => "failed",
            state if state.is_ready() => "ready",
            State::Rendered { .. } | State::Reading { .. } => "applied",
        })
    };
    draw(&mut out, &rendering.ready.program, state);
    out.push_str(CLASSES);
    out
}

fn draw(out: &mut String, program: &Program, class: impl Fn(usize) -> Option<&'static str>) {
    for (at, node) in program.nodes.iter().enumerate() {
        let (open, close) = if node.is_external() {
            ("[(", ")]")
        } else if node.is_collection {
            ("[[", "]]")
        } else {
            ("[", "]")
        };
        let class = class(at).map(|class| format!(":::{class}")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {}{open}\"{}<br/>{}\"{close}{class}", node.id, node.id, node.kind.gvk.kind);
    }
    for node in &program.nodes {
        if node.reads.iter().any(|read| read.variable == "schema") {
            let _ = writeln!(out, "  schema --> {}", node.id);
        }
        for other in node.dependencies.iter().filter_map(|at| program.nodes.get(*at)) {
            let _ = writeln!(out, "  {} --> {}", other.id, node.id);
        }
    }
}
