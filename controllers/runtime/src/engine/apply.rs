//! An object that is to stay: whether there is anything to do for it, and with what.

use cairn_core::{
    adoption,
    condition::{Reason, Report},
    default_tags::Facts,
    digest,
    reference::{self, Resolved, Secrets},
    rules::{Naming, Rule},
    schedule,
    scope::{self, OperatorScope, Scope, Selection, Subject, Unscoped},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Engine, Interrupted, object::Managed, work::Work};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn apply(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        let resolved = self.resolve(object)?;
        let spec = Self::spec(&resolved.spec)?;
        let scope = self.scope(object, self.kind.region(&spec))?;
        let elders = self.elders(object);
        let digest = self.inputs_digest(object, &resolved, &scope, &elders);
        if self.is_current(object, &digest) {
            return Ok(self.until_next_check(object));
        }
        if self.settings.groups.is_ack() {
            object.facts.role = Some(self.selection(object, self.kind.region(&spec), &scope));
        }
        self.check_late(object, &resolved, &digest)?;
        let work = self.work(object, &spec, resolved, digest)?;
        let mut work = self.equip(work, self.connect(object, &scope).await?).await?;
        if work.identity.is_none() {
            let named = self.kind.own_name(&work.client, &work.owner);
            work.identity = named.map_err(|why| Report::new(Reason::InvalidSpec, why))?;
        }
        self.give_way(&elders, work.name()).await?;
        self.converge(object, &mut work).await
    }

    pub(super) fn spec(spec: &Value) -> Result<K::Spec, Report> {
        K::Spec::deserialize(spec).map_err(|error| Report::new(Reason::InvalidSpec, format!("spec: {error}")))
    }

    pub(super) fn work(
        &self,
        object: &Managed,
        spec: &K::Spec,
        resolved: Resolved,
        digest: String,
    ) -> Result<Work<()>, Report> {
        let mut desired = self.kind.desired(spec).map_err(|why| Report::new(Reason::InvalidSpec, why))?;
        let sealed = resolved.secrets;
        reference::seal(&mut desired, &sealed).map_err(|path| {
            let why = format!("no part of the kind takes the Secret of spec.{path}; this is a defect of Cairn");
            Report::new(Reason::InternalError, why)
        })?;
        self.check_ignored(object)?;
        self.check_adoption(object)?;
        if !self.kind.rules().tags.is_empty() {
            desired.defaults = self.settings.tags.lasting(self.facts(object));
            desired.at_creation = self.settings.tags.at_creation(self.facts(object));
        }
        object.leave_undeclared(self.kind.rules(), &mut desired);
        let identity = self.identity(object, spec)?;
        let namespace = &object.key.namespace;
        let asked = object.controls.adoption.as_ref().map(|adoption| adoption.policy);
        let adoption = self.settings.adoption.decide(asked, namespace);
        let (owner, secrets) = (self.owner(&object.key), Secrets::default());
        let place = self.kind.place(spec);
        Ok(Work { client: (), identity, place, desired, owner, adoption, digest, sealed, secrets })
    }

    /// The same, with a connection to AWS, and with what is declared in AWS's terms.
    pub(super) async fn equip(&self, work: Work<()>, client: K::Client) -> Result<Work<K::Client>, Report> {
        let mut work = work.over(client);
        let translated = self.kind.translate(&work.client, &mut work.desired).await;
        translated.map_err(|failure| self.failed(Some(&work.client), None, &[("spec", failure)]))?;
        Ok(work)
    }

    fn facts<'a>(&'a self, object: &'a Managed) -> Facts<'a> {
        let kind = self.kind.kind();
        Facts {
            service: kind.home.service(),
            kind: kind.kind,
            namespace: &object.key.namespace,
            name: &object.key.name,
            version: &self.settings.version,
            labels: &object.labels,
            namespace_labels: &object.surroundings.labels,
        }
    }

    /// Digest of everything that a plan depends on beside AWS itself.
    fn inputs_digest(&self, object: &Managed, resolved: &Resolved, scope: &Scope, elders: &[Managed]) -> String {
        let tags = self.settings.tags.lasting(self.facts(object));
        let mut inputs = json!({
            "spec": resolved.spec,
            "undeclared": object.undeclared,
            "region": scope.region.as_str(),
            "role": scope.role.as_ref().map(|role| role.arn.as_str()),
            "controls": object.controls.digest_input(self.parts.clock.now()),
            "tags": tags,
        });
        // Digests of objects without Secrets stay what they were before there were any.
        if !resolved.secrets.is_empty() {
            inputs["secrets"] =
                resolved.secrets.iter().map(|(path, sealed)| (path.as_str(), sealed.as_str())).collect();
        }
        if !elders.is_empty() {
            inputs["elders"] = Self::elders_digest_input(elders);
        }
        digest::of(&inputs)
    }

    /// What is written whole is ignored whole or not at all.
    fn check_ignored(&self, object: &Managed) -> Result<(), Report> {
        let whole = self.kind.rules().parts.iter().filter(|part| part.rule != Rule::Document).map(|part| part.field);
        for field in whole.chain([self.kind.rules().tags]) {
            if let Some(path) = object.controls.ignored.iter().find(|path| path.is_below(field)) {
                let annotation = self.settings.groups.annotation("ignore-field-drift");
                let why = format!(
                    "annotation {annotation}: {path} is part of spec.{field}, which is written whole; ignore spec.{field}"
                );
                return Err(Report::new(Reason::InvalidSpec, why));
            }
        }
        Ok(())
    }

    /// What has no owner cannot be taken over, nor left to whoever has it.
    fn check_adoption(&self, object: &Managed) -> Result<(), Report> {
        if !self.kind.rules().is_setting() || object.controls.adoption.is_none() {
            return Ok(());
        }
        let annotation = self.settings.groups.annotation("adoption-policy");
        let why = format!(
            "annotation {annotation}: a {} is a setting of the account, which nobody owns; take the annotation away and \
             declare what is to be",
            self.kind.kind().kind
        );
        Err(Report::new(Reason::InvalidSpec, why))
    }

    /// The name in AWS: what the spec says, or else the adoption fields, or else what AWS gave.
    fn identity(&self, object: &Managed, spec: &K::Spec) -> Result<Option<String>, Report> {
        let recorded = object.record.identity.clone();
        let invalid = |why| Report::new(Reason::InvalidSpec, why);
        let fields = object.controls.adoption.as_ref().map(|adoption| &adoption.fields);
        let known = self.kind.rules().identifiers;
        let to_adopt = fields.map(|fields| adoption::identity(fields, known)).transpose().map_err(invalid)?.flatten();
        // What AWS gave an id once is what the object has, whatever it was told to look for first.
        let given = self.kind.rules().naming != Naming::Named && object.record.ownership.is_some();
        if let Some(recorded) = recorded.clone().filter(|_| given) {
            return Ok(Some(recorded));
        }
        let named = match (self.kind.identity(spec), to_adopt) {
            (Some(name), Some(other)) if name != other => {
                return Err(invalid(format!("the spec names {name}, but adoption-fields name {other}")));
            }
            (name, other) => name.or(other),
        };
        match (named, recorded) {
            (Some(named), Some(recorded)) if named != recorded && object.record.ownership.is_some() => {
                let why = format!(
                    "the object owns {recorded} and cannot be turned to {named}; set the name back, or create another \
                     object"
                );
                Err(Report::new(Reason::Immutable, why))
            }
            (Some(named), _) => Ok(Some(named)),
            (None, recorded) => Ok(recorded),
        }
    }

    fn subject<'a>(&self, object: &'a Managed, region: Option<&'a str>) -> Subject<'a> {
        Subject {
            kind: self.kind.kind(),
            namespace: &object.key.namespace,
            name: &object.key.name,
            labels: &object.labels,
            annotations: &object.annotations,
            region,
            recorded: object.metadata.as_ref(),
        }
    }

    fn selection(&self, object: &Managed, region: Option<&str>, scope: &Scope) -> Option<Selection> {
        self.parts.surroundings.selection(&self.subject(object, region), &self.settings.groups, scope)
    }

    pub(super) fn scope(&self, object: &Managed, region: Option<&str>) -> Result<Scope, Report> {
        let subject = self.subject(object, region);
        let operator =
            OperatorScope { groups: &self.settings.groups, region: self.settings.region.as_deref(), account: None };
        self.parts.surroundings.decide(&subject, &operator).map_err(|unscoped| match unscoped {
            Unscoped::Invalid(why) => Report::new(Reason::InvalidSpec, why),
            Unscoped::NotAllowed(why) => Report::new(Reason::NotAllowed, why),
            Unscoped::Moved(why) => Report::new(Reason::ScopeChanged, why),
            Unscoped::Unknown(why) => Report::new(Reason::DependencyNotReady, why),
        })
    }

    pub(super) async fn connect(&self, object: &Managed, scope: &Scope) -> Result<K::Client, Report> {
        let client = self.kind.connect(scope).await.map_err(|failure| self.failed(None, None, &[("spec", failure)]))?;
        let recorded = object.metadata.as_ref().map(|metadata| metadata.owner_account_id.as_str());
        let current = client.metadata(None).owner_account_id;
        scope::same_account(recorded, &current).map_err(|why| Report::new(Reason::ScopeChanged, why))?;
        Ok(client)
    }

    /// Whether everything that is declared was carried out, or shown where it is not to be, and no check has fallen due
    /// nor been asked for since.
    fn is_current(&self, object: &Managed, digest: &str) -> bool {
        let carried_out = object.is_ready() && object.record.digest.as_deref() == Some(digest);
        let shown = object.record.shown.as_deref() == Some(digest);
        let quiet = (carried_out || shown) && object.is_answered();
        let Some(changed) = object.record.changed_at.filter(|_| quiet) else { return false };
        if carried_out && self.kind.rules().is_done_with() {
            return true;
        }
        let since = self.unseen_since(&object.key);
        !schedule::due(changed, &object.uid, self.period(object), since, self.parts.clock.now())
    }

    pub(super) fn until_next_check(&self, object: &Managed) -> Verdict {
        let now = self.parts.clock.now();
        if object.is_ready() && self.kind.rules().is_done_with() {
            return Verdict::Settled { next: object.controls.paused.ends(now) };
        }
        let changed = object.record.changed_at.unwrap_or(now);
        let check = schedule::next_check(changed, &object.uid, self.period(object), now);
        let next = object.controls.paused.ends(now).map_or(check, |end| end.min(check));
        Verdict::Settled { next: Some(next) }
    }

    fn period(&self, object: &Managed) -> schedule::Period {
        object.controls.period.unwrap_or(self.settings.period)
    }
}

pub(super) fn available() -> Report {
    Report::new(Reason::Available, "AWS has what is declared")
}
