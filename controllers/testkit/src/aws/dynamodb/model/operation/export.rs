//! Exports to S3.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::{
        backup::stamp,
        context::{Context, arn_only},
        describe::{Window, pruned},
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        page,
        shape::{DescribeExport, ExportTableToPointInTime, ExportType, ListExports},
        transfer::{Ending, Export},
    },
    Operation,
    restore::window,
    setting::table_not_found,
};

/// How long a client token stands for its first request (API reference).
pub(super) const TOKEN_LIVES: Duration = Duration::from_hours(8);

/// Shortest and longest span of an incremental export (developer guide, "Requesting a table export").
const SPAN: (Duration, Duration) = (Duration::from_mins(15), Duration::from_hours(24));

fn invalid_time(message: &str) -> Failure {
    Failure::new("InvalidExportTimeException", message)
}

impl ExportTableToPointInTime {
    /// The time that is exported, or the last of it.
    fn time(&self, window: Option<Window>) -> Outcome<Timestamp> {
        let window = window.ok_or_else(|| invalid_time("The table cannot be exported as of any time yet"))?;
        let inside = |time: Timestamp| {
            let outside = || invalid_time("The time is outside of the point in time recovery window");
            if window.contains(time) { Ok(time) } else { Err(outside()) }
        };
        match (self.export_type.unwrap_or_default(), &self.incremental_export_specification) {
            (ExportType::FullExport, None) => inside(self.export_time.map_or(window.latest, |time| time.0)),
            (ExportType::IncrementalExport, Some(span)) if self.export_time.is_none() => {
                let from = span.export_from_time.ok_or_else(|| Failure::invalid("ExportFromTime must be specified"))?;
                let (from, to) = (inside(from.0)?, inside(span.export_to_time.map_or(window.latest, |time| time.0))?);
                let length = Duration::try_from(to.duration_since(from)).unwrap_or_default();
                if length < SPAN.0 || length > SPAN.1 {
                    return Err(Failure::invalid("An incremental export spans 15 minutes to 24 hours"));
                }
                Ok(to)
            }
            _ => Err(Failure::invalid(
                "ExportTime is for a full export, IncrementalExportSpecification for an incremental one",
            )),
        }
    }
}

impl Operation for ExportTableToPointInTime {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        if let Some(earlier) = earlier(dynamo, context, self.client_token.as_deref()) {
            if earlier.request == *self {
                return Ok(json!({ "ExportDescription": earlier.describe(context.now) }));
            }
            let message = "Another export was requested with the same ClientToken";
            return Err(Failure::new("ExportConflictException", message));
        }
        let number = dynamo.next_number();
        let table = dynamo.found(context, arn_only(&self.table_arn)?).map_err(table_not_found)?;
        let time = self.time(window(table, context.now)?)?;
        let failure = context.settings.failing_buckets.get(&self.s3_bucket).cloned();
        let export = Export {
            arn: format!("{}/export/{}", table.arn(), stamp(context.now, number)),
            home: context.caller.clone(),
            request: self.clone(),
            table_id: table.id.clone(),
            time,
            started: context.now,
            ending: Ending { at: context.after(context.settings.timing.export), failure },
        };
        let answer = json!({ "ExportDescription": export.describe(context.now) });
        dynamo.records.exports.insert(export.arn.clone(), Arc::new(export));
        Ok(answer)
    }
}

/// The export that was asked for with this token, while that lives.
fn earlier(dynamo: &Dynamo, context: &Context, token: Option<&str>) -> Option<Arc<Export>> {
    let token = token?;
    let lives = |export: &&Arc<Export>| {
        let end = export.ending.at.checked_add(TOKEN_LIVES).unwrap_or(Timestamp::MAX);
        export.home == context.caller && export.request.client_token.as_deref() == Some(token) && context.now < end
    };
    dynamo.records.exports.values().find(lives).cloned()
}

impl Operation for DescribeExport {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        context.caller.resource(&self.export_arn)?;
        let export =
            dynamo.records.exports.get(&self.export_arn).ok_or_else(|| {
                Failure::new("ExportNotFoundException", format!("Export not found: {}", self.export_arn))
            })?;
        Ok(json!({ "ExportDescription": export.describe(context.now) }))
    }
}

impl Operation for ListExports {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let is_meant = |export: &&Arc<Export>| {
            let table = self.table_arn.as_ref();
            export.home == context.caller && table.is_none_or(|table| export.request.table_arn == *table)
        };
        // "In reverse alphanumeric order of ExportArn."
        let found = dynamo.records.exports.values().rev().filter(is_meant);
        let found: Vec<Value> = found.map(|export| export.summary(context.now)).collect();
        let (page, next) = page::of(&found, self.next_token.as_deref(), self.max_results, "maxResults", 25)?;
        Ok(pruned(json!({ "ExportSummaries": page, "NextToken": next })))
    }
}
