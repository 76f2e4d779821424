//! A simulated DynamoDB, and plans carried out against it as the engine does.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::time::SharedTimeSource;
use cairn_aws::{AwsCall, CallObserver, Meter, Sessions, Settings};
use cairn_core::{
    adoption::Adoption,
    api::{Ownership, Record},
    controls::Controls,
    failure::Failure,
    observed::{Desired, Existence, Observed},
    owner::Owner,
    plan::{self, Inputs, Plan, Step, Steps},
    scope::{Region, Scope},
};
use cairn_dynamodb::{DynamoDb, TableKind, table::RULES};
use cairn_runtime::kind::{Creation, ManagedKind};
use cairn_testkit::aws::{Aws, dynamodb::model::Table};
use serde_json::Value;

const REGION: &str = "eu-west-1";
/// More rounds than any change takes.
const ROUNDS: usize = 400;
/// How long is waited before what has to wait is tried again.
const PAUSE: Duration = Duration::from_secs(5);
/// The same where AWS said that it is too early.
const LATER: Duration = Duration::from_mins(20);

#[derive(Debug)]
struct Nobody;

impl CallObserver for Nobody {
    fn called(&self, _: AwsCall<'_>) {}
}

type Client = <TableKind as ManagedKind>::Client;

pub(crate) struct World {
    aws: Aws,
    kind: TableKind,
}

/// What became of one round.
enum Turn {
    Done,
    Wait(Duration),
}

impl World {
    pub(crate) fn new() -> Self {
        let aws = Aws::new();
        let credentials = Credentials::new("AKIATEST", "secret", None, None, "test");
        let sessions = Sessions::new(Settings {
            endpoint: None,
            identity_endpoint: None,
            read_timeout: Duration::from_secs(10),
            mutation_timeout: Duration::from_secs(10),
            use_fips: false,
            use_dual_stack: false,
            time_source: Some(SharedTimeSource::new(aws.clock().clone())),
            http_client: Some(aws.http_client()),
            credentials: Some(SharedCredentialsProvider::new(credentials)),
            meter: Meter::new(Arc::new(Nobody)),
        });
        Self { aws, kind: TableKind::new(DynamoDb::new(sessions)) }
    }

    async fn client(&self) -> Client {
        let scope = Scope::own(Region::parse(REGION).unwrap());
        self.kind.connect(&scope).await.unwrap()
    }

    fn table(&self, name: &str) -> Table {
        self.aws.table(REGION, name).unwrap()
    }

    /// What of the table somebody has configured. Its tags name its owner, who is not of interest.
    pub(crate) fn configuration(&self, name: &str) -> Value {
        let mut configuration = self.table(name).configuration();
        configuration["tags"].take();
        configuration
    }

    pub(crate) fn units(&self, name: &str) -> u64 {
        let table = self.table(name);
        let index = table.indexes[0].throughput.provisioned.read;
        assert_eq!(table.throughput.provisioned.read, index);
        index.try_into().unwrap()
    }

    /// Somebody else gives the table and its indexes other capacity.
    pub(crate) fn scale(&self, name: &str, units: i64) {
        let there = self.aws.edit_table(REGION, name, |table| {
            table.throughput.provisioned.read = units;
            table.indexes.iter_mut().for_each(|index| index.throughput.provisioned.read = units);
        });
        assert!(there, "{name}");
    }

    /// Makes the table what the spec declares, which was declared as `before` if it was; tells what was done, the
    /// creation not counted.
    pub(crate) async fn bring(&self, name: &str, spec: &Value, before: Option<&Value>) -> Vec<Step> {
        let client = self.client().await;
        let desired = self.desired(spec);
        let record = self.record(before);
        let mut done = Vec::new();
        for _ in 0..ROUNDS {
            let observed = self.observe(&client, name, &desired, &record).await;
            let turn = match self.plan(name, &desired, &record, &observed) {
                Plan::Wait(_) => Turn::Wait(PAUSE),
                Plan::Steps(steps) if steps.creates() => self.create(&client, name, &steps).await,
                Plan::Steps(steps) => self.round(&client, name, &steps, &mut done).await,
                Plan::Blocked(report) => panic!("{report:?}"),
            };
            match turn {
                Turn::Done => return done,
                Turn::Wait(time) => tokio::time::sleep(time).await,
            }
        }
        panic!("no end is in sight: {done:#?}");
    }

    /// The fields that the spec would have to change and AWS does not.
    pub(crate) async fn immutable(&self, name: &str, spec: &Value, before: &Value) -> Vec<&'static str> {
        let (client, desired, record) = (self.client().await, self.desired(spec), self.record(Some(before)));
        let observed = self.observe(&client, name, &desired, &record).await;
        match self.plan(name, &desired, &record, &observed) {
            Plan::Steps(steps) => {
                assert_eq!(steps.steps, []);
                steps.immutable
            }
            other => panic!("{other:?}"),
        }
    }

    fn desired(&self, spec: &Value) -> Desired {
        self.kind.desired(&serde_json::from_value(spec.clone()).unwrap()).unwrap()
    }

    fn record(&self, before: Option<&Value>) -> Record {
        let Some(before) = before else { return Record::default() };
        let declared = plan::declared(&RULES, &self.desired(before));
        Record { ownership: Some(Ownership::Created), declared, ..Record::default() }
    }

    async fn observe(&self, client: &Client, name: &str, desired: &Desired, record: &Record) -> Observed {
        let mut existence = self.kind.locate(client, name).await.unwrap();
        let mut parts = BTreeMap::new();
        if let Existence::Present(present) = &mut existence {
            present.tags = Some(owner(name).tags());
            for field in plan::fields_to_read(&RULES, desired, record, present, false) {
                parts.insert(field, self.kind.read(client, name, present, field).await);
            }
        }
        Observed { existence, parts, fresh: false }
    }

    fn plan(&self, name: &str, desired: &Desired, record: &Record, observed: &Observed) -> Plan {
        plan::plan(Inputs {
            rules: self.kind.rules(),
            desired,
            record,
            observed,
            owner: &owner(name),
            adoption: &Adoption::NotAsked,
            controls: &Controls::default(),
            emulated: false,
            confirm_create: false,
            now: self.aws.clock().now(),
        })
    }

    async fn create(&self, client: &Client, name: &str, steps: &Steps) -> Turn {
        let plan::Action::Create { tags, parts } = &steps.steps[0].action else { panic!("{steps:?}") };
        let secrets = cairn_core::reference::Secrets::default();
        let creation = Creation { identity: Some(name), token: "token", uid: "uid", tags, parts, secrets: &secrets };
        self.kind.create(client, creation).await.unwrap();
        Turn::Wait(PAUSE)
    }

    /// What holds at once, and then the first of what lasts.
    async fn round(&self, client: &Client, name: &str, steps: &Steps, done: &mut Vec<Step>) -> Turn {
        assert_eq!((&steps.immutable, &steps.unread), (&vec![], &vec![]));
        let round = steps.round();
        for step in round.immediate.iter().chain(round.lasting.first()) {
            match self.kind.apply(client, name, step).await {
                Ok(()) => done.push((*step).clone()),
                Err(failure) => return Turn::Wait(too_early(&failure, step)),
            }
        }
        let last = round.lasting.is_empty() && steps.awaited.is_empty();
        if last { Turn::Done } else { Turn::Wait(PAUSE) }
    }
}

/// A step may be too early; DynamoDB refuses none for any other reason.
fn too_early(failure: &Failure, step: &Step) -> Duration {
    assert!(failure.class.passes_by_itself(), "{failure}: {step:#?}");
    LATER
}

fn owner(name: &str) -> Owner {
    let text = |text: &str| text.to_owned();
    Owner {
        cluster: text("c"),
        service: text("dynamodb"),
        kind: text("Table"),
        namespace: text("default"),
        name: text(name),
    }
}
