//! Imports from S3.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::{
        backup::stamp,
        context::Context,
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        page,
        shape::{CreateTable, DescribeImport, ImportTable, InputFormat, ListImports, TableCreationParameters},
        table::Table,
        transfer::{Ending, Import},
    },
    Operation,
    export::TOKEN_LIVES,
    table::check_room,
};

impl From<&TableCreationParameters> for CreateTable {
    fn from(asked: &TableCreationParameters) -> Self {
        Self {
            table_name: asked.table_name.clone(),
            attribute_definitions: Some(asked.attribute_definitions.clone()),
            key_schema: Some(asked.key_schema.clone()),
            billing_mode: asked.billing_mode,
            provisioned_throughput: asked.provisioned_throughput,
            on_demand_throughput: asked.on_demand_throughput,
            sse_specification: asked.sse_specification.clone(),
            global_secondary_indexes: asked.global_secondary_indexes.clone(),
            ..Self::default()
        }
    }
}

impl Operation for ImportTable {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        if let Some(earlier) = earlier(dynamo, context, self.client_token.as_deref()) {
            if earlier.request == *self {
                return Ok(json!({ "ImportTableDescription": earlier.describe(context.now) }));
            }
            let message = "Another import was requested with the same ClientToken";
            return Err(Failure::new("ImportConflictException", message));
        }
        if self.input_format_options.is_some() && self.input_format != InputFormat::Csv {
            return Err(Failure::invalid("InputFormatOptions are for the InputFormat CSV only"));
        }
        let duration = context.settings.timing.import;
        let request = CreateTable::from(&self.table_creation_parameters);
        let table = Table::built(context, &request, dynamo.next_id(), duration)?;
        check_room(dynamo, context, &table)?;
        check_limit(dynamo, context)?;
        let failure = context.settings.failing_buckets.get(&self.s3_bucket_source.s3_bucket).cloned();
        let import = Import {
            arn: format!("{}/import/{}", table.arn(), stamp(context.now, dynamo.next_number())),
            home: context.caller.clone(),
            request: self.clone(),
            table_arn: table.arn(),
            table_id: table.id.clone(),
            started: context.now,
            ending: Ending { at: context.after(duration), failure },
        };
        let answer = json!({ "ImportTableDescription": import.describe(context.now) });
        dynamo.records.imports.insert(import.arn.clone(), Arc::new(import));
        dynamo.put(table);
        Ok(answer)
    }
}

fn check_limit(dynamo: &Dynamo, context: &Context) -> Outcome<()> {
    let limit = context.settings.limits.imports;
    let running = |import: &&Arc<Import>| import.home == context.caller && context.now < import.ending.at;
    if dynamo.records.imports.values().filter(running).count() < limit {
        return Ok(());
    }
    Err(Failure::limit(format!("There is a limit of {limit} concurrent imports")))
}

/// The import that was asked for with this token, while that lives.
fn earlier(dynamo: &Dynamo, context: &Context, token: Option<&str>) -> Option<Arc<Import>> {
    let token = token?;
    let lives = |import: &&Arc<Import>| {
        let end = import.ending.at.checked_add(TOKEN_LIVES).unwrap_or(Timestamp::MAX);
        import.home == context.caller && import.request.client_token.as_deref() == Some(token) && context.now < end
    };
    dynamo.records.imports.values().find(lives).cloned()
}

impl Operation for DescribeImport {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        context.caller.resource(&self.import_arn)?;
        let import =
            dynamo.records.imports.get(&self.import_arn).ok_or_else(|| {
                Failure::new("ImportNotFoundException", format!("Import not found: {}", self.import_arn))
            })?;
        Ok(json!({ "ImportTableDescription": import.describe(context.now) }))
    }
}

impl Operation for ListImports {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let is_meant = |import: &&Arc<Import>| {
            let table = self.table_arn.as_ref();
            import.home == context.caller && table.is_none_or(|table| import.table_arn == *table)
        };
        let found = dynamo.records.imports.values().rev().filter(is_meant);
        let found: Vec<Value> = found.map(|import| import.summary(context.now)).collect();
        let (page, next) = page::of(&found, self.next_token.as_deref(), self.page_size, "pageSize", 25)?;
        Ok(pruned(json!({ "ImportSummaryList": page, "NextToken": next })))
    }
}
