//! Deleting an instance: its objects first, in the reverse order in which they were made.

use cairn_graph::plan;
use cairn_runtime::worker::Verdict;

use super::children::Children;
use super::claim::Inventory;
use super::decide::first_wave;
use super::notes::Notes;
use super::report::Report;
use super::say::Words;
use super::subject::Subject;
use super::{Conductor, DONE, Interrupted};
use crate::graph::group_kind;
use crate::watches::{Child, Extent, Whose};

impl Conductor {
    /// Goes one step further, as far as can be gone now.
    pub(super) async fn remove(&self, subject: &mut Subject, notes: &mut Notes) -> Result<Verdict, Interrupted> {
        let finalizer = self.marks.finalizer();
        if !subject.has_finalizer(&finalizer) {
            return Ok(DONE);
        }
        let unwatched = self.unwatched_of_removal(subject).await;
        if !unwatched.is_empty() {
            return self.say_late(subject, notes, &Words::new(Report::unwatched_removal(&unwatched))).await;
        }
        let children: Children = self.hub.children(&subject.owner.set()).into_iter().collect();
        if children.is_empty() {
            self.hands.permit()?;
            self.writer.release(&mut subject.object, &finalizer).await?;
            return Ok(DONE);
        }
        let (removals, leaving) = first_wave(plan::deletion(children.existing()), &children, notes);
        let leaving: Vec<&Child> = leaving.iter().filter_map(|name| children.get(name)).collect();
        let mut report = Report::removal(&leaving);
        let verdict = self.say_late(subject, notes, &Words::new(report)).await?;
        let troubles = self.remove_all(&removals).await?;
        for removal in &removals {
            notes.removed(&removal.uid);
        }
        if troubles.is_empty() {
            return Ok(verdict);
        }
        report = Report::stuck_removal(&troubles);
        self.say(subject, &Words::new(report)).await?;
        Ok(Verdict::Retry { after: None })
    }

    /// The kinds of which the instance may have objects, and which are not watched yet. The definition is not needed.
    async fn unwatched_of_removal(&self, subject: &Subject) -> Vec<String> {
        let serving = self.graph.serving();
        let mut found = Vec::new();
        for kind in Inventory::written(subject).kinds {
            let owned = serving.iter().flat_map(|serving| &serving.watches).filter(|id| id.of == Whose::Owned);
            let known: Vec<_> = owned.filter(|id| group_kind(&id.kind) == kind).collect();
            if known.is_empty() {
                found.extend(self.former(&kind).await);
            } else if known.into_iter().any(|id| !self.hub.ensure(id, &self.graph.name, Extent::Marks)) {
                found.push(kind);
            }
        }
        found
    }
}
