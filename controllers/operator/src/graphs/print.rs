//! Renderings as YAML and as JSON.

use std::fmt::Write as _;

use cairn_graph::run::{Exclusion, State};
use serde_json::{Value as Json, json};

use super::render::Rendering;

/// The objects as a stream of documents, in the order in which resources depend on each other; comments say what is
/// decided about each resource, and the status of the instance.
pub(super) fn yaml(renderings: &[Rendering]) -> String {
    renderings.iter().map(one).collect()
}

fn one(rendering: &Rendering) -> String {
    let mut out = String::new();
    comment(&mut out, &rendering.title());
    let program = &rendering.ready.program;
    for at in &program.order.sequence {
        let (Some(node), Some(standing)) = (program.nodes.get(*at), rendering.evaluation.nodes.get(*at)) else {
            continue;
        };
        let wave = program.order.waves.iter().position(|wave| wave.contains(at)).map_or(0, |wave| wave + 1);
        comment(&mut out, &format!("wave {wave}, {}: {}", node.id, words(rendering, *at)));
        if let State::Rendered { objects, .. } = &standing.state {
            for object in objects.iter() {
                let body = serde_saphyr::to_string(&*object.body).unwrap_or_else(|error| format!("# {error}\n"));
                let _ = write!(out, "---\n{body}");
            }
        }
    }
    let status = status(rendering);
    let text = serde_saphyr::to_string(&json!({"status": status})).unwrap_or_else(|error| error.to_string());
    comment(&mut out, text.trim_end());
    for fault in rendering.evaluation.faults.iter().map(ToString::to_string).chain(rendering.unmade.iter().cloned()) {
        comment(&mut out, &format!("no value: {fault}"));
    }
    out
}

fn comment(out: &mut String, text: &str) {
    for line in text.lines() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "# {line}");
    }
}

/// What is decided about a resource, in words.
pub(super) fn words(rendering: &Rendering, node: usize) -> String {
    let (program, evaluation) = (&rendering.ready.program, &rendering.evaluation);
    let why = evaluation.explain(program, node).join("; ");
    match evaluation.nodes.get(node).map(|standing| &standing.state) {
        None => String::new(),
        Some(State::Excluded(Exclusion::Dependency(other))) => {
            let id = program.nodes.get(*other).map_or("?", |node| node.id.as_str());
            format!("left out, because {id:?} is")
        }
        Some(State::Excluded(why)) => format!("left out: {why}"),
        Some(State::Waiting(_)) => why,
        Some(State::Failed(_)) => format!("failed: {why}"),
        Some(State::Rendered { .. } | State::Reading { .. }) if why.is_empty() => "ready".to_owned(),
        Some(State::Rendered { .. } | State::Reading { .. }) => format!("not ready: {why}"),
    }
}

/// The fields of the status that the definition makes.
fn status(rendering: &Rendering) -> Json {
    let mut status = rendering.evaluation.status.clone();
    if !rendering.conditions.is_empty() {
        status.insert("conditions".into(), json!(rendering.conditions));
    }
    Json::Object(status)
}

/// Everything that is decided, for machines.
pub(super) fn json(renderings: &[Rendering]) -> String {
    let instances: Vec<Json> = renderings
        .iter()
        .map(|rendering| {
            let order = &rendering.ready.program.order;
            json!({
                "instance": rendering.instance,
                "ready": rendering.evaluation.is_ready(),
                "resources": order.sequence.iter().map(|at| resource(rendering, *at)).collect::<Vec<_>>(),
                "status": status(rendering),
                "faults": rendering.evaluation.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{:#}\n", json!({"instances": instances}))
}

fn resource(rendering: &Rendering, at: usize) -> Json {
    let program = &rendering.ready.program;
    let state = rendering.evaluation.nodes.get(at).map(|standing| &standing.state);
    let objects = match state {
        Some(State::Rendered { objects, .. }) => objects.iter().map(|object| (*object.body).clone()).collect(),
        _ => Vec::new(),
    };
    let word = match state {
        Some(State::Excluded(_)) => "excluded",
        Some(State::Waiting(_)) | None => "waiting",
        Some(State::Failed(_)) => "failed",
        Some(state) if state.is_ready() => "ready",
        Some(State::Rendered { .. }) => "applied",
        Some(State::Reading { .. }) => "reading",
    };
    json!({
        "id": program.nodes.get(at).map(|node| node.id.as_str()),
        "state": word,
        "wave": program.order.waves.iter().position(|wave| wave.contains(&at)).map(|wave| wave + 1),
        "reasons": rendering.evaluation.explain(program, at),
        "objects": objects,
    })
}
