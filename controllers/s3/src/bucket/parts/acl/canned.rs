//! What the lists grant that have names. Source: Amazon S3 User Guide, "Access control list (ACL) overview".

use serde_json::{Value, json};

pub(super) const NAMES: [&str; 5] =
    ["private", "public-read", "public-read-write", "authenticated-read", "log-delivery-write"];

const EVERYBODY: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The list of that name for a bucket of this owner.
pub(super) fn list(name: &str, owner: &str) -> Value {
    let groups: &[(&str, &str)] = match name {
        "public-read" => &[(EVERYBODY, "READ")],
        "public-read-write" => &[(EVERYBODY, "READ"), (EVERYBODY, "WRITE")],
        "authenticated-read" => &[(AUTHENTICATED, "READ")],
        "log-delivery-write" => &[(LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")],
        _ => &[],
    };
    let own = json!({"grantee": {"type_": "CanonicalUser", "id": owner}, "permission": "FULL_CONTROL"});
    let group =
        |(uri, permission): &(&str, &str)| json!({"grantee": {"type_": "Group", "uRI": uri}, "permission": permission});
    let grants: Vec<Value> = std::iter::once(own).chain(groups.iter().map(group)).collect();
    json!({"grants": grants})
}
