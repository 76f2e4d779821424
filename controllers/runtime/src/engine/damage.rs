//! A status that cannot be read. Without the record nobody can tell what the object owns in AWS, and to take it for empty
//! could make a second resource, or let the object go and leave its resource behind (design §3.1). So nothing is done, and
//! the object says why. Whatever else cannot be read is written anew.

use cairn_core::{
    api::{CommonStatus, Record},
    condition::{Reason, Report},
    record::VERSION,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The fields without which nothing may be done.
pub(super) const VITAL: [&str; 2] = ["record", "ackResourceMetadata"];

/// What a status says, and why nothing may be done about its object, if so.
pub(super) fn read(status: &Value) -> (CommonStatus, Option<Report>) {
    if status.is_null() {
        return (CommonStatus::default(), None);
    }
    match serde_json::from_value::<CommonStatus>(status.clone()) {
        Ok(common) => {
            let newer = common.record.as_ref().filter(|record| record.version > VERSION).map(newer);
            (common, newer)
        }
        Err(_) => read_what_can_be(status),
    }
}

fn read_what_can_be(status: &Value) -> (CommonStatus, Option<Report>) {
    let (record, metadata) = (field(status, "record"), field(status, "ackResourceMetadata"));
    let damage = record.as_ref().err().or(metadata.as_ref().err()).map(|why| {
        let why = format!(
            "{why}, and without it nobody can tell what the object owns in AWS, so nothing is done; restore it, or take \
             it away to have Cairn find out from AWS"
        );
        Report::new(Reason::InternalError, why)
    });
    let common = CommonStatus {
        ack_resource_metadata: metadata.unwrap_or_default(),
        conditions: field(status, "conditions").ok().flatten().unwrap_or_default(),
        last_handled_reconcile_at: field(status, "lastHandledReconcileAt").ok().flatten(),
        observed_generation: field(status, "observedGeneration").ok().flatten(),
        record: record.unwrap_or_default(),
        ..CommonStatus::default()
    };
    (common, damage)
}

fn field<T: DeserializeOwned>(status: &Value, name: &str) -> Result<Option<T>, String> {
    let value = status.get(name).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| format!("status.{name} cannot be read ({error})"))
}

fn newer(record: &Record) -> Report {
    let why = format!(
        "status.record was written by a newer version of Cairn (its version is {}, and this one knows {VERSION}), so \
         nothing is done; run that version again",
        record.version
    );
    Report::new(Reason::InternalError, why)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_what_is_owned_has_to_be_readable() {
        let vital = [
            json!({"record": {"version": "one"}}),
            json!({"record": "gone"}),
            json!({"record": {"version": 2}}),
            json!({"record": {"version": 1}, "ackResourceMetadata": {"arn": 1}}),
        ];
        for status in vital {
            assert!(read(&status).1.is_some(), "{status}");
        }
        for status in [json!(null), json!({}), json!({"record": {"version": 1}}), json!({"record": null})] {
            assert!(read(&status).1.is_none(), "{status}");
        }
    }

    #[test]
    fn the_rest_is_written_anew() {
        let status = json!({"record": {"version": 1, "identity": "a"}, "conditions": "none", "plan": 3});
        let (common, damage) = read(&status);
        assert_eq!((common.record.unwrap().identity.as_deref(), damage), (Some("a"), None));
        assert!(common.conditions.is_empty() && common.plan.is_none());
    }
}
