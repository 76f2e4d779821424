//! Rows about policies of tables, backups, and tables that are restored.

use serde_json::Value;

use super::{Deviation, dynamodb::both, leave_out, other_code, unchecked};

pub(super) const ROWS: &[Deviation] = &[
    Deviation {
        name: "moto does not find a policy to delete where there is none",
        source: "API reference of DeleteResourcePolicy: it is idempotent, and no error without an ExpectedRevisionId",
        forgive: |step, ours, theirs| {
            let none = ours["status"] == 200 && theirs["code"] == "ResourceNotFoundException";
            let applies = step.operation == "DeleteResourcePolicy" && none;
            if applies {
                *theirs = ours.clone();
            }
            applies
        },
    },
    Deviation {
        name: "moto does not tell which policy it deleted",
        source: "API model: DeleteResourcePolicyOutput.RevisionId",
        forgive: |step, ours, theirs| {
            step.operation == "DeleteResourcePolicy" && leave_out(ours, theirs, &["RevisionId"])
        },
    },
    Deviation {
        name: "moto takes any text for a policy of a table",
        source: "IAM User Guide, Grammar of the IAM JSON policy language; API reference of PutResourcePolicy",
        forgive: |step, ours, theirs| unchecked(step, &["PutResourcePolicy"], &["ValidationException"], ours, theirs),
    },
    Deviation {
        name: "moto has made a backup when it answers",
        source: "API model: BackupStatus is CREATING at first; API reference of CreateBackup: it is asynchronous",
        forgive: |step, ours, theirs| {
            step.operation == "CreateBackup" && both(ours, theirs, &[("CREATING", "AVAILABLE")])
        },
    },
    Deviation {
        name: "moto's backups have a size, whatever is in them",
        source: "API reference of BackupDetails: BackupSizeBytes is the size of the backup, and the table is empty",
        forgive: |_, ours, theirs| empty(ours) & empty(theirs),
    },
    Deviation {
        name: "moto does not tell how what was copied is paid for, and what else it had",
        source: "API model: SourceTableDetails.BillingMode, BackupDescription.SourceTableFeatureDetails, \
                 TableDescription.BillingModeSummary",
        forgive: |step, ours, theirs| {
            let copied = step.operation.ends_with("Backup") || ours.pointer("/body/Table/RestoreSummary").is_some();
            copied && leave_out(ours, theirs, &["BillingMode", "SourceTableFeatureDetails"])
        },
    },
    Deviation {
        name: "moto has restored a table when it answers",
        source: "API reference of RestoreSummary: RestoreInProgress; of TableDescription: the table is CREATING",
        forgive: |_, ours, theirs| {
            const AT: &str = "/body/TableDescription";
            let (Some(ours), Some(theirs)) = (ours.pointer(AT), theirs.pointer_mut(AT)) else { return false };
            let same = ["TableName", "TableArn", "KeySchema"].iter().all(|field| ours[*field] == theirs[*field]);
            let progress = |table: &Value| table["RestoreSummary"]["RestoreInProgress"].as_bool();
            let applies = same && progress(ours) == Some(true) && progress(theirs) == Some(false);
            if applies {
                *theirs = ours.clone();
            }
            applies
        },
    },
    Deviation {
        name: "moto has a code of its own for a table to restore that is not there",
        source: "API model: the errors of RestoreTableToPointInTime",
        forgive: |_, ours, theirs| other_code(("TableNotFoundException", "SourceTableNotFoundException"), ours, theirs),
    },
];

/// Takes the sizes of backups away; says whether there were any.
fn empty(answer: &mut Value) -> bool {
    match answer {
        Value::Object(fields) => {
            let had = fields.remove("BackupSizeBytes").is_some();
            fields.values_mut().fold(had, |any, value| empty(value) | any)
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| empty(item) | any),
        _ => false,
    }
}
