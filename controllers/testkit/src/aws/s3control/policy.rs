//! Policies of access points.

use serde_json::Value;

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        world::World,
    },
    Request,
    access_points::{find, key},
    body,
    operation::Verb,
    root,
};

pub(super) fn handle(world: &mut World, request: &Request<'_>, verb: Verb, name: &str) -> Outcome<Answer> {
    let point = find(world, &key(request, name))?;
    match verb {
        Verb::Get => {
            let policy = point.policy.as_ref().ok_or_else(|| {
                let message = "The specified accesspoint policy does not exist";
                S3Error::new(404, "NoSuchAccessPointPolicy", message).field("AccessPointName", name)
            })?;
            Ok(Answer::xml(200, &root("GetAccessPointPolicyResult").with("Policy", policy)))
        }
        Verb::Put => {
            let asked = body(request, "PutAccessPointPolicyRequest")?;
            let policy = asked.get("Policy").map(|policy| policy.text.clone()).ok_or_else(S3Error::malformed)?;
            if !serde_json::from_str::<Value>(&policy).is_ok_and(|policy| policy["Statement"].is_array()) {
                return Err(S3Error::new(400, "MalformedPolicy", "This policy contains invalid Json"));
            }
            point.policy = Some(policy);
            Ok(Answer::empty(200))
        }
        Verb::Delete => {
            point.policy = None;
            Ok(Answer::empty(200))
        }
    }
}
