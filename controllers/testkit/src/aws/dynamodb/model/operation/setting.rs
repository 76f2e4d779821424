//! Time to live and continuous backups.

use serde_json::{Value, json};

use super::{
    super::{
        context::Context,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        shape::{DescribeContinuousBackups, DescribeTimeToLive, UpdateContinuousBackups, UpdateTimeToLive},
        spread,
    },
    Operation,
};

impl Operation for DescribeTimeToLive {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.seen(context, &self.table_name)?;
        Ok(json!({ "TimeToLiveDescription": table.describe_time_to_live() }))
    }
}

impl Operation for UpdateTimeToLive {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        spread::update_time_to_live(dynamo, context, self)?;
        Ok(json!({ "TimeToLiveSpecification": self.time_to_live_specification }))
    }
}

/// The backup operations have a name of their own for a table that is not there.
pub(super) fn table_not_found(failure: Failure) -> Failure {
    if failure.code != "ResourceNotFoundException" {
        return failure;
    }
    let message = failure.message.replace("Requested resource not found: Table: ", "Table not found: ");
    Failure::new("TableNotFoundException", message.trim_end_matches(" not found"))
}

impl Operation for DescribeContinuousBackups {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.seen(context, &self.table_name).map_err(table_not_found)?;
        Ok(json!({ "ContinuousBackupsDescription": table.describe_backups(context.now) }))
    }
}

impl Operation for UpdateContinuousBackups {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.found(context, &self.table_name).map_err(table_not_found)?;
        let table = table.update_recovery(context, &self.point_in_time_recovery_specification)?;
        let answer = json!({ "ContinuousBackupsDescription": table.describe_backups(context.now) });
        dynamo.put(table);
        Ok(answer)
    }
}
