//! Reconciles as callers of AWS: each in the name of its object's namespace.

use cairn_aws::pace::Caller;
use cairn_runtime::{
    key::ObjectKey,
    worker::{Reconciler, Request, Verdict},
};

/// A reconciler whose calls to AWS take turns by namespace, and whose objects come back in time when a region that was
/// down may answer again.
#[derive(Clone, Debug)]
pub(crate) struct Paced<R>(pub(crate) R);

impl<R: Reconciler> Reconciler for Paced<R> {
    async fn reconcile(&self, request: Request) -> Verdict {
        let caller = Caller::new(&request.key.namespace);
        let verdict = caller.run(self.0.reconcile(request)).await;
        match verdict {
            // The region failed, and not the object: that is no reason to come back to it ever more rarely.
            Verdict::Retry { after: None } => Verdict::Retry { after: caller.come_back() },
            other => other,
        }
    }

    fn panicked(&self, key: &ObjectKey, message: &str) {
        self.0.panicked(key, message);
    }

    fn timed_out(&self, key: &ObjectKey) {
        self.0.timed_out(key);
    }
}
