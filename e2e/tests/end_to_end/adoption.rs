//! Taking over a bucket that is there already, and plans that are only shown: on the real API server, whose field managers
//! and generations both rest on.

use cairn_e2e::{Result, error::ensure, operator::Settings};
use serde_json::{Value, json};

use crate::fixture::{Room, SOON, alone, bucket_name};

const PERMITTED: Settings<'static> =
    Settings { name: "cairn-0", credentials: Some(("test", "test")), arguments: &["--adoption-namespaces=*"] };

fn annotated(object: &str, name: &str, annotation: &str, more: &str) -> String {
    format!(
        "apiVersion: s3.aws.cairn.run/v1alpha1\nkind: Bucket\nmetadata:\n  name: {object}\n  annotations: \
         {{aws.cairn.run/{annotation}}}\nspec:\n  name: {name}\n{more}\n"
    )
}

#[test]
fn a_bucket_that_is_there_is_taken_over_as_it_is_and_what_is_applied_later_is_declared() -> Result<()> {
    alone("adopted", |room| {
        let operator = room.stage.operator(&PERMITTED)?;
        let name = bucket_name();
        room.s3().create(&name)?;
        room.s3().set_versioning(&name, "Enabled")?;
        room.kubectl.apply(&annotated("old", &name, "adoption-policy: adopt", ""))?;
        room.ready("old").map_err(|error| error.with(operator.tail()))?;
        let object = room.kubectl.get(&["bucket/old", "--show-managed-fields"])?;
        expect("versioning in the spec", &object["spec"]["versioning"], &json!({"status": "Enabled"}))?;
        expect("ownership", &object["status"]["record"]["ownership"], &json!("Adopted"))?;
        expect("what is declared", &object["status"]["record"]["declared"], &Value::Null)?;
        let managers = object["metadata"]["managedFields"].to_string();
        ensure(managers.contains("cairn-adoption"), || format!("managers: {managers}"))?;
        declared_later(room, &name)?;
        room.delete("old")?;
        ensure(room.s3().exists(&name)?, || "what was adopted is deleted with its object".into())
    })
}

fn declared_later(room: &Room, name: &str) -> Result<()> {
    let spec = "  versioning: {status: Suspended}";
    room.kubectl.apply(&annotated("old", name, "adoption-policy: adopt", spec))?;
    room.ready("old")?;
    let versioning = room.s3().versioning(name)?;
    ensure(versioning.as_deref() == Some("Suspended"), || format!("versioning: {versioning:?}"))
}

#[test]
fn a_plan_shows_what_would_be_done() -> Result<()> {
    alone("planned", |room| {
        let operator = room.stage.operator(&Settings::default())?;
        let name = bucket_name();
        let spec = "  versioning: {status: Enabled}";
        room.kubectl.apply(&annotated("new", &name, "mode: Plan", spec))?;
        let steps = room
            .kubectl
            .until("bucket/new", "a plan", SOON, |object| Some(object["status"]["plan"]["steps"].as_array()?.clone()))
            .map_err(|error| error.with(operator.tail()))?;
        let operations: Vec<_> = steps.iter().map(|step| step["operation"].clone()).collect();
        expect("the plan", &operations.first(), &Some(&json!("CreateBucket")))?;
        ensure(!room.s3().exists(&name)?, || "a plan made a bucket".into())?;
        room.kubectl.run(&["annotate", "bucket/new", "aws.cairn.run/mode-"])?;
        room.ready("new")?;
        ensure(room.s3().exists(&name)?, || "there is no bucket".into())
    })
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<()> {
    ensure(found == expected, || format!("{what} is {found:?}, expected {expected:?}"))
}
