//! Tags of tables.

use serde_json::{Value, json};

use super::{
    super::{
        context::{Context, arn_only},
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        shape::{ListTagsOfResource, TagResource, UntagResource},
        table::{Table, TableStatus},
        tags,
    },
    Operation,
};

fn not_found(reference: &str, failure: Failure) -> Failure {
    // The missing letter is DynamoDB's own.
    let missing = failure.code == "ResourceNotFoundException";
    if missing { Failure::not_found(format!("ResourcArn: {reference} not found")) } else { failure }
}

/// A table whose tags may change.
fn taggable(dynamo: &Dynamo, context: &Context, reference: &str) -> Outcome<Table> {
    let table = dynamo.found(context, arn_only(reference)?).map_err(|failure| not_found(reference, failure))?;
    match table.status {
        TableStatus::Active | TableStatus::Updating => Ok(table.clone()),
        TableStatus::Creating | TableStatus::Deleting => {
            Err(Failure::in_use(format!("Table is being created or deleted: {}", table.name)))
        }
    }
}

impl Operation for TagResource {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let mut table = taggable(dynamo, context, &self.resource_arn)?;
        table.tags = tags::merged(context, &table.tags, &self.tags)?;
        dynamo.put(table);
        Ok(json!({}))
    }
}

impl Operation for UntagResource {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        self.tag_keys.iter().try_for_each(|key| tags::check_key(key))?;
        let mut table = taggable(dynamo, context, &self.resource_arn)?;
        table.tags.retain(|tag| !self.tag_keys.contains(&tag.key));
        dynamo.put(table);
        Ok(json!({}))
    }
}

impl Operation for ListTagsOfResource {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let reference = arn_only(&self.resource_arn)?;
        let table = dynamo.seen(context, reference).map_err(|failure| not_found(reference, failure))?;
        if table.status == TableStatus::Creating && context.settings.visibility.hide_tags_while_creating {
            return Err(not_found(reference, Failure::not_found("")));
        }
        let after = self.next_token.as_deref().unwrap_or_default();
        let left: Vec<_> = table.tags.iter().filter(|tag| tag.key.as_str() > after).collect();
        let size = context.settings.limits.tags_page;
        let page: Vec<_> = left.iter().take(size).collect();
        let next = page.last().filter(|_| left.len() > size).map(|tag| &tag.key);
        Ok(pruned(json!({ "Tags": page, "NextToken": next })))
    }
}
