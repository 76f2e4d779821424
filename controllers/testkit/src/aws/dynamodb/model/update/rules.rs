//! What may be in one `UpdateTable` together.

use super::super::{
    failure::{Failure, Outcome},
    shape::{GlobalSecondaryIndexUpdate, UpdateTable},
};

/// A kind of change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Throughput,
    /// One index created or deleted.
    Index,
    Encryption,
    Class,
    Stream,
    Protection,
    Replicas,
}

/// The kinds of change in a request; that of indexes once for each.
fn kinds(request: &UpdateTable) -> Vec<Kind> {
    let updates = request.global_secondary_index_updates.as_deref().unwrap_or_default();
    let (throughput, indexes): (Vec<_>, Vec<_>) = updates.iter().partition(|update| update.update.is_some());
    let throughput = !throughput.is_empty()
        || request.billing_mode.is_some()
        || request.provisioned_throughput.is_some()
        || request.on_demand_throughput.is_some()
        || request.warm_throughput.is_some();
    let replicas = request.replica_updates.is_some()
        || request.multi_region_consistency.is_some()
        || request.global_table_witness_updates.is_some();
    let single = [
        (Kind::Throughput, throughput),
        (Kind::Encryption, request.sse_specification.is_some()),
        (Kind::Class, request.table_class.is_some()),
        (Kind::Stream, request.stream_specification.is_some()),
        (Kind::Protection, request.deletion_protection_enabled.is_some()),
        (Kind::Replicas, replicas),
    ];
    let single = single.into_iter().filter(|(_, asked)| *asked).map(|(kind, _)| kind);
    single.chain(indexes.iter().map(|_| Kind::Index)).collect()
}

/// Refuses what does not go together.
///
/// "You can only perform one of the following operations at once: modify the provisioned throughput settings of the
/// table, remove a global secondary index, create a new one" (API reference). That encryption and class change alone
/// is what AWS answers and other tools' sources report; it documents neither. Of replicas it says nothing, and the
/// model is strict.
pub(super) fn check(request: &UpdateTable) -> Outcome<()> {
    request.global_secondary_index_updates.iter().flatten().try_for_each(check_one)?;
    let kinds = kinds(request);
    let alone = |kind| kinds.len() == 1 || !kinds.contains(&kind);
    if kinds.is_empty() {
        return Err(Failure::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or \
             SSESpecification or ReplicaUpdates is required",
        ));
    }
    if !alone(Kind::Encryption) {
        let message = "Server-Side Encryption modification must be the only operation in the request";
        return Err(Failure::invalid(message));
    }
    if !alone(Kind::Class) {
        return Err(Failure::invalid("Table Class modification must be the only operation in the request"));
    }
    if !alone(Kind::Replicas) {
        return Err(Failure::invalid("Replica updates must be the only operation in the request"));
    }
    if kinds.iter().filter(|kind| **kind == Kind::Index).count() > 1 {
        return Err(one_index());
    }
    if kinds.contains(&Kind::Index) && kinds.contains(&Kind::Throughput) {
        let message = "Throughput cannot be updated in the request that creates or deletes a global secondary index";
        return Err(Failure::invalid(message));
    }
    Ok(())
}

fn check_one(update: &GlobalSecondaryIndexUpdate) -> Outcome<()> {
    let actions = [update.create.is_some(), update.update.is_some(), update.delete.is_some()];
    if actions.into_iter().filter(|action| *action).count() == 1 {
        return Ok(());
    }
    Err(Failure::invalid("One of Update, Create or Delete must be specified for a global secondary index"))
}

/// At most one index of a table is created or deleted at a time.
pub(super) fn one_index() -> Failure {
    Failure::limit("Only 1 online index can be created or deleted simultaneously per table")
}
