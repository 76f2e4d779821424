//! What instances follow: the program of a definition, or the last that was good.

use std::sync::Arc;

use cairn_graph::{Output, crd::plural, schemas::Gvk};
use cairn_runtime::queue::Priority;
use serde_json::Value as Json;
use tracing::warn;

use super::{
    Definer,
    draft::Draft,
    status::{Findings, Point},
};
use crate::graph::Serving;

impl Definer {
    /// Lets the instances follow the last revision that was good, unless they follow one already.
    pub(super) async fn fall_back(&self, draft: &Draft, findings: &mut Findings) {
        let serves = self.graphs.get(&draft.name).is_some_and(|graph| graph.serving().is_some());
        if !serves && !self.serve_last(draft).await {
            self.start_last(&draft.name);
            return;
        }
        let graph = self.graphs.get(&draft.name).and_then(|graph| graph.serving());
        let number = graph.map_or(0, |serving| serving.revision);
        findings.controller = Point::yes("Running", format!("instances go on as of revision {number}"));
    }

    /// Serves the last revision; tells whether it could be.
    pub(super) async fn serve_last(&self, draft: &Draft) -> bool {
        let Some(revision) = self.revisions(&draft.name).into_iter().next() else { return false };
        match self.compile(&draft.name, &revision.spec).await {
            Ok(output) => {
                self.serve(&draft.name, &draft.uid, *output, revision.number);
                true
            }
            Err(failure) => {
                let why = failure.point().message;
                warn!(definition = draft.name, revision = revision.number, why, "the last revision cannot be served");
                false
            }
        }
    }

    /// Looks after instances that have nothing to follow: they can be told so, and deleted.
    pub(super) fn start_last(&self, definition: &str) {
        let Some(revision) = self.revisions(definition).into_iter().next() else { return };
        let text = |field: &str| revision.spec.pointer(&format!("/schema/{field}")).and_then(Json::as_str);
        let (Some(group), Some(version), Some(kind)) = (text("group"), text("apiVersion"), text("kind")) else {
            return;
        };
        let gvk = Gvk { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() };
        let graph = self.graphs.start(definition, &gvk, &plural(&kind.to_ascii_lowercase()));
        graph.crowd().wake(Priority::Dependency);
    }

    /// Lets the instances follow a program, unless it is the one that they follow.
    pub(super) fn serve(&self, name: &str, uid: &str, output: Output, revision: i64) {
        let graph = self.graphs.start(name, &output.kind.gvk, &output.kind.plural);
        let same = |serving: Arc<Serving>| {
            serving.revision == revision && serving.program.digests() == output.program.digests()
        };
        if graph.serving().is_some_and(same) {
            return;
        }
        let serving = Arc::new(Serving::new(Arc::new(output.program), revision, uid));
        graph.serve(Arc::clone(&serving));
        let needed = graph.needed();
        for id in &needed {
            self.hub.ensure(id, name, serving.extent(id));
        }
        self.hub.keep(name, &needed);
        graph.crowd().wake(Priority::Dependency);
    }
}
