//! Taking over a resource that nobody owns, because the object asks for it.
//!
//! The order makes a crash harmless at any point: finalizer and the mark that the resource was there before, then the
//! ownership tags, then the spec, and last the record.

use cairn_core::{
    adoption::Policy,
    api::Ownership,
    condition::{Reason, Report},
    failure::Failure,
    leaf,
    observed::Observed,
    plan::Steps,
    record, reference,
    tags::Tags,
};
use serde_json::{Map, Value};

use super::{
    Engine, Interrupted,
    object::Managed,
    work::{Done, Work},
};
use crate::{kind::ManagedKind, worker::Verdict};

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn adopt(
        &self,
        object: &mut Managed,
        work: &mut Work<K::Client>,
        observed: &Observed,
        steps: Steps,
        policy: Policy,
    ) -> Result<Verdict, Interrupted> {
        let mut done = Done { adopted: true, ..Done::default() };
        if let (Policy::Adopt, [(field, failure), ..]) = (policy, unread(observed).as_slice()) {
            // A spec that is filled only in part would say too little for ever.
            return Err(self.failed(Some(&work.client), work.identity.as_deref(), &[(field, failure.clone())]).into());
        }
        if policy == Policy::AdoptOrCreate {
            object.record = record::disown(std::mem::take(&mut object.record));
        }
        self.mark_adopted(object).await?;
        self.carry_out(object, work, &steps, &mut done).await?;
        let tagged = done.failures.iter().all(|(field, _)| *field != self.kind.rules().tags);
        let Some(present) = observed.existence.present().filter(|_| tagged) else {
            return Err(self.failed(Some(&work.client), work.identity.as_deref(), &done.failures).into());
        };
        let record = std::mem::take(&mut object.record);
        object.record = record::own(record, work.name(), present.incarnation.as_deref(), Ownership::Adopted);
        if policy == Policy::AdoptOrCreate {
            return self.settle(object, work, observed, steps, done).await;
        }
        let tags = present.tags.clone().unwrap_or_default();
        let spec = self.as_declared(object, observed, &tags);
        self.fill_spec(object, spec).await?;
        self.show_resource(object, work, observed);
        self.write_status(object, &Report::new(Reason::Updating, "took over the resource; comparing it again")).await?;
        self.announce(object, &done, false, &[]);
        Ok(Verdict::Settled { next: Some(self.parts.clock.now()) })
    }

    /// What AWS has, as a spec would say it, but for what its references say.
    fn as_declared(&self, object: &Managed, observed: &Observed, tags: &Tags) -> Value {
        let rules = self.kind.rules();
        let located = observed.existence.present().into_iter().flat_map(|present| &present.parts);
        let read = observed.parts.iter().filter_map(|(field, reading)| Some((field, reading.as_ref().ok()?)));
        let told = located.chain(read).filter_map(|(field, value)| {
            let value = value.as_ref().filter(|value| rules.part(field).is_none_or(|part| (part.telling)(value)))?;
            Some(((*field).to_owned(), value.clone()))
        });
        let mut spec: Map<String, Value> = told.collect();
        let theirs: Tags =
            tags.iter().filter(|(key, _)| is_declarable(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        if !theirs.is_empty() {
            spec.insert(rules.tags.into(), self.kind.tags_as_declared(&theirs));
        }
        let mut spec = Value::Object(spec);
        for field in reference::filled_fields(rules, &object.spec) {
            leaf::set(&mut spec, &field.path(), None);
        }
        spec
    }
}

/// Tags of AWS itself and of Cairn are nobody's to declare.
fn is_declarable(key: &str) -> bool {
    !key.starts_with("aws:") && !key.starts_with(cairn_core::owner::TAG_PREFIX)
}

fn unread(observed: &Observed) -> Vec<(&'static str, Failure)> {
    observed.parts.iter().filter_map(|(field, reading)| Some((*field, reading.as_ref().err()?.clone()))).collect()
}
