//! What the demo shows.

#![allow(clippy::print_stdout, reason = "what the demo shows is its output")]

use std::{collections::BTreeMap, fs, time::Duration};

use cairn_e2e::{
    Error, Result,
    cluster::Cluster,
    error::ensure,
    kubectl::Kubectl,
    operator::{Operator, Settings, up_to_date},
    progress::Progress,
    session,
    stage::Stage,
    wait::until_true,
    workspace,
};

const NAMESPACE: &str = "demo";
const USER: &str = "developer";
const OBJECT: &str = "buckets.s3.aws.cairn.run/hello";
const PATIENCE: Duration = Duration::from_mins(1);

/// The demo after its first half: the bucket of the example is Ready.
pub(crate) struct Story {
    stage: Stage,
    operator: Operator,
    developer: Kubectl,
    bucket: String,
}

impl Story {
    /// Everything up to a bucket that is Ready and was shown.
    pub(crate) fn begin(progress: Progress) -> Result<Self> {
        up_to_date(&progress)?;
        progress.step("cairn is built");
        let stage = Stage::start(progress)?;
        let operator = stage.operator(&Settings::default())?;
        progress.step("operator is ready, under the chart's service account");
        let developer = developer(&stage)?;
        progress.step("a developer got the role `edit` in namespace demo, and nothing else");
        let bucket = apply(&developer).map_err(|error| blame(error, &operator))?;
        progress.step(&format!("the developer applied examples/bucket; {bucket} is Ready"));
        let story = Self { stage, operator, developer, bucket };
        story.show()?;
        Ok(story)
    }

    fn show(&self) -> Result<()> {
        let s3 = self.stage.moto.s3();
        println!("\n$ kubectl get buckets\n{}", self.developer.run(&["get", "buckets"])?);
        println!("{} in AWS:", self.bucket);
        let tags = s3.tags(&self.bucket)?;
        for (key, value) in &tags {
            println!("  tag {key} = {value}");
        }
        println!("  versioning: {}", s3.versioning(&self.bucket)?.unwrap_or_else(|| "off".into()));
        let encryption = s3.encryption(&self.bucket)?.map(|found| algorithms(&found));
        println!("  encryption: {}\n", encryption.unwrap_or_else(|| "AWS's default".into()));
        self.blamed(ensure_tags(&tags))
    }

    /// How to go on by hand.
    pub(crate) fn invite(&self) {
        let kubectl = self.stage.cluster.programs().kubectl.display();
        println!("Go on from another terminal:\n");
        println!("  export KUBECONFIG={}", self.stage.cluster.kubeconfig().display());
        println!("  alias kubectl={kubectl}");
        println!("  kubectl --namespace {NAMESPACE} edit bucket hello\n");
        println!("AWS is at {}; the operator logs to {}.", self.stage.moto.endpoint(), self.operator.log().display());
        println!("Ctrl-C ends everything.\n");
    }

    /// The other half: a change and a deletion arrive in AWS.
    pub(crate) fn change_and_delete(&self) -> Result<()> {
        self.blamed(self.change())?;
        self.stage.progress.step("the developer turned versioning on; so it is in AWS, and the object is Ready");
        self.blamed(self.delete())?;
        self.stage.progress.step("the developer deleted the object; the bucket is gone from AWS");
        Ok(())
    }

    fn change(&self) -> Result<()> {
        let change = r#"{"spec":{"versioning":{"status":"Enabled"}}}"#;
        self.developer.run(&["patch", OBJECT, "--type=merge", "--patch", change])?;
        self.developer.until_condition(OBJECT, "Ready", "True", PATIENCE)?;
        let s3 = self.stage.moto.s3();
        let versioning = s3.versioning(&self.bucket)?;
        ensure(versioning.as_deref() == Some("Enabled"), || {
            format!("the object is Ready, but versioning in AWS is {versioning:?}")
        })?;
        ensure_tags(&s3.tags(&self.bucket)?)
    }

    fn delete(&self) -> Result<()> {
        self.developer.run(&["delete", "--wait=false", OBJECT])?;
        self.developer.until_gone(OBJECT, PATIENCE)?;
        let buckets = self.stage.moto.s3().buckets()?;
        ensure(buckets.is_empty(), || format!("the object is gone, but AWS still has {buckets:?}"))
    }

    /// Stops everything, the operator first.
    pub(crate) fn end(mut self) -> Result<()> {
        if Cluster::is_existing() {
            // Without an operator nobody would take the finalizer away.
            self.developer.run(&["delete", "--ignore-not-found", OBJECT])?;
        }
        self.operator.terminate()?;
        drop(self.stage.moto);
        self.stage.cluster.stop()
    }

    fn blamed(&self, outcome: Result<()>) -> Result<()> {
        outcome.map_err(|error| blame(error, &self.operator))
    }
}

fn developer(stage: &Stage) -> Result<Kubectl> {
    let admin = stage.kubectl()?;
    admin.create_namespace(NAMESPACE)?;
    let admin = admin.in_namespace(NAMESPACE);
    admin.grant("edit", USER)?;
    let developer = admin.as_user(USER);
    until_true("the right to create buckets", PATIENCE, || developer.can_i(&["create", "buckets.s3.aws.cairn.run"]))?;
    Ok(developer)
}

/// Applies the example and gives the bucket's name in AWS once it is Ready.
fn apply(developer: &Kubectl) -> Result<String> {
    let example = workspace().join("examples").join("bucket").join("bucket.yaml");
    let manifest = fs::read_to_string(&example).map_err(|source| Error::file(&example, source))?;
    developer.apply(&manifest)?;
    developer.until_condition(OBJECT, "Ready", "True", PATIENCE)?;
    let object = developer.get(&[OBJECT])?;
    let name = object["spec"]["name"].as_str().map(str::to_owned);
    name.ok_or_else(|| Error::Wrong("the bucket of the example has no name".into()))
}

fn ensure_tags(tags: &BTreeMap<String, String>) -> Result<()> {
    ensure(tags.get("team").is_some_and(|team| team == "web"), || {
        format!("the tag `team` is missing in AWS: {tags:?}")
    })?;
    ensure(tags.contains_key("cairn.run/owner"), || format!("the tag that names the owner is missing in AWS: {tags:?}"))
}

fn algorithms(encryption: &aws_sdk_s3::types::ServerSideEncryptionConfiguration) -> String {
    let defaults = encryption.rules().iter().filter_map(|rule| rule.apply_server_side_encryption_by_default());
    defaults.map(|default| default.sse_algorithm().as_str()).collect::<Vec<_>>().join(", ")
}

fn blame(error: Error, operator: &Operator) -> Error {
    let logs = session::keep_logs().map(|logs| logs.display().to_string()).unwrap_or_default();
    error.with(format!("the end of the operator's log, which is kept in {logs}:\n{}", operator.tail()))
}
