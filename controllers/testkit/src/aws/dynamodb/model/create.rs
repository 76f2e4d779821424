//! How a table comes to be.

use std::{collections::BTreeMap, time::Duration};

use super::{
    change::Change,
    context::{Context, check_name},
    encryption,
    failure::{Failure, Outcome},
    keys,
    part::{Billing, Class, ContinuousBackups, Encryption, TimeToLive},
    policy,
    replica::Replication,
    shape::{BillingMode, CreateTable, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex},
    stream,
    table::{Index, IndexStatus, Table, TableStatus},
    tags,
    throughput::{Throughput, Wanted},
};

impl Table {
    /// The table that `request` creates at the context's time: `CREATING`, with this `id`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses about the request itself; whether there is room for the table is not asked here.
    pub fn create(context: &Context, request: &CreateTable, id: String) -> Outcome<Self> {
        Self::built(context, request, id, context.settings.timing.create)
    }

    /// The same for a table that is `CREATING` for this long.
    pub(super) fn built(context: &Context, request: &CreateTable, id: String, duration: Duration) -> Outcome<Self> {
        let key = request.key_schema.as_deref().unwrap_or_default();
        keys::check_table(key)?;
        let local = local_indexes(context, key, request.local_secondary_indexes.as_deref())?;
        let mode = request.billing_mode.unwrap_or_default();
        let indexes = global_indexes(context, mode, request.global_secondary_indexes.as_deref())?;
        check_together(context, request, key, local, &indexes)?;
        let on_demand_since = (mode == BillingMode::PayPerRequest).then_some(context.now);
        let key_id = request.sse_specification.as_ref().map(|asked| encryption::resolve(context, asked)).transpose()?;
        let mut table = Self {
            name: context.caller.table_name(&request.table_name)?,
            home: context.caller.clone(),
            id,
            created: context.now,
            status: TableStatus::Creating,
            attributes: request.attribute_definitions.clone().unwrap_or_default(),
            keys: key.to_vec(),
            local_indexes: local.to_vec(),
            indexes,
            billing: Billing { mode, on_demand_since, switches: Vec::new() },
            throughput: Throughput::initial(mode, wanted(request))?,
            stream: None,
            stream_label: None,
            encryption: Encryption { key: key_id.flatten(), ..Encryption::default() },
            class: Class { class: request.table_class, changes: Vec::new() },
            deletion_protection: request.deletion_protection_enabled.unwrap_or_default(),
            tags: tags::merged(context, &[], request.tags.as_deref().unwrap_or_default())?,
            policy: None,
            stream_policy: None,
            time_to_live: TimeToLive::default(),
            backups: ContinuousBackups::default(),
            insights: BTreeMap::new(),
            destinations: Vec::new(),
            replication: Replication::default(),
            restore: None,
            pending: Vec::new(),
            gone: false,
        };
        if let Some(document) = &request.resource_policy {
            table.policy = Some(policy::checked(context, document, None)?);
        }
        if let Some(asked) = request.stream_specification {
            stream::set_initial(&mut table, context, asked)?;
        }
        table.begin(context, duration);
        Ok(table)
    }

    /// Lets a new table be ready `duration` from now.
    pub(super) fn begin(&mut self, context: &Context, duration: Duration) {
        self.schedule(context, duration, Change::Active);
        self.schedule(context, duration + context.settings.timing.backups_available, Change::BackupsAvailable);
    }
}

fn wanted(request: &CreateTable) -> Wanted<'_> {
    Wanted {
        index: None,
        provisioned: request.provisioned_throughput,
        on_demand: request.on_demand_throughput,
        warm: request.warm_throughput,
    }
}

fn local_indexes<'a>(
    context: &Context,
    table: &[KeySchemaElement],
    indexes: Option<&'a [LocalSecondaryIndex]>,
) -> Outcome<&'a [LocalSecondaryIndex]> {
    let Some(indexes) = indexes else {
        return Ok(&[]);
    };
    if indexes.is_empty() {
        return Err(Failure::invalid("List of LocalSecondaryIndexes is empty"));
    }
    let limit = context.settings.limits.local_indexes;
    if indexes.len() > limit {
        let message = format!("Number of LocalSecondaryIndexes exceeds per-table limit of {limit}");
        return Err(Failure::invalid(message));
    }
    indexes.iter().try_for_each(|index| keys::check_local(table, index))?;
    Ok(indexes)
}

fn global_indexes(
    context: &Context,
    mode: BillingMode,
    indexes: Option<&[GlobalSecondaryIndex]>,
) -> Outcome<Vec<Index>> {
    let Some(indexes) = indexes else {
        return Ok(Vec::new());
    };
    if indexes.is_empty() {
        return Err(Failure::invalid("List of GlobalSecondaryIndexes is empty"));
    }
    let limit = context.settings.limits.global_indexes;
    if indexes.len() > limit {
        let message = format!("GlobalSecondaryIndex count exceeds the per-table limit of {limit}");
        return Err(Failure::invalid(message));
    }
    indexes.iter().map(|index| new_index(mode, index)).collect()
}

/// An index as it is at first, in a table that pays for throughput by `mode`.
pub(super) fn new_index(mode: BillingMode, index: &GlobalSecondaryIndex) -> Outcome<Index> {
    check_name("indexName", &index.index_name)?;
    keys::check_global(&index.key_schema)?;
    keys::check_projection(&index.projection)?;
    let wanted = Wanted {
        index: Some(&index.index_name),
        provisioned: index.provisioned_throughput,
        on_demand: index.on_demand_throughput,
        warm: index.warm_throughput,
    };
    Ok(Index {
        name: index.index_name.clone(),
        keys: index.key_schema.clone(),
        projection: index.projection.clone(),
        status: IndexStatus::Creating,
        backfilling: None,
        throughput: Throughput::initial(mode, wanted)?,
    })
}

/// What is checked over the table and all its indexes.
fn check_together(
    context: &Context,
    request: &CreateTable,
    key: &[KeySchemaElement],
    local: &[LocalSecondaryIndex],
    global: &[Index],
) -> Outcome<()> {
    let names = local.iter().map(|index| &index.index_name).chain(global.iter().map(|index| &index.name));
    keys::check_distinct(names.map(String::as_str))?;
    let projections = local.iter().map(|index| &index.projection).chain(global.iter().map(|index| &index.projection));
    keys::check_projected(context, projections)?;
    let used = key.iter().chain(local.iter().flat_map(|index| &index.key_schema));
    let used = used.chain(global.iter().flat_map(|index| &index.keys));
    let defined = request.attribute_definitions.as_deref().unwrap_or_default();
    keys::check_attributes(defined, used, !local.is_empty() || !global.is_empty())
}
