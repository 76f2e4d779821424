//! Rows about DynamoDB.

use serde_json::{Value, json};

use super::{Deviation, leave_out, other_code, unchecked};

/// What moto's descriptions lack.
const LACKING: [&str; 9] = [
    "Backfilling",
    "IndexArn",
    "IndexSizeBytes",
    "ItemCount",
    "LastDecreaseDateTime",
    "LastIncreaseDateTime",
    "LastUpdateToPayPerRequestDateTime",
    "NumberOfDecreasesToday",
    "TableId",
];

pub(super) const ROWS: &[Deviation] = &[
    Deviation {
        name: "moto has made a table when it answers",
        source: "API reference of CreateTable: the table is CREATING, and is made asynchronously",
        forgive: |step, ours, theirs| {
            step.operation == "CreateTable" && both(ours, theirs, &[("CREATING", "ACTIVE"), ("UPDATING", "ACTIVE")])
        },
    },
    Deviation {
        name: "moto has changed or deleted a table when it answers",
        source: "API reference of UpdateTable and DeleteTable: the table is UPDATING or DELETING until that is done",
        forgive: |_, ours, theirs| {
            const AT: &str = "/body/TableDescription";
            let (Some(ours), Some(theirs)) = (ours.pointer(AT), theirs.pointer_mut(AT)) else { return false };
            let same = ["TableName", "TableArn", "KeySchema"].iter().all(|field| ours[*field] == theirs[*field]);
            let working = ours["TableStatus"] == "UPDATING" || ours["TableStatus"] == "DELETING";
            let applies = working && theirs["TableStatus"] == "ACTIVE" && same;
            if applies {
                *theirs = ours.clone();
            }
            applies
        },
    },
    Deviation {
        name: "moto's descriptions lack what nobody can set",
        source: "API model: TableDescription, GlobalSecondaryIndexDescription, LocalSecondaryIndexDescription, \
                 ProvisionedThroughputDescription, BillingModeSummary",
        forgive: |_, ours, theirs| leave_out(ours, theirs, &LACKING),
    },
    Deviation {
        name: "moto tells of the class of a table only when it makes it",
        source: "API model: TableDescription.TableClassSummary",
        forgive: |_, ours, theirs| leave_out(ours, theirs, &["TableClassSummary"]),
    },
    Deviation {
        name: "moto lists no indexes as an empty list",
        source: "API reference of DescribeTable, Examples: a table without indexes has no such member",
        forgive: |_, _, theirs| {
            ["/body/TableDescription", "/body/Table"].iter().fold(false, |any, at| {
                let Some(fields) = theirs.pointer_mut(at).and_then(Value::as_object_mut) else { return any };
                let before = fields.len();
                fields.retain(|name, value| !(name.ends_with("SecondaryIndexes") && *value == json!([])));
                any | (fields.len() < before)
            })
        },
    },
    Deviation {
        name: "moto summarizes the billing of tables that were never on demand",
        source: "API reference of BillingModeSummary: you may need to switch to on-demand mode at least once",
        forgive: |_, ours, theirs| {
            let provisioned = |table: &Value| table["BillingModeSummary"]["BillingMode"] == "PROVISIONED";
            let is_so = provisioned(&theirs["body"]["Table"]) || provisioned(&theirs["body"]["TableDescription"]);
            is_so && leave_out(theirs, ours, &["BillingModeSummary"])
        },
    },
    Deviation {
        name: "moto remembers capacity that is no longer provisioned",
        source: "API reference of ProvisionedThroughput: with PAY_PER_REQUEST the values are 0",
        forgive: |_, ours, theirs| {
            let on_demand = ours["body"]["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST";
            on_demand && same_field(ours, theirs, "/body/Table/ProvisionedThroughput")
        },
    },
    Deviation {
        name: "moto's warm throughput does not follow the capacity",
        source: "Developer Guide, DynamoDB warm throughput: it is never below the provisioned capacity",
        forgive: |_, ours, theirs| {
            same_field(ours, theirs, "/body/Table/WarmThroughput")
                | same_field(ours, theirs, "/body/Table/GlobalSecondaryIndexes/by-who/WarmThroughput")
        },
    },
    Deviation {
        name: "moto keeps the definitions of attributes that are no longer keys",
        source: "API reference of TableDescription: attributes in the table and index key schema",
        forgive: |step, ours, theirs| {
            let is_description = step.operation == "DescribeTable" && ours["status"] == 200;
            is_description && leave_out(theirs, ours, &["kind", "who"])
        },
    },
    Deviation {
        name: "moto does not change the encryption of a table",
        source: "API reference of UpdateTable: SSESpecification",
        forgive: |step, ours, theirs| {
            let lacks = theirs["body"]["Table"]["SSEDescription"].is_null();
            step.operation == "DescribeTable" && lacks && leave_out(ours, theirs, &["SSEDescription"])
        },
    },
    Deviation {
        name: "moto does not check new tables",
        source: "API model: CreateTableInput; Developer Guide, Naming rules, Constraints",
        forgive: |step, ours, theirs| unchecked(step, &["CreateTable"], &["ValidationException"], ours, theirs),
    },
    Deviation {
        name: "moto does not check changes of tables",
        source: "API model: UpdateTableInput; API reference of UpdateTable",
        forgive: |step, ours, theirs| {
            let codes = ["ValidationException", "ResourceNotFoundException"];
            unchecked(step, &["UpdateTable"], &codes, ours, theirs)
        },
    },
    Deviation {
        name: "moto does not check limits",
        source: "API model: ListTablesInputLimit is from 1 to 100",
        forgive: |step, ours, theirs| unchecked(step, &["ListTables"], &["ValidationException"], ours, theirs),
    },
    Deviation {
        name: "moto calls it in use when a stream is there already",
        source: "API reference of UpdateTable, StreamSpecification: a ValidationException",
        forgive: |step, ours, theirs| {
            step.operation == "UpdateTable"
                && other_code(("ValidationException", "ResourceInUseException"), ours, theirs)
        },
    },
    Deviation {
        name: "moto has a code of its own for tables whose time to live is asked for and that are not there",
        source: "API model: the errors of DescribeTimeToLive and UpdateTimeToLive",
        forgive: |_, ours, theirs| other_code(("ResourceNotFoundException", "ResourceNotFound"), ours, theirs),
    },
    Deviation {
        name: "moto switches time to live to what it is, and to another attribute",
        source: "API reference of UpdateTimeToLive: a ValidationException; Developer Guide, Using time to live",
        forgive: |step, ours, theirs| unchecked(step, &["UpdateTimeToLive"], &["ValidationException"], ours, theirs),
    },
    Deviation {
        name: "moto names the attribute of a time to live that is disabled",
        source: "API reference of DescribeTimeToLive: the attribute of the TTL setting, of which there is none",
        forgive: |step, ours, theirs| {
            let disabled = ours.pointer("/body/TimeToLiveDescription/TimeToLiveStatus") == Some(&json!("DISABLED"));
            step.operation == "DescribeTimeToLive" && disabled && leave_out(theirs, ours, &["AttributeName"])
        },
    },
    Deviation {
        name: "moto can restore a table to a time before that was asked for",
        source: "API reference of PointInTimeRecoveryDescription: the latest time is five minutes ago",
        forgive: |step, ours, theirs| {
            let times = ["EarliestRestorableDateTime", "LatestRestorableDateTime"];
            step.operation == "UpdateContinuousBackups" && leave_out(theirs, ours, &times)
        },
    },
    Deviation {
        name: "moto does not check the days of point-in-time recovery",
        source: "API model: RecoveryPeriodInDays is from 1 to 35",
        forgive: |step, ours, theirs| {
            unchecked(step, &["UpdateContinuousBackups"], &["ValidationException"], ours, theirs)
        },
    },
    Deviation {
        name: "moto tags what is not there",
        source: "API reference of TagResource and UntagResource: ResourceNotFoundException",
        forgive: |step, ours, theirs| {
            unchecked(step, &["TagResource", "UntagResource"], &["ResourceNotFoundException"], ours, theirs)
        },
    },
    Deviation {
        name: "moto does not check tags",
        source: "API model: TagKeyString, TagValueString; Developer Guide, Tagging restrictions",
        forgive: |step, ours, theirs| unchecked(step, &["TagResource"], &["ValidationException"], ours, theirs),
    },
];

/// Makes statuses the same where they are one of these pairs.
pub(super) fn both(ours: &mut Value, theirs: &mut Value, pairs: &[(&str, &str)]) -> bool {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => ours.iter_mut().fold(false, |any, (name, value)| {
            theirs.get_mut(name).is_some_and(|other| both(value, other, pairs)) | any
        }),
        (ours @ Value::String(_), theirs @ Value::String(_)) => {
            let applies = pairs.iter().any(|(a, b)| *ours == *a && *theirs == *b);
            if applies {
                *theirs = ours.clone();
            }
            applies
        }
        _ => false,
    }
}

/// Gives moto's answer our value where both have one and they differ.
fn same_field(ours: &Value, theirs: &mut Value, path: &str) -> bool {
    match (ours.pointer(path), theirs.pointer_mut(path)) {
        (Some(ours), Some(theirs)) if ours != theirs => {
            *theirs = ours.clone();
            true
        }
        _ => false,
    }
}
