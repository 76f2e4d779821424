//! What a message of DynamoDB says, and which members of the API's model are about a table.

use serde_json::Value;

use super::Table;
use crate::{
    model::{Member, Model},
    recorder::Exchange,
    seen::Wish,
};

/// What has nothing to do with what is configured: the table, pages, and when a request is the same as another.
const OF_EVERY_REQUEST: [&str; 4] = ["TableName", "ResourceArn", "NextToken", "ClientToken"];
/// Verbs of operations that write, and of those that read.
const WRITING: [&str; 8] = ["Create", "Enable", "Export", "Import", "Put", "Restore", "Tag", "Update"];
const READING: [&str; 3] = ["Describe", "Get", "List"];
/// Operations with such verbs that are about items.
const ABOUT_ITEMS: [&str; 3] = ["GetItem", "PutItem", "UpdateItem"];

/// Where an answer tells what a request asks for: each row in its turn replaces the beginning of the member's name.
const TOLD_AS: &[(&str, &str)] = &[
    ("CreateTable", "Table"),
    ("ImportTable", "DescribeImport.ImportTableDescription"),
    ("UpdateTable.GlobalSecondaryIndexUpdates.Create", "Table.GlobalSecondaryIndexes"),
    ("UpdateTable.GlobalSecondaryIndexUpdates.Update", "Table.GlobalSecondaryIndexes"),
    ("UpdateTable.GlobalTableWitnessUpdates.Create", "Table.GlobalTableWitnesses"),
    ("UpdateTable.ReplicaUpdates.Create", "Table.Replicas"),
    ("UpdateTable.ReplicaUpdates.Update", "Table.Replicas"),
    ("UpdateTable.GlobalSecondaryIndexUpdates", "Table.GlobalSecondaryIndexes"),
    ("UpdateTable.GlobalTableWitnessUpdates", "Table.GlobalTableWitnesses"),
    ("UpdateTable.ReplicaUpdates", "Table.Replicas"),
    ("UpdateTable", "Table"),
    ("RestoreTableFromBackup", "Restored"),
    ("RestoreTableToPointInTime", "Restored"),
    ("Restored.BackupArn", "Table.RestoreSummary.SourceBackupArn"),
    ("Restored.BillingModeOverride", "Table.BillingMode"),
    ("Restored.OnDemandThroughputOverride", "Table.OnDemandThroughput"),
    ("Restored.ProvisionedThroughputOverride", "Table.ProvisionedThroughput"),
    ("Restored.RestoreDateTime", "Table.RestoreSummary.RestoreDateTime"),
    ("Restored.SourceTableArn", "Table.RestoreSummary.SourceTableArn"),
    ("Restored.SSESpecificationOverride", "Table.SSESpecification"),
    ("Restored.TargetTableName", "Table.TableName"),
    ("Table.BillingMode", "Table.BillingModeSummary.BillingMode"),
    ("Table.Replicas.TableClassOverride", "Table.Replicas.ReplicaTableClassSummary.TableClass"),
    ("Table.SSESpecification.Enabled", "Table.SSEDescription.Status"),
    ("Table.SSESpecification.KMSMasterKeyId", "Table.SSEDescription.KMSMasterKeyArn"),
    ("Table.SSESpecification", "Table.SSEDescription"),
    ("Table.TableClass", "Table.TableClassSummary.TableClass"),
    ("Table.Tags", "ListTagsOfResource.Tags"),
    ("Table", "DescribeTable.Table"),
    ("TagResource", "ListTagsOfResource"),
    ("UpdateTimeToLive.TimeToLiveSpecification.Enabled", "DescribeTimeToLive.TimeToLiveDescription.TimeToLiveStatus"),
    ("UpdateTimeToLive.TimeToLiveSpecification", "DescribeTimeToLive.TimeToLiveDescription"),
    ("UpdateContinuousBackups.PointInTimeRecoverySpecification", "Recovery"),
    ("Recovery.PointInTimeRecoveryEnabled", "Recovery.PointInTimeRecoveryStatus"),
    ("Recovery", "DescribeContinuousBackups.ContinuousBackupsDescription.PointInTimeRecoveryDescription"),
    ("UpdateContributorInsights.ContributorInsightsAction", "UpdateContributorInsights.ContributorInsightsStatus"),
    ("UpdateContributorInsights", "DescribeContributorInsights"),
    ("InsightsOfIndex.ContributorInsightsAction", "InsightsOfIndex.ContributorInsightsStatus"),
    (INSIGHTS_OF_INDEX, "ListContributorInsights.ContributorInsightsSummaries"),
    ("EnableKinesisStreamingDestination.EnableKinesisStreamingConfiguration", "Destination"),
    ("UpdateKinesisStreamingDestination.UpdateKinesisStreamingConfiguration", "Destination"),
    ("EnableKinesisStreamingDestination", "Destination"),
    ("UpdateKinesisStreamingDestination", "Destination"),
    ("Destination", "DescribeKinesisStreamingDestination.KinesisDataStreamDestinations"),
    ("PutResourcePolicy", "GetResourcePolicy"),
];
/// What `UpdateContributorInsights` says of an index is told of by another operation than what it says of the table.
const INSIGHTS_OF_INDEX: &str = "InsightsOfIndex";

/// The members of all operations that write or read the configuration of a table; not what every request says.
pub(super) fn members(model: &Model) -> Vec<Member<String>> {
    let mut members = Vec::new();
    for (operation, description) in model.operations().filter(|(name, _)| !ABOUT_ITEMS.contains(&name.as_str())) {
        let side = match operation {
            operation if WRITING.iter().any(|verb| operation.starts_with(verb)) => "input",
            operation if reads(operation) => "output",
            _ => continue,
        };
        let message = model.shape(&description[side]).into_iter().flat_map(Model::members_of);
        for (name, member) in message.filter(|(name, _)| !OF_EVERY_REQUEST.contains(&name.as_str())) {
            let name = format!("{operation}.{name}");
            model.collect::<Table>(Member { place: name.clone(), name }, member, &mut members);
        }
    }
    members
}

/// What a request wants to be configured.
pub(super) fn asked(exchange: &Exchange) -> Vec<Wish<String>> {
    let Some(operation) = operation(exchange).filter(|operation| !reads(operation)) else { return Vec::new() };
    let body = body(&exchange.asked.body);
    let of_index = operation == "UpdateContributorInsights" && body.get("IndexName").is_some();
    let told_by = if of_index { INSIGHTS_OF_INDEX } else { operation };
    let (asked, told) = (facts(operation, &body), facts(told_by, &body));
    let wish =
        |((asked, value), (told, _)): ((String, String), (String, String))| Wish { asked, told: told_as(told), value };
    asked.into_iter().zip(told).map(wish).collect()
}

/// What an answer tells, each with its value.
pub(super) fn told(exchange: &Exchange) -> Vec<(String, String)> {
    let reading = operation(exchange).filter(|operation| reads(operation));
    reading.map(|operation| facts(operation, &body(&exchange.answered.body))).unwrap_or_default()
}

fn reads(operation: &str) -> bool {
    READING.iter().any(|verb| operation.starts_with(verb))
}

/// The operation; `None` where another service is asked.
fn operation(exchange: &Exchange) -> Option<&str> {
    let (_, target) = exchange.asked.headers.iter().find(|(name, _)| name == "x-amz-target")?;
    target.strip_prefix("DynamoDB_20120810.")
}

fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn told_as(mut name: String) -> String {
    for (asked, told) in TOLD_AS {
        if let Some(rest) = name.strip_prefix(asked).filter(|rest| rest.is_empty() || rest.starts_with('.')) {
            name = format!("{told}{rest}");
        }
    }
    name
}

/// All that a value says, by name. Items of a list have the list's name.
fn facts(name: &str, value: &Value) -> Vec<(String, String)> {
    let own = (name.to_owned(), text(value));
    let below = match value {
        Value::Object(members) => {
            members.iter().flat_map(|(member, value)| facts(&format!("{name}.{member}"), value)).collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| facts(name, item)).collect(),
        _ => Vec::new(),
    };
    std::iter::once(own).chain(below).collect()
}

/// What a value says in itself. That something is on or off has many words, and a key two names.
fn text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "on".into(),
        Value::Bool(false) => "off".into(),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        Value::String(text) => match text.as_str() {
            "ENABLE" | "ENABLED" | "ENABLING" => "on".into(),
            "DISABLE" | "DISABLED" | "DISABLING" => "off".into(),
            text => text.rsplit_once(":key/").map_or(text, |(_, id)| id).to_owned(),
        },
        _ => String::new(),
    }
}
