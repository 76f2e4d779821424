//! What is the same in all replicas.

use super::{
    super::{
        context::Context,
        describe::some,
        failure::{Failure, Outcome},
        shape::{GlobalSecondaryIndexUpdate, ProvisionedThroughput, SseSpecification, UpdateTable},
        table::Table,
    },
    context_in,
};

/// Changes a member as the one that was asked has changed, but where it differs.
///
/// What is the same everywhere: billing, throughput, indexes and their throughput, kind of encryption and, where it is
/// not overridden, reads and class ("Global tables: settings").
pub(super) fn follow(member: &mut Table, source: &Table, context: &Context, request: &UpdateTable) -> Outcome<()> {
    let replica = source.replication.replica(&member.home.region);
    let overrides = replica.map(|replica| replica.overrides.clone()).unwrap_or_default();
    let moves = |asked: &i64, current: Option<i64>| Some(*asked).filter(|asked| *asked > 0) != current;
    let (reads, writes) = (member.throughput.max_reads, member.throughput.max_writes);
    let on_demand = request.on_demand_throughput.map(|mut bounds| {
        let asked = bounds.max_read_request_units.filter(|_| overrides.max_reads.is_none());
        bounds.max_read_request_units = asked.filter(|asked| moves(asked, reads));
        bounds.max_write_request_units = bounds.max_write_request_units.filter(|asked| moves(asked, writes));
        bounds
    });
    let units = |units: ProvisionedThroughput, read: Option<i64>| ProvisionedThroughput {
        read_capacity_units: read.unwrap_or(units.read_capacity_units),
        ..units
    };
    let indexes = request.global_secondary_index_updates.iter().flatten().cloned().map(|mut update| {
        if let Some(update) = &mut update.update {
            let read = overrides.indexes.get(&update.index_name).and_then(|index| index.read);
            update.provisioned_throughput = update.provisioned_throughput.map(|asked| units(asked, read));
        }
        update
    });
    let indexes: Vec<GlobalSecondaryIndexUpdate> = indexes.filter(|update| changes(member, update)).collect();
    let capacity = &member.throughput.provisioned;
    let same = (capacity.read, capacity.write);
    let switches = request.billing_mode.is_some_and(|mode| mode != member.billing.mode);
    let provisioned = request.provisioned_throughput.map(|asked| units(asked, overrides.read));
    let follows = UpdateTable {
        table_name: member.name.clone(),
        attribute_definitions: request.attribute_definitions.clone().filter(|_| !indexes.is_empty()),
        billing_mode: request.billing_mode.filter(|_| switches),
        provisioned_throughput: provisioned
            .filter(|units| switches || (units.read_capacity_units, units.write_capacity_units) != same),
        on_demand_throughput: on_demand
            .filter(|bounds| bounds.max_read_request_units.or(bounds.max_write_request_units).is_some()),
        warm_throughput: request.warm_throughput,
        global_secondary_index_updates: some(indexes),
        sse_specification: encryption(request.sse_specification.as_ref())?,
        table_class: request
            .table_class
            .filter(|class| overrides.class.is_none() && member.class.class.unwrap_or_default() != *class),
        ..UpdateTable::default()
    };
    let idle = UpdateTable { table_name: member.name.clone(), ..UpdateTable::default() };
    if follows != idle {
        *member = member.update(&context_in(context, member), &follows)?;
    }
    Ok(())
}

/// The encryption of all members; a key is of one region.
fn encryption(asked: Option<&SseSpecification>) -> Outcome<Option<SseSpecification>> {
    match asked {
        Some(asked) if asked.kms_master_key_id.is_some() => {
            let what = "the change of a table with replicas to a customer managed key";
            Err(Failure::unsupported("DynamoDB", what))
        }
        asked => Ok(asked.cloned()),
    }
}

/// Whether an update of an index changes it in this member.
fn changes(member: &Table, update: &GlobalSecondaryIndexUpdate) -> bool {
    let Some(update) = &update.update else {
        return true;
    };
    let index = member.index(&update.index_name);
    let current = index.map(|index| (index.throughput.provisioned.read, index.throughput.provisioned.write));
    let asked = update.provisioned_throughput.map(|units| (units.read_capacity_units, units.write_capacity_units));
    asked.is_none() || asked != current
}
