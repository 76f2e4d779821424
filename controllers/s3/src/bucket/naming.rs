//! Names of buckets that the spec gives none.
//!
//! S3 keeps names that end with account, region and `-an` for that account in that region: nobody else can take them.
//! Source: Amazon S3 User Guide, "Namespaces for general purpose buckets".

use aws_sdk_s3::types::BucketNamespace;
use cairn_core::owner::Owner;

use crate::client::Scoped;

/// The longest name that S3 takes.
const LONGEST: usize = 63;

/// The name of the bucket of an object whose spec gives none.
///
/// # Errors
/// Why S3 would not take the name, and what helps.
pub(super) fn name(owner: &Owner, account: &str, region: &str) -> Result<String, String> {
    let name = format!("{}-{}{}", owner.namespace, owner.name, ending(account, region));
    if name.len() > LONGEST {
        let length = name.len();
        return Err(format!(
            "the bucket would be {name}, which has {length} characters, and S3 takes {LONGEST}; set spec.name, or give the \
             object a shorter name"
        ));
    }
    if name.contains('.') {
        return Err(format!("the bucket would be {name}, and S3 takes no dot in such a name; set spec.name"));
    }
    Ok(name)
}

/// The namespace that a name is in, where CreateBucket has to be told.
pub(super) fn namespace(client: &Scoped, bucket: &str) -> Option<BucketNamespace> {
    let own = bucket.ends_with(&ending(client.account(), client.region()));
    own.then_some(BucketNamespace::AccountRegional)
}

fn ending(account: &str, region: &str) -> String {
    format!("-{account}-{region}-an")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Owner {
        let text = |text: &str| text.to_owned();
        Owner {
            cluster: text("c"),
            service: text("s3"),
            kind: text("Bucket"),
            namespace: text("team-a"),
            name: text(name),
        }
    }

    #[test]
    fn a_bucket_without_a_name_gets_one_of_its_account() {
        let found = name(&owner("photos"), "111122223333", "eu-west-1");
        assert_eq!(found.as_deref(), Ok("team-a-photos-111122223333-eu-west-1-an"));
    }

    #[test]
    fn a_name_that_s3_would_not_take_is_refused_with_the_way_out() {
        let why = name(&owner(&"p".repeat(40)), "111122223333", "eu-west-1").unwrap_err();
        assert!(why.contains("73 characters") && why.contains("set spec.name"), "{why}");
        assert!(name(&owner("a.b"), "111122223333", "eu-west-1").unwrap_err().contains("no dot"));
        assert_eq!(name(&owner(&"p".repeat(30)), "111122223333", "eu-west-1").map(|name| name.len()), Ok(63));
    }
}
