//! The JSON protocols of AWS: an operation in a header, JSON in and out.

use serde_json::{Value, json};

use super::{
    answer::Answer,
    dynamodb::model::{Caller, Failure},
    route::{RawRequest, Route},
    world::World,
};

/// A JSON protocol.
#[derive(Clone, Copy, Debug)]
pub(super) enum Protocol {
    V1_0,
    V1_1,
}

impl Protocol {
    fn media_type(self) -> &'static str {
        match self {
            Self::V1_0 => "application/x-amz-json-1.0",
            Self::V1_1 => "application/x-amz-json-1.1",
        }
    }

    /// An answer.
    pub(super) fn answer(self, body: &Value) -> Answer {
        Answer::text(200, self.media_type(), body.to_string())
    }

    /// Answers a request by what `act` makes of who asks, of the operation and of the body.
    pub(super) fn serve(
        self,
        world: &mut World,
        raw: &RawRequest,
        route: &Route,
        act: impl FnOnce(&mut World, &Caller, &str, Value) -> Result<Value, Failure>,
    ) -> Answer {
        let asked = || {
            let scope = route
                .scope
                .as_ref()
                .ok_or_else(|| Failure::new("MissingAuthenticationTokenException", "Missing Authentication Token"))?;
            let body = body(raw).ok_or_else(|| Failure::new("SerializationException", "the body is not JSON"))?;
            let caller = Caller::new(&world.account(&scope.access_key), &route.region);
            act(world, &caller, &operation(raw), body)
        };
        match asked() {
            Ok(body) => self.answer(&body),
            Err(failure) => self.error(failure.status, "", failure.code, &failure.message),
        }
    }

    /// An error; `code` stands in its type behind the `namespace` of its shape.
    pub(super) fn error(self, status: u16, namespace: &str, code: &str, message: &str) -> Answer {
        let body = json!({ "__type": format!("{namespace}{code}"), "message": message });
        Answer { code: Some(code.to_owned()), ..Answer::text(status, self.media_type(), body.to_string()) }
    }
}

/// The operation of a request: what follows the dot in `X-Amz-Target`.
pub(super) fn operation(request: &RawRequest) -> String {
    let target = request.header("x-amz-target").unwrap_or_default();
    target.split_once('.').map_or(target, |(_, operation)| operation).to_owned()
}

/// The body of a request; nothing for one that is not JSON.
pub(super) fn body(request: &RawRequest) -> Option<Value> {
    serde_json::from_slice(&request.body).ok()
}

/// Members that say which table a request is about, by name, ARN or resource id.
const TABLES: [&str; 9] = [
    "TableName",
    "ResourceArn",
    "TableArn",
    "TargetTableName",
    "SourceTableName",
    "BackupArn",
    "ExportArn",
    "ImportArn",
    "ResourceId",
];

/// The table that a request to a service that knows tables is about, for the log.
pub(super) fn table_name(request: &RawRequest, service: &str) -> Option<String> {
    if !matches!(service, "dynamodb" | "application-autoscaling") {
        return None;
    }
    let body = body(request)?;
    let parameters = &body["TableCreationParameters"];
    let reference = TABLES.iter().find_map(|member| body[member].as_str().or_else(|| parameters[member].as_str()))?;
    let local = reference.split_once("table/").map_or(reference, |(_, local)| local);
    local.split('/').next().map(str::to_owned)
}
