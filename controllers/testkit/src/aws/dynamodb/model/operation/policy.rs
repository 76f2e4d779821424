//! Resource policies.

use serde_json::{Value, json};

use super::{
    super::{
        context::{Context, arn_only, invalid_arn},
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        policy::not_found,
        shape::{DeleteResourcePolicy, GetResourcePolicy, PutResourcePolicy},
        table::Table,
    },
    Operation,
};

/// The table of an ARN of it or of its stream, and the label of that.
fn target<'a>(dynamo: &'a Dynamo, context: &Context, arn: &'a str) -> Outcome<(&'a Table, Option<&'a str>)> {
    let resource = context.caller.resource(arn_only(arn)?)?;
    let (name, stream) = match resource.split('/').collect::<Vec<_>>().as_slice() {
        ["table", name] => (*name, None),
        ["table", name, "stream", label] => (*name, Some(*label)),
        _ => return Err(invalid_arn(arn)),
    };
    let table = dynamo.get(&context.caller, name);
    Ok((table.ok_or_else(|| Failure::not_found(format!("Table: {name} not found")))?, stream))
}

impl Operation for PutResourcePolicy {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let (table, stream) = target(dynamo, context, &self.resource_arn)?;
        let table = table.put_policy(context, stream, self)?;
        let answer = json!({ "RevisionId": table.policy_of(stream)?.map(|policy| &policy.revision) });
        dynamo.put(table);
        Ok(answer)
    }
}

impl Operation for GetResourcePolicy {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let (table, stream) = target(dynamo, context, &self.resource_arn)?;
        if !table.is_seen(context) {
            return Err(Failure::not_found(format!("Table: {} not found", table.name)));
        }
        let policy = table.policy_of(stream)?.ok_or_else(|| not_found(&self.resource_arn))?;
        Ok(json!({ "Policy": policy.document, "RevisionId": policy.revision }))
    }
}

impl Operation for DeleteResourcePolicy {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let (table, stream) = target(dynamo, context, &self.resource_arn)?;
        let before = table.policy_of(stream)?.map(|policy| policy.revision.clone());
        let table = table.delete_policy(stream, self)?;
        dynamo.put(table);
        Ok(pruned(json!({ "RevisionId": before })))
    }
}
