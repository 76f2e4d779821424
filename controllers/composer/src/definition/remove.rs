//! Deleting a definition: it waits for its instances, which only it can take down in order.

use cairn_runtime::{store::Stored, worker::Verdict};
use kube::{Api, api::DynamicObject, api::ListParams};

use super::{
    DONE, Definer,
    draft::Draft,
    kind::named,
    status::{Findings, Point},
};
use crate::{
    catalog::crds,
    graph::Graph,
    hands::{Refusal, refusal},
    marks::label_value,
};

/// How many instances are named that are waited for.
const NAMED: usize = 3;

impl Definer {
    /// Goes as far as can be gone now.
    pub(super) async fn remove(&self, draft: &mut Draft) -> Result<Verdict, Refusal> {
        let finalizer = self.marks.finalizer();
        if !draft.object.metadata.finalizers.iter().flatten().any(|held| *held == finalizer) {
            return Ok(DONE);
        }
        if self.graphs.get(&draft.name).is_none() && !self.serve_last(draft).await {
            let compiled = self.compile(&draft.name, &draft.spec).await;
            if let Ok(output) = compiled {
                self.serve(&draft.name, &draft.uid, *output, draft.last_issued());
            } else {
                self.start_last(&draft.name);
            }
        }
        let retained = draft.is_retained(&self.marks);
        if let Some(graph) = self.graphs.get(&draft.name) {
            if retained { graph.release() } else { graph.retake() }
        }
        let instances = match self.graphs.get(&draft.name) {
            Some(graph) if !self.graphs.is_listed(&draft.name) => {
                // Where the kind is gone there are no instances, and no list of them.
                let any = self.any(&graph.resource).await?;
                any.then(|| "instances that are not known yet".to_owned()).into_iter().collect()
            }
            Some(graph) if retained => self.held(&graph),
            Some(graph) => graph.store.keys(|_| true).iter().map(ToString::to_string).collect(),
            None => Vec::new(),
        };
        if !instances.is_empty() {
            let what = if retained {
                "the definition is deleted when nothing holds its instances any more"
            } else {
                "the definition is deleted when its instances are gone"
            };
            self.wait_for(draft, what, instances).await?;
            return Ok(if self.graphs.is_listed(&draft.name) { DONE } else { Verdict::Retry { after: None } });
        }
        if let Some(graph) = self.graphs.get(&draft.name).filter(|_| self.may_delete_kinds && !retained) {
            self.delete_kind(draft, &format!("{}.{}", graph.resource.plural, graph.resource.group)).await?;
        }
        self.free_revisions(&draft.name, true).await?;
        self.graphs.stop(&draft.name);
        self.hands.permit()?;
        let released = self.writer.release(&mut draft.object, &finalizer).await;
        released.map_err(|error| refusal(&error))?;
        Ok(DONE)
    }

    /// The instances that still have our finalizer.
    fn held(&self, graph: &Graph) -> Vec<String> {
        let finalizer = self.marks.finalizer();
        let holds = |stored: &Stored| {
            let finalizers = stored.object().ok().and_then(|object| object.metadata.finalizers).unwrap_or_default();
            finalizers.contains(&finalizer)
        };
        let all = graph.store.all().into_iter().filter(|(_, stored)| holds(stored));
        all.map(|(key, _)| key.to_string()).collect()
    }

    async fn any(&self, resource: &kube::core::ApiResource) -> Result<bool, Refusal> {
        let api: Api<DynamicObject> = self.hands.api(resource, None);
        match api.list_metadata(&ListParams::default().limit(1)).await {
            Ok(list) => Ok(!list.items.is_empty()),
            Err(error) => match refusal(&error) {
                Refusal::NotFound(_) => Ok(false),
                other => Err(other),
            },
        }
    }

    async fn wait_for(&self, draft: &mut Draft, what: &str, mut instances: Vec<String>) -> Result<(), Refusal> {
        instances.sort();
        let more = instances.len().saturating_sub(NAMED);
        let named = instances.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let mut findings = Findings::new(draft);
        let message = format!("{what}: {named}{more}");
        findings.controller = Point::no("Deleting", message);
        self.say(draft, &findings).await
    }

    async fn delete_kind(&self, draft: &Draft, name: &str) -> Result<(), Refusal> {
        let Some(live) = self.hands.read(&crds(), &named(name)).await? else { return Ok(()) };
        let label =
            live.metadata.labels.as_ref().and_then(|all| all.get(&self.marks.key("resource-graph-definition-name")));
        if label != Some(&label_value(&draft.name)) {
            return Ok(());
        }
        let uid = live.metadata.uid.unwrap_or_default();
        self.hands.delete(&crds(), &named(name), &uid).await.map(drop)
    }
}
