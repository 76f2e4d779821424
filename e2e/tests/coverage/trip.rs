//! One resource that specs are applied to.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use cairn_aws::{AwsCall, CallObserver, Meter, Sessions, Settings};
use cairn_core::{
    adoption::Adoption,
    api::{Ownership, Record},
    controls::Controls,
    failure::Failure,
    observed::{Desired, Existence, Observed},
    owner::Owner,
    plan::{self, Action, Inputs, Plan, Step, Steps},
    reference::Secrets,
    scope::{Region, Scope},
};
use cairn_runtime::kind::{Creation, ManagedKind};
use cairn_testkit::aws::Aws;
use serde_json::Value;

use crate::{
    measured::Measured,
    recorder::{Exchange, Recorder},
};

/// Where the resource is.
pub(crate) const REGION: &str = "eu-west-1";
/// More rounds than any change takes.
const ROUNDS: usize = 400;
/// How long is waited before AWS is asked again.
const PAUSE: Duration = Duration::from_secs(5);
/// The same where AWS said that it is too early.
const LATER: Duration = Duration::from_mins(20);

/// A resource, in an AWS of its own.
pub(crate) struct Trip<M: Measured> {
    aws: Aws,
    kind: M::Managed,
    client: <M::Managed as ManagedKind>::Client,
    recorder: Recorder,
    owner: Owner,
    record: Record,
    done: Vec<Step>,
}

#[derive(Debug)]
struct Silent;

impl CallObserver for Silent {
    fn called(&self, _: AwsCall<'_>) {}
}

impl<M: Measured> Trip<M> {
    pub(crate) async fn start(aws: &Aws) -> Self {
        let recorder = Recorder::over(aws.http_client());
        let credentials = Credentials::new("KEY", "secret", None, None, "test");
        let sessions = Sessions::new(Settings {
            endpoint: None,
            identity_endpoint: None,
            read_timeout: Duration::from_secs(5),
            mutation_timeout: Duration::from_secs(5),
            use_fips: false,
            use_dual_stack: false,
            time_source: None,
            http_client: Some(SharedHttpClient::new(recorder.clone())),
            credentials: Some(SharedCredentialsProvider::new(credentials)),
            meter: Meter::new(Arc::new(Silent)),
        });
        let kind = M::managed(sessions);
        let client = kind.connect(&Scope::own(Region::parse(REGION).unwrap())).await.unwrap();
        let text = |text: &str| text.to_owned();
        let owner = Owner {
            cluster: text("c"),
            service: text(kind.rules().service),
            kind: text(kind.rules().kind),
            namespace: text("n"),
            name: text("a"),
        };
        Self { aws: aws.clone(), kind, client, recorder, owner, record: Record::default(), done: Vec::new() }
    }

    /// Makes the resource what the spec says; tells what AWS refused, or what would be written a second time.
    pub(crate) async fn apply(&mut self, spec: &Value) -> Result<(), String> {
        let spec = serde_json::from_value(spec.clone()).map_err(|why| why.to_string())?;
        let (desired, name) = (self.kind.desired(&spec)?, self.kind.identity(&spec).unwrap());
        self.done.clear();
        for _ in 0..ROUNDS {
            match self.plan(&name, &desired).await? {
                Plan::Wait(_) => tokio::time::sleep(PAUSE).await,
                Plan::Steps(steps) if is_late(&steps) => tokio::time::sleep(PAUSE).await,
                Plan::Steps(steps) if is_whole(&steps) => {
                    if self.round(&name, &steps).await? {
                        self.record.declared = plan::declared(self.kind.rules(), &desired);
                        return self.settled(&name, &desired).await;
                    }
                }
                other => return Err(format!("{other:#?}")),
            }
        }
        Err(format!("no end is in sight: {:#?}", self.done))
    }

    /// Everything that went over the wire.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.recorder.exchanges()
    }

    async fn settled(&self, name: &str, desired: &Desired) -> Result<(), String> {
        match self.plan(name, desired).await? {
            Plan::Steps(steps) if is_whole(&steps) && steps.steps.is_empty() => Ok(()),
            again => Err(format!("written a second time: {again:#?}")),
        }
    }

    async fn plan(&self, name: &str, desired: &Desired) -> Result<Plan, String> {
        let told = |why: Failure| why.to_string();
        let mut existence = self.kind.locate(&self.client, name).await.map_err(told)?;
        let mut parts = BTreeMap::new();
        if let Existence::Present(present) = &mut existence {
            if self.kind.rules().list_tags.is_some() {
                present.tags = Some(self.kind.tags(&self.client, name).await.map_err(told)?);
            }
            for field in plan::fields_to_read(self.kind.rules(), desired, &self.record, present, false) {
                parts.insert(field, self.kind.read(&self.client, name, present, field).await);
            }
        }
        let observed = Observed { existence, parts, fresh: false };
        Ok(plan::plan(Inputs {
            rules: self.kind.rules(),
            desired,
            record: &self.record,
            observed: &observed,
            owner: &self.owner,
            adoption: &Adoption::NotAsked,
            controls: &Controls::default(),
            emulated: false,
            confirm_create: false,
            now: self.aws.clock().now(),
        }))
    }

    /// What holds at once, and then the first of what lasts; whether nothing is left after it.
    async fn round(&mut self, name: &str, steps: &Steps) -> Result<bool, String> {
        let round = steps.round();
        let (creation, mut next) = (steps.steps.first().filter(|_| steps.creates()), round.immediate);
        next.extend(round.lasting.first());
        let alone = creation.is_some() && self.kind.rules().asynchronous;
        for step in creation.into_iter().chain(next.into_iter().filter(|_| !alone)) {
            if let Err(failure) = self.carry_out(name, step).await {
                if !failure.class.passes_by_itself() {
                    return Err(format!("{}: {failure}: {step:#?}", step.operation));
                }
                tokio::time::sleep(LATER).await;
                return Ok(false);
            }
            let of = |step: &Step| (step.field, step.operation);
            if self.done.iter().any(|done| of(done) == of(step) && done.action == step.action) {
                return Err(format!("written a second time: {step:#?}"));
            }
            self.done.push(step.clone());
        }
        Ok(!alone && round.lasting.is_empty() && steps.awaited.is_empty())
    }

    async fn carry_out(&mut self, name: &str, step: &Step) -> Result<(), Failure> {
        let Action::Create { tags, parts } = &step.action else {
            return self.kind.apply(&self.client, name, step).await;
        };
        let secrets = Secrets::default();
        let creation = Creation { identity: Some(name), token: "", uid: "uid", tags, parts, secrets: &secrets };
        self.kind.create(&self.client, creation).await?;
        self.record.ownership = Some(Ownership::Created);
        self.record.untagged = plan::creates_untagged(self.kind.rules(), step);
        Ok(())
    }
}

/// Whether there is something that AWS does not tell yet.
fn is_late(steps: &Steps) -> bool {
    !steps.unread.is_empty() && steps.unread.iter().all(|(_, failure)| failure.class.passes_by_itself())
}

/// Whether everything could be read, and can be changed.
fn is_whole(steps: &Steps) -> bool {
    steps.unread.is_empty() && steps.immutable.is_empty()
}
