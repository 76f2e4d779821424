//! How many instances follow which revision, in the status of the definition.
//!
//! While instances move from one revision to another it is told within a second. Where they only come and go it may be
//! a few minutes behind: an instance costs no write of its definition.

use std::{mem, sync::Arc, time::Duration};

use cairn_runtime::{key::ObjectKey, store::Store, writer::Writer};
use kube::api::DynamicObject;
use serde_json::{Value as Json, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{
    graph::Graph,
    hands::{Hands, Refusal, refusal},
    rollout::Tally,
};

/// The status is so far behind while instances move.
const MOVING: Duration = Duration::from_secs(1);
/// A write that failed is tried again after so long.
const AGAIN: Duration = Duration::from_secs(5);
/// The status is so far behind where instances come and go.
const QUIET: Duration = Duration::from_mins(5);

/// Counts the instances of one graph.
#[derive(Debug)]
pub(crate) struct Census {
    pub(crate) graph: Arc<Graph>,
    pub(crate) definitions: Store,
    pub(crate) writer: Writer,
    pub(crate) hands: Hands,
}

impl Census {
    /// Counts until `stop`.
    pub(crate) async fn run(&self, stop: CancellationToken) {
        stop.run_until_cancelled(self.follow()).await;
    }

    async fn follow(&self) {
        let mut due: Option<Instant> = None;
        let mut seen = Tally::new();
        loop {
            let changed = self.graph.rollout.changed.notified();
            match due {
                None => changed.await,
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(at) => {}
                },
            }
            // However many move, they are counted once a second.
            tokio::time::sleep(MOVING).await;
            due = self.look(due, &mut seen).await;
        }
    }

    /// Writes what is to be written now; gives when to look again. `due` is when that was before, and `seen` what was
    /// counted then: all may have moved since, although the status has told nothing of them yet.
    async fn look(&self, due: Option<Instant>, seen: &mut Tally) -> Option<Instant> {
        let now = Instant::now();
        let (definition, tally) = (self.definition()?, self.tally()?);
        let before = mem::replace(seen, tally.clone());
        let written = written(&definition);
        if written == tally {
            return None;
        }
        let delay = if [written, before].iter().any(|other| is_moving(other, &tally)) { MOVING } else { QUIET };
        let at = due.unwrap_or(now + delay);
        if delay > MOVING && at > now {
            return Some(at);
        }
        let refusal = self.write(definition, &tally).await.err()?;
        debug!(definition = self.graph.name, %refusal, "instances could not be counted");
        Some(now + AGAIN)
    }

    async fn write(&self, mut definition: DynamicObject, tally: &Tally) -> Result<(), Refusal> {
        let mut next = definition.data.get("status").cloned().unwrap_or_else(|| json!({}));
        let rows = tally.iter().map(|(revision, instances)| json!({"revision": revision, "instances": instances}));
        next["revisions"] = rows.collect();
        self.hands.permit()?;
        self.writer.status(&mut definition, &next).await.map_err(|error| refusal(&error))
    }

    fn definition(&self) -> Option<DynamicObject> {
        self.definitions.get(&ObjectKey::new("", &self.graph.name))?.object().ok()
    }

    fn tally(&self) -> Option<Tally> {
        self.graph.rollout.tally(&self.graph.store.keys(|_| true))
    }
}

/// What the status of a definition says.
fn written(definition: &DynamicObject) -> Tally {
    let rows = definition.data.pointer("/status/revisions").and_then(Json::as_array);
    let row = |row: &Json| {
        let instances = usize::try_from(row.get("instances")?.as_u64()?).ok()?;
        Some((row.get("revision")?.as_i64()?, instances))
    };
    rows.into_iter().flatten().filter_map(row).collect()
}

/// Whether instances are on their way from one revision to another.
fn is_moving(before: &Tally, tally: &Tally) -> bool {
    let differ = !before.is_empty() && !tally.is_empty() && !before.keys().eq(tally.keys());
    differ || before.len() > 1 || tally.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_move_where_revisions_change() {
        let tally = |rows: &[(i64, usize)]| rows.iter().copied().collect::<Tally>();
        for (before, now, moving) in [
            (tally(&[]), tally(&[(1, 5)]), false),
            (tally(&[(1, 5)]), tally(&[(1, 6)]), false),
            (tally(&[(1, 5)]), tally(&[]), false),
            (tally(&[(1, 5)]), tally(&[(2, 5)]), true),
            (tally(&[(1, 5)]), tally(&[(1, 2), (2, 3)]), true),
            (tally(&[(1, 2), (2, 3)]), tally(&[(2, 5)]), true),
        ] {
            assert_eq!(is_moving(&before, &now), moving, "{before:?} {now:?}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let rows = json!([{"revision": 2, "instances": 3}, {"revision": "x"}]);
        let definition = json!({"metadata": {}, "status": {"revisions": rows}});
        assert_eq!(written(&serde_json::from_value(definition).unwrap()), Tally::from([(2, 3)]));
    }
}
