//! Letting an instance go: its definition is deleted, and its author wanted instances to outlive it.
//!
//! What the instance has stays as it is, with the labels by which a definition of the same kind finds it again.

use cairn_graph::run::ObjectName;
use cairn_runtime::worker::Verdict;

use super::claim::taken_back;
use super::subject::Subject;
use super::{Conductor, DONE, Interrupted};

impl Conductor {
    /// Takes back what we wrote on an instance, but for its status.
    pub(super) async fn let_go(&self, subject: &Subject) -> Result<Verdict, Interrupted> {
        let Some(patch) = taken_back(&self.marks, subject) else { return Ok(DONE) };
        let name = ObjectName {
            kind: self.graph.kind.clone(),
            namespace: subject.owner.namespace.clone(),
            name: subject.owner.name.clone(),
        };
        // The watch tells when it is done, and then the definition as well.
        self.hands.merge(&self.graph.resource, &name, &self.marks.labeller(), &patch).await?;
        Ok(DONE)
    }
}
