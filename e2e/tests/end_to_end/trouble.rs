//! When AWS does not answer, or not as one would like: each said on the object, and healed when the cause is gone.

use cairn_e2e::{
    Result,
    error::ensure,
    kubectl::ensure_says,
    moto::Moto,
    operator::{Operator, Settings},
    port,
};
use serde_json::Value;

use crate::fixture::{Room, SOON, alone, bucket, bucket_name};

/// An operator that need not be ready, as AWS does not answer it.
fn launch(room: &Room, settings: &Settings<'_>) -> Result<Operator> {
    Operator::launch(&room.stage.cluster, settings, &room.stage.progress)
}

/// Waits until the object says that it is not Ready for one of these reasons.
fn until_not_ready(room: &Room, object: &str, reasons: &[&str]) -> Result<Value> {
    room.kubectl.until(&format!("bucket/{object}"), &format!("Ready=False for one of {reasons:?}"), SOON, |found| {
        let ready = cairn_e2e::kubectl::condition(found, "Ready")?;
        let said = ready["status"] == "False" && reasons.iter().any(|reason| ready["reason"] == *reason);
        said.then(|| ready.clone())
    })
}

#[test]
fn without_credentials_the_object_says_so() -> Result<()> {
    alone("bare-handed", |room| {
        let mut operator = launch(room, &Settings { credentials: None, ..Settings::default() })?;
        room.kubectl.apply(&bucket("waiting", &bucket_name(), ""))?;
        let said = until_not_ready(room, "waiting", &["NoCredentials"]).map_err(|error| error.with(operator.tail()))?;
        ensure_says(&said, &["credentials"])?;
        operator.terminate()?;
        let operator = room.stage.operator(&Settings::default())?;
        room.ready("waiting").map_err(|error| error.with(operator.tail()))
    })
}

#[test]
fn with_credentials_that_aws_does_not_know_the_object_says_so() -> Result<()> {
    alone("stranger", |room| {
        room.stage.moto.accept_any_credentials(false)?;
        let operator = launch(room, &Settings::default())?;
        room.kubectl.apply(&bucket("waiting", &bucket_name(), ""))?;
        let said = until_not_ready(room, "waiting", &["NoCredentials", "AccessDenied"])
            .map_err(|error| error.with(operator.tail()))?;
        ensure(!said["message"].as_str().unwrap_or_default().is_empty(), || said.to_string())?;
        room.stage.moto.accept_any_credentials(true)?;
        room.ready("waiting").map_err(|error| error.with(operator.tail()))
    })
}

#[test]
fn while_aws_cannot_be_reached_the_object_says_so() -> Result<()> {
    alone("unreachable", |room| {
        let port = port::free()?;
        room.stage.install_for(port, &[])?;
        let operator = launch(room, &Settings::default())?;
        let name = bucket_name();
        room.kubectl.apply(&bucket("waiting", &name, ""))?;
        let said = until_not_ready(room, "waiting", &["Retrying"]).map_err(|error| error.with(operator.tail()))?;
        ensure_says(&said, &["reach"])?;
        let moto = Moto::start_on(port, &room.stage.progress)?;
        room.ready("waiting").map_err(|error| error.with(operator.tail()))?;
        ensure(moto.s3().exists(&name)?, || "the object is Ready, and there is no bucket".into())
    })
}
