//! Tags of scalable targets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{
        context::Context,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        operation::Operation,
    },
    shape::{ListTagsForResource, TagTarget, UntagTarget},
    target::ScalableTarget,
};

/// Most tags of a target.
const TAGS: usize = 50;

pub(super) fn check_tags(tags: &BTreeMap<String, String>) -> Outcome<()> {
    if tags.len() > TAGS {
        return Err(Failure::new("TooManyTagsException", format!("A resource has at most {TAGS} tags")));
    }
    let bad = |(key, value): (&String, &String)| {
        key.is_empty() || key.starts_with("aws:") || key.chars().count() > 128 || value.chars().count() > 256
    };
    if tags.iter().any(bad) {
        return Err(Failure::validation("A tag key or value is invalid"));
    }
    Ok(())
}

fn by_arn(dynamo: &Dynamo, context: &Context, arn: &str) -> Outcome<ScalableTarget> {
    let target = dynamo.scaling.of(&context.caller).find(|target| target.arn == arn).cloned();
    target.ok_or_else(|| Failure::new("ResourceNotFoundException", format!("The resource doesn't exist: {arn}")))
}

impl Operation for TagTarget {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let mut target = by_arn(dynamo, context, &self.resource_arn)?;
        target.tags.extend(self.tags.clone());
        check_tags(&target.tags)?;
        dynamo.scaling.put(target);
        Ok(json!({}))
    }
}

impl Operation for UntagTarget {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let mut target = by_arn(dynamo, context, &self.resource_arn)?;
        target.tags.retain(|key, _| !self.tag_keys.contains(key));
        dynamo.scaling.put(target);
        Ok(json!({}))
    }
}

impl Operation for ListTagsForResource {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        Ok(json!({ "Tags": by_arn(dynamo, context, &self.resource_arn)?.tags }))
    }
}
