//! KMS keys that a table names by an alias: AWS takes that, and tells the key behind it ever after.

use cairn_aws::unmade;
use cairn_core::{failure::Failure, leaf, observed::Desired};
use serde_json::Value;

use super::parts::{replicas, sse};
use crate::client::Scoped;

const DESCRIBE: &str = "DescribeKey";

/// Puts the key in the place of each alias, the table's and each replica's in its own region.
pub(super) async fn translate(client: &Scoped, desired: &mut Desired) -> Result<(), Failure> {
    if let Some(encryption) = desired.parts.get_mut(sse::FIELD) {
        in_place(client, None, encryption).await?;
    }
    let replicas = desired.parts.get_mut(replicas::FIELD).and_then(Value::as_array_mut);
    for replica in replicas.into_iter().flatten() {
        let region = replica[replicas::REGION].as_str().map(ToOwned::to_owned);
        in_place(client, region.as_deref(), replica).await?;
    }
    Ok(())
}

async fn in_place(client: &Scoped, region: Option<&str>, holder: &mut Value) -> Result<(), Failure> {
    let Some(alias) = holder[sse::KEY].as_str().filter(|key| is_alias(key)) else { return Ok(()) };
    let key = match region {
        Some(region) => key_of(&Box::pin(client.in_region(region)).await?, alias).await?,
        None => key_of(client, alias).await?,
    };
    leaf::set(holder, sse::KEY, Some(key.into()));
    Ok(())
}

fn is_alias(key: &str) -> bool {
    key.starts_with("alias/") || key.contains(":alias/")
}

/// ARN of the key that an alias stands for now.
async fn key_of(client: &Scoped, alias: &str) -> Result<String, Failure> {
    let answer = client.kms().describe_key().key_id(alias).send().await;
    let answer = answer.map_err(|error| crate::failure::failure(DESCRIBE, &error))?;
    let arn = answer.key_metadata.and_then(|key| key.arn);
    arn.ok_or_else(|| unmade(DESCRIBE, &"KMS tells no ARN of the key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_told_by_its_name_or_arn() {
        assert!(is_alias("alias/mine") && is_alias("arn:aws:kms:eu-west-1:111122223333:alias/mine"));
        assert!(!is_alias("0123abcd-0123-0123-0123-0123456789ab"));
        assert!(!is_alias("arn:aws:kms:eu-west-1:111122223333:key/0123abcd-0123-0123-0123-0123456789ab"));
    }
}
