//! Bringing a target in line with an export that is to stay.

use std::collections::BTreeMap;

use cairn_crds::shared::FIELD_EXPORT;
use cairn_runtime::{grant::Referrer, key::ObjectKey};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::{Exporter, Interrupted};
use crate::{
    export::Export,
    holding::{held_by_ack_alone, is_made_for_exports},
    refusal::Refusal,
    report::{Reason, Report},
    source_object,
    targets::{Failure, Force},
    wish::{Bounds, Target, Wish, permit},
    written::{Precondition, body, record_digest, redact},
};

/// How often a target that changes again and again is looked at in one reconcile.
const ATTEMPTS: usize = 3;

type Values = BTreeMap<String, String>;

impl Exporter {
    pub(super) async fn carry_out(&self, export: &mut Export) -> Result<(), Interrupted> {
        self.mark_inherited(export);
        let wish = Wish::of(&export.key, &export.spec()?)?;
        export.advice = self.permit(export, &wish)?;
        let Some(source) = self.source(export, &wish)? else { return Ok(()) };
        let values = source_object::values(&wish, &source)?;
        let asked = export.request(&self.groups);
        let (digest, hash) = (
            record_digest(&wish, &values, &source, asked.as_deref()),
            self.memory.hash(&wish, &values, asked.as_deref()),
        );
        if !self.is_current(export, &wish, &digest, hash) {
            // Whatever comes of it, the record must not say that it is done.
            export.record.digest = None;
            self.place(export, &wish, &values).await?;
            self.leave_others(export, &wish.target).await?;
            export.record.digest = Some(digest);
            self.tell(export, "Exported", &exported(&wish));
        }
        self.memory.exported(&export.key, hash);
        self.say(export, &Report::new(Reason::Exported, exported(&wish))).await?;
        Ok(())
    }

    /// Takes note of an export that ACK managed: it has ACK's finalizer, and no status of ours.
    fn mark_inherited(&self, export: &mut Export) {
        let untouched = export.status.observed_generation.is_none() && export.status.record.is_none();
        if self.groups.is_ack() && untouched && export.has(&self.finalizer()) {
            export.record.inherited = true;
        }
    }

    fn permit(&self, export: &Export, wish: &Wish) -> Result<Option<String>, Report> {
        let group = self.group();
        let from = Referrer { group: &group, kind: FIELD_EXPORT.kind, namespace: &export.key.namespace };
        let granted = self.grants.permits(from, wish.target.referent());
        permit(from, &wish.target, Bounds { namespaces: &self.namespaces, granted, open: self.open })
    }

    /// The source; `None` while nothing is known of its kind yet, which ends by itself.
    fn source(&self, export: &Export, wish: &Wish) -> Result<Option<Value>, Interrupted> {
        let asked = &wish.resource;
        let of_kind = self.served.iter().find(|served| served.group == asked.group && served.kind == asked.kind);
        let Some(served) = of_kind else {
            let known: Vec<_> =
                self.served.iter().map(|served| format!("{} of {}", served.kind, served.group)).collect();
            let why = format!(
                "spec.from.resource: this operator does not look after {} of group {}; it does after {}",
                asked.kind,
                asked.group,
                known.join(", ")
            );
            return Err(Report::new(Reason::SourceNotServed, why).into());
        };
        if !served.ready.is_ready() {
            return Ok(None);
        }
        let key = ObjectKey::new(&export.key.namespace, &asked.name);
        let Some(stored) = served.store.get(&key) else {
            let why = format!("there is no {} in namespace {}", source_object::source(wish), export.key.namespace);
            return Err(Report::new(Reason::SourceNotFound, why).into());
        };
        let parsed = stored.parse().map_err(|error| {
            Report::new(Reason::InternalError, format!("{} cannot be read: {error}", source_object::source(wish)))
        });
        Ok(Some(parsed?))
    }

    /// Whether everything was written, and nothing but this is left written.
    fn is_current(&self, export: &Export, wish: &Wish, digest: &str, hash: u64) -> bool {
        let [only] = export.record.targets.as_slice() else { return false };
        let Some(recorded) = &export.record.digest else { return false };
        wish.target.is(only) && (recorded == digest || self.memory.has(&export.key, hash))
    }

    /// Writes the values, once it is recorded where; a target that changes meanwhile is looked at once more.
    async fn place(&self, export: &mut Export, wish: &Wish, values: &Values) -> Result<(), Interrupted> {
        let target = &wish.target;
        if export.note(target) {
            self.say(export, &Report::new(Reason::Exporting, format!("{target} is about to be written"))).await?;
        }
        self.writer.hold(&mut export.object, &self.finalizer()).await?;
        let hidden = |report: Report| Report::new(report.reason, redact(&report.message, target, values));
        for _ in 0..ATTEMPTS {
            let found = self.targets.inspect(target).await?;
            match self.write(export, target, values, found.as_ref()).await {
                Ok(()) => return Ok(()),
                Err(Failure::Refused(Refusal::Moved)) => {}
                Err(Failure::Refused(refusal)) => return Err(hidden(refusal.into_report()).into()),
                Err(Failure::NotHeld) => return Err(Interrupted::NotHeld),
            }
        }
        Err(Report::new(Reason::Retrying, format!("{target} changes again and again")).into())
    }

    /// What is created for an export, and only that, has the export as an owner; Kubernetes knows no owners in other
    /// namespaces.
    async fn write(
        &self,
        export: &Export,
        target: &Target,
        values: &Values,
        found: Option<&ObjectMeta>,
    ) -> Result<(), Failure> {
        let made_for_exports = found.is_none_or(|found| is_made_for_exports(found, &self.group(), FIELD_EXPORT.kind));
        let owner = (made_for_exports && *target.namespace == *export.key.namespace).then(|| export.owner());
        let wanted = body(target, values, owner.as_ref(), Precondition::of(found));
        match self.apply(export, target, &wanted, Force::Never).await {
            // The version in the body is still the one that was refused, so that no more than this is forced.
            Err(Failure::Refused(Refusal::NoData(_))) => self.apply(export, target, &wanted, Force::Always).await,
            Err(Failure::Refused(Refusal::Conflict(_))) if self.is_left_by_ack(export, values, found) => {
                self.apply(export, target, &wanted, Force::Always).await
            }
            outcome => outcome,
        }
    }

    /// Whether the keys are ACK's of an export that ACK managed, and nobody else's.
    fn is_left_by_ack(&self, export: &Export, values: &Values, found: Option<&ObjectMeta>) -> bool {
        let alone = |found| held_by_ack_alone(found, &self.manager(export), values.keys());
        export.record.inherited && found.is_some_and(alone)
    }

    /// Applies a body, and remembers that it was sent until it is known what came of it.
    pub(super) async fn apply(
        &self,
        export: &Export,
        target: &Target,
        body: &Value,
        force: Force,
    ) -> Result<(), Failure> {
        self.memory.sending(&export.key, self.clock.now());
        let outcome = self.targets.apply(target, &self.manager(export), body, force).await;
        if !matches!(outcome, Err(Failure::Refused(Refusal::Unknown(_)))) {
            self.memory.answered(&export.key);
        }
        outcome
    }
}

fn exported(wish: &Wish) -> String {
    match wish.values.len() {
        1 => format!("1 value is in {}", wish.target),
        count => format!("{count} values are in {}", wish.target),
    }
}
