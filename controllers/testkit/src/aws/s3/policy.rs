//! Bucket policies.

use serde_json::Value;

use super::{
    super::{
        answer::{Outcome, S3Error},
        world::Bucket,
        xml::Element,
    },
    buckets, directory, settings,
    subresource::Put,
};

pub(super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let text = std::str::from_utf8(put.body)
        .map_err(|_| malformed("Policies must be valid JSON and the first byte must be '{'"))?;
    let policy: Value = serde_json::from_str(text)
        .map_err(|_| malformed("Policies must be valid JSON and the first byte must be '{'"))?;
    check(put.bucket, &policy)?;
    if is_public(&policy) && settings::blocks(put.bucket, "BlockPublicPolicy") {
        let message = "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented \
            by the BlockPublicPolicy setting in S3 Block Public Access.";
        return Err(S3Error::new(403, "AccessDenied", message));
    }
    Ok(text.to_owned())
}

fn malformed(message: &str) -> S3Error {
    S3Error::new(400, "MalformedPolicy", message)
}

fn check(bucket: &Bucket, policy: &Value) -> Outcome<()> {
    let statements = statements(policy);
    if statements.is_empty() {
        return Err(malformed("Missing required field Statement"));
    }
    for statement in statements {
        for (field, negated) in [("Effect", "Effect"), ("Action", "NotAction"), ("Principal", "NotPrincipal")] {
            if statement.get(field).is_none() && statement.get(negated).is_none() {
                return Err(malformed(&format!("Missing required field {field}")));
            }
        }
        check_resource(bucket, statement)?;
        check_action(bucket, statement)?;
    }
    Ok(())
}

fn check_resource(bucket: &Bucket, statement: &Value) -> Outcome<()> {
    let Some(resource) = statement.get("Resource").or_else(|| statement.get("NotResource")) else {
        return Err(malformed("Missing required field Resource"));
    };
    let arn = buckets::arn(&bucket.name, &bucket.region, &bucket.account);
    let fits =
        |resource: &str| resource == arn || resource.strip_prefix(&arn).is_some_and(|rest| rest.starts_with('/'));
    let resources = strings(resource);
    if resources.is_empty() || !resources.into_iter().all(fits) {
        return Err(malformed("Policy has invalid resource"));
    }
    Ok(())
}

/// What is done in a directory bucket is permitted with the session in which it is done.
fn check_action(bucket: &Bucket, statement: &Value) -> Outcome<()> {
    let actions = strings(&statement["Action"]);
    if directory::zone(&bucket.name).is_some() && actions.iter().any(|action| *action != "s3express:CreateSession") {
        return Err(malformed("Policy has invalid action"));
    }
    Ok(())
}

/// One statement stands for a list of one.
fn statements(policy: &Value) -> Vec<&Value> {
    match policy.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(single @ Value::Object(_)) => vec![single],
        _ => Vec::new(),
    }
}

fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether anybody is allowed anything without a condition. What S3 finds out about conditions is not simulated: any
/// condition counts as one that keeps the public out.
fn is_public(policy: &Value) -> bool {
    let anyone = |principal: &Value| strings(principal).contains(&"*") || strings(&principal["AWS"]).contains(&"*");
    statements(policy).into_iter().any(|statement| {
        statement["Effect"] == "Allow" && anyone(&statement["Principal"]) && statement.get("Condition").is_none()
    })
}

pub(super) fn status(bucket: &Bucket) -> Outcome<String> {
    let stored = bucket.config.get("policy");
    let missing = || {
        S3Error::new(404, "NoSuchBucketPolicy", "The bucket policy does not exist").field("BucketName", &bucket.name)
    };
    let policy: Value = serde_json::from_str(stored.ok_or_else(missing)?).unwrap_or_default();
    let public = if is_public(&policy) { "true" } else { "false" };
    Ok(Element::s3("PolicyStatus").with("IsPublic", public).document())
}
