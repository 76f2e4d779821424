//! Encryption of tables.

use super::{
    context::Context,
    failure::{Failure, Outcome},
    quota,
    shape::{SseSpecification, SseType},
    table::Table,
};

/// Alias of the key that AWS keeps for DynamoDB in every account and region.
const MANAGED: &str = "alias/aws/dynamodb";

/// Id of the key behind it.
const MANAGED_ID: &str = "00000000-0000-4000-8000-0000000000db";

/// ARN of the key that AWS keeps for DynamoDB where the request is.
pub(super) fn managed(context: &Context) -> String {
    context.caller.arn("kms", &format!("key/{MANAGED_ID}"))
}

/// Whether a key, given by ARN, is such a one.
pub(super) fn is_managed(key: &str) -> bool {
    key.ends_with(MANAGED_ID)
}

/// ARN of the key that is asked for; nothing for the one that AWS owns.
pub(super) fn resolve(context: &Context, asked: &SseSpecification) -> Outcome<Option<String>> {
    if asked.sse_type == Some(SseType::AES256) {
        return Err(Failure::invalid("SSEType AES256 is not supported"));
    }
    if !asked.enabled.unwrap_or_default() {
        let bare = asked.sse_type.is_none() && asked.kms_master_key_id.is_none();
        let message = "SSEType and KMSMasterKeyId can be specified only when SSESpecification is enabled";
        return if bare { Ok(None) } else { Err(Failure::invalid(message)) };
    }
    key_arn(context, asked.kms_master_key_id.as_deref().unwrap_or(MANAGED)).map(Some)
}

/// ARN of a key that is given by id, ARN, alias or alias ARN.
pub(super) fn key_arn(context: &Context, key: &str) -> Outcome<String> {
    let prefix = context.caller.arn("kms", "");
    let local = key.strip_prefix(&prefix).unwrap_or(key);
    if local.starts_with("arn:") {
        // A key of another account, which its policy may share; one of another region is of no use.
        let usable = local.split(':').nth(3) == Some(context.caller.region.as_str()) && local.contains(":key/");
        return if usable { Ok(local.to_owned()) } else { Err(no_key(key)) };
    }
    let id = match local.strip_prefix("key/").unwrap_or(local) {
        MANAGED => MANAGED_ID,
        alias if alias.starts_with("alias/") => context.settings.aliases.get(alias).ok_or_else(|| no_key(key))?,
        id if is_key_id(id) => id,
        _ => return Err(no_key(key)),
    };
    Ok(format!("{prefix}key/{id}"))
}

/// Whether this is a UUID, or the id of a key in several regions.
fn is_key_id(id: &str) -> bool {
    let id = id.strip_prefix("mrk-").unwrap_or(id);
    id.len() >= 32 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn no_key(key: &str) -> Failure {
    Failure::invalid(format!("KMS key {key} is not found, or is not usable from this region"))
}

/// Starts a change of encryption; what comes of it.
pub(super) fn change(table: &mut Table, context: &Context, asked: &SseSpecification) -> Outcome<Option<String>> {
    let key = resolve(context, asked)?;
    if key == table.encryption.key {
        let same = match (key, &asked.kms_master_key_id) {
            (None, _) => "Table is already encrypted by default",
            (Some(_), None) => "Table is already encrypted by the AWS managed key",
            (Some(_), Some(_)) => "Table is already encrypted by given KMSMasterKeyId",
        };
        return Err(Failure::invalid(same));
    }
    let limit = context.settings.limits.encryption_changes;
    quota::check(context, "Changes of encryption", &table.encryption.changes, limit, quota::DAY)?;
    table.encryption.changes.push(context.now);
    table.encryption.updating = true;
    Ok(key)
}
