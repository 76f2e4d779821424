//! Streams of tables.

use std::time::Duration;

use super::{
    change::Change,
    context::Context,
    failure::{Failure, Outcome},
    shape::{StreamSpecification, StreamViewType},
    table::Table,
};

/// How long a disabled stream is kept (API reference of `DeleteTable`).
const KEPT: Duration = Duration::from_hours(24);

/// Sets what a new table streams.
pub(super) fn set_initial(table: &mut Table, context: &Context, asked: StreamSpecification) -> Outcome<()> {
    if let Some(view) = wanted(asked)? {
        enable(table, context, view);
    }
    Ok(())
}

/// Enables or disables the stream of a table; what is so already is refused (API reference of `UpdateTable`).
pub(super) fn change(table: &mut Table, context: &Context, asked: StreamSpecification) -> Outcome<()> {
    match (table.stream, wanted(asked)?) {
        (Some(_), Some(_)) => {
            Err(Failure::validation(format!("Table already has an enabled stream: TableName: {}", table.name)))
        }
        (None, None) => {
            let message = format!("Table does not have an enabled stream to disable: TableName: {}", table.name);
            Err(Failure::validation(message))
        }
        (None, Some(view)) => {
            enable(table, context, view);
            Ok(())
        }
        (Some(_), None) if table.replication.is_global() => {
            Err(Failure::invalid(format!("Stream cannot be disabled on a table with replicas: {}", table.name)))
        }
        (Some(_), None) => {
            disable(table, context);
            Ok(())
        }
    }
}

fn wanted(asked: StreamSpecification) -> Outcome<Option<StreamViewType>> {
    match (asked.stream_enabled, asked.stream_view_type) {
        (true, Some(view)) => Ok(Some(view)),
        (true, None) => Err(Failure::invalid("StreamViewType must be specified when StreamEnabled is true")),
        (false, None) => Ok(None),
        (false, Some(_)) => Err(Failure::invalid("StreamViewType can be specified only when StreamEnabled is true")),
    }
}

fn enable(table: &mut Table, context: &Context, view: StreamViewType) {
    table.stream = Some(view);
    begin(table, context);
}

/// Gives a table a stream of its own, if it has any.
pub(super) fn begin(table: &mut Table, context: &Context) {
    table.stream_policy = None;
    let label = table.stream.map(|_| context.now.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string());
    table.stream_label = label;
}

fn disable(table: &mut Table, context: &Context) {
    table.stream = None;
    if let Some(label) = table.stream_label.clone() {
        table.schedule(context, KEPT, Change::StreamGone(label));
    }
}
