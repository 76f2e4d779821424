//! Keys, the attributes in them, and what indexes hold.

use std::collections::BTreeSet;

use super::{
    context::{Context, check_name},
    failure::{Failure, Outcome},
    shape::{AttributeDefinition, KeySchemaElement, KeyType, LocalSecondaryIndex, Projection, ProjectionType},
};

/// Partition keys, and sort keys, that a global index may have (API model, `GlobalSecondaryIndex`).
const PARTS: usize = 4;

/// Names in one list of `NonKeyAttributes` (API model, `NonKeyAttributeNameList`).
const NAMED: usize = 20;

/// Checks the key of a table: a partition key, and a sort key if any.
pub(super) fn check_table(keys: &[KeySchemaElement]) -> Outcome<()> {
    if keys.len() > 2 {
        let shown = names(keys.iter().map(|key| key.attribute_name.as_str()));
        return Err(Failure::constraint(shown, "keySchema", "Member must have length less than or equal to 2"));
    }
    check_order(keys, 1)
}

/// Checks the key of a global index.
pub(super) fn check_global(keys: &[KeySchemaElement]) -> Outcome<()> {
    check_order(keys, PARTS)
}

/// Checks a local index of a table with the key `table`.
pub(super) fn check_local(table: &[KeySchemaElement], index: &LocalSecondaryIndex) -> Outcome<()> {
    check_name("indexName", &index.index_name)?;
    check_table(&index.key_schema)?;
    check_projection(&index.projection)?;
    let name = &index.index_name;
    let [hash, _] = index.key_schema.as_slice() else {
        return Err(Failure::invalid(format!("Index KeySchema does not have a range key for index: {name}")));
    };
    match table {
        [table_hash, _] if table_hash.attribute_name == hash.attribute_name => Ok(()),
        [table_hash, _] => Err(Failure::invalid(format!(
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. index hash \
             key: {}, table hash key: {}",
            hash.attribute_name, table_hash.attribute_name
        ))),
        _ => Err(Failure::invalid(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        )),
    }
}

fn check_order(keys: &[KeySchemaElement], parts: usize) -> Outcome<()> {
    let hashes = keys.iter().take_while(|key| key.key_type == KeyType::Hash).count();
    let (first, rest) = keys.split_at(hashes);
    if first.is_empty() {
        return Err(Failure::validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
    }
    if rest.iter().any(|key| key.key_type != KeyType::Range) || first.len() > 1 && parts == 1 {
        return Err(Failure::validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
    }
    if first.len() > parts || rest.len() > parts {
        return Err(Failure::invalid(format!("KeySchema has more than {parts} HASH or RANGE elements")));
    }
    let distinct: BTreeSet<&str> = keys.iter().map(|key| key.attribute_name.as_str()).collect();
    if distinct.len() < keys.len() {
        let message = "Both the Hash Key and the Range Key element in the KeySchema have the same name";
        return Err(Failure::invalid(message));
    }
    Ok(())
}

/// Checks what an index holds.
pub(super) fn check_projection(projection: &Projection) -> Outcome<()> {
    let named = projection.non_key_attributes.as_deref();
    match (projection.projection_type, named) {
        (None, _) => Err(Failure::invalid("Unknown ProjectionType: null")),
        (Some(ProjectionType::Include), None) => {
            Err(Failure::invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"))
        }
        (Some(ProjectionType::Include), Some(named)) => check_named(named),
        (Some(ProjectionType::All), Some(_)) => {
            Err(Failure::invalid("ProjectionType is ALL, but NonKeyAttributes is specified"))
        }
        (Some(ProjectionType::KeysOnly), Some(_)) => {
            Err(Failure::invalid("ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"))
        }
        (Some(_), None) => Ok(()),
    }
}

fn check_named(named: &[String]) -> Outcome<()> {
    if named.is_empty() || named.len() > NAMED {
        let constraint = format!("Member must have length between 1 and {NAMED}");
        return Err(Failure::constraint(names(named), "nonKeyAttributes", &constraint));
    }
    let distinct: BTreeSet<&String> = named.iter().collect();
    if distinct.len() < named.len() {
        return Err(Failure::invalid("NonKeyAttributes has duplicates"));
    }
    Ok(())
}

/// Checks the projected attributes of all indexes of a table together.
pub(super) fn check_projected<'a>(context: &Context, projections: impl Iterator<Item = &'a Projection>) -> Outcome<()> {
    let count: usize = projections.filter_map(|projection| projection.non_key_attributes.as_ref()).map(Vec::len).sum();
    let limit = context.settings.limits.projected;
    if count > limit {
        let message = format!("Number of attributes in all NonKeyAttributes ({count}) exceeds the limit of {limit}");
        return Err(Failure::invalid(message));
    }
    Ok(())
}

/// Checks that the names of indexes are given once.
pub(super) fn check_distinct<'a>(indexes: impl Iterator<Item = &'a str>) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    for index in indexes {
        if !seen.insert(index) {
            return Err(Failure::invalid(format!("Duplicate index name: {index}")));
        }
    }
    Ok(())
}

/// Checks that all attributes in `keys` are defined, and all that are defined are in them.
pub(super) fn check_attributes<'a>(
    defined: &[AttributeDefinition],
    keys: impl Iterator<Item = &'a KeySchemaElement>,
    indexed: bool,
) -> Outcome<()> {
    let used: BTreeSet<&str> = keys.map(|key| key.attribute_name.as_str()).collect();
    let known: BTreeSet<&str> = defined.iter().map(|attribute| attribute.attribute_name.as_str()).collect();
    if known.len() < defined.len() {
        return Err(Failure::invalid("Cannot have duplicate AttributeDefinitions"));
    }
    if !used.is_subset(&known) {
        return Err(Failure::invalid(format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: {}, AttributeDefinitions: {}",
            names(used.difference(&known)),
            names(&known)
        )));
    }
    if known.is_subset(&used) {
        return Ok(());
    }
    Err(Failure::invalid(if indexed {
        let (known, used) = (names(&known), names(&used));
        format!("Some AttributeDefinitions are not used. AttributeDefinitions: {known}, keys used: {used}")
    } else {
        "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            .to_owned()
    }))
}

fn names<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    format!("[{}]", names.join(", "))
}
