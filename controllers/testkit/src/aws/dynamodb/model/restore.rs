//! Tables that are made of others.

use serde_json::{Value, json};

use super::{
    context::Context,
    describe::{pruned, seconds},
    failure::{Failure, Outcome},
    shape::{
        BillingMode, CreateTable, GlobalSecondaryIndex, LocalSecondaryIndex, OnDemandThroughput, ProvisionedThroughput,
        RestoreTableFromBackup, RestoreTableToPointInTime, SseSpecification, SseType,
    },
    table::{Index, IndexStatus, Table},
};

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restore {
    /// ARN of the backup, if it was one.
    pub backup_arn: Option<String>,
    /// ARN of the table.
    pub table_arn: String,
    /// The time that was restored.
    pub time: jiff::Timestamp,
    /// Whether it goes on.
    pub in_progress: bool,
}

impl Restore {
    pub(super) fn describe(&self) -> Value {
        pruned(json!({
            "SourceBackupArn": self.backup_arn,
            "SourceTableArn": self.table_arn,
            "RestoreDateTime": seconds(self.time),
            "RestoreInProgress": self.in_progress,
        }))
    }
}

/// What is to be different in the new table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overrides<'a> {
    name: &'a str,
    mode: Option<BillingMode>,
    global: Option<&'a [GlobalSecondaryIndex]>,
    local: Option<&'a [LocalSecondaryIndex]>,
    provisioned: Option<ProvisionedThroughput>,
    on_demand: Option<OnDemandThroughput>,
    encryption: Option<&'a SseSpecification>,
}

impl<'a> From<&'a RestoreTableFromBackup> for Overrides<'a> {
    fn from(request: &'a RestoreTableFromBackup) -> Self {
        Self {
            name: &request.target_table_name,
            mode: request.billing_mode_override,
            global: request.global_secondary_index_override.as_deref(),
            local: request.local_secondary_index_override.as_deref(),
            provisioned: request.provisioned_throughput_override,
            on_demand: request.on_demand_throughput_override,
            encryption: request.sse_specification_override.as_ref(),
        }
    }
}

impl<'a> From<&'a RestoreTableToPointInTime> for Overrides<'a> {
    fn from(request: &'a RestoreTableToPointInTime) -> Self {
        Self {
            name: &request.target_table_name,
            mode: request.billing_mode_override,
            global: request.global_secondary_index_override.as_deref(),
            local: request.local_secondary_index_override.as_deref(),
            provisioned: request.provisioned_throughput_override,
            on_demand: request.on_demand_throughput_override,
            encryption: request.sse_specification_override.as_ref(),
        }
    }
}

/// The new table, `CREATING`.
///
/// Streams, time to live, tags, policies and point-in-time recovery do not come along (API reference).
pub(super) fn restored(
    context: &Context,
    source: &Table,
    overrides: Overrides<'_>,
    restore: Restore,
    id: String,
) -> Outcome<Table> {
    let request = blueprint(source, overrides)?;
    let mut table = Table::built(context, &request, id, context.settings.timing.restore)?;
    table.restore = Some(restore);
    Ok(table)
}

fn blueprint(source: &Table, overrides: Overrides<'_>) -> Outcome<CreateTable> {
    let mode = overrides.mode.unwrap_or(source.billing.mode);
    let global = global(source, mode, overrides.global)?;
    let local = local(source, overrides.local)?;
    let throughput = Throughputs::of(source, &source.throughput, mode);
    let used: Vec<&str> = source
        .keys
        .iter()
        .chain(global.iter().flat_map(|index| &index.key_schema))
        .chain(local.iter().flat_map(|index| &index.key_schema))
        .map(|key| key.attribute_name.as_str())
        .collect();
    let attributes = source.attributes.iter().filter(|attribute| used.contains(&attribute.attribute_name.as_str()));
    let encryption = source.encryption.key.as_ref().map(|key| SseSpecification {
        enabled: Some(true),
        sse_type: Some(SseType::KMS),
        kms_master_key_id: Some(key.clone()),
    });
    Ok(CreateTable {
        table_name: overrides.name.to_owned(),
        attribute_definitions: Some(attributes.cloned().collect()),
        key_schema: Some(source.keys.clone()),
        local_secondary_indexes: super::describe::some(local),
        global_secondary_indexes: super::describe::some(global),
        billing_mode: Some(mode),
        provisioned_throughput: overrides.provisioned.or(throughput.provisioned),
        on_demand_throughput: overrides.on_demand.or(throughput.on_demand),
        sse_specification: overrides.encryption.cloned().or(encryption),
        table_class: source.class.class,
        ..CreateTable::default()
    })
}

/// What of a throughput holds under another mode of billing.
struct Throughputs {
    provisioned: Option<ProvisionedThroughput>,
    on_demand: Option<OnDemandThroughput>,
}

impl Throughputs {
    fn of(source: &Table, throughput: &super::throughput::Throughput, mode: BillingMode) -> Self {
        let capacity = &throughput.provisioned;
        let units = ProvisionedThroughput { read_capacity_units: capacity.read, write_capacity_units: capacity.write };
        let (reads, writes) = (throughput.max_reads, throughput.max_writes);
        let bounds = OnDemandThroughput { max_read_request_units: reads, max_write_request_units: writes };
        let same = source.billing.mode == mode;
        let bounded = reads.is_some() || writes.is_some();
        Self {
            provisioned: Some(units).filter(|_| same && mode == BillingMode::Provisioned),
            on_demand: Some(bounds).filter(|_| same && mode == BillingMode::PayPerRequest && bounded),
        }
    }
}

fn global(
    source: &Table,
    mode: BillingMode,
    asked: Option<&[GlobalSecondaryIndex]>,
) -> Outcome<Vec<GlobalSecondaryIndex>> {
    let there = || source.indexes.iter().filter(|index| index.status != IndexStatus::Deleting);
    let same = |index: &Index, asked: &GlobalSecondaryIndex| {
        index.name == asked.index_name && index.keys == asked.key_schema && index.projection == asked.projection
    };
    if let Some(asked) = asked {
        check_all(asked, |asked| there().any(|index| same(index, asked)), |asked| &asked.index_name)?;
        return Ok(asked.to_vec());
    }
    let copied = there().map(|index| {
        let Throughputs { provisioned, on_demand } = Throughputs::of(source, &index.throughput, mode);
        GlobalSecondaryIndex {
            index_name: index.name.clone(),
            key_schema: index.keys.clone(),
            projection: index.projection.clone(),
            provisioned_throughput: provisioned,
            on_demand_throughput: on_demand,
            warm_throughput: None,
        }
    });
    Ok(copied.collect())
}

fn local(source: &Table, asked: Option<&[LocalSecondaryIndex]>) -> Outcome<Vec<LocalSecondaryIndex>> {
    let Some(asked) = asked else {
        return Ok(source.local_indexes.clone());
    };
    check_all(asked, |asked| source.local_indexes.contains(asked), |asked| &asked.index_name)?;
    Ok(asked.to_vec())
}

/// "The indexes provided should match existing secondary indexes" (API reference).
fn check_all<T>(asked: &[T], is_there: impl Fn(&T) -> bool, name: impl Fn(&T) -> &String) -> Outcome<()> {
    match asked.iter().find(|asked| !is_there(asked)) {
        None => Ok(()),
        Some(asked) => {
            Err(Failure::invalid(format!("Index override does not match an index of the source: {}", name(asked))))
        }
    }
}
