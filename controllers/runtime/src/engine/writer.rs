//! What the engine writes to Kubernetes: finalizers, status, Events.

use cairn_core::{
    ack_conditions,
    api::CommonStatus,
    condition::{self, Report},
    status,
};
use kube::{
    Api,
    api::{DynamicObject, Patch, PatchParams},
};
use serde_json::{Value, json};

use super::{Engine, damage, object::Managed};
use crate::{
    events::{Notice, Severity},
    kind::ManagedKind,
    stopwatch,
    store::{filled, others::MANAGER},
};

impl<K: ManagedKind> Engine<K> {
    fn api(&self, object: &Managed) -> Api<DynamicObject> {
        Api::namespaced_with(self.parts.client.clone(), &object.key.namespace, &self.resource)
    }

    /// Makes sure that the object outlives its resource. A setting stays when its object goes.
    pub(super) async fn hold(&self, object: &mut Managed) -> Result<(), kube::Error> {
        let ours = self.finalizer();
        if self.kind.rules().is_setting() || object.finalizers.contains(&ours) {
            return Ok(());
        }
        let mut finalizers = object.finalizers.clone();
        finalizers.push(ours);
        self.write_finalizers(object, finalizers).await
    }

    /// Makes sure that the object outlives its resource, and says for ever that the resource was there before it.
    pub(super) async fn mark_adopted(&self, object: &mut Managed) -> Result<(), kube::Error> {
        if !object.controls.adopted {
            let annotation = self.settings.groups.annotation("adopted");
            let body = json!({"metadata": {"annotations": {annotation: "true"}}});
            self.write_metadata(object, body).await?;
            object.controls.adopted = true;
        }
        self.hold(object).await
    }

    /// Writes what AWS has into the spec. Under `adopt` AWS is right, so what the spec said otherwise is overwritten.
    pub(super) async fn fill_spec(&self, object: &mut Managed, spec: Value) -> Result<(), kube::Error> {
        let reference = object.reference();
        let body = json!({
            "apiVersion": reference.api_version,
            "kind": reference.kind,
            "metadata": {"name": reference.name, "namespace": reference.namespace},
            "spec": spec,
        });
        let params = PatchParams::apply(filled::ADOPTION).force();
        let answer = self.api(object).patch(&object.key.name, &params, &Patch::Apply(body)).await?;
        object.generation = answer.metadata.generation;
        self.take_in(object, answer);
        Ok(())
    }

    /// Lets the object go.
    pub(super) async fn release(&self, object: &mut Managed) -> Result<(), kube::Error> {
        let ours = self.finalizer();
        let finalizers = object.finalizers.iter().filter(|finalizer| **finalizer != ours).cloned().collect();
        self.write_finalizers(object, finalizers).await
    }

    async fn write_finalizers(&self, object: &mut Managed, finalizers: Vec<String>) -> Result<(), kube::Error> {
        self.write_metadata(object, json!({"metadata": {"finalizers": finalizers}})).await?;
        object.finalizers = finalizers;
        Ok(())
    }

    async fn write_metadata(&self, object: &mut Managed, mut body: Value) -> Result<(), kube::Error> {
        body["metadata"]["resourceVersion"] = json!(object.resource_version);
        let answer = self.api(object).patch(&object.key.name, &params(), &Patch::Merge(body)).await?;
        self.take_in(object, answer);
        Ok(())
    }

    /// Writes the status with which a reconcile ends: the request to reconcile is answered.
    pub(super) async fn write_final_status(&self, object: &mut Managed, report: &Report) -> Result<(), kube::Error> {
        object.common.last_handled_reconcile_at.clone_from(&object.controls.requested);
        self.write_status(object, report).await
    }

    /// Writes the status that follows from the report and from what the reconcile found out, unless it is there.
    pub(super) async fn write_status(&self, object: &mut Managed, report: &Report) -> Result<(), kube::Error> {
        let was_ready = object.is_ready() && object.common.observed_generation == object.generation;
        let next = self.next_status(object, report).map_err(kube::Error::SerdeError)?;
        if !self.put_status(object, next).await? {
            return Ok(());
        }
        if object.is_ready() && !was_ready {
            stopwatch::ready();
        }
        Ok(())
    }

    /// Whether Kubernetes still has this object, and not another of its name. It is asked itself: what is stored here may be
    /// of before the object was made again, as long as a watch is silent that should not be.
    pub(super) async fn is_there(&self, object: &Managed) -> Result<bool, kube::Error> {
        let there = self.api(object).get_metadata_opt(&object.key.name).await?;
        Ok(there.is_some_and(|there| there.metadata.uid.as_deref() == Some(object.uid.as_str())))
    }

    /// Writes the record alone: what the status says is what it said before.
    pub(super) async fn write_record(&self, object: &mut Managed) -> Result<(), kube::Error> {
        let mut next = object.status.clone();
        next["record"] = serde_json::to_value(&object.record).map_err(kube::Error::SerdeError)?;
        self.put_status(object, next).await.map(drop)
    }

    /// Tells whether there was anything to write.
    async fn put_status(&self, object: &mut Managed, next: Value) -> Result<bool, kube::Error> {
        let Some(patch) = status::patch(&object.status, &next) else { return Ok(false) };
        let body = json!({"metadata": {"resourceVersion": object.resource_version}, "status": patch});
        let answer = self.api(object).patch_status(&object.key.name, &params(), &Patch::Merge(body)).await?;
        self.take_in(object, answer);
        object.status = next;
        Ok(true)
    }

    fn next_status(&self, object: &mut Managed, report: &Report) -> Result<Value, serde_json::Error> {
        let (generation, now) = (object.generation, self.now());
        let mut conditions = condition::conditions(&object.common.conditions, report, generation, now);
        if self.settings.groups.is_ack() {
            conditions = ack_conditions::with(conditions, report, &object.facts, generation, now);
        }
        object.common = CommonStatus {
            ack_resource_metadata: object.metadata.clone(),
            conditions,
            last_handled_reconcile_at: object.common.last_handled_reconcile_at.take(),
            plan: object.plan.clone(),
            observed_generation: object.generation,
            record: Some(object.record.clone()).filter(|record| record.version != 0),
        };
        let mut next = status::compose(&object.status, &object.common, object.own.clone())?;
        if object.damage.is_some() {
            // What cannot be read is nobody's to write.
            for field in damage::VITAL {
                next[field] = object.status[field].clone();
            }
        }
        Ok(next)
    }

    /// The answer to our write is the newest that is known of the object.
    fn take_in(&self, object: &mut Managed, answer: DynamicObject) {
        object.resource_version.clone_from(&answer.metadata.resource_version);
        if let Err(error) = self.parts.store.accept(answer) {
            tracing::warn!(object = %object.key, error = %error, "answer to a write cannot be kept");
        }
    }

    pub(super) fn tell(&self, object: &Managed, reason: &str, note: &str) {
        self.publish(object, Severity::Normal, reason, note);
    }

    pub(super) fn warn_of(&self, object: &Managed, reason: &str, note: &str) {
        self.publish(object, Severity::Warning, reason, note);
    }

    /// Says on a Namespace that is being deleted that the object holds it, together with all others that do.
    pub(super) fn tell_the_namespace(&self, object: &Managed) {
        if object.controls.protection.is_some()
            && let Some(held) = self.parts.surroundings.held_by(self.kind.kind().kind, &object.key)
        {
            self.parts.events.publish(Notice {
                regarding: held.namespace,
                severity: Severity::Warning,
                reason: "DeletionProtected".into(),
                action: "Delete".into(),
                note: held.note,
            });
        }
    }

    fn publish(&self, object: &Managed, severity: Severity, reason: &str, note: &str) {
        self.parts.events.publish(Notice {
            regarding: object.reference(),
            severity,
            reason: reason.into(),
            action: "Reconcile".into(),
            note: note.into(),
        });
    }
}

fn params() -> PatchParams {
    PatchParams { field_manager: Some(MANAGER.into()), ..PatchParams::default() }
}
