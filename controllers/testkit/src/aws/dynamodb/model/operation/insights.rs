//! Contributor insights.

use serde_json::{Value, json};

use super::{
    super::{
        context::Context,
        describe::pruned,
        dynamo::Dynamo,
        failure::Outcome,
        page,
        shape::{DescribeContributorInsights, ListContributorInsights, UpdateContributorInsights},
        table::Table,
    },
    Operation,
};

impl Operation for UpdateContributorInsights {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.found(context, &self.table_name)?.update_insights(context, self)?;
        let index = self.index_name.as_deref();
        let answer = table.summarize_insights(index, table.insights(index)?);
        dynamo.put(table);
        Ok(answer)
    }
}

impl Operation for DescribeContributorInsights {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        dynamo.seen(context, &self.table_name)?.describe_insights(self.index_name.as_deref())
    }
}

/// What is on, or was, of a table and its indexes.
fn summaries(table: &Table) -> impl Iterator<Item = Value> {
    table.insights.iter().map(|(index, insights)| table.summarize_insights(index.as_deref(), *insights))
}

impl Operation for ListContributorInsights {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let all: Vec<Value> = match &self.table_name {
            Some(name) => summaries(dynamo.seen(context, name)?).collect(),
            None => {
                dynamo.tables_of(&context.caller).filter(|table| table.is_seen(context)).flat_map(summaries).collect()
            }
        };
        let (page, next) = page::of(&all, self.next_token.as_deref(), self.max_results, "maxResults", 100)?;
        Ok(pruned(json!({ "ContributorInsightsSummaries": page, "NextToken": next })))
    }
}
