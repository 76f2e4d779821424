//! What of a table somebody has configured.

use serde_json::{Map, Value, json};

use super::{
    capacity::Capacity,
    insights::InsightsStatus,
    kinesis::{Destination, DestinationStatus},
    table::{Index, Table},
    throughput::Throughput,
};

impl Table {
    /// What is configured, in one value without times, ids and states: equal for tables that mean the same.
    #[must_use]
    pub fn configuration(&self) -> Value {
        let mut attributes = self.attributes.clone();
        attributes.sort();
        json!({
            "attributes": attributes,
            "keys": self.keys,
            "local": self.local_indexes,
            "global": self.indexes.iter().map(index).collect::<Map<_, _>>(),
            "billing": self.billing.mode,
            "throughput": throughput(&self.throughput),
            "stream": self.stream,
            "encryption": self.encryption.key,
            "class": self.class.class.unwrap_or_default(),
            "protection": self.deletion_protection,
            "tags": self.tags,
            "policy": self.policy.as_ref().map(|policy| &policy.document),
            "streamPolicy": self.stream_policy.as_ref().map(|policy| &policy.document),
            "timeToLive": self.time_to_live.attribute,
            "recovery": self.backups.recovery.map(|recovery| recovery.days),
            "insights": self.insights_on(),
            "destinations": self.destinations.iter().filter_map(destination).collect::<Map<_, _>>(),
            "replicas": self.replication.configuration(),
        })
    }

    fn insights_on(&self) -> Vec<Value> {
        let on = |status| matches!(status, InsightsStatus::Enabling | InsightsStatus::Enabled);
        let insights = self.insights.iter().filter(|(_, insights)| on(insights.status));
        insights.map(|(index, insights)| json!([index, insights.mode])).collect()
    }
}

fn index(index: &Index) -> (String, Value) {
    let value =
        json!({ "keys": index.keys, "projection": index.projection, "throughput": throughput(&index.throughput) });
    (index.name.clone(), value)
}

fn throughput(throughput: &Throughput) -> Value {
    let Capacity { read, write, .. } = throughput.provisioned;
    json!({ "provisioned": [read, write], "max": [throughput.max_reads, throughput.max_writes] })
}

fn destination(destination: &Destination) -> Option<(String, Value)> {
    let off = matches!(destination.status, DestinationStatus::Disabled | DestinationStatus::Disabling);
    (!off).then(|| (destination.stream_arn.clone(), json!(destination.precision)))
}
