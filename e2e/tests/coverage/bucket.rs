//! One bucket that specs are applied to.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use cairn_aws::{AwsCall, CallObserver, Meter, Sessions, Settings};
use cairn_core::{
    adoption::Adoption,
    api::Record,
    controls::Controls,
    observed::{Desired, Observed},
    owner::Owner,
    plan::{self, Action, Inputs, Plan, Step},
    reference::Secrets,
    scope::{Region, Scope},
};
use cairn_runtime::kind::{Creation, ManagedKind};
use cairn_s3::{BucketKind, S3};
use cairn_testkit::aws::Aws;
use serde_json::Value;

use crate::recorder::{Exchange, Recorder};

/// The name of the bucket.
pub(crate) const NAME: &str = "photos-of-a";
/// Its region.
pub(crate) const REGION: &str = "eu-west-1";

type Client = <BucketKind as ManagedKind>::Client;

/// A bucket, in an AWS of its own.
pub(crate) struct Trip {
    kind: BucketKind,
    client: Client,
    recorder: Recorder,
    owner: Owner,
    record: Record,
    now: jiff::Timestamp,
}

#[derive(Debug)]
struct Silent;

impl CallObserver for Silent {
    fn called(&self, _: AwsCall<'_>) {}
}

impl Trip {
    pub(crate) async fn start() -> Self {
        let aws = Aws::new();
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
        let kind = BucketKind::new(S3::new(sessions, false));
        let client = kind.connect(&Scope::own(Region::parse(REGION).unwrap())).await.unwrap();
        let text = |text: &str| text.to_owned();
        let owner = Owner {
            cluster: text("c"),
            service: text("s3"),
            kind: text("Bucket"),
            namespace: text("n"),
            name: text("photos"),
        };
        Self { kind, client, recorder, owner, record: Record::default(), now: aws.clock().now() }
    }

    /// Makes the bucket what the spec says; tells what AWS refused, or what would be written a second time.
    pub(crate) async fn apply(&mut self, spec: &Value) -> Result<(), String> {
        let spec = serde_json::from_value(spec.clone()).map_err(|why| why.to_string())?;
        let desired = self.kind.desired(&spec)?;
        for step in self.steps(&desired).await? {
            self.carry_out(&step).await.map_err(|why| format!("{}: {why}", step.operation))?;
        }
        self.record.declared = plan::declared(self.kind.rules(), &desired);
        match self.steps(&desired).await?.as_slice() {
            [] => Ok(()),
            again => Err(format!("written a second time: {again:#?}")),
        }
    }

    /// Everything that went over the wire.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.recorder.exchanges()
    }

    async fn steps(&self, desired: &Desired) -> Result<Vec<Step>, String> {
        let existence = self.kind.locate(&self.client, NAME).await.map_err(|why| why.to_string())?;
        let mut observed = Observed { existence, parts: BTreeMap::new(), fresh: false };
        if let Some(present) = observed.existence.present() {
            for field in plan::fields_to_read(self.kind.rules(), desired, &self.record, present, false) {
                observed.parts.insert(field, self.kind.read(&self.client, NAME, present, field).await);
            }
        }
        let inputs = Inputs {
            rules: self.kind.rules(),
            desired,
            record: &self.record,
            observed: &observed,
            owner: &self.owner,
            adoption: &Adoption::NotAsked,
            controls: &Controls::default(),
            emulated: false,
            confirm_create: false,
            now: self.now,
        };
        match plan::plan(inputs) {
            Plan::Steps(steps) if steps.unread.is_empty() => Ok(steps.steps),
            other => Err(format!("{other:?}")),
        }
    }

    async fn carry_out(&self, step: &Step) -> Result<(), String> {
        let done = match &step.action {
            Action::Create { tags, parts } => {
                let secrets = Secrets::default();
                let creation = Creation { identity: Some(NAME), token: "", tags, parts, secrets: &secrets };
                self.kind.create(&self.client, creation).await.map(drop)
            }
            _ => self.kind.apply(&self.client, NAME, step).await,
        };
        done.map_err(|why| why.to_string())
    }
}
