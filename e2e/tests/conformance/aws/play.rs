//! Playing the script: to the testkit's AWS, and to moto.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use cairn_e2e::{
    Error, Result, http as plain,
    moto::{ACCOUNT, Moto},
};
use cairn_testkit::aws::Aws;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    canon::Raw,
    script::{Ask, HOME, LAST_BACKUP, Step},
};

/// Long enough for everything that the testkit's AWS takes its time for, and for what it allows but once an hour.
const REST: Duration = Duration::from_hours(2);

const KEY: &str = "conformance";

/// A request as it goes over the wire, but for where it goes.
struct Wire {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// The ARN of the backup that a server told of last, in which no two servers agree.
#[derive(Default)]
struct LastBackup(String);

impl LastBackup {
    fn filled(&self, wire: Wire) -> Wire {
        Wire { body: wire.body.replace(LAST_BACKUP, &self.0), ..wire }
    }

    fn noted(&mut self, answer: Raw) -> Raw {
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if let Some(arn) = body["BackupDetails"]["BackupArn"].as_str() {
            arn.clone_into(&mut self.0);
        }
        answer
    }
}

/// Plays the script to the testkit.
pub(crate) fn play_testkit(steps: &[Step]) -> Vec<Raw> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let aws = Aws::new();
        aws.set_account(KEY, ACCOUNT);
        let mut answers = Vec::new();
        let mut backup = LastBackup::default();
        for step in steps {
            let answer = if let Some(wire) = wire(&step.ask) {
                backup.noted(ask_testkit(&aws, backup.filled(wire)).await)
            } else {
                tokio::time::sleep(REST).await;
                Raw::default()
            };
            answers.push(answer);
        }
        answers
    })
}

async fn ask_testkit(aws: &Aws, wire: Wire) -> Raw {
    let mut request = ::http::Request::builder().method(wire.method).uri(format!("http://127.0.0.1{}", wire.path));
    for (name, value) in &wire.headers {
        request = request.header(*name, value);
    }
    let answer = aws.send(request.body(wire.body.into()).unwrap()).await.unwrap();
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    Raw { status: answer.status().as_u16(), headers: headers.collect(), body: answer.body().clone() }
}

/// Plays the script to moto, which has finished what it was asked for when it answers.
pub(crate) fn play_moto(moto: &Moto, steps: &[Step]) -> Result<Vec<Raw>> {
    let mut backup = LastBackup::default();
    let ask = |step: &Step| {
        let Some(wire) = wire(&step.ask) else { return Ok(Raw::default()) };
        let Wire { method, path, headers, body } = backup.filled(wire);
        let answer = plain::send(moto.port(), method, &path, &headers, &body);
        let answer = answer.ok_or_else(|| Error::Wrong(format!("moto did not answer {method} {path}")))?;
        Ok(backup.noted(Raw {
            status: answer.status,
            headers: answer.headers.into_iter().collect::<BTreeMap<_, _>>(),
            body: answer.body,
        }))
    };
    steps.iter().map(ask).collect()
}

fn wire(ask: &Ask) -> Option<Wire> {
    match ask {
        Ask::S3 { method, region, path, headers, body } => {
            let mut headers = headers.clone();
            headers.push(signature("s3", region));
            headers.push(("x-amz-checksum-sha256", STANDARD.encode(Sha256::digest(body))));
            Some(Wire { method, path: path.clone(), headers, body: body.clone() })
        }
        Ask::DynamoDb { operation, body } => {
            let headers = vec![
                signature("dynamodb", HOME),
                ("x-amz-target", format!("DynamoDB_20120810.{operation}")),
                ("content-type", "application/x-amz-json-1.0".to_owned()),
            ];
            Some(Wire { method: "POST", path: "/".to_owned(), headers, body: body.to_string() })
        }
        Ask::Rest => None,
    }
}

/// Neither server checks more of it than who asks which service in which region.
fn signature(service: &str, region: &str) -> (&'static str, String) {
    let credential = format!("{KEY}/20260101/{region}/{service}/aws4_request");
    ("authorization", format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"))
}
